"""Limits are settings; a setting that makes no sense is said with its name."""

from __future__ import annotations

from dataclasses import asdict

import pytest

from lib.settings import SETTINGS, SettingError
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
    with pytest.raises(SettingError, match="MISREAD_MODEL_MEMORY_MB must be a number from 1 to"):
        from_environment({"MISREAD_MODEL_MEMORY_MB": value})


def test_every_setting_of_models_changes_one_limit() -> None:
    changed = []
    for name in (setting.name for setting in SETTINGS if setting.name.startswith("MISREAD_MODEL_")):
        found = from_environment({name: "7"})
        changed += [
            field
            for field, value in asdict(found).items()
            if value in (7, 7_000_000) and value != getattr(DEFAULT_MODEL_LIMITS, field)
        ]
    assert len(changed) == len(set(changed)) == 10


def test_no_limit_may_be_zero() -> None:
    with pytest.raises(ValueError, match="layers must be larger than 0"):
        ModelLimits(layers=0)


@pytest.mark.parametrize(
    ("size", "text"), [(12, "12 bytes"), (3_400, "3.4 KB"), (200_000_000, "200 MB"), (1.2e9, "1.2 GB")]
)
def test_sizes_are_shown_in_units(size: float, text: str) -> None:
    assert in_units(size) == text
