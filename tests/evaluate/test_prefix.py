"""Claims about shared beginnings: what they give is what the whole pipeline gives, bit for bit."""

import numpy as np
import pytest

from lib.contract import Contract
from lib.dataset import Dataset
from lib.dataset.dataset import Pictures
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


def test_disturbances_touch_the_picture_before_every_step() -> None:
    prefix = Prefix(SMALL, PIPELINE, np.arange(5), 0)
    clean = prefix.tensors(np.arange(5), PIPELINE)
    noisy = prefix.tensors(np.arange(5), PIPELINE, (("noise", 60.0),))
    assert not np.array_equal(clean, noisy)
    np.testing.assert_array_equal(prefix.tensors(np.arange(5), PIPELINE), clean)
    nothing = prefix.tensors(np.arange(5), PIPELINE, (("noise", 0.0),))
    np.testing.assert_array_equal(nothing, clean)
