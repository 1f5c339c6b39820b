"""The tensor's statistics beside the training pictures': bands, percentiles, deviations; stroke width and edges."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from lib.autopsy.examination.clue import Clue, View
from lib.autopsy.finding import Witness
from lib.reference import Reference
from lib.statistics import bounds, statistics
from lib.wording import number, share

NAMES = {
    "max": ("largest value", ""),
    "min": ("smallest value", ""),
    "mean": ("mean value", ""),
    "sd": ("standard deviation of the values", ""),
    "ink_share": ("share of bright pixels", "of the pixels"),
    "mid_gray_share": ("share of mid-gray pixels", "of the pixels"),
    "zero_share": ("share of exactly black pixels", "of the pixels"),
    "border_max": ("largest value on the border", ""),
    "border_mean": ("mean value on the border", ""),
    "ink_extent": ("extent of the ink", "of the side"),
    "stroke_radius": ("half-width of the strokes", "of the side"),
}
"""Statistic -> what people read, and its unit; values are in the contract's range."""

_CAUSES = {
    "range-too-large": ("max", "mean", "sd"),
    "range-too-small": ("max", "sd", "mean"),
    "range-signed-expected": ("min", "mean"),
    "imagenet-mode": ("min", "max", "mean"),
    "preprocess-twice": ("max", "min", "sd"),
    "rescaling-in-model": ("max", "mean"),
    "row-normalised": ("mean", "sd", "min"),
    "polarity": ("border_mean", "mean", "ink_share"),
    "uint8-wrap": ("max", "sd", "ink_share"),
    "one-minus-float": ("min", "border_mean"),
    "contrast-range": ("max", "sd"),
    "background-not-flat": ("zero_share", "border_max", "border_mean", "mid_gray_share"),
    "edge-softness": ("mid_gray_share",),
    "stroke-width": ("stroke_radius", "ink_share"),
    "size-and-centring": ("ink_extent",),
    "aspect-ratio": ("ink_extent",),
    "grayscale-recipe": ("max", "sd"),
    "alpha-channel": ("sd", "ink_share"),
    "resize-filter": ("mid_gray_share", "stroke_radius"),
    "blank": ("sd", "ink_share"),
    "several-glyphs": ("ink_extent", "ink_share"),
}
"""Cause -> the statistics that show it, the most telling first."""

_SIMILARITY = frozenset({"orientation", "mirrored", "not-in-any-class", "exif-rotation", "healthy-misread"})
_FLAT_GROUND = 12.0
_HARDLY, _VERY_FAR = 0.5, 20.0  # deviations


def statistic_witnesses(view: View, names: Sequence[str]) -> tuple[Witness, ...]:
    """The tensor's statistics of these names; with the training pictures' band (5 to 95 %) where there is a Reference."""
    values = statistics(view.tensor[None], view.contract.value_range)
    return tuple(beside(view.reference, name, float(values[name][0])) for name in names)


def beside(reference: Reference | None, statistic: str, value: float) -> Witness:
    """One statistic beside the training pictures' band."""
    name, unit = NAMES[statistic]
    if reference is None:
        return Witness(name, value, unit=unit)
    low, high = reference.band(statistic)
    quarter, middle, three = (reference.band(statistic, at, at)[0] for at in (0.25, 0.5, 0.75))
    # Of a normal distribution the quartiles lie 1.349 deviations apart.
    spread = max((three - quarter) / 1.349, reference.tolerance(statistic))
    return Witness(
        name, value, low, high, unit, float(reference.percentile(statistic, value)), (value - middle) / spread
    )


def training_witnesses(view: View, cause: str) -> tuple[Witness, ...]:
    """What the training data say about one cause; () where they say nothing."""
    if view.tensor.shape != view.contract.input_shape or not np.isfinite(view.tensor).all():
        return ()
    found = list(statistic_witnesses(view, _CAUSES.get(cause, ())))
    reference = view.reference
    if cause in _SIMILARITY and reference is not None and len(reference.prototypes):
        found.append(_distance(view, reference))
    return tuple(found)


def _distance(view: View, reference: Reference) -> Witness:
    """How far the nearest prototype is, beside the held-out pictures' distances."""
    distance = float(reference.nearest(view.tensor[None])[1][0])
    known = reference.held_out_distances.astype(np.float64)
    low, middle, high = np.quantile(known, (0.05, 0.5, 0.95))
    spread = max(float(np.subtract(*np.quantile(known, (0.75, 0.25)))) / 1.349, 1e-6)
    return Witness(
        "distance to the most similar training prototype",
        distance,
        float(low),
        float(high),
        percentile=float((known < distance).mean()),
        z=(distance - float(middle)) / spread,
    )


def sentence(witness: Witness) -> str:
    """A witness in words; "" for one without a band, or one that lies inside of its band or hardly beside it."""
    if witness.low is None or witness.high is None or witness.low <= witness.value <= witness.high:
        return ""
    if witness.z is not None and abs(witness.z) < _HARDLY:
        return ""
    far = ""
    if witness.z is not None:
        many = f"{abs(witness.z):.1f}" if abs(witness.z) <= _VERY_FAR else f"over {_VERY_FAR:.0f}"
        far = f", {many} deviations {'above' if witness.z > 0 else 'below'} the middle"
    unit = f" {witness.unit}" if witness.unit else ""
    return (
        f"The {witness.name} is {number(witness.value)}{unit}; usual is {number(witness.low)} to "
        f"{number(witness.high)}{far}."
    )


# ---- clues of their own ----------------------------------------------------------------------------------------------


def stroke_width(view: View) -> Iterator[Clue]:
    """`stroke-width`: the pen against the training strokes, whatever its polarity, judged only where the ground is flat.

    A stroke thinner than a pixel is as wide as a pixel after the resize, only paler. So thin pens are measured before it,
    and count only if they come out paler than the training strokes, whose own widths are known after the resize only.
    """
    if not _comparable(view):
        return
    assert view.reference is not None
    after, before = (
        float(statistics(image[None], "0..255")["stroke_radius"][0]) for image in (view.ink, view.framed_ink)
    )
    pale = _brightest(view) < 0
    value = before if pale and before < after else after
    witness = beside(view.reference, "stroke_radius", value)
    low, high = view.reference.band("stroke_radius")
    out = float(view.reference.excess("stroke_radius", value, 0.01, 0.99)) > 0.1
    # The grain of paper looks like thin strokes.
    out = out and (value > high or pale) and not _on_paper(view)
    side = max(view.contract.size)
    yield Clue(
        "stroke-width",
        (witness,),
        (sentence(witness),) if sentence(witness) else (),
        f"The strokes are {'thinner' if value < low else 'thicker'} than in training: {2 * side * value:.1f} pixels of the "
        f"network's {side}, where 90 % of the training strokes have {2 * side * low:.1f} to {2 * side * high:.1f}."
        if out
        else "",
        "training sample",
        0.6,
        "img = cv2.erode(img, disc)  # widens dark ink on white"
        if value < low
        else "img = cv2.dilate(img, disc)  # thins dark ink on white",
    )


def _brightest(view: View) -> float:
    """By how much the brightest ink is brighter than nearly all training pictures' (negative: paler), of the range."""
    assert view.reference is not None
    low, high = bounds(view.contract.value_range)
    least = (view.reference.band("max", 0.005, 0.995)[0] - low) / (high - low)
    return float(view.ink.max()) / 255 - least


def edge_softness(view: View) -> Iterator[Clue]:
    """`edge-softness`: harder or softer edges than in training, judged only where the ground is flat."""
    if not _comparable(view):
        return
    assert view.reference is not None
    if _on_paper(view):
        return  # gray paper is mid-gray, too
    value = float(statistics(view.ink[None], "0..255")["mid_gray_share"][0])
    witness = beside(view.reference, "mid_gray_share", value)
    out = float(view.reference.excess("mid_gray_share", value, 0.01, 0.99)) > 0.1
    low, high = view.reference.band("mid_gray_share")
    yield Clue(
        "edge-softness",
        (witness,),
        (sentence(witness),) if sentence(witness) else (),
        f"The edges are {'harder' if value < low else 'softer'} than in training: {share(value)} of the pixels are "
        f"mid-gray; 90 % of the training pictures have {share(low)} to {share(high)}."
        if out
        else "",
        "training sample",
        0.4,
        "img = cv2.GaussianBlur(img, (0, 0), 1)"
        if value < low
        else "# sharpen, or resize with area averaging",
    )


def _on_paper(view: View) -> bool:
    """Whether the ink lies on gray."""
    ink = view.ink
    return float(np.median(np.concatenate([ink[0], ink[-1], ink[:, 0], ink[:, -1]]))) > _FLAT_GROUND


def _comparable(view: View) -> bool:
    """Whether the training statistics are of bright ink, as `View.ink` is, and there is ink to compare."""
    return (
        view.reference is not None
        and view.reads_ink
        and view.contract.polarity == "white on black"
        and bool(view.ink_places.any())
    )
