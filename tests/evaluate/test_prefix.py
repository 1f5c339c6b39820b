"""Claims about shared beginnings: what they give is what the whole pipeline gives, bit for bit."""

import numpy as np
import pytest

from lib.contract import Contract
from lib.dataset import Dataset
from lib.dataset.dataset import Pictures
from lib.evaluate.disturbance import DISTURBANCES
from lib.evaluate.prefix import Prefix
from lib.picture import Picture

RANDOM = np.random.default_rng(0)
SMALL = Dataset(RANDOM.integers(0, 256, (5, 12, 12)).astype(np.uint8), np.zeros(5, int), ("a",))
COLOUR = Dataset(RANDOM.integers(0, 256, (5, 12, 10, 3)).astype(np.uint8), np.zeros(5, int), ("a",))
VARIOUS = Dataset(
    Pictures(Picture.from_array(RANDOM.integers(0, 256, (9 + i, 14, 4)).astype(np.uint8)) for i in range(5)),
    np.zeros(5, int),
    ("a",),
)
PIPELINE = (
    Contract(
        (8, 8, 1), (8, 8), ("a", "b"), polarity="white on black", frame="crop to ink", centre="centre of mass"
    )
    .pipeline()
    .with_step("sigmoid", on=True, slope=9.0)
    .with_step("move", on=True, rotation=20.0)
)


@pytest.mark.parametrize("dataset", [SMALL, COLOUR, VARIOUS], ids=["gray", "colour", "various"])
@pytest.mark.parametrize("length", [0, 4, 9, 17])
def test_any_shared_beginning_gives_what_the_whole_pipeline_gives(dataset: Dataset, length: int) -> None:
    rows = np.array([4, 0, 2])
    prefix = Prefix(dataset, PIPELINE, rows, length)
    changed = PIPELINE.with_step("value_range", mode="0..1") if length < 15 else PIPELINE
    for pipeline in (PIPELINE, changed, PIPELINE):
        expected = [pipeline.run(dataset.picture(int(row))).final for row in rows]
        np.testing.assert_array_equal(prefix.tensors(np.arange(3), pipeline), np.stack(expected))


@pytest.mark.parametrize("dataset", [SMALL, COLOUR, VARIOUS], ids=["gray", "colour", "various"])
@pytest.mark.parametrize("value_range", ["0..1", "-1..1", "standardise", "torch"])
@pytest.mark.parametrize("shape", [(12, 12, 1), (12, 12), (144,), (12, 12, 3)], ids=str)
def test_whatever_the_network_takes_short_cuts_change_no_bit(
    dataset: Dataset, value_range: str, shape: tuple[int, ...]
) -> None:
    channels = 3 if shape[-1] == 3 else 1
    contract = Contract(shape, (12, 12), ("a", "b"), channels=channels, value_range=value_range)
    plain = contract.pipeline()
    moved = plain.with_step("move", on=True, rotation=20.0)
    length = next(i for i, step in enumerate(plain) if step.name == "move")
    prefix = Prefix(dataset, plain, np.arange(5), length)
    for pipeline in (plain, moved):
        expected = np.stack([pipeline.run(dataset.picture(row)).final for row in range(5)])
        found = prefix.tensors(np.arange(5), pipeline)
        assert found.dtype == np.float32
        np.testing.assert_array_equal(found, expected)


def test_a_gray_picture_disturbed_goes_the_whole_way() -> None:
    prefix = Prefix(SMALL, PIPELINE, np.arange(5), 0)
    for row in range(5):
        noisy = Picture.from_array(DISTURBANCES["noise"].apply(SMALL.images[row], 40.0, row))
        expected = PIPELINE.run(noisy).final
        np.testing.assert_array_equal(
            prefix.tensors(np.array([row]), PIPELINE, (("noise", 40.0),))[0], expected
        )


def test_a_sweep_over_the_gray_recipe_keeps_the_colours() -> None:
    length = next(i for i, step in enumerate(PIPELINE) if step.name == "grayscale")
    prefix = Prefix(COLOUR, PIPELINE, np.arange(5), length)
    for recipe in ("luma", "red", "darkest channel"):
        pipeline = PIPELINE.with_step("grayscale", recipe=recipe)
        expected = np.stack([pipeline.run(COLOUR.picture(row)).final for row in range(5)])
        np.testing.assert_array_equal(prefix.tensors(np.arange(5), pipeline), expected)


def test_disturbances_touch_the_picture_before_every_step() -> None:
    prefix = Prefix(SMALL, PIPELINE, np.arange(5), 0)
    clean = prefix.tensors(np.arange(5), PIPELINE)
    noisy = prefix.tensors(np.arange(5), PIPELINE, (("noise", 60.0),))
    assert not np.array_equal(clean, noisy)
    np.testing.assert_array_equal(prefix.tensors(np.arange(5), PIPELINE), clean)
    nothing = prefix.tensors(np.arange(5), PIPELINE, (("noise", 0.0),))
    np.testing.assert_array_equal(nothing, clean)
