"""The arithmetic of the steps that change brightness, pinned by hand-computed values."""

import numpy as np
import pytest

from lib.pipeline import Background, EdgeSoftness, Invert, SigmoidContrast, Stroke, Tone

PIXELS = np.array([[0, 1, 128, 254, 255]], np.float32)


def paper_with_bar(paper: float = 230, ink: float = 30) -> np.ndarray:
    image = np.full((60, 60), paper, np.float32)
    image[20:40, 27:33] = ink
    return image


def test_255_minus_x() -> None:
    assert Invert(method="255 - x").apply(PIXELS).tolist() == [[255, 254, 127, 1, 0]]


def test_one_minus_x_on_uint8_wraps_so_black_becomes_1_and_white_2() -> None:
    assert Invert(method="1 - x as uint8").apply(PIXELS).tolist() == [[1, 0, 129, 3, 2]]


def test_one_minus_x_on_uint8_is_what_numpy_computes() -> None:
    levels = np.arange(256, dtype=np.uint8)[None]
    expected = (1 - levels).astype(np.float32)
    np.testing.assert_array_equal(Invert(method="1 - x as uint8").apply(levels.astype(np.float32)), expected)


def test_one_minus_x_on_floats_goes_far_below_zero() -> None:
    assert Invert(method="1 - x as float").apply(PIXELS).tolist() == [[1, 0, -127, -253, -254]]


def test_inverting_twice_gives_the_picture_back() -> None:
    step = Invert()
    np.testing.assert_array_equal(step.apply(step.apply(PIXELS)), PIXELS)


def test_auto_inverts_dark_ink_on_paper_and_leaves_bright_ink_alone() -> None:
    auto = Invert(method="auto")
    dark_ink = paper_with_bar()
    np.testing.assert_array_equal(auto.apply(dark_ink), 255 - dark_ink)
    np.testing.assert_array_equal(auto.apply(255 - dark_ink), 255 - dark_ink)


@pytest.mark.parametrize(("blank", "expected"), [(255.0, 0.0), (0.0, 0.0)])
def test_auto_makes_blank_paper_the_dark_background(blank: float, expected: float) -> None:
    assert Invert(method="auto").apply(np.full((9, 9), blank, np.float32)).max() == expected


@pytest.mark.parametrize(("output", "unit"), [("0..1", 1.0), ("0..255", 255.0)])
def test_sigmoid_at_0_the_middle_and_255(output: str, unit: float) -> None:
    # s = 25, b = 50: the midpoint is s/b = 0.5, so f(0) = 1 / (1 + e^12.5), f(127.5) = 1/2, f(255) = 1 / (1 + e^-12.5).
    image = np.array([[0, 127.5, 255]], np.float32)
    result = SigmoidContrast(slope=25.0, b=50.0, output=output).apply(image)
    expected = [unit / (1 + np.exp(12.5)), unit / 2, unit / (1 + np.exp(-12.5))]
    np.testing.assert_allclose(result[0], expected, rtol=1e-6)


def test_sigmoid_midpoint_moves_with_b() -> None:
    # s/b = 25/100: the curve crosses one half at a quarter of white.
    image = np.array([[255 / 4]], np.float32)
    assert SigmoidContrast(slope=25.0, b=100.0, output="0..1").apply(image)[0, 0] == pytest.approx(0.5)


def test_neutral_tone_changes_nothing_inside_the_range() -> None:
    np.testing.assert_allclose(Tone().apply(PIXELS), PIXELS, atol=1e-4)


def test_contrast_turns_about_mid_gray_then_brightness_then_gamma() -> None:
    image = np.array([[127.5, 147.5]], np.float32)
    result = Tone(contrast=2.0, brightness=10.0, gamma=2.0).apply(image)
    # (147.5 - 127.5) * 2 + 127.5 + 10 = 177.5; gamma 2 squares the share of white.
    np.testing.assert_allclose(result, [[255 * (137.5 / 255) ** 2, 255 * (177.5 / 255) ** 2]], rtol=1e-5)


def test_blur_keeps_the_mean_and_lowers_the_peak() -> None:
    image = np.zeros((100, 100), np.float32)
    image[50, 50] = 255
    soft = EdgeSoftness(sigma=2.0).apply(image)
    assert soft.sum() == pytest.approx(255, rel=1e-3)
    # The peak of a Gaussian of sigma 2 px is 1 / (2 pi sigma^2).
    assert soft[50, 50] == pytest.approx(255 / (2 * np.pi * 4), rel=0.03)


@pytest.mark.parametrize("invert", [False, True])
def test_stroke_widens_ink_of_either_polarity_by_the_radius_on_each_side(invert: bool) -> None:
    image = paper_with_bar(255, 0)
    image = 255 - image if invert else image
    ink = 255.0 if invert else 0.0
    width = lambda x: int((x[30] == ink).sum())  # noqa: E731
    assert width(image) == 6
    assert width(Stroke(amount=2.0).apply(image)) == 8  # 2 % of 60 px rounds to a radius of 1 px
    assert width(Stroke(amount=-2.0).apply(image)) == 4


def test_subtracting_the_background_flattens_a_shadow_and_keeps_the_ink() -> None:
    shadow = np.linspace(200, 120, 120, dtype=np.float32)[None].repeat(120, axis=0)
    image = shadow.copy()
    image[40:80, 57:63] -= 90
    flat = Background(method="subtract").apply(image)
    paper = np.ones(image.shape, bool)
    paper[36:84, 53:67] = False
    assert np.ptp(shadow[paper]) == 80
    assert flat[paper].min() > 245
    assert flat[60, 60] == pytest.approx(255 - 90, abs=8)


@pytest.mark.parametrize("method", ["otsu", "adaptive"])
@pytest.mark.parametrize("invert", [False, True])
def test_thresholds_give_exact_black_and_white_in_either_polarity(method: str, invert: bool) -> None:
    image = paper_with_bar()
    image = 255 - image if invert else image
    flat = Background(method=method, window=60.0).apply(image)
    assert set(np.unique(flat)) == {0.0, 255.0}
    ink = 255.0 if invert else 0.0
    assert flat[30, 30] == ink
    assert flat[5, 5] == 255 - ink
