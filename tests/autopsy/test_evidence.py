"""The witnesses' numbers: nought for an average training picture, negative for what speaks against a tensor."""

from __future__ import annotations

import numpy as np
import pytest

from lib import zoo
from lib.autopsy.evidence import FEATURES, gather, watched_layers
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


def test_without_a_reference_only_the_answer_speaks(network: Network, tensor: np.ndarray) -> None:
    values = named(gather(network, tensor[None], None).features[0])
    assert values["margin"] > 0
    assert {name for name, value in values.items() if value} == {"margin"}
    assert watched_layers(network, None) == ()
    assert set(watched_layers(network, network.reference)) <= set(network.reference.activations)  # type: ignore[union-attr]
