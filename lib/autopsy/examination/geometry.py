"""Where the picture lies in the frame and how it got there: resize filter, size and place, colour channels' order."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from lib.autopsy.examination.clue import Clue, View, centre_off
from lib.autopsy.finding import Witness
from lib.pipeline import Resize
from lib.statistics import bounds, statistics
from lib.wording import share

_COARSE = 0.12
_COLOURFUL = 6.0
# Of the frame's side: how far extent and place may be from what the contract's frame and centring give.
_EXTENT_SLACK, _CENTRE_SLACK = 0.12, 0.08


def coarse_resize(view: View) -> Iterator[Clue]:
    """`resize-filter`: another filter than the contract's gives a clearly different small picture."""
    found = view.acting("resize")
    if found is None:
        return
    step, before, after = found
    wanted = view.contract.resize_filter
    if getattr(step, "filter", wanted) == wanted or before.shape[:2] == after.shape[:2]:
        return
    height, width = after.shape[:2]
    right = Resize(height=height, width=width, filter=wanted).apply(before)
    span = max(float(np.ptp(right)), 1e-9)
    apart = float(np.abs(after - right).mean())
    content = float(np.abs(right - np.median(right)).mean())
    part = apart / max(content, 0.02 * span)
    yield Clue(
        "resize-filter",
        (Witness("difference from the contract's filter, of the content", part, 0.0, _COARSE),),
        (f"{before.shape[1]} × {before.shape[0]} pixels shrink to {width} × {height}.",),
        f"Shrunk with “{getattr(step, 'filter', '')}” instead of “{wanted}”, the small picture differs by {share(part)} of "
        "its content."
        if part > _COARSE
        else "",
        "model card",
        0.5,
        "img = cv2.resize(img, size, interpolation=cv2.INTER_AREA)",
    )


def swapped_channels(view: View) -> Iterator[Clue]:
    """`channel-order`: a colourful picture reaches the network in another order than the contract's."""
    if view.contract.channels != 3:
        return
    found = view.acting("channel_order")
    order = getattr(found[0], "order", "RGB") if found else "RGB"
    if order == view.contract.channel_order:
        return
    pixels = view.picture.pixels.astype(np.float32)
    colour = float(np.abs(pixels[..., 0] - pixels[..., 2]).mean())
    yield Clue(
        "channel-order",
        (Witness("difference between red and blue", colour, unit="gray levels"),),
        (
            f"Red and blue differ by {colour:.0f} gray levels on average: in a gray picture the order does not matter.",
        ),
        f"The network was trained on {view.contract.channel_order} and gets {order}: red and blue are swapped."
        if colour > _COLOURFUL
        else "",
        "model card",
        0.8,
        "img = img[..., ::-1]  # or cv2.cvtColor(img, cv2.COLOR_BGR2RGB)",
    )


def size_and_place(view: View) -> Iterator[Clue]:
    """`size-and-centring`: the ink's extent and centre of mass against the training pictures', or what the contract says."""
    if not view.reads_ink or not view.ink_places.any():
        return
    extent = float(statistics(view.ink[None], "0..255")["ink_extent"][0])
    centre = view.ink_centre
    bands = _bands(view)
    if bands is None or centre is None:
        return
    (low, high), (first, last), level = bands
    off = max(centre, key=abs)
    too = "small" if extent < low else "large" if extent > high else ""
    moved = not first <= off <= last
    parts = (
        [f"fills {share(extent)} of the frame, the training pictures {share(low)} to {share(high)}"]
        if too
        else []
    )
    if moved:
        parts.append(f"lies {share(abs(off))} of the side off the middle")
    percentile = None
    if view.reference is not None and level == "training sample":
        percentile = float(view.reference.percentile("ink_extent", extent))
    yield Clue(
        "size-and-centring",
        (
            Witness("ink's extent, of the frame", extent, low, high, percentile=percentile),
            Witness("ink's centre to the right of the middle, of the side", centre[1], first, last),
            Witness("ink's centre below the middle, of the side", centre[0], first, last),
        ),
        (),
        f"The ink {' and '.join(parts)}." if parts else "",
        level,
        0.6,
        "# crop to the ink, scale it to the training pictures' size, centre it",
    )


def _bands(view: View) -> tuple[tuple[float, float], tuple[float, float], str] | None:
    """(extent, centre) bands and their level: the training pictures', or the contract's recipe, or None."""
    contract, reference = view.contract, view.reference
    if reference is not None and contract.polarity == "white on black" and len(reference.prototypes):
        low, high = reference.band("ink_extent", 0.005, 0.995)
        slack = reference.tolerance("ink_extent")
        return (low - slack, high + slack), _prototype_centres(view), "training sample"
    if contract.frame != "crop to ink":
        return None
    size = 1 - 2 * contract.margin
    slack = _CENTRE_SLACK if contract.centre == "centre of mass" else 2 * _CENTRE_SLACK
    return (size - _EXTENT_SLACK, size + _EXTENT_SLACK), (-slack, slack), "model card"


def _prototype_centres(view: View) -> tuple[float, float]:
    """How far the centres of the prototypes lie off the middle, in either direction, with half a pixel more."""
    assert view.reference is not None
    black = bounds(view.reference.value_range)[0]
    found = []
    for prototype in view.reference.prototypes.astype(np.float32):
        image = prototype - black
        off = centre_off(np.maximum(image if image.ndim == 2 else image.mean(axis=2), 0))
        if off is not None:
            found += [*off]
    slack = 1.0 / max(view.contract.size)
    low, high = np.percentile(found, (0.5, 99.5)) if found else (0.0, 0.0)
    return float(low) - slack, float(high) + slack
