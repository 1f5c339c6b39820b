"""Claims about the drawn scene of a house number."""

import numpy as np
import pytest

from lib.training.house_digits_scene import HEIGHT, WIDTH, draw_number, draw_scene
from lib.training.house_digits_textures import surfaces
from tests.training.house_faces import faces


@pytest.fixture(scope="module")
def face(tmp_path_factory):
    return faces(tmp_path_factory.mktemp("font"))[0]


@pytest.fixture(scope="module")
def walls():
    return surfaces(6, np.random.default_rng(0))


def test_a_scene_is_a_colour_picture_with_the_digits_box_in_the_middle(face, walls):
    for seed in range(30):
        scene = draw_scene(face, walls, np.random.default_rng(seed))
        assert scene.image.shape == (HEIGHT, WIDTH, 3)
        assert scene.image.min() >= 0 and scene.image.max() <= 255
        left, top, right, bottom = scene.box
        assert abs((left + right) / 2 - WIDTH / 2) <= 1 and abs((top + bottom) / 2 - HEIGHT / 2) <= 1
        glyph = face.masks[scene.label]
        assert right - left == glyph.shape[1]


def test_the_box_holds_what_differs_from_the_ground(face, walls):
    """On average over scenes the digit's own pixels stand out more than those of the box that it leaves free."""
    inside, outside = [], []
    for seed in range(60):
        scene = draw_scene(face, walls, np.random.default_rng(seed))
        left, top, right, bottom = scene.box
        difference = np.abs(scene.image - scene.ground).mean(2)[top:bottom, left:right]
        ink = face.masks[scene.label][:, : right - left]
        ink = ink[ink.max(1) > 64] > 128
        inside.append(difference[: len(ink)][ink].mean())
        outside.append(difference[: len(ink)][~ink].mean())
    assert np.mean(inside) > 2 * np.mean(outside)


def test_the_asked_digit_is_the_label_and_small_numbers_are_frequent():
    random = np.random.default_rng(0)
    numbers = [draw_number(random) for _ in range(4000)]
    assert all(0 <= position < len(number) <= 4 for number, position in numbers)
    asked = np.bincount([int(number[position]) for number, position in numbers], minlength=10) / 4000
    assert asked.min() > 0.05
    # On a logarithmic scale 1 leads in 30 % of the numbers (Benford 1938).
    assert asked.argmax() == 1 and asked[1] > 1.3 * asked[9]
