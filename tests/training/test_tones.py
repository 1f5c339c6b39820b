"""Claims about the changes of gray levels."""

import numpy as np
import pytest

from lib.training.tones import Tones, retone

RAMP = np.repeat(np.linspace(0, 255, 784).round().astype(np.uint8).reshape(1, 28, 28), 200, 0)


def changed(**shares):
    return retone(RAMP, np.random.default_rng(0), Tones(**shares))


def test_without_shares_nothing_changes():
    np.testing.assert_array_equal(changed(), RAMP)


def test_a_threshold_leaves_black_and_white_cut_between_64_and_160():
    hard = changed(hard=1.0)
    assert set(np.unique(hard).tolist()) == {0, 255}
    cut = np.array([RAMP[0][image == 255].min() for image in hard])
    assert 64 <= cut.min() < 75
    assert 150 < cut.max() <= 160


def test_a_sigmoid_keeps_the_order_and_steepens_the_middle():
    curve = changed(sigmoid=1.0).reshape(200, -1).astype(int)
    assert (np.diff(curve, axis=1) >= 0).all()
    middle = np.abs(curve - 128).argmin(1) / 783
    assert 0.29 < middle.min() < 0.36
    assert 0.6 < middle.max() < 0.66


def test_gamma_keeps_black_and_white_and_goes_both_ways():
    powered = changed(power=1.0).reshape(200, -1)
    assert (powered[:, 0] == 0).all()
    assert (powered[:, -1] == 255).all()
    assert powered[:, 392].min() < 80 < 170 < powered[:, 392].max()


def test_faint_ink_is_never_darker_than_two_fifths():
    brightest = changed(faint=1.0).max((1, 2))
    assert 0.4 * 255 - 1 <= brightest.min() < 0.5 * 255
    assert brightest.max() <= 0.95 * 255 + 1


def test_blurring_keeps_the_mean_and_softens_an_edge():
    edge = np.zeros((50, 28, 28), np.uint8)
    edge[:, :, 14:] = 255
    soft = retone(edge, np.random.default_rng(0), Tones(blur=1.0))
    assert soft.mean() == pytest.approx(127.5, abs=1)
    assert (np.abs(np.diff(soft.astype(int), axis=2)).max((1, 2)) < 255).all()


def test_shares_are_shares_and_each_image_is_changed_in_one_way():
    result = changed(sigmoid=0.3, hard=0.3)
    same = (result == RAMP).all((1, 2))
    binary = np.array([len(np.unique(image)) == 2 for image in result])
    assert 0.3 < same.mean() < 0.5
    assert 0.2 < binary.mean() < 0.4


def test_noise_has_a_deviation_of_3_to_35_and_specks_are_few_black_and_white_pixels():
    gray = np.full((300, 28, 28), 128, np.uint8)
    deviation = retone(gray, np.random.default_rng(0), Tones(noise=1.0)).astype(float).std((1, 2))
    assert 2.7 < deviation.min() < 5
    assert 32 < deviation.max() < 37
    specked = retone(gray, np.random.default_rng(0), Tones(specks=1.0))
    assert set(np.unique(specked).tolist()) == {0, 128, 255}
    share = (specked != 128).mean((1, 2))
    assert 0.02 < share.max() < 0.06
    assert abs((specked == 0).sum() / (specked == 255).sum() - 1) < 0.15
