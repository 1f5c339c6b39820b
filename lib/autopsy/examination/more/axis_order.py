"""`axis-order`: reshape was called where transpose was meant, so that the pixels are there, but not in their places."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from lib.autopsy.causes import Cause
from lib.autopsy.examination.clue import Clue, View
from lib.autopsy.finding import Witness

CAUSE = Cause(
    "axis-order",
    "Axes reshaped, not transposed",
    "reshape was called where transpose was meant: the pixels are all there, but not in their places.",
    "Move axes with np.transpose or np.moveaxis; reshape only cuts the same row of numbers elsewhere.",
)
IN_THE_PICTURE = True
# Measured on photographs, house numbers and photos of paper, 120 each: sound ones reach at least 1.07, scrambled ones that
# are put back at most 0.93, and 0.72 in 99 of 100.
_FAR_SMOOTHER = 0.8
# Gray levels. Where nearly nothing is in the picture, nearly nothing decides; and bands of one colour are no evidence.
_SEEN, _FLAT = 2.0, 0.5
_LEAST_SIDE = 8
_ENOUGH = 1024  # rows, and columns


def examine(view: View) -> Iterator[Clue]:
    """Where the same numbers, read in another order of the axes, make a far smoother picture.

    Neighbouring pixels of a picture are alike (its total variation is small: Rudin, Osher, Fatemi 1992), and a wrong order
    of the axes takes neighbours apart. So little noise is no evidence: of numbers without any order all orders are alike.
    """
    pixels = np.ascontiguousarray(view.picture.raw[..., :3])
    if min(pixels.shape[:2]) < _LEAST_SIDE:
        return
    rough = _roughness(pixels)
    ways = {code: _roughness(other) for code, other in _read_otherwise(pixels)}
    if not ways:
        return
    code = min(ways, key=lambda one: ways[one])
    ratio = ways[code] / max(rough, 1e-6)
    scrambled = rough >= _SEEN and ways[code] >= _FLAT and ratio < _FAR_SMOOTHER
    yield Clue(
        CAUSE.id,
        (
            Witness(
                "difference between neighbours, in the best other order against this one",
                ratio,
                1.0,
                None,
                "times",
            ),
        ),
        (
            f"Neighbouring pixels differ by {rough:.1f} gray levels; in another order of the axes by {ways[code]:.1f}.",
        ),
        f"The same numbers in another order of the axes make a picture whose neighbouring pixels are {1 / ratio:.1f} times "
        "more alike: before this picture was saved, reshape was called where transpose was meant."
        if scrambled
        else "",
        "guess",
        1.0,
        code,
    )


def _read_otherwise(pixels: np.ndarray) -> Iterator[tuple[str, np.ndarray]]:
    """Each slip undone, with the line that should have been there instead.

    Channels that all hold the same cannot have been mixed.
    """
    height, width, channels = pixels.shape
    if (pixels != pixels[..., :1]).any():
        yield (
            "img = np.transpose(img, (1, 2, 0))  # from channels first to channels last; not reshape",
            pixels.reshape(channels, height, width).transpose(1, 2, 0),
        )
        yield (
            "img = np.transpose(img, (2, 0, 1))  # from channels last to channels first; not reshape",
            pixels.transpose(2, 0, 1).reshape(height, width, channels),
        )
    if height != width:
        yield (
            "img = np.swapaxes(img, 0, 1)  # from (width, height) to (height, width); not reshape",
            pixels.reshape(width, height, channels),
        )


def _roughness(pixels: np.ndarray) -> float:
    """How far neighbours differ on average, down and across, in gray levels: the total variation of a pixel."""
    return _difference(pixels) + _difference(pixels.swapaxes(0, 1))


def _difference(pixels: np.ndarray) -> float:
    """Of neighbours down; of a large picture some rows and columns tell, a camera's whole one would take half a minute."""
    rows, columns = _some(len(pixels) - 1), _some(pixels.shape[1])
    upper, lower = (pixels[np.ix_(rows + below, columns)].astype(np.float32) for below in (0, 1))
    return float(np.abs(lower - upper).mean())


def _some(count: int) -> np.ndarray:
    """All of `count` places, or of very many some at random: every third would see one channel of a scrambled picture."""
    if count <= _ENOUGH:
        return np.arange(count)
    return np.sort(np.random.default_rng(0).choice(count, _ENOUGH, replace=False))
