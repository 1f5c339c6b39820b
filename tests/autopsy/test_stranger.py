"""What a network does not know is told from its own witnesses; what it only sees with other pixels is not disowned."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from lib.autopsy.finding import Finding
from lib.autopsy.strangeness import strangeness
from lib.autopsy.stranger import stranger
from lib.network import Network
from lib.samples import sample
from tests.autopsy.examination.pictures import letter_h
from tests.autopsy.fingerprint.tiny import bundled

NOISE = np.random.default_rng(0).uniform(0, 255, 784).astype(np.float32)


@pytest.fixture(scope="module")
def letters() -> Network:
    return bundled("letters-mlp")


def asked(network: Network, id: str) -> Finding | None:
    assert network.reference is not None
    return stranger(network, network.contract.pipeline().run(sample(id).picture()).final, network.reference)


def test_noise_is_like_nothing_in_training(letters: Network) -> None:
    assert letters.reference is not None
    finding = stranger(letters, NOISE, letters.reference)
    assert finding is not None and (finding.cause, finding.level) == ("not-in-any-class", "training sample")
    assert finding.weight == 1 and finding.fix is None
    answer = letters.contract.class_names[letters.trace(NOISE, layers=()).top(1)[0]]
    assert f"“{answer}”" in finding.sentence and "one of 26 classes" in finding.sentence
    names = [witness.name for witness in finding.witnesses]
    assert "energy" in names[0] and "features" in names[1] and "prototype" in names[2]
    assert all(witness.low is not None for witness in finding.witnesses)


@pytest.mark.parametrize("id", ["r-clean", "x-soft", "s-thick", "n-thin"])
def test_letters_are_known(letters: Network, id: str) -> None:
    assert asked(letters, id) is None


@pytest.mark.parametrize("id", ["house-seven", "house-five", "house-three", "four"])
def test_digits_are_known_even_on_a_ground_that_was_never_seen(id: str) -> None:
    assert asked(bundled("house-numbers"), id) is None


@pytest.mark.parametrize("id", ["brick-wall", "flower", "cat", "astronaut"])
def test_question_2_a_picture_without_a_digit_is_in_no_class(id: str) -> None:
    finding = asked(bundled("house-numbers"), id)
    assert finding is not None and finding.weight == 1
    assert any("Its layers answer as they do to pictures without" in line for line in finding.evidence)


def test_question_2_where_the_layers_are_not_certain_a_doubt_is_left() -> None:
    finding = asked(bundled("house-numbers"), "window")
    assert finding is not None and "more familiar to it" in finding.sentence
    assert finding.weight == 0 and "rightly" in finding.evidence[1]


def test_the_share_counts_held_out_pictures_that_are_as_strange_by_both(letters: Network) -> None:
    assert letters.reference is not None
    tensor = letters.contract.pipeline().run(letter_h()).final
    found, trace = strangeness(letters, tensor, letters.reference)
    energy, features = letters.reference.held_out_energy, letters.reference.held_out_feature_distances
    by_each = [np.mean(energy >= found.energy), np.mean(features >= found.distance)]
    ranks = np.maximum(
        [np.mean(energy >= value) for value in energy], [np.mean(features >= value) for value in features]
    )
    alike = ranks <= max(by_each)
    assert found.alike == alike.sum() and found.share == (found.alike + 1) / (len(energy) + 1)
    right = letters.reference.held_out_logits.argmax(1) == letters.reference.held_out_labels
    assert found.read_right == pytest.approx(right[alike].mean())
    assert trace.top(1) == letters.trace(tensor, layers=()).top(1)


def test_without_a_feature_bank_the_scores_speak_alone(letters: Network) -> None:
    assert letters.reference is not None
    bare = dataclasses.replace(
        letters.reference,
        feature_layer="",
        features=np.zeros((0, 0), np.float16),
        feature_labels=np.zeros(0, np.int16),
        feature_basis=np.zeros((0, 0), np.float16),
        held_out_feature_distances=np.zeros(0, np.float32),
    )
    found, _ = strangeness(letters, NOISE, bare)
    assert found.distance is None and found.alike == np.sum(bare.held_out_energy >= found.energy)
