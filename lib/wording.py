"""Numbers as people read them: probabilities that never round to a certainty, and short plain numbers.

Sentences about findings live with the code that makes the findings; this file knows only digits.
"""

from __future__ import annotations

import math
from decimal import Decimal

NOT_A_NUMBER = "not a number"

# Below this a percentage is mostly zeros and "1 in 12,000" reads better.
_SMALLEST_PERCENTAGE = 1e-4
# A float32 close to 1 is up to 3e-8 away from what the other classes leave; below this their sum knows better.
_COMPLEMENT_FROM_OTHERS = 1e-6
# Nines beyond this are noise of the arithmetic.
_SMALLEST_COMPLEMENT = 1e-13
_FLOAT32_EXCESS = 1e-5
_SCALES = ((1e3, 1e6, ""), (1e6, 1e9, " million"), (1e9, 1e12, " billion"), (1e12, 1e15, " trillion"))
_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def probability(p: float, others: float | None = None) -> str:
    """A probability in words: "50.0 %", "99.99985 %", "0.012 %", "1 in 10 million".

    Two digits that mean something are kept at both ends, so "100 %" and "0 %" appear only for numbers that are exactly 1
    or 0 as stored, and then with "(rounded)", because softmax never gives either.

    Args:
        p: 0..1; a float32's overshoot of up to 1e-5 counts as 1.
        others: the sum of the other classes' probabilities, which still has the digits that a `p` close to 1 has lost.
    """
    p = float(p)
    if not math.isfinite(p):
        return number(p)
    if p < 0 or p > 1 + _FLOAT32_EXCESS:
        return f"{number(p)} (not a probability)"
    rest = 1 - p
    if others is not None and 0 <= others < _COMPLEMENT_FROM_OTHERS and rest < 2 * _COMPLEMENT_FROM_OTHERS:
        rest = float(others)
    if rest <= 0 or (rest < _SMALLEST_COMPLEMENT):
        return "100 % (rounded)"
    if p == 0:
        return "0 % (rounded)"
    if p < _SMALLEST_PERCENTAGE:
        return f"1 in {_count(1 / p)}"
    distance = 100 * min(p, rest)
    decimals = max(1, 1 - math.floor(math.log10(distance)))
    if rest < _COMPLEMENT_FROM_OTHERS:
        # Binary floats near 100 have no room for so many nines.
        return f"{100 - 100 * Decimal(rest):.{decimals}f} %"
    return f"{100 * p:.{decimals}f} %"


def _count(n: float) -> str:
    """A large count with two digits that mean something: "12,000", "1.2 million", "10²⁰"."""
    if not math.isfinite(n):
        return "more than 10³⁰⁸"
    magnitude = math.floor(math.log10(n))
    step = 10.0 ** (magnitude - 1)
    rounded = round(n / step) * step
    for low, high, word in _SCALES:
        if low <= rounded < high:
            value = rounded / low if word else rounded
            return f"{value:,.1f}".removesuffix(".0") + word
    return "10" + str(round(math.log10(n))).translate(_SUPERSCRIPTS)


def number(x: float) -> str:
    """A short number with three digits that mean something: "0.532", "−12.3", "1,235", "1.2 × 10⁻⁵".

    "0" means exactly zero. NaN is "not a number", infinities are "∞" and "−∞".
    """
    x = float(x)
    if math.isnan(x):
        return NOT_A_NUMBER
    sign, size = ("−" if x < 0 else ""), abs(x)
    if size == 0:
        return "0"
    if math.isinf(size):
        return sign + "∞"
    if not 1e-4 <= size < 999_999.5:
        mantissa, exponent = f"{size:.2e}".split("e")
        return f"{sign}{_without_trailing_zeros(mantissa)} × 10{str(int(exponent)).translate(_SUPERSCRIPTS)}"
    decimals = max(0, 2 - math.floor(math.log10(size)))
    return sign + _without_trailing_zeros(f"{size:,.{decimals}f}")


def share(part: float) -> str:
    """A share of a whole, 0..1, as a short percentage; "0 %" and "100 %" only for none and all."""
    part = float(part)
    if not math.isfinite(part):
        return NOT_A_NUMBER
    if part <= 0:
        return "0 %"
    if part >= 1:
        return "100 %"
    if part < 0.01:
        return "under 1 %"
    if part > 0.99:
        return "over 99 %"
    return f"{100 * part:.0f} %"


def _without_trailing_zeros(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text
