"""Claims about the skews: what they do to a picture, and that every one of them can be named."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from benchmarks.ink_pictures import other_pen, page, two_of_them
from benchmarks.skew import NOTHING_WRONG, Skew
from benchmarks.skews import FAMILIES
from lib import zoo
from lib.contract import Contract

LETTERS = zoo.card("letters-mlp").contract
HOUSES = zoo.card("house-numbers").contract
PHOTOGRAPHS = zoo.card("MobileNetV2").contract


def _bar() -> np.ndarray:
    """An upright bar with a foot: uint8 (60, 30), white on black, tight."""
    glyph = np.zeros((60, 30), np.uint8)
    glyph[:, :8], glyph[50:] = 255, 255
    return glyph


def _colours(side: int = 64) -> np.ndarray:
    """Red grows to the right, green downwards; blue is 30."""
    ramp = np.linspace(0, 255, side).astype(np.uint8)
    return np.dstack(
        [np.tile(ramp, (side, 1)), np.tile(ramp[:, None], (1, side)), np.full((side, side), 30, np.uint8)]
    )


def _skew(family: str, name: str) -> Skew:
    return next(skew for skew in FAMILIES[family].skews if skew.name == name)


def _final(family: str, name: str, contract: Contract, image: np.ndarray) -> np.ndarray:
    picture, pipeline = _skew(family, name).make(image, contract, np.random.default_rng(0))
    return pipeline.run(picture).final


@pytest.mark.parametrize(
    ("family", "contract"), [("ink", LETTERS), ("colour", HOUSES), ("colour", PHOTOGRAPHS)]
)
def test_every_network_meets_at_least_sixteen_mistakes_and_some_pairs(
    family: str, contract: Contract
) -> None:
    mistakes = [skew for skew in FAMILIES[family].mistakes if skew.applies(contract)]
    assert sum(not skew.both for skew in mistakes) >= 16 and sum(bool(skew.both) for skew in mistakes) >= 5
    assert all(skew.causes for skew in mistakes)
    assert all(not skew.causes for skew in FAMILIES[family].skews if skew.kind == NOTHING_WRONG)


@pytest.mark.parametrize(("family", "contract"), [("ink", LETTERS), ("colour", HOUSES)])
def test_every_mistake_changes_the_tensor_and_keeps_its_shape(family: str, contract: Contract) -> None:
    image = _bar() if family == "ink" else _colours(32)
    for skew in FAMILIES[family].mistakes:
        if not skew.applies(contract):
            continue
        random = lambda: np.random.default_rng(3)  # noqa: E731
        picture, pipeline = skew.make(image, contract, random())
        right, own = (skew.right or FAMILIES[family].right)(image, contract, random())
        wrong, good = pipeline.run(picture).final, own.run(right).final
        assert wrong.shape == good.shape == contract.input_shape, skew.name
        assert not np.array_equal(wrong, good), skew.name


def test_the_wrap_leaves_only_values_that_the_bytes_can_have() -> None:
    black_page = _final("ink", "1 - x on bytes", LETTERS, _bar())
    # White is 255: 1 - 255 = 2 modulo 256, and the resize only averages between 0 and 255.
    assert np.isclose(black_page, 2).mean() > 0.5


def test_twelve_bits_in_sixteen_come_out_as_a_sixteenth() -> None:
    picture, _ = _skew("ink", "12 bits in 16").make(_bar(), LETTERS, np.random.default_rng(0))
    # 4095 / 257 = 15.93
    assert picture.pixels.max() == 16 and picture.pixels.min() == 0 and picture.bit_depth == 16


def test_an_ignored_exif_tag_gives_what_the_file_stores() -> None:
    image = _colours(64)
    picture, pipeline = _skew("colour", "EXIF ignored").make(image, HOUSES, np.random.default_rng(0))
    stored = pipeline.run(picture).final
    turns = {3: 2, 6: 1, 8: 3}[picture.exif_orientation]
    small = cv2.resize(np.rot90(image, turns), (32, 32), interpolation=cv2.INTER_AREA)
    assert np.abs(stored * 255 - small).mean() < 4
    upright, own = _skew("colour", "healthy, turned by its EXIF tag").make(
        image, HOUSES, np.random.default_rng(0)
    )
    assert upright.exif_orientation == picture.exif_orientation
    level = cv2.resize(image, (32, 32), interpolation=cv2.INTER_AREA)
    assert np.abs(own.run(upright).final * 255 - level).mean() < 4


def test_only_alpha_shows_a_see_through_picture() -> None:
    wrong = _final("colour", "alpha dropped", HOUSES, _colours(32))
    assert wrong.max() == 0.0
    right = _skew("colour", "alpha dropped").right
    assert right is not None
    picture, pipeline = right(_colours(32), HOUSES, np.random.default_rng(0))
    gray = cv2.cvtColor(_colours(32), cv2.COLOR_RGB2GRAY).astype(np.float32) / 255
    assert np.abs(pipeline.run(picture).final[..., 0] - gray).max() < 0.01


def test_reshaped_axes_hold_the_same_numbers_elsewhere() -> None:
    image = _colours(32)
    picture, _ = _skew("colour", "axes reshaped").make(image, HOUSES, np.random.default_rng(0))
    assert sorted(picture.pixels.ravel()) == sorted(image.ravel())
    assert not np.array_equal(picture.pixels, image)


def test_swapped_channels_and_a_wrong_range_are_two_mistakes() -> None:
    image = _colours(32)
    wrong = _final("colour", "BGR + value_range 0..255", HOUSES, image)
    assert np.allclose(wrong[..., 2], image[..., 0]) and wrong.max() > 200


def test_a_thinner_pen_never_makes_the_ink_vanish() -> None:
    thin = np.full((240, 240), 255, np.uint8)
    cv2.line(thin, (40, 120), (200, 120), 0, 4)
    for seed in range(8):
        assert (other_pen(thin, np.random.default_rng(seed)) < 128).sum() > 50


def test_two_characters_are_twice_the_ink_on_one_page() -> None:
    glyph = _bar()
    both = two_of_them(glyph, np.random.default_rng(0))
    assert int(both.sum(dtype=np.int64)) == 2 * int(glyph.sum(dtype=np.int64))
    assert page(both, np.random.default_rng(0)).shape == (240, 240)
