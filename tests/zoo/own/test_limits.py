"""Limits are settings; a setting that makes no sense is said with its name."""

from __future__ import annotations

import re

import pytest

from lib.zoo.own.limits import DEFAULT_MODEL_LIMITS, ModelLimits, from_environment, in_units


def test_nothing_set_means_the_defaults() -> None:
    assert from_environment({}) == DEFAULT_MODEL_LIMITS
    assert from_environment({"MISREAD_MODEL_SECONDS": " "}) == DEFAULT_MODEL_LIMITS


def test_settings_replace_single_limits() -> None:
    found = from_environment({"MISREAD_MODEL_FILE_MB": "12.5", "MISREAD_MODEL_SECONDS": "7", "OTHER": "x"})
    assert (found.file_bytes, found.seconds) == (12_500_000, 7.0)
    assert found.layers == DEFAULT_MODEL_LIMITS.layers


@pytest.mark.parametrize("value", ["0", "-1", "many", "nan", "inf", "1e30"])
def test_a_setting_that_makes_no_sense_is_named(value: str) -> None:
    with pytest.raises(ValueError, match="MISREAD_MODEL_MEMORY_MB must be a number larger than 0"):
        from_environment({"MISREAD_MODEL_MEMORY_MB": value})


def test_the_documented_defaults_are_the_real_ones() -> None:
    text = from_environment.__doc__ or ""
    documented = dict(re.findall(r"_([A-Z_]+)\s+\((\d+)\)", text))
    for suffix, value in documented.items():
        name = suffix.removeprefix("MISREAD_MODEL_").removeprefix("MODEL_")
        assert from_environment({f"MISREAD_MODEL_{name}": value}) == DEFAULT_MODEL_LIMITS
    assert len(documented) == 10


def test_no_limit_may_be_zero() -> None:
    with pytest.raises(ValueError, match="layers must be larger than 0"):
        ModelLimits(layers=0)


@pytest.mark.parametrize(
    ("size", "text"), [(12, "12 bytes"), (3_400, "3.4 KB"), (200_000_000, "200 MB"), (1.2e9, "1.2 GB")]
)
def test_sizes_are_shown_in_units(size: float, text: str) -> None:
    assert in_units(size) == text
