"""Classes that do not stand where their names say: an output too many, names shifted by one, names in another order."""

from __future__ import annotations

import string
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from lib.autopsy.finding import Finding, Witness
from lib.autopsy.fingerprint.probes import Answers
from lib.evaluate.answers import Answers as Labelled
from lib.evaluate.label_order import check_label_order
from lib.zoo.class_names import numbered

if TYPE_CHECKING:
    from lib.network import Network
    from lib.reference import Reference

_ALPHABETS = {10: "the digits", 26: "the letters", 36: "digits and letters", 62: "digits and both cases"}
_FEWEST = 5  # labelled pictures a class, below which a permutation can be chance
_SUBTRACT = "labels = labels - 1  # EMNIST counts its letters from 1; train again, or shift the list of names"
_SAVE_ORDER = (
    "class_names = sorted(generator.class_indices, key=generator.class_indices.get)  # save it with the model"
)


def label_findings(network: Network, answers: Answers) -> Iterator[Finding]:
    """`label-offset` or `label-order`, at most one of them."""
    reference = network.reference
    found = _permuted(network, reference) if reference is not None else None
    found = found or _one_too_many(network, answers)
    if found is not None:
        yield found


# ---- with labelled pictures -----------------------------------------------------------------------------------------


def _permuted(network: Network, reference: Reference) -> Finding | None:
    """Whether another order of the names explains the held-out pictures clearly better, as a data set's page judges it."""
    names, labels = network.contract.class_names, reference.held_out_labels.astype(np.int64)
    known = np.flatnonzero((labels >= 0) & (labels < len(names)))
    if reference.held_out_logits.shape[1] != len(names) or len(known) < _FEWEST * len(names):
        return None
    logits = reference.held_out_logits[known].astype(np.float32)
    found = check_label_order(Labelled(logits, labels[known], known, names))
    if not found.cause:
        return None
    return Finding(
        found.cause,
        found.sentence,
        "training sample",
        (
            f"Judged on {found.best.n:,} held-out pictures that the renaming was not fitted to.",
            "flow_from_directory and image_dataset_from_directory number the folders in the order of their names as text: "
            "“10” comes before “2”, and capitals come before small letters.",
        ),
        (
            Witness("right answers with these names", found.now.value, found.best.value, 1.0),
            Witness("right answers with the names where they belong", found.best.value),
        ),
        weight=1.0,
        code=_SUBTRACT if found.cause == "label-offset" else _SAVE_ORDER,
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
