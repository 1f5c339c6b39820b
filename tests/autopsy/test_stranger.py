"""The finding that nothing known is in the picture carries numbers beside those of held-out pictures."""

from __future__ import annotations

import numpy as np
import pytest

from lib.autopsy.stranger import stranger
from lib.network import Network
from tests.autopsy.examination.pictures import letter_h, on_paper
from tests.autopsy.fingerprint.tiny import bundled


@pytest.fixture(scope="module")
def network() -> Network:
    return bundled("letters-mlp")


def test_noise_lies_outside_by_its_pixels_and_by_the_networks_own_numbers(network: Network) -> None:
    noise = np.random.default_rng(0).uniform(0, 255, 784).astype(np.float32)
    finding = stranger(network, noise, network.reference)
    assert finding is not None
    assert (finding.cause, finding.level, finding.fix) == ("not-in-any-class", "training sample", None)
    outside = [w for w in finding.witnesses if w.high is not None and w.low is not None]
    assert any(not w.low <= w.value <= w.high for w in outside)
    prototype = next(w for w in finding.witnesses if "prototype" in w.name)
    assert prototype.percentile is not None and prototype.percentile > 0.95
    assert any("prototype" in sentence and "held-out" in sentence for sentence in finding.evidence)
    answer = network.contract.class_names[network.trace(noise, layers=()).top(1)[0]]
    assert f"“{answer}”" in finding.sentence and "one of 26 classes" in finding.sentence


def test_a_letter_is_no_stranger(network: Network) -> None:
    assert stranger(network, network.contract.pipeline().run(letter_h()).final, network.reference) is None


def test_the_features_are_compared_where_there_is_a_bank(network: Network) -> None:
    paper = network.contract.pipeline().run(on_paper()).final
    finding = stranger(network, paper, network.reference)
    assert finding is not None and any("last layer but one" in w.name for w in finding.witnesses)


def test_without_a_reference_it_is_a_guess_without_numbers(network: Network) -> None:
    finding = stranger(network, np.zeros(784, np.float32), None)
    assert finding is not None and finding.level == "guess" and finding.witnesses == ()
