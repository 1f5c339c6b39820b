"""The outlier probe reads the layers it names, survives its file, and tells house numbers from what is none."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from lib.reference.outlier_probe import OutlierProbe, answers, probed_layers
from lib.samples import sample
from tests.autopsy.fingerprint.tiny import bundled

ACTIVATIONS = {
    "pool": np.array([[[[0.0], [2.0]], [[4.0], [6.0]]]], np.float32),
    "dense": np.array([[1.0, -1.0]], np.float32),
}


def probe(**changes: object) -> OutlierProbe:
    values = {
        "layers": ("pool", "dense"),
        "mean": np.zeros(5, np.float32),
        "spread": np.ones(5, np.float32),
        "weights": np.array([1, 0, 0, 0, 2], np.float32),
        "held_out": np.array([0.0, 1.0], np.float32),
    }
    return OutlierProbe(**(values | changes))  # type: ignore[arg-type]


def test_of_a_map_its_mean_deviation_and_largest_value_are_read_and_vectors_as_they_are() -> None:
    np.testing.assert_allclose(answers(ACTIVATIONS, ("pool", "dense")), [[3, np.sqrt(5), 6, 1, -1]])


def test_the_score_is_the_weighted_sum_of_numbers_that_are_cut_at_five_spreads() -> None:
    np.testing.assert_allclose(probe().scores(ACTIVATIONS), [3 - 2])
    far = {**ACTIVATIONS, "dense": np.array([[0.0, 1e9]], np.float32)}
    np.testing.assert_allclose(probe().scores(far), [3 + 2 * 5])


def test_the_file_gives_the_same_probe_back(tmp_path: Path) -> None:
    probe().save(tmp_path / "outliers.npz")
    again = OutlierProbe.load(tmp_path / "outliers.npz")
    assert again.layers == ("pool", "dense")
    np.testing.assert_array_equal(again.scores(ACTIVATIONS), probe().scores(ACTIVATIONS))


@pytest.mark.parametrize(
    "changes",
    [
        {"layers": ()},
        {"spread": np.zeros(5, np.float32)},
        {"weights": np.ones(4, np.float32)},
        {"held_out": np.array([np.nan])},
    ],
)
def test_numbers_that_do_not_fit_together_are_refused(changes: dict) -> None:
    with pytest.raises(ValueError, match="usable outlier probe"):
        probe(**changes)


def test_another_file_is_refused(tmp_path: Path) -> None:
    np.savez(tmp_path / "other.npz", format=1)
    with pytest.raises(ValueError, match="not an outlier probe"):
        OutlierProbe.load(tmp_path / "other.npz")


def test_house_numbers_have_one_that_knows_digits_from_walls_and_cats() -> None:
    network = bundled("house-numbers")
    assert network.reference is not None
    found = network.reference.outlier_probe
    assert found is not None
    assert found.layers == probed_layers(network.layers)

    def score(id: str) -> float:
        tensor = network.contract.pipeline().run(sample(id).picture()).final
        return float(found.scores(network.trace(tensor, layers=found.layers).activations)[0])

    middle, last = np.quantile(found.held_out, (0.5, 0.99))
    assert max(score(id) for id in ("house-seven", "house-five", "house-three")) < middle
    assert min(score(id) for id in ("brick-wall", "flower", "cat", "astronaut")) > last
