"""Claims about drift: each way of preparing pictures otherwise than in training is named, and none is invented."""

import numpy as np
import pytest

from lib import zoo
from lib.autopsy.causes import CAUSES as CATALOGUE
from lib.dataset import Dataset
from lib.evaluate.builtin import drawn_capitals
from lib.evaluate.capitals import LETTERS, capitals
from lib.evaluate.drift import CAUSES, DriftCause, compare_sets, compare_with_reference, report
from lib.evaluate.running import as_stored
from lib.network import Network
from lib.statistics import statistics

TRAIN = drawn_capitals()


@pytest.fixture(scope="module")
def network() -> Network:
    return zoo.load("letters-mlp")


@pytest.fixture(scope="module")
def others() -> Dataset:
    """Other drawings by the same hand."""
    images, labels = capitals(8, seed=9)
    return Dataset(images, labels, tuple(LETTERS), name="others")


def causes(network: Network, serve: Dataset, **steps: dict) -> set[str]:
    pipeline = as_stored(TRAIN, network.contract)
    served = pipeline
    for name, values in steps.items():
        served = served.with_step(name, on=True, **values)
    return {entry.cause for entry in compare_sets(network, TRAIN, serve, pipeline, served).causes}


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ({}, set()),
        ({"value_range": {"mode": "0..1"}}, {"range-too-small"}),
        ({"value_range": {"mode": "-1..1"}}, {"range-too-small"}),
        ({"invert": {"method": "255 - x"}}, {"polarity"}),
        ({"tone": {"brightness": 40.0}}, {"background-not-flat"}),
        ({"move": {"scale": 0.6}}, {"size-and-centring", "stroke-width"}),
        ({"stroke": {"amount": 4.0}}, {"stroke-width"}),
        ({"sigmoid": {"slope": 60.0, "b": 120.0}}, {"edge-softness"}),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else "",
)
def test_the_cause_is_named(network: Network, others: Dataset, steps: dict, expected: set[str]) -> None:
    found = causes(network, others, **steps)
    assert expected <= found and (expected or not found)
    assert len(found) <= len(expected) + 1


def test_ranges_are_told_apart_by_their_ends() -> None:
    images = TRAIN.images.reshape(520, 784).astype(np.float32)  # type: ignore[union-attr]

    def named(train: np.ndarray, serve: np.ndarray, value_range: str) -> list[str]:
        found = report(statistics(train, value_range), statistics(serve, value_range), value_range)
        return [entry.cause for entry in found.causes]

    assert named(images / 255, images, "0..1") == ["range-too-large"]
    assert named(images, images / 255, "0..255") == ["range-too-small"]
    assert named(images / 127.5 - 1, images / 255, "-1..1") == ["range-signed-expected"]
    assert named(images, images, "0..255") == []


def test_a_statistic_of_one_set_against_itself_is_not_told_apart() -> None:
    table = statistics(TRAIN.images, "0..255")  # type: ignore[arg-type]
    found = report(table, table, "0..255")
    assert all(entry.separation == 0.5 and not entry.clear for entry in found.drifts)
    assert (found.train_n, found.serve_n) == (520, 520)


def test_a_shifted_statistic_has_the_separation_of_its_ranks() -> None:
    table = {name: values.copy() for name, values in statistics(TRAIN.images[:100], "0..255").items()}
    table["mean"] = np.arange(100.0)
    moved = {**table, "mean": np.arange(100.0) + 50}
    drift = next(entry for entry in report(table, moved, "0..255").drifts if entry.name == "mean")
    # Of 100 x 100 pairs the served one is lower in 50 * 49 / 2 and equal in 50.
    assert drift.higher and drift.separation == pytest.approx(1 - (50 * 49 / 2 + 25) / 10_000)
    assert drift.train[1] == 49.5 and drift.serve[1] == 99.5


def test_swapped_colours_are_a_swapped_order() -> None:
    random = np.random.default_rng(0)
    warm = random.uniform(0, 255, (60, 6, 6, 3)) * [1.0, 0.6, 0.3]
    tables = []
    for images in (warm, warm[..., ::-1]):
        table = statistics(images, "0..255")
        table["first_channel"], table["last_channel"] = (
            images[..., 0].mean((1, 2)),
            images[..., 2].mean((1, 2)),
        )
        tables.append(table)
    assert [entry.cause for entry in report(*tables, "0..255").causes] == ["channel-order"]


def test_a_reference_stands_for_the_training_pictures(network: Network, others: Dataset) -> None:
    pipeline = as_stored(others, network.contract)
    inverted = compare_with_reference(
        network, others, pipeline.with_step("invert", on=True, method="255 - x")
    )
    assert [entry.cause for entry in inverted.causes] == ["polarity"]
    assert "polarity" not in {
        entry.cause for entry in compare_with_reference(network, others, pipeline).causes
    }
    with pytest.raises(ValueError, match="no Reference"):
        compare_with_reference(network.with_contract(network.contract), others, pipeline)


def test_a_cause_must_be_in_the_catalogue() -> None:
    assert set(CATALOGUE) >= CAUSES
    assert DriftCause("polarity", "x").cause in CAUSES
    with pytest.raises(ValueError, match="No cause"):
        DriftCause("bad luck", "x")
