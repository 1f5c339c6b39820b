"""Claims about the wall: what stands below each picture, and what is sent."""

import numpy as np

from lib.dataset import Dataset
from lib.ui import wire
from lib.ui.dataset.wall import _message, answered
from tests.evaluate.tiny import answers, pictures


def test_a_wrong_answer_says_both_names_and_never_rounds_to_certainty() -> None:
    found = answers([0, 1], [0, 2], [0.8, 0.99999])
    assert answered(found, np.array([1, 0])) == [(1, "B → C", "over 99.9 %", True), (0, "A", "80.0 %", False)]


def test_pictures_travel_as_they_are_and_large_ones_smaller() -> None:
    items = [(2, "left → <b>", "80 %", True)]
    header, arrays = wire.unpack(_message(pictures(4), items, "Errors"))
    assert header["items"][0] == {"id": 2, "title": "left → <b>", "below": "80 %", "wrong": True}
    np.testing.assert_array_equal(arrays["p0"][..., 0], pictures(4).images[2])
    large = Dataset(np.zeros((1, 200, 100), np.uint8), np.array([0]), ("a",))
    _, arrays = wire.unpack(_message(large, [(0, "a", "1 %", False)], "Errors"))
    assert arrays["p0"].shape == (64, 32, 3)
