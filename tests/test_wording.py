from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.wording import number, probability, share

_WORDS = {"million": 1e6, "billion": 1e9, "trillion": 1e12}
_SUPERSCRIPTS = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹−", "-0123456789-")


def _read_probability(text: str) -> float:
    """The probability that a reader takes from the words."""
    if text.endswith(" % (rounded)"):
        return float(text.split()[0]) / 100
    if text.endswith("%"):
        return float(text.split()[0]) / 100
    _, _, count, *word = text.split()
    if count.startswith("10") and count != "10" and any(c in "⁰¹²³⁴⁵⁶⁷⁸⁹" for c in count):
        return 10.0 ** -int(count[2:].translate(_SUPERSCRIPTS))
    return 1 / (float(count.replace(",", "")) * _WORDS[word[0]] if word else float(count.replace(",", "")))


def _read_number(text: str) -> float:
    mantissa, _, power = text.partition(" × 10")
    value = float(mantissa.replace("−", "-").replace(",", "").replace("∞", "inf"))
    return value * 10.0 ** int(power.translate(_SUPERSCRIPTS)) if power else value


@pytest.mark.parametrize(
    ("p", "text"),
    [
        (0.5, "50.0 %"),
        (0.9999985, "99.99985 %"),
        (0.995, "99.50 %"),
        (0.0123, "1.2 %"),
        (0.00123, "0.12 %"),
        (0.0001, "0.010 %"),
        (8.3e-5, "1 in 12,000"),
        (1e-7, "1 in 10 million"),
        (2.5e-13, "1 in 4 trillion"),
        (1e-20, "1 in 10²⁰"),
        (5e-324, "1 in more than 10³⁰⁸"),
        (1.0, "100 % (rounded)"),
        (0.0, "0 % (rounded)"),
        (math.nan, "not a number"),
        (1.5, "1.5 (not a probability)"),
        (-0.5, "−0.5 (not a probability)"),
    ],
)
def test_a_probability_reads_as_people_say_it(p: float, text: str) -> None:
    assert probability(p) == text


def test_the_other_classes_give_back_the_digits_that_float32_rounded_away() -> None:
    assert probability(float(np.float32(1.0)), others=3.3e-10) == "99.999999967 %"
    assert probability(1.0, others=0.0) == "100 % (rounded)"


def test_a_float32_that_overshoots_one_counts_as_one() -> None:
    assert probability(float(np.float32(1) + np.finfo(np.float32).eps)) == "100 % (rounded)"


@given(st.floats(0, 1, exclude_min=True, exclude_max=True, width=32))
def test_no_float32_between_zero_and_one_is_called_certain_or_impossible(p: float) -> None:
    text = probability(p)
    assert "100 %" not in text
    assert not text.startswith("0 %")
    assert "e-" not in text
    assert 0 < _read_probability(text) < 1


@given(st.floats(0, 1, width=32), st.floats(0, 1, width=32))
def test_a_larger_probability_never_reads_as_the_smaller_one(a: float, b: float) -> None:
    low, high = sorted((a, b))
    # 1/x of the words is inexact in the last digit, hence the hair of slack.
    assert _read_probability(probability(low)) <= _read_probability(probability(high)) * (1 + 1e-12)


@given(st.floats(1e-14, 1, exclude_max=True, width=64))
def test_the_words_are_within_six_percent_of_the_smaller_of_p_and_its_complement(p: float) -> None:
    read = _read_probability(probability(p))
    if p < 1e-12:
        return
    if 1 - p < 1e-12:
        assert read > 1 - 2e-12
        return
    nearest = min(p, 1 - p)
    assert abs(read - p) <= 0.06 * nearest + 1e-15


@pytest.mark.parametrize(
    ("x", "text"),
    [
        (0.0, "0"),
        (-0.0, "0"),
        (255.0, "255"),
        (0.532, "0.532"),
        (-12.34, "−12.3"),
        (1234.6, "1,235"),
        (999_999.0, "999,999"),
        (1e6, "1 × 10⁶"),
        (1.23e-5, "1.23 × 10⁻⁵"),
        (1 / 255, "0.00392"),
        (math.inf, "∞"),
        (-math.inf, "−∞"),
        (math.nan, "not a number"),
    ],
)
def test_a_number_is_short(x: float, text: str) -> None:
    assert number(x) == text


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_keeps_its_sign_and_three_digits_and_only_zero_is_zero(x: float) -> None:
    text = number(x)
    assert (text == "0") == (x == 0)
    assert len(text) <= 15
    read = _read_number(text)
    assert math.isclose(read, x, rel_tol=0.006) or abs(x) < 1e-300 or abs(x) > 1e307
    assert read == 0 or math.copysign(1, read) == math.copysign(1, x)


@given(st.floats(-1e12, 1e12), st.floats(-1e12, 1e12))
def test_a_larger_number_never_reads_as_the_smaller_one(a: float, b: float) -> None:
    low, high = sorted((a, b))
    read_low, read_high = _read_number(number(low)), _read_number(number(high))
    assert read_low <= read_high + 1e-12 * abs(read_high)


@given(st.integers(1, 10_000), st.data())
def test_a_share_says_none_and_all_only_when_it_is(whole: int, data: st.DataObject) -> None:
    part = data.draw(st.integers(0, whole))
    text = share(part / whole)
    assert (text == "0 %") == (part == 0)
    assert (text == "100 %") == (part == whole)
