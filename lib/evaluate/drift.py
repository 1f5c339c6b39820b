"""Do the pictures that are served look like those of the training? Statistic by statistic, over two whole sets.

One picture's causes are the Autopsy's; here are the same causes by what whole sets have in common.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lib.dataset import Dataset
from lib.dataset.tensors import Tensors
from lib.evaluate.errors import Cancelled, Progress, check
from lib.evaluate.running import batch_size, prepared
from lib.outliers import auroc
from lib.pipeline import Pipeline
from lib.statistics import STATISTICS, bounds, statistics

if TYPE_CHECKING:
    from lib.network import Network

_MOST = 1_000
_SEED = 5
_CLEAR = 0.8
"""From this separation on (the chance that a picture of one set has more than one of the other, or less) drift is named."""

CAUSES = frozenset(
    {
        "range-too-large",
        "range-too-small",
        "range-signed-expected",
        "polarity",
        "background-not-flat",
        "size-and-centring",
        "stroke-width",
        "edge-softness",
        "channel-order",
    }
)
"""Those of the Autopsy's causes that whole sets can speak for, by the Autopsy's names: a test compares them."""


@dataclass(frozen=True)
class Drift:
    """One statistic in both sets, in the tensors' units.

    Attributes:
        train, serve: (5 %, median, 95 %).
        separation: 0.5 (no difference) to 1 (no overlap): the AUROC between the sets, whichever is higher.
        higher: whether the served pictures have more of it.
    """

    name: str
    train: tuple[float, float, float]
    serve: tuple[float, float, float]
    separation: float
    higher: bool

    @property
    def clear(self) -> bool:
        return self.separation >= _CLEAR


@dataclass(frozen=True)
class DriftCause:
    """A cause of the Autopsy's catalogue that the statistics speak for, with the numbers that do."""

    cause: str
    sentence: str

    def __post_init__(self) -> None:
        if self.cause not in CAUSES:
            raise ValueError(f"No cause is called {self.cause!r:.60}.")


@dataclass(frozen=True)
class DriftReport:
    """Both sets compared; the drifts in the order of `STATISTICS`, the causes with the most basic first."""

    drifts: tuple[Drift, ...]
    causes: tuple[DriftCause, ...]
    train_n: int
    serve_n: int


Table = dict[str, np.ndarray]
"""Statistic name -> float64 (N,)."""


def compare_sets(
    network: Network,
    train: Dataset,
    serve: Dataset,
    train_pipeline: Pipeline,
    serve_pipeline: Pipeline,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> DriftReport:
    """Compare what reaches the network from both sets; at most 1,000 pictures of each, drawn at random.

    Raises:
        EvaluationError, EvaluationCancelled: a pipeline does not fit, or somebody pressed stop.
    """
    total = min(len(train), _MOST) + min(len(serve), _MOST)
    first = min(len(train), _MOST)

    def earlier(done: int, _: int) -> None:
        if progress is not None:
            progress(done, total)

    def later(done: int, _: int) -> None:
        if progress is not None:
            progress(first + done, total)

    trained = measured(network, train, train_pipeline, earlier, cancelled)
    served = measured(network, serve, serve_pipeline, later, cancelled)
    return report(trained, served, network.contract.value_range)


def measured(
    network: Network,
    dataset: Dataset,
    pipeline: Pipeline,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> Table:
    """The statistics of the tensors that at most 1,000 pictures give, drawn at random."""
    rows = np.sort(np.random.default_rng(_SEED).permutation(len(dataset))[:_MOST])
    tensors, size = Tensors(dataset, network.contract, pipeline), batch_size(network.contract)
    parts: list[Table] = []
    for first in range(0, len(rows), size):
        check(cancelled, "The comparison")
        part = rows[first : first + size]
        parts.append(_with_channels(prepared(tensors, part, network), network.contract.value_range))
        if progress is not None:
            progress(first + len(part), len(rows))
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def report(train: Table, serve: Table, value_range: str) -> DriftReport:
    """The same from the statistics themselves, as `lib.statistics.statistics` gives them."""
    drifts = tuple(_drift(name, train[name], serve[name]) for name in STATISTICS)
    causes = named(train, serve, {drift.name: drift for drift in drifts}, value_range)
    return DriftReport(drifts, causes, len(train["mean"]), len(serve["mean"]))


def _with_channels(batch: np.ndarray, value_range: str) -> Table:
    """The statistics, and the mean of the first and the last channel of colour pictures."""
    found = statistics(batch, value_range)
    if batch.ndim == 4 and batch.shape[-1] == 3:
        found["first_channel"], found["last_channel"] = (
            batch[..., channel].mean((1, 2), dtype=np.float64) for channel in (0, 2)
        )
    return found


def _drift(name: str, train: np.ndarray, serve: np.ndarray) -> Drift:
    higher = auroc(serve, train)
    ends = [tuple(float(q) for q in np.quantile(values, (0.05, 0.5, 0.95))) for values in (train, serve)]
    return Drift(name, ends[0], ends[1], max(higher, 1 - higher), higher >= 0.5)  # type: ignore[arg-type]


def named(train: Table, serve: Table, drifts: dict[str, Drift], value_range: str) -> tuple[DriftCause, ...]:
    """The causes, each by a rule of its own; what follows from a wrong range or polarity is not named again."""
    low, high = bounds(value_range)
    span = high - low
    median = {
        side: {name: float(np.median(table[name])) for name in table}
        for side, table in (("t", train), ("s", serve))
    }
    t, s = median["t"], median["s"]
    found = _range_causes(t, s, span)
    if found:
        return found
    causes: list[DriftCause] = []

    def add(cause: str, sentence: str) -> None:
        causes.append(DriftCause(cause, sentence))

    border_t, border_s = ((side["border_mean"] - low) / span for side in (t, s))
    if drifts["border_mean"].clear and abs(border_s - border_t) > 0.5 and drifts["mean"].clear:
        which = "bright" if border_s > border_t else "dark"
        add(
            "polarity",
            f"The served pictures’ border is {which} ({border_s:.0%} of white), in training it is {border_t:.0%}.",
        )
        return tuple(causes)
    if (
        drifts["zero_share"].clear
        and not drifts["zero_share"].higher
        and s["zero_share"] < t["zero_share"] / 2
    ):
        add(
            "background-not-flat",
            f"{t['zero_share']:.0%} of a training picture’s pixels are exactly black, of a served one "
            f"{s['zero_share']:.0%}.",
        )
    if drifts["ink_extent"].clear and abs(s["ink_extent"] - t["ink_extent"]) > 0.05:
        way = "smaller" if s["ink_extent"] < t["ink_extent"] else "larger"
        add(
            "size-and-centring",
            f"The ink is {way}: it spans {s['ink_extent']:.0%} of the side, in training {t['ink_extent']:.0%}.",
        )
    elif (
        drifts["border_max"].clear
        and drifts["border_max"].higher
        and s["border_max"] - t["border_max"] > 0.3 * span
    ):
        add(
            "size-and-centring",
            "Ink touches the border of most served pictures and of few training pictures.",
        )
    thickness = s["stroke_radius"] / max(t["stroke_radius"], 1e-9)
    if drifts["stroke_radius"].clear and not 0.85 < thickness < 1.18:
        way = "thinner" if thickness < 1 else "thicker"
        add("stroke-width", f"Strokes are {way}: {thickness:.2f} times as wide as in training.")
    if drifts["mid_gray_share"].clear and not any(c.cause == "background-not-flat" for c in causes):
        way = "harder" if s["mid_gray_share"] < t["mid_gray_share"] else "softer"
        add(
            "edge-softness",
            f"Edges are {way}: {s['mid_gray_share']:.0%} of the pixels are mid-gray, in training "
            f"{t['mid_gray_share']:.0%}.",
        )
    if "first_channel" in t:
        first, last = t["first_channel"] - t["last_channel"], s["first_channel"] - s["last_channel"]
        if first * last < 0 and min(abs(first), abs(last)) > 0.03 * span:
            add("channel-order", "The first and the last colour channel have changed places.")
    return tuple(causes)


def _range_causes(t: dict[str, float], s: dict[str, float], span: float) -> tuple[DriftCause, ...]:
    """Numbers of another size: everything else would only repeat it."""
    reach_t, reach_s = (max(abs(side["max"]), abs(side["min"])) for side in (t, s))
    values = f"The largest value is {s['max']:.4g} in the middle of the served pictures, in training {t['max']:.4g}."
    if t["min"] < -0.2 * reach_t and s["min"] > -0.05 * reach_t and reach_s < 4 * reach_t:
        return (
            DriftCause(
                "range-signed-expected",
                f"Training values go down to {t['min']:.4g}, served ones to {s['min']:.4g}.",
            ),
        )
    if reach_s > 20 * reach_t:
        return (DriftCause("range-too-large", values),)
    if reach_s < reach_t / 20:
        return (DriftCause("range-too-small", values),)
    return ()


def compare_with_reference(
    network: Network,
    serve: Dataset,
    pipeline: Pipeline,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> DriftReport:
    """The same where of the training only the network's Reference is left: its stored quantiles stand for the pictures.

    Raises:
        ValueError: the network has no Reference.
    """
    reference = network.reference
    if reference is None:
        raise ValueError("This network has no Reference. Compare with a sample of its training data instead.")
    table = measured(network, serve, pipeline, progress, cancelled)
    levels = (np.arange(_MOST) + 0.5) / _MOST
    names = list(reference.statistic_names)
    train = {
        name: np.interp(levels, reference.statistic_levels, reference.statistic_quantiles[names.index(name)])
        for name in STATISTICS
    }
    # Rounded quantiles and the same pictures differ by less than what counts for no difference.
    for name in STATISTICS:
        near = np.abs(table[name][:, None] - train[name][None, ::25]) <= reference.tolerance(name)
        table[name] = np.where(near.any(1), train[name][::25][near.argmax(1)], table[name])
    return report(train, {name: table[name] for name in STATISTICS}, reference.value_range)
