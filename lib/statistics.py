"""Pixel statistics of the tensors that a network is fed: eleven numbers per image, and histograms.

They are taken in the tensor's own units, so that they show a wrong value range, a wrong polarity or a wrong
framing when compared with the same numbers of the training data. That comparison lives in `lib.reference`.
"""

from __future__ import annotations

import math

import numpy as np

STATISTICS: tuple[str, ...] = (
    "max",
    "min",
    "mean",
    "sd",
    "ink_share",
    "mid_gray_share",
    "zero_share",
    "border_max",
    "border_mean",
    "ink_extent",
    "stroke_radius",
)

# The values that pure black and pure white take in each range, averaged over the channels. The last two are
# those of `keras.applications`; "standardise" has no fixed ends, and three standard deviations hold most pixels.
_BOUNDS: dict[str, tuple[float, float]] = {
    "0..255": (0.0, 255.0),
    "0..1": (0.0, 1.0),
    "-1..1": (-1.0, 1.0),
    "standardise": (-3.0, 3.0),
    "caffe": (-(103.939 + 116.779 + 123.68) / 3, 255.0 - (103.939 + 116.779 + 123.68) / 3),
    "torch": (
        -(0.485 / 0.229 + 0.456 / 0.224 + 0.406 / 0.225) / 3,
        (0.515 / 0.229 + 0.544 / 0.224 + 0.594 / 0.225) / 3,
    ),
}
# Where ink begins, as a share of the image's own range; only the two statistics of shape use it.
_SHAPE_THRESHOLD = 0.25


def bounds(value_range: str) -> tuple[float, float]:
    """What black and white become in a value range, for example (-1.0, 1.0) for "-1..1".

    Raises:
        ValueError: if the range is not one that a contract can name.
    """
    try:
        return _BOUNDS[value_range]
    except KeyError:
        raise ValueError(f"Unknown value range {value_range!r}; use one of {', '.join(_BOUNDS)}.") from None


def statistics(batch: np.ndarray, value_range: str) -> dict[str, np.ndarray]:
    """The eleven pixel statistics of each image of a batch.

    In the tensor's own units, over all pixels and channels:
        max, min, mean, sd: largest, smallest and mean value, and the standard deviation.
        border_max, border_mean: the same over the outermost frame of pixels, one pixel wide.

    As shares (0..1) of the pixels, against what the value range promises, never against the image's own range
    (colour is averaged over its channels first):
        ink_share: at or above the middle between the range's black and white.
        mid_gray_share: strictly between 10 % and 90 % of the way from black to white.
        zero_share: black to within a hundred-thousandth of the range.

    Of shape, in units of the image's longest side. *Ink* here is brighter than a quarter of the image's own
    range, so that the shape can still be compared when the range or the contrast is wrong; an image of one
    value has none:
        ink_extent: the longest side of the box around the ink. Its outermost rows and columns count by their
            brightest pixel (1: as bright as the image's brightest), so that half a pixel of shift changes little.
        stroke_radius: half the width of the pen. For a stroke much longer than wide, the mass of its profile
            divided by its total variation is half its width, however soft its edges (the total variation
            along a line across the stroke counts both edges once).

    Args:
        batch: numbers (N, D), (N, H, W), (N, H, W, 1) or (N, H, W, 3). A vector of a square number of
            values, such as 784, is read as a square image in row order, any other as an image of one row.
        value_range: the range of the contract, such as "0..255" (see `bounds`).

    Returns:
        {name: float64 (N,)} with the names and the order of `STATISTICS`; always finite.

    Raises:
        ValueError: if the shape is none of the above, the range is unknown, or a value is not finite.
    """
    low, high = bounds(value_range)
    images = as_images(batch)
    gray = images.mean(-1)
    flat = _rows(images)
    level = (_rows(gray) - low) / (high - low)
    border = _rows(images[:, _frame(*gray.shape[1:])])
    extent, radius = _shape(gray)
    values = (
        flat.max(1),
        flat.min(1),
        flat.mean(1),
        flat.std(1),
        (level >= 0.5).mean(1),
        ((level > 0.1) & (level < 0.9)).mean(1),
        (np.abs(level) <= 1e-5).mean(1),
        border.max(1),
        border.mean(1),
        extent,
        radius,
    )
    return dict(zip(STATISTICS, values, strict=True))


def histogram(batch: np.ndarray, edges: np.ndarray) -> np.ndarray:
    """The share of each image's values in each bin.

    Args:
        batch: as for `statistics`; the values of all channels count.
        edges: (B + 1,) strictly increasing. Bin b holds edges[b] <= value < edges[b + 1]; the first and the
            last bin also hold all that lies beyond them, so that nothing is lost.

    Returns:
        float64 (N, B); each row sums to 1.

    Raises:
        ValueError: if the edges do not increase or the batch is unusable.
    """
    edges = np.asarray(edges, np.float64)
    if edges.ndim != 1 or len(edges) < 2 or not np.all(np.diff(edges) > 0):
        raise ValueError("The edges of a histogram must be at least two strictly increasing numbers.")
    images = as_images(batch)
    count, bins = len(images), len(edges) - 1
    flat = _rows(images)
    index = np.searchsorted(edges[1:-1], flat, side="right")
    index += np.arange(count)[:, None] * bins
    return np.bincount(index.ravel(), minlength=count * bins).reshape(count, bins) / flat.shape[1]


def as_images(batch: np.ndarray) -> np.ndarray:
    """Any accepted batch as float64 (N, H, W, C)."""
    array = np.asarray(batch, np.float64)
    if array.ndim == 2:
        side = math.isqrt(array.shape[1])
        shape = (side, side) if side * side == array.shape[1] else (1, array.shape[1])
        array = array.reshape(len(array), *shape)
    if array.ndim == 3:
        array = array[..., None]
    if array.ndim != 4 or array.shape[-1] not in (1, 3) or 0 in array.shape[1:]:
        raise ValueError(
            f"A batch of images is (N, D), (N, H, W), (N, H, W, 1) or (N, H, W, 3), not {np.shape(batch)}."
        )
    if not np.isfinite(array).all():
        raise ValueError(
            "The batch holds values that are not finite (NaN or infinity); check its preprocessing."
        )
    return array


def _rows(array: np.ndarray) -> np.ndarray:
    """Any (N, ...) as (N, values); unlike reshape(N, -1) also for N = 0."""
    return array.reshape(len(array), math.prod(array.shape[1:]))


def _frame(height: int, width: int) -> np.ndarray:
    """bool (H, W): true on the outermost pixels."""
    frame = np.ones((height, width), bool)
    frame[1:-1, 1:-1] = False
    return frame


def _shape(gray: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Ink extent and stroke radius of float64 (N, H, W), both relative to the longest side."""
    side = max(gray.shape[1:])
    darkest = gray.min((1, 2), keepdims=True)
    # Halves are subtracted so that the largest finite numbers do not overflow.
    span = gray.max((1, 2), keepdims=True) / 2 - darkest / 2
    level = np.divide(gray / 2 - darkest / 2, span, out=np.zeros_like(gray), where=span > 0)
    ink = np.maximum(level - _SHAPE_THRESHOLD, 0.0)

    extent = np.maximum(_length(level.max(2)), _length(level.max(1))) / side

    # The gradient of every 2 x 2 block, with black around the image; it treats both diagonals alike.
    padded = np.pad(ink, ((0, 0), (1, 1), (1, 1)))
    down = padded[:, 1:, 1:] - padded[:, :-1, :-1]
    up = padded[:, :-1, 1:] - padded[:, 1:, :-1]
    variation = np.hypot(down, up).sum((1, 2)) / math.sqrt(2)
    mass = ink.sum((1, 2))
    radius = np.divide(mass, variation, out=np.zeros_like(mass), where=variation > 0) / side
    return extent, radius


def _length(profile: np.ndarray) -> np.ndarray:
    """From the first to the last ink of each row of float64 (N, L), levels 0..1; 0 where there is none."""
    hit = profile > _SHAPE_THRESHOLD
    first = hit.argmax(1)
    last = hit.shape[1] - 1 - hit[:, ::-1].argmax(1)
    row = np.arange(len(profile))
    ends = profile[row, first] + np.where(last > first, profile[row, last], 0)
    between = np.maximum(last - first - 1, 0)
    return np.where(hit.any(1), between + ends, 0)
