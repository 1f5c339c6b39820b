"""Reaches the verdict on a batch: from the trace that gave the prediction, and from the network's Reference."""

from __future__ import annotations

import math
import threading
import weakref
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from lib.reference import Reference
from lib.reference.features import vectors
from lib.verdict.conformal import Known, PValues
from lib.verdict.sureness import FEWEST as FEWEST_SURE
from lib.verdict.sureness import Sureness
from lib.verdict.verdict import FEWEST, Answer, Statement, Verdict
from lib.verdict.witnesses import Measures

if TYPE_CHECKING:
    from lib.network import Network, Trace

NO_REFERENCE = (
    "This network comes without a sample of its training data: nobody can say whether the picture is like them. "
    "Its logits can be compared with those for noise; or add a sample of its training pictures."
)
TOO_FEW = (
    "The training sample holds out {count:,} pictures: too few to call any picture unusual, which takes {fewest}. Add a "
    "larger sample of its training pictures."
)
NOT_FINITE = "The network's input or its answer holds numbers that are not finite."


def judge(network: Network, batch: np.ndarray, k: int = 5) -> tuple[Verdict, ...]:
    """The verdict on every picture of a batch.

    Args:
        batch: (N, *input_shape) as `Network.trace` takes it.
        k: classes in the top-k.

    Raises:
        NetworkError: the batch does not fit the network.
    """
    layer = network.reference.feature_layer if network.reference is not None else ""
    trace = network.trace(batch, layers=(layer,) if layer else ())
    return judge_trace(
        network, np.asarray(batch).reshape(len(trace.logits), *network.contract.input_shape), trace, k
    )


def judge_trace(network: Network, batch: np.ndarray, trace: Trace, k: int = 5) -> tuple[Verdict, ...]:
    """The same from a pass that was already made.

    Args:
        trace: of this batch; holds the Reference's feature layer, or it is computed once more.
    """
    memory = memory_of(network)
    if memory is None:
        return tuple(Verdict(top, note=NO_REFERENCE) for top in _tops(network, trace, None, k))
    finite = _finite(batch, trace)
    rows = np.flatnonzero(finite)
    found = memory.p_values(batch[rows], trace.logits[rows], _features(network, memory, batch, trace, rows))
    sureness = memory.sureness
    calibrated = sureness.calibrated(np.where(finite[:, None], trace.logits, 0)) if sureness else None
    place = np.cumsum(finite) - 1
    verdicts = []
    for row, top in enumerate(_tops(network, trace, calibrated, k)):
        if not finite[row]:
            verdicts.append(Verdict(top, note=NOT_FINITE, unknown="not finite"))
            continue
        if memory.known.count < FEWEST:
            note = TOO_FEW.format(count=memory.known.count, fewest=FEWEST)
            verdicts.append(Verdict(top, note=note, unknown="training sample too small"))
            continue
        said = zip(memory.witnesses, found.each[place[row]], found.nats[place[row]], strict=True)
        verdicts.append(
            Verdict(
                top,
                float(found.combined[place[row]]),
                tuple(Statement(witness, float(p), float(nats)) for witness, p, nats in said),
                memory.known.count,
                sureness.temperature if sureness else None,
                sureness.record(float(calibrated[row].max()))
                if sureness and calibrated is not None and top[0].index not in memory.refusing
                else None,
            )
        )
    return tuple(verdicts)


class Memory:
    """What a Reference is asked for at every picture, prepared once.

    Attributes:
        witnesses: in the order of the columns of `known`.
        refusing: indices of the classes without a training picture in the Reference, such as "not a letter".
        known: the held-out pictures' strangeness.
        sureness: of the held-out predictions, or None for a multi-label network and for a handful of predictions.
    """

    def __init__(self, reference: Reference, softmax: bool = True) -> None:
        self.reference = reference
        self._measures = Measures(reference)
        self.witnesses = self._measures.witnesses
        self.refusing = self._measures.refusing
        self.known = Known(
            self._measures.held_out(),
            [witness.weight for witness in self.witnesses],
            [witness.per_unit for witness in self.witnesses],
        )
        self.sureness = (
            Sureness(reference.held_out_logits.astype(np.float64), reference.held_out_labels)
            if softmax and len(reference.held_out_labels) >= FEWEST_SURE
            else None
        )

    def p_values(self, batch: np.ndarray, logits: np.ndarray, features: np.ndarray | None) -> PValues:
        """Of pictures whose numbers are all finite; see `witnesses.Measures.of`."""
        return self.known.p_values(self.strangeness(batch, logits, features))

    def strangeness(self, batch: np.ndarray, logits: np.ndarray, features: np.ndarray | None) -> np.ndarray:
        """float64 (n, W): the scores that the p-values are made of, higher for stranger."""
        return self._measures.of(batch, logits, features)


def memory_of(network: Network) -> Memory | None:
    """The network's Memory, made at the first question; None without a Reference."""
    reference = network.reference
    if reference is None:
        return None
    with _lock:
        found = _memories.get(network)
        if found is None or found.reference is not reference:
            found = Memory(reference, network.contract.task != "multi-label")
            _memories[network] = found
        return found


_memories: weakref.WeakKeyDictionary[Network, Memory] = weakref.WeakKeyDictionary()
_lock = threading.Lock()


def _features(
    network: Network, memory: Memory, batch: np.ndarray, trace: Trace, rows: np.ndarray
) -> np.ndarray | None:
    """float32 (len(rows), width), or None without a feature bank."""
    layer = memory.reference.feature_layer
    if not layer:
        return None
    if layer not in trace.activations:
        trace = network.trace(batch, layers=(layer,))
    return vectors(trace.activations[layer])[rows]


def _tops(
    network: Network, trace: Trace, calibrated: np.ndarray | None, k: int
) -> Iterator[tuple[Answer, ...]]:
    names = network.contract.class_names
    for row in range(len(trace.logits)):
        yield tuple(
            Answer(
                index,
                names[index],
                float(trace.logits[row, index]),
                float(trace.probabilities[row, index]),
                None if calibrated is None else float(calibrated[row, index]),
            )
            for index in trace.top(k, row)
        )


def _finite(batch: np.ndarray, trace: Trace) -> np.ndarray:
    """bool (n,)"""
    pictures = np.asarray(batch)
    flat = pictures.reshape(len(pictures), math.prod(pictures.shape[1:]))
    return np.isfinite(flat).all(1) & np.isfinite(trace.logits).all(1)
