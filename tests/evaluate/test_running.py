"""Claims about running a network over a data set: the right numbers, progress, cancelling, and what cannot be run."""

import numpy as np
import pytest

from lib.dataset import Dataset, DatasetError
from lib.dataset.dataset import Pictures
from lib.evaluate import EvaluationCancelled, EvaluationError, answer
from lib.evaluate.running import as_stored, logits_of
from lib.picture import Picture
from tests.evaluate.tiny import halves, pictures


def test_every_picture_is_read_and_the_wrong_labels_are_the_errors() -> None:
    found = answer(halves(), pictures(41, wrong=5))
    assert len(found) == 41 and found.rows.tolist() == list(range(41))
    assert np.flatnonzero(~found.right).tolist() == [0, 1, 2, 3, 4]


def test_the_logits_are_those_of_the_whole_pipeline() -> None:
    network, dataset = halves(), pictures(3)
    expected = dataset.images.reshape(3, 8, 2, 4).mean((1, 3)) / 255 * 8
    np.testing.assert_allclose(answer(network, dataset).logits, expected, rtol=1e-5)
    inverted = as_stored(dataset, network.contract).with_step("invert", on=True)
    np.testing.assert_allclose(answer(network, dataset, inverted).logits, 8 - expected, rtol=1e-5)


def test_pictures_of_various_sizes_are_resized_and_read() -> None:
    large = np.zeros((16, 16), np.uint8)
    large[:, 8:] = 200
    small = np.zeros((8, 8), np.uint8)
    small[:, :4] = 200
    images = Pictures([Picture.from_array(large), Picture.from_array(small)])
    dataset = Dataset(images, np.array([1, 0]), ("left", "right"), total=2)
    assert answer(halves(), dataset).right.all()


def test_progress_ends_at_all_pictures_and_a_batch_is_the_most_between_two_questions() -> None:
    seen: list[tuple[int, int]] = []
    answer(halves(), pictures(600), progress=lambda done, total: seen.append((done, total)))
    assert seen == [(256, 600), (512, 600), (600, 600)]


def test_cancelling_ends_it_before_the_next_batch() -> None:
    seen: list[int] = []
    with pytest.raises(EvaluationCancelled):
        answer(
            halves(),
            pictures(600),
            progress=lambda done, total: seen.append(done),
            cancelled=lambda: len(seen) > 0,
        )
    assert seen == [256]


def test_classes_that_the_network_does_not_have_are_left_out_and_told() -> None:
    dataset = pictures(10)
    more = Dataset(
        dataset.images, np.where(np.arange(10) < 2, 2, dataset.labels), ("left", "right", "up"), total=10
    )
    found = answer(halves(), more)
    assert found.rows.tolist() == list(range(2, 10)) and "2 images were left out" in found.notes[0]


def test_a_data_set_of_other_classes_is_refused_with_a_sentence() -> None:
    dataset = pictures(4)
    other = Dataset(dataset.images, np.array([0, 1, 2, 3]), ("cat", "dog", "bird", "fish"))
    with pytest.raises(DatasetError, match="are not the network's"):
        answer(halves(), other)


def test_a_pipeline_that_gives_another_shape_is_refused_with_the_step_to_set_back() -> None:
    dataset = pictures(2)
    pipeline = as_stored(dataset, halves().contract).with_step("resize", height=9, width=9)
    with pytest.raises(EvaluationError, match="set the steps Resize and Flatten back"):
        logits_of(halves(), dataset, np.arange(2), pipeline)


def test_answers_that_are_not_numbers_are_left_out_and_a_network_of_them_is_refused() -> None:
    class Broken:
        contract, name = halves().contract, "broken"

        def __init__(self, rows: int) -> None:
            self.rows = rows

        def trace(self, batch, layers):
            found = halves().trace(batch, layers=layers)
            found.logits[: self.rows] = np.nan
            return found

    assert len(answer(Broken(3), pictures(10))) == 7  # type: ignore[arg-type]
    with pytest.raises(EvaluationError, match="answers every image with NaN"):
        answer(Broken(99), pictures(10))  # type: ignore[arg-type]
