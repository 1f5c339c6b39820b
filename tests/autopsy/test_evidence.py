"""The witnesses' numbers: nought for an average training picture, negative for what speaks against a tensor."""

from __future__ import annotations

import numpy as np
import pytest

from lib import zoo
from lib.autopsy.evidence import FEATURES, Seen, gather, seen
from lib.network import Network
from lib.samples import sample

pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")


@pytest.fixture(scope="module")
def network() -> Network:
    return zoo.load("letters-mlp")


@pytest.fixture(scope="module")
def tensor(network: Network) -> np.ndarray:
    return network.contract.pipeline().run(sample("r-clean").picture()).final


def named(features: np.ndarray) -> dict[str, float]:
    return dict(zip(FEATURES, features.tolist(), strict=True))


def test_a_clean_letter_has_nothing_against_it(network: Network, tensor: np.ndarray) -> None:
    found = gather(network, tensor[None], network.reference)
    values = named(found.features[0])
    assert values["worst_statistic"] > -0.7 and values["prototype_agrees"] == 1.0
    assert values["energy"] > -2 and values["prototype_distance"] > -2
    assert network.contract.class_names[int(found.probabilities[0].argmax())] == "R"


@pytest.mark.parametrize("name", ["divided", "inverted", "noise"])
def test_what_is_wrong_has_its_statistics_against_it(name: str, network: Network, tensor: np.ndarray) -> None:
    wrong = {
        "divided": tensor / 255,
        "inverted": 255 - tensor,
        "noise": np.random.default_rng(0).uniform(0, 255, tensor.shape).astype(np.float32),
    }[name]
    right, found = gather(network, np.stack([tensor, wrong]), network.reference).features
    assert named(found)["worst_statistic"] < named(right)["worst_statistic"] - 0.5
    assert named(found)["mean_statistic"] < named(right)["mean_statistic"]


def test_each_tensor_is_judged_by_itself(network: Network, tensor: np.ndarray) -> None:
    batch = np.stack([tensor, tensor / 255, 255 - tensor])
    together = gather(network, batch, network.reference)
    for row, alone in enumerate(batch):
        one = gather(network, alone[None], network.reference)
        np.testing.assert_allclose(together.features[row], one.features[0], rtol=1e-4, atol=1e-5)


def test_what_was_seen_before_is_the_same_as_what_is_seen_now(network: Network, tensor: np.ndarray) -> None:
    batch = np.stack([tensor, tensor / 255, 255 - tensor])
    known = seen(network, batch, network.reference)
    np.testing.assert_array_equal(
        gather(network, batch, network.reference, known).features,
        gather(network, batch, network.reference).features,
    )
    asked = [FEATURES.index(name) for name in ("energy", "margin", "prototype_agrees", "upright_agrees")]
    assert not known.features[:, asked].any(), "the network was not asked"


def test_parts_of_what_was_seen_are_joined_and_taken(network: Network, tensor: np.ndarray) -> None:
    batch = np.stack([tensor, tensor / 255, 255 - tensor])
    whole = seen(network, batch, network.reference)
    joined = Seen.joined(
        [seen(network, batch[:1], network.reference), seen(network, batch[1:], network.reference)]
    )
    for name in ("features", "prototype_labels", "compass"):
        np.testing.assert_allclose(getattr(joined, name), getattr(whole, name), atol=1e-5)
        np.testing.assert_array_equal(getattr(whole.take(np.array([2])), name), getattr(whole, name)[2:])


def test_without_a_reference_only_the_contract_and_the_answer_speak(
    network: Network, tensor: np.ndarray
) -> None:
    values = named(gather(network, (tensor / 2)[None], None).features[0])
    assert values["margin"] > 0 > values["log_probability"] or values["log_probability"] > -1e-3
    speaking = {name for name, value in values.items() if value}
    assert speaking <= {
        "margin", "log_probability", "contract_ground", "contract_ink", "contract_gray", "contract_range"
    }  # fmt: skip
    assert values["contract_ink"] == pytest.approx(-0.5, abs=0.02)
