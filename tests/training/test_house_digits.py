"""Claims about the generator of house-number digits."""

import subprocess
import sys

import cv2
import numpy as np
import pytest

from lib.training import house_digits
from lib.training.house_digits import generate
from tests.training.house_faces import faces


@pytest.fixture(scope="module")
def face(tmp_path_factory):
    return faces(tmp_path_factory.mktemp("font"))


@pytest.fixture(scope="module", autouse=True)
def small():
    """Few surfaces and short chunks: the claims do not depend on how many there are."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(house_digits, "_SURFACES", 6)
        patch.setattr(house_digits, "_CHUNK", 50)
        yield


@pytest.fixture(scope="module")
def digits(face, small):
    return generate(300, face, seed=0)


def test_it_makes_small_colour_pictures_of_all_ten_digits(digits):
    assert digits.images.shape == (300, 32, 32, 3) and digits.images.dtype == np.uint8
    assert digits.labels.dtype == np.int64
    assert set(digits.labels.tolist()) == set(range(10))


def test_the_same_seed_gives_the_same_digits_and_another_one_others(face, digits):
    again, other = generate(40, face, seed=0), generate(40, face, seed=1)
    np.testing.assert_array_equal(again.images, digits.images[:40])
    np.testing.assert_array_equal(again.labels, digits.labels[:40])
    assert (other.images != again.images).any()


def test_a_longer_series_begins_with_the_shorter_one_beyond_a_chunk(face, digits):
    again = generate(110, face, seed=0)
    np.testing.assert_array_equal(again.images, digits.images[:110])


def test_the_pictures_are_as_different_as_photographs(digits):
    """Levels from dark to bright, colour in some and none in others, both polarities."""
    mean = digits.images.mean((1, 2, 3))
    assert mean.min() < 60 and mean.max() > 190
    saturation = digits.images.max(3).astype(int) - digits.images.min(3)
    assert np.quantile(saturation.mean((1, 2)), 0.9) > 3 * np.quantile(saturation.mean((1, 2)), 0.1)


def test_the_labels_belong_to_the_pictures(face, digits):
    """Laying the ten plain glyphs over each picture, as it is or as a negative, tells far more than chance."""
    templates = []
    for mask in face[0].masks:
        inked = mask[mask.max(1) > 64]
        height = 26
        width = round(inked.shape[1] * height / len(inked) * 0.85)
        frame = np.zeros((32, 32), np.float32)
        left = 16 - width // 2
        frame[3 : 3 + height, left : left + width] = cv2.resize(inked, (width, height))
        templates.append(frame.ravel() - frame.mean())
    table = np.stack(templates) / np.linalg.norm(templates, axis=1, keepdims=True)
    gray = digits.images.mean(3).reshape(len(digits), -1)
    likeness = np.abs((gray - gray.mean(1, keepdims=True)) @ table.T)
    assert (likeness.argmax(1) == digits.labels).mean() > 0.3


def test_progress_is_shown_on_request(face, capsys):
    generate(3, face, seed=0, progress=True)
    assert "3/3 digits generated" in capsys.readouterr().out


def test_neither_the_generator_nor_the_reader_loads_tensorflow():
    code = "import sys, lib.training.house_numbers_data; sys.exit('tensorflow' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
