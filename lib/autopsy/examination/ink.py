"""What the picture shows to networks that read ink: nothing, several characters, paper, the wrong polarity, lost colour."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import cv2
import numpy as np

from lib.autopsy.examination.clue import Clue, View
from lib.autopsy.finding import Witness
from lib.picture import Picture
from lib.pipeline import Grayscale
from lib.pipeline.ink import contrast_map, ink_is_dark
from lib.pipeline.tone import background
from lib.wording import share

_SIDE = 256
_FAINT = 20.0
# A second character is at least so tall and has at least so much ink, compared with the first; the dot of an i has less.
_AS_TALL, _AS_MUCH = 0.45, 0.12
# Empty columns or rows between two characters, in shares of the taller one; strokes of one letter lie closer.
_APART = 0.12
# Together, characters side by side are wider than high, and characters one below the other much higher than wide. The loose
# strokes of one letter, the bars of an H or the stem of a T, make something of a letter's shape.
_WIDE, _HIGH = 1.0, 1.8
_UNEVEN, _OFF = 12.0, 12.0
_PALE, _CLEAR = 0.5, 60.0
_COLOURLESS = 12.0


@lru_cache(maxsize=4)
def flattened(picture: Picture) -> np.ndarray:
    """float32 (h, w), longest side 256: the picture's ink, bright on black, without paper, shadow and fine grain."""
    gray = cv2.cvtColor(picture.pixels, cv2.COLOR_RGB2GRAY).astype(np.float32)
    scale = min(1.0, _SIDE / max(gray.shape))
    size = [max(1, round(n * scale)) for n in gray.shape[::-1]]
    small = cv2.GaussianBlur(cv2.resize(gray, size, interpolation=cv2.INTER_AREA), (0, 0), 1.0)
    dark = ink_is_dark(small)
    flat = background(small, "subtract", 40.0, 0.0)
    return np.asarray(255 - flat if dark else flat, np.float32)


def blank(view: View) -> Iterator[Clue]:
    """`blank`: nothing stands out from the paper (or, for photographs, all pixels are the same)."""
    pixels = view.picture.pixels
    if view.reads_ink:
        strongest, threshold = float(flattened(view.picture).max()), _FAINT
        what = "strongest ink above the paper"
    else:
        strongest, threshold = float(np.ptp(pixels.astype(np.float32), axis=(0, 1)).max()), 8.0
        what = "difference between the darkest and the brightest pixel"
    yield Clue(
        "blank",
        (Witness(what, strongest, threshold, 255.0, "gray levels"),),
        (f"The {what} is {strongest:.0f} gray levels.",),
        "There is nothing in this picture: the network answers all the same, as softmax must."
        if strongest < threshold
        else "",
        "proof" if strongest == 0 else "guess",
        1.0,
    )


def several_glyphs(view: View) -> Iterator[Clue]:
    """`several-glyphs`: pieces of ink that lie apart, side by side or one below the other, and are of similar size."""
    if not view.reads_ink:
        return
    count = glyphs(flattened(view.picture))
    if count:
        yield Clue(
            "several-glyphs",
            (Witness("characters", float(count), 1.0, 1.0),),
            (f"Connected pieces of ink that lie apart and are of similar size: {count}.",),
            f"There seem to be {count} characters in this picture, and the network reads one."
            if count > 1
            else "",
            "guess",
            0.8,
            "# cut the picture into characters first, e.g. with cv2.connectedComponentsWithStats",
        )


def glyphs(ink: np.ndarray) -> int:
    """How many characters there seem to be in bright ink (H, W) on black; dots and loose strokes belong to the nearest."""
    if ink.max() < _FAINT:
        return 0
    mask = ink > max(_FAINT, 0.35 * float(ink.max()))
    _, _, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)
    boxes = [box for box in stats[1:] if box[cv2.CC_STAT_AREA] >= 0.02 * stats[1:, cv2.CC_STAT_AREA].max()]
    pieces = _merged([(int(x), int(y), int(x + w), int(y + h), int(a)) for x, y, w, h, a in boxes])
    largest = max(piece[4] for piece in pieces)
    tallest = max(max(piece[2] - piece[0], piece[3] - piece[1]) for piece in pieces)
    alike = [
        piece
        for piece in pieces
        if piece[4] >= _AS_MUCH * largest
        and max(piece[2] - piece[0], piece[3] - piece[1]) >= _AS_TALL * tallest
    ]
    return len(alike) if _are_a_row_or_column(alike) else 1


_Piece = tuple[int, int, int, int, int]
"""left, top, right, bottom (exclusive), area."""


def _merged(pieces: list[_Piece]) -> list[_Piece]:
    """Pieces that no empty column or row of some width separates, or of which one is small, become one."""
    pieces = list(pieces)
    merged = True
    while merged:
        merged = False
        for i in range(len(pieces)):
            for j in range(i + 1, len(pieces)):
                if not _separate(pieces[i], pieces[j]):
                    a, b = pieces[i], pieces.pop(j)
                    pieces[i] = (
                        min(a[0], b[0]),
                        min(a[1], b[1]),
                        max(a[2], b[2]),
                        max(a[3], b[3]),
                        a[4] + b[4],
                    )
                    merged = True
                    break
            if merged:
                break
    return pieces


def _are_a_row_or_column(pieces: list[_Piece]) -> bool:
    width = max(piece[2] for piece in pieces) - min(piece[0] for piece in pieces)
    height = max(piece[3] for piece in pieces) - min(piece[1] for piece in pieces)
    return width >= _WIDE * height or height >= _HIGH * width


def _separate(a: _Piece, b: _Piece) -> bool:
    size = max(a[2] - a[0], a[3] - a[1], b[2] - b[0], b[3] - b[1])
    across = max(a[0], b[0]) - min(a[2], b[2])
    down = max(a[1], b[1]) - min(a[3], b[3])
    return max(across, down) >= _APART * size


def paper(view: View) -> Iterator[Clue]:
    """`background-not-flat`: what reaches the resize has a gray or shaded ground where training had one exact value."""
    if not view.reads_ink or view.contract.polarity == "any" or float(np.ptp(view.meant)) < 2:
        return
    near = cv2.dilate(view.ink_places.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    ground = view.meant[~near]
    if not ground.size:
        return
    spread = float(np.subtract(*np.percentile(ground, (95, 5))))
    level = float(np.median(ground))
    off = min(abs(level), abs(255 - level))
    found = spread > _UNEVEN or off > _OFF
    told = view.reference is not None and float(view.reference.excess("border_mean", _border(view))) > 0
    yield Clue(
        "background-not-flat",
        (
            Witness("spread of the ground (90 % of it)", spread, 0.0, _UNEVEN, "gray levels"),
            Witness("distance of the ground from black or white", off, 0.0, _OFF, "gray levels"),
        ),
        (f"90 % of the ground lies within {spread:.0f} gray levels, {off:.0f} off an exact black or white.",)
        if found
        else (),
        f"The ground is not one exact value: it lies {off:.0f} gray levels off and varies by {spread:.0f}, where the "
        "training pictures are flat."
        if found
        else "",
        "training sample" if told else "guess",
        0.7,
        "img = img - cv2.GaussianBlur(cv2.morphologyEx(img, cv2.MORPH_CLOSE, disc), (0, 0), 20) + 255  # paper off",
    )


def _border(view: View) -> float:
    """The tensor's mean over its outermost pixels."""
    height, width = view.contract.size
    image = view.tensor.reshape(height, width, -1).mean(axis=2)
    return float(np.concatenate([image[0], image[-1], image[1:-1, 0], image[1:-1, -1]]).mean())


def polarity(view: View) -> Iterator[Clue]:
    """`polarity`: the ink is dark where the contract says bright, or the other way round."""
    said = view.contract.polarity
    if not view.reads_ink or said == "any" or not view.ink_places.any():
        return
    wrong = view.dark_ink == (said == "white on black")
    border = _border(view)
    told = view.reference is not None and float(view.reference.excess("border_mean", border)) > 0
    contrast = float(np.abs(contrast_map(view.meant)[view.ink_places]).mean())
    yield Clue(
        "polarity",
        (Witness("mean of ink minus ground", -contrast if view.dark_ink else contrast, unit="gray levels"),),
        (
            f"The ink is {contrast:.0f} gray levels {'darker' if view.dark_ink else 'brighter'} than its ground.",
        ),
        f"The network was trained on {said}, and gets {'dark ink on a bright' if view.dark_ink else 'bright ink on a dark'} "
        "ground."
        if wrong
        else "",
        "training sample" if told else "model card",
        1.0,
        "img = 255 - img",
    )


def lost_colour(view: View) -> Iterator[Clue]:
    """`grayscale-recipe`: another way to make gray shows much more ink."""
    if view.contract.channels != 1:
        return
    found = view.acting("grayscale")
    if found is None or found[1].ndim != 3:
        return
    step = found[0]
    # Every second pixel tells as much.
    before, gray = found[1][::2, ::2, :3], found[2][::2, ::2]
    if float(np.ptp(before, axis=2).max()) < _COLOURLESS:
        return
    used = _strength(gray)
    others = {
        recipe: _strength(Grayscale(recipe=recipe).apply(before))
        for recipe in ("luma", "mean", "darkest channel", "red", "green", "blue")
    }
    best = max(others, key=lambda name: others[name])
    yield Clue(
        "grayscale-recipe",
        (
            Witness(f"contrast of the ink, {getattr(step, 'recipe', 'as it is')}", used, unit="gray levels"),
            Witness(f"contrast of the ink, {best}", others[best], unit="gray levels"),
        ),
        (
            f"Of {others[best]:.0f} gray levels in “{best}”, {share(used / max(others[best], 1e-9))} are left.",
        ),
        f"Gray by “{getattr(step, 'recipe', 'as it is')}” leaves {used:.0f} gray levels between ink and ground; “{best}” "
        f"would leave {others[best]:.0f}."
        if others[best] > _CLEAR and used < _PALE * others[best]
        else "",
        "proof",
        0.8,
        "gray = rgb.min(axis=2)"
        if best == "darkest channel"
        else "gray = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)",
    )


def _strength(gray: np.ndarray) -> float:
    """How far the ink stands out: the 99.5 % quantile of the distance from the border's level."""
    return float(np.percentile(np.abs(contrast_map(gray)), 99.5))
