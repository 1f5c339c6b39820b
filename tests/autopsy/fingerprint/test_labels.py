"""Names that do not belong to their outputs: shown by labelled pictures, suspected from one output too many."""

from __future__ import annotations

import dataclasses
import string

import keras
import numpy as np
import pytest

from lib.autopsy import Finding
from lib.autopsy.fingerprint.labels import label_findings
from lib.autopsy.fingerprint.probes import ask
from lib.network import Network
from lib.zoo.class_names import numbered
from tests.autopsy.fingerprint.tiny import L, bare, bundled
from tests.keras_models import shaken

LETTERS = tuple(string.ascii_uppercase)
FOLDERS = numbered(12)


def network(names: tuple[str, ...], first_bias: float = 0.0) -> Network:
    model = shaken(keras.Sequential([keras.Input((12, 12, 1)), L.Flatten(), L.Dense(len(names))]))
    bias = np.zeros(len(names))
    bias[0] = first_bias
    model.layers[-1].bias.assign(bias)
    return bare(model, class_names=names)


def found(net: Network) -> Finding | None:
    listed = list(label_findings(net, ask(net)))
    assert len(listed) <= 1
    return listed[0] if listed else None


def answering(names: tuple[str, ...], answers: np.ndarray, each: int = 20) -> Network:
    """A network whose held-out pictures of class k were answered as `answers[k]`, but for every tenth."""
    known = bundled("letters-mlp")
    assert known.reference is not None
    labels = np.repeat(np.arange(len(names)), each)
    given = answers[labels].copy()
    given[::10] = (given[::10] + 5) % len(names)
    reference = dataclasses.replace(
        known.reference,
        held_out_labels=labels.astype(np.int16),
        held_out_logits=(5 * np.eye(len(names))[given]).astype(np.float16),
        held_out_distances=np.zeros(len(labels), np.float32),
        held_out_feature_distances=np.zeros(len(labels), np.float32),
        held_out_statistics=np.zeros((0, 0), np.float32),
        likeness=None,
        stroke_probe=None,
    )
    net = network(names)
    net.reference = reference
    return net


@pytest.mark.parametrize("by", [1, -1])
def test_labels_that_began_at_one(by: int) -> None:
    finding = found(answering(LETTERS, (np.arange(26) + by) % 26))
    assert finding is not None and (finding.cause, finding.level) == ("label-offset", "training sample")
    assert f"lights up the output {'after' if by == 1 else 'before'} its own" in finding.sentence
    now, then = (witness.value for witness in finding.witnesses)
    assert (now, then) == pytest.approx((0.0, 0.9), abs=0.04)


def test_folders_numbered_as_text() -> None:
    # Output k was trained for the k-th name in the order of text: 0, 1, 10, 11, 2 ...
    as_text = np.array([sorted(FOLDERS).index(name) for name in FOLDERS])
    finding = found(answering(FOLDERS, as_text))
    assert finding is not None and finding.cause == "label-order"
    assert "“2” is output 4, not 2" in finding.sentence and "as text" in finding.evidence[1]


@pytest.mark.parametrize("names", [LETTERS, FOLDERS])
def test_names_that_fit_are_silent_and_so_is_a_network_that_is_only_bad(names: tuple[str, ...]) -> None:
    assert found(answering(names, np.arange(len(names)))) is None
    assert found(answering(names, np.zeros(len(names), int))) is None


def test_few_labelled_pictures_prove_no_order() -> None:
    assert found(answering(LETTERS, (np.arange(26) + 1) % 26, each=4)) is None


def test_27_outputs_for_26_letters_and_the_first_is_never_the_answer() -> None:
    finding = found(network((*LETTERS, "26"), first_bias=-50))
    assert finding is not None and (finding.cause, finding.level, finding.weight) == (
        "label-offset",
        "guess",
        1,
    )
    assert "27 outputs" in finding.sentence and finding.evidence[0].startswith(
        "Output 0 is the answer to 0 of"
    )


@pytest.mark.parametrize("outputs", [11, 27])
def test_without_names_it_is_worth_knowing_only(outputs: int) -> None:
    finding = found(network(numbered(outputs)))
    assert finding is not None and finding.weight == 0


@pytest.mark.parametrize(
    "names", [LETTERS, (*LETTERS, "not a letter"), ("?", *LETTERS), numbered(10), numbered(12), ("a", "b")]
)
def test_outputs_that_are_all_accounted_for_are_silent(names: tuple[str, ...]) -> None:
    assert found(network(names)) is None


@pytest.mark.parametrize("name", ["letters-mlp", "letters-robust"])
def test_the_bundled_networks_are_silent(name: str) -> None:
    assert found(bundled(name)) is None
