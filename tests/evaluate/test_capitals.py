"""Claims about the drawn capitals: as many of each as asked for, each different, in normal form."""

import numpy as np

from lib.evaluate.capitals import LETTERS, capitals


def test_every_letter_is_drawn_as_often_as_asked_for_and_never_twice_the_same() -> None:
    images, labels = capitals(3)
    assert images.shape == (78, 28, 28) and images.dtype == np.uint8
    assert labels.tolist() == [k for k in range(26) for _ in range(3)] and len(LETTERS) == 26
    assert len({image.tobytes() for image in images}) == 78


def test_a_seed_gives_the_same_letters() -> None:
    assert np.array_equal(capitals(1, 5)[0], capitals(1, 5)[0])
    assert not np.array_equal(capitals(1, 5)[0], capitals(1, 6)[0])


def test_letters_are_centred_in_a_box_of_20_pixels() -> None:
    images, _ = capitals(2)
    for image in images:
        rows, columns = np.flatnonzero(image.max(1) > 50), np.flatnonzero(image.max(0) > 50)
        assert 18 <= max(np.ptp(rows), np.ptp(columns)) + 1 <= 20
        assert abs((image.sum(1) @ np.arange(28)) / image.sum() - 13.5) < 0.8
