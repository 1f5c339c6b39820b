"""Classes that do not stand where their names say: an output too many, names shifted by one, names in another order."""

from __future__ import annotations

import string
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import linear_sum_assignment

from lib.autopsy.finding import Finding, Witness
from lib.autopsy.fingerprint.probes import Answers
from lib.wording import share
from lib.zoo.class_names import numbered

if TYPE_CHECKING:
    from lib.network import Network
    from lib.reference import Reference

_ALPHABETS = {10: "the digits", 26: "the letters", 36: "digits and letters", 62: "digits and both cases"}
_FEWEST = 5  # labelled pictures a class, below which a permutation can be chance
_GAIN = 0.3
_SHOWN = 4
_SUBTRACT = "labels = labels - 1  # EMNIST counts its letters from 1; train again, or shift the list of names"


def label_findings(network: Network, answers: Answers) -> Iterator[Finding]:
    """`label-offset` or `label-order`, at most one of them."""
    reference = network.reference
    found = _permuted(network, reference) if reference is not None else None
    found = found or _one_too_many(network, answers)
    if found is not None:
        yield found


# ---- with labelled pictures -----------------------------------------------------------------------------------------


def _permuted(network: Network, reference: Reference) -> Finding | None:
    """Whether another order of the names explains the labelled pictures far better (Hungarian method on the confusion)."""
    names, labels = network.contract.class_names, reference.held_out_labels
    logits = reference.held_out_logits
    known = (labels >= 0) & (labels < len(names))
    if logits.shape[1] != len(names) or known.sum() < _FEWEST * len(names):
        return None
    confusion = np.zeros((len(names), len(names)), np.int64)
    np.add.at(confusion, (labels[known], logits[known].argmax(1)), 1)
    total = int(confusion.sum())
    now = float(np.trace(confusion)) / total
    for by in (1, -1):
        shifted = float(np.trace(np.roll(confusion, -by, axis=1))) / total
        if shifted > now + _GAIN:
            return _shifted(names, by, now, shifted, total)
    rows, columns = linear_sum_assignment(-confusion)
    best = float(confusion[rows, columns].sum()) / total
    return _ordered(names, columns, now, best, total) if best > now + _GAIN else None


def _shifted(names: tuple[str, ...], by: int, now: float, then: float, total: int) -> Finding:
    after = names[by % len(names)]
    return Finding(
        "label-offset",
        f"All classes are off by one: where the labels say “{names[0]}” the network answers “{after}”, and so on. Read "
        f"{'one place back' if by > 0 else 'one place on'}, {share(then)} of {total:,} labelled pictures are right; as the "
        f"names stand, {share(now)}.",
        "training sample",
        (
            f"Moving every name by one place raises the share of right answers from {share(now)} to {share(then)}.",
        ),
        (
            Witness("right answers with these names", now, then, 1.0),
            Witness("right answers with all names moved by one", then),
        ),
        weight=1.0,
        code=_SUBTRACT,
    )


def _ordered(names: tuple[str, ...], columns: np.ndarray, now: float, then: float, total: int) -> Finding:
    moved = [(names[row], names[column]) for row, column in enumerate(columns) if row != column]
    shown = ", ".join(f"“{one}” is answered as “{other}”" for one, other in moved[:_SHOWN])
    alphabetical = sorted(names) == list(names) or sorted(names, key=str.casefold) == list(names)
    evidence = [f"{len(moved)} of {len(names)} names would have to move: {shown}."]
    if any(name.isdigit() and len(name) > 1 for name in names) or not alphabetical:
        evidence.append(
            "flow_from_directory and image_dataset_from_directory number the folders in the order of their names as text: "
            "“10” comes before “2”, and capitals come before small letters."
        )
    return Finding(
        "label-order",
        f"The class names stand in another order than in training: with another order {share(then)} of {total:,} labelled "
        f"pictures are right, as they stand {share(now)}.",
        "training sample",
        tuple(evidence),
        (
            Witness("right answers with these names", now, then, 1.0),
            Witness("right answers in the best order of the names", then),
        ),
        weight=1.0,
        code="class_names = sorted(generator.class_indices, key=generator.class_indices.get)  # save it with the model",
    )


# ---- from the number of outputs -------------------------------------------------------------------------------------


def _one_too_many(network: Network, answers: Answers) -> Finding | None:
    """Outputs for an alphabet and one more, of which no name says what it stands for."""
    names = network.contract.class_names
    outputs = len(names)
    alphabet = _ALPHABETS.get(outputs - 1)
    if alphabet is None or network.contract.outputs != outputs:
        return None
    numbers = names == numbered(outputs)
    first_named = not numbers and _stands_for_something(names[0]) and not _stands_for_something(names[-1])
    if not numbers and not first_named:
        return None
    wins = int((answers.plain.logits.argmax(1) == 0).sum())
    sentence = (
        f"The network has {outputs} outputs, one more than {alphabet} need. EMNIST counts its letters from 1, and whoever "
        f"trains on such labels gets an output 0 that stands for nothing"
    )
    sentence += (
        f": then its “{names[0]}” is no class, and every other name is off by one."
        if first_named
        else ": then output 1 is the first class, and not output 0."
    )
    return Finding(
        "label-offset",
        sentence,
        "guess",
        (
            f"Output 0 is the answer to {wins} of {len(answers.plain.logits)} probes.",
            "A labelled picture of the first class decides it.",
        ),
        (Witness("outputs", float(outputs), outputs - 1.0, outputs - 1.0),),
        weight=1.0 if first_named and wins == 0 else 0.0,
        code=_SUBTRACT,
    )


def _stands_for_something(name: str) -> bool:
    """Whether a name is one; "26" behind letters, "?" and "" are none."""
    plain = name.strip().casefold()
    if len(plain) == 1 and plain in string.digits:
        return True
    return any(c.isalpha() for c in plain) and plain not in {"unused", "n/a", "none", "unknown"}
