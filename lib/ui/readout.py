"""The live view of the tensor that the network gets: its facts, its histogram, and where it leaves the training data."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lib.ui.per_array import once_per_array
from lib.ui.wire import pack
from lib.wording import number, share

_BINS = 32
_MANY_BINS_OUTSIDE = 1 / 3
_TINY_PART = 0.05


@dataclass(frozen=True, eq=False)
class HistogramBand:
    """What the training data's histograms look like.

    Attributes:
        edges: (B + 1,) ascending bin edges.
        low, mid, high: (B,) the 5 %, 50 % and 95 % quantile over training images of the share of values in each bin.
    """

    edges: np.ndarray
    low: np.ndarray
    mid: np.ndarray
    high: np.ndarray


def readout_message(tensor: np.ndarray, *, band: HistogramBand | None = None) -> bytes:
    """The packed message for `frontend/readout.js`: facts and sentences in words, `shares` and the band as arrays.

    Args:
        tensor: as the network gets it, without batch axis.
        band: the training data's histograms, if the model has a reference.
    """
    values = np.asarray(tensor).ravel()
    good = values[np.isfinite(values)] if values.dtype.kind == "f" else values
    sentences = []
    if good.size < values.size:
        sentences.append(
            f"{values.size - good.size:,} values are NaN or infinite: every layer after them is spoilt."
        )
    facts = [
        ["shape", f"({', '.join(str(n) for n in np.shape(tensor))}{',' if np.ndim(tensor) == 1 else ''})"]
    ]
    facts.append(["dtype", str(values.dtype)])
    if good.size:
        low, high = float(good.min()), float(good.max())
        zeros = float(np.count_nonzero(good == 0) / good.size)
        facts += [
            ["min", number(low)],
            ["max", number(high)],
            ["mean", number(float(good.mean(dtype=np.float64)))],
        ]
        facts.append(["zeros", share(zeros)])
        if low == high:
            sentences.append(f"Every value is {number(low)}: there is nothing to read in this tensor.")
    else:
        low = high = 0.0
        sentences.append("There is no finite value in this tensor.")
    edges = np.asarray(band.edges, np.float64) if band is not None else _own_edges(low, high)
    shares, below, above = _shares(good, edges)
    arrays = {"shares": shares.astype(np.float32)}
    if band is not None:
        arrays |= {name: np.asarray(getattr(band, name), np.float32) for name in ("low", "mid", "high")}
        sentences += _departures(low, high, shares, below, above, band) if good.size else []
    header = {
        "facts": facts,
        "sentences": sentences,
        "from": number(edges[0]),
        "to": number(edges[-1]),
        "below": below,
        "above": above,
        "belowWords": share(below),
        "aboveWords": share(above),
        "bins": _in_words(band.edges if band is not None else edges),
    }
    return pack(header, arrays)


@once_per_array
def _in_words(edges: np.ndarray) -> list[str]:
    return [number(edge) for edge in edges]


def _own_edges(low: float, high: float) -> np.ndarray:
    """Bin edges over the tensor's own range; a unit around the value if it has no width."""
    if low == high:
        low, high = low - 0.5, high + 0.5
    return np.linspace(low, high, _BINS + 1)


def _shares(values: np.ndarray, edges: np.ndarray) -> tuple[np.ndarray, float, float]:
    """The share of values in each bin, below the first edge and above the last; they sum to 1. The last bin is closed."""
    bins = len(edges) - 1
    if not values.size:
        return np.zeros(bins), 0.0, 0.0
    below, above = np.count_nonzero(values < edges[0]), np.count_nonzero(values > edges[-1])
    inside = values[(values >= edges[0]) & (values <= edges[-1])] if below or above else values
    at = np.searchsorted(edges[1:-1], inside, side="right")
    counts = np.bincount(at, minlength=bins)
    return counts / values.size, below / values.size, above / values.size


def _departures(
    low: float, high: float, shares: np.ndarray, below: float, above: float, band: HistogramBand
) -> list[str]:
    """Sentences about where the tensor leaves the training data; empty if it does not."""
    edges = np.asarray(band.edges, np.float64)
    floor, ceiling = float(edges[0]), float(edges[-1])
    slack = 1e-6 * (ceiling - floor)
    stayed = f"the training data stayed within {number(floor)}..{number(ceiling)}"
    sentences = []
    if high > ceiling + slack:
        sentences.append(f"Values reach {number(high)}; {stayed}.")
    if low < floor - slack:
        sentences.append(f"Values go down to {number(low)}; {stayed}.")
    occupied = np.flatnonzero(np.asarray(band.high) > 0)
    if not sentences and occupied.size:
        usual = float(edges[occupied[-1] + 1])
        if 0 <= low < high < floor + _TINY_PART * (usual - floor):
            sentences.append(
                f"No value exceeds {number(high)}; training images reach {number(usual)}: the range looks too small."
            )
    if sentences:
        return sentences
    outside = (shares < np.asarray(band.low) - 1e-6) | (shares > np.asarray(band.high) + 1e-6)
    if outside.mean() > _MANY_BINS_OUTSIDE:
        sentences.append(
            f"{int(outside.sum())} of {len(outside)} bins are outside what 90 % of the training images show."
        )
    worst = int(np.argmax(np.abs(shares - np.asarray(band.mid))))
    if outside[worst] and abs(shares[worst] - band.mid[worst]) > 0.2:
        sentences.append(
            f"{share(shares[worst])} of the values lie in {number(edges[worst])}..{number(edges[worst + 1])}; "
            f"for the training data it is {share(band.mid[worst])}."
        )
    return sentences
