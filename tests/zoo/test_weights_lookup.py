"""Where weights are found, in which order, and what is said when there are none. Downloads come from this machine only."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from lib.settings import SettingError
from lib.zoo.weights_file import WeightsError
from lib.zoo.weights_lookup import (
    PublishedWeights,
    WeightsFile,
    WeightsMissingError,
    WeightsSettings,
    find_weights,
    usable,
)
from tests.zoo.weights_files import PARAMETERS, keras3_file, legacy_file, md5, published, serving

OFFICIAL = "small_official.h5"
WIDE = np.ones((2, 4), np.float32)
WIDE_PARAMETERS = WIDE.size + 3


@pytest.fixture
def settings(tmp_path: Path) -> WeightsSettings:
    """A folder of one's own and a cache, both empty; downloading is off."""
    (tmp_path / "mine").mkdir()
    (tmp_path / "cache").mkdir()
    return WeightsSettings(tmp_path / "mine", tmp_path / "cache", download=False, seconds=20)


def found(
    settings: WeightsSettings, wanted: PublishedWeights | None = None, said: list[str] | None = None
) -> WeightsFile:
    def say(text: str, share: float | None) -> None:
        assert share is None or 0 <= share <= 1
        if said is not None:
            said.append(text)

    return find_weights(wanted or published(), settings, say)


# ---- the order -----------------------------------------------------------------------------------------------------------


def test_the_named_folder_comes_before_the_cache(settings: WeightsSettings) -> None:
    legacy_file(settings.cache / OFFICIAL)
    assert found(settings).path.parent == settings.cache
    mine = keras3_file(settings.folder / "small-mine.weights.h5")
    assert found(settings).path == mine


def test_the_cache_is_searched_by_the_official_name_only(settings: WeightsSettings) -> None:
    keras3_file(settings.cache / "small-mine.weights.h5")
    with pytest.raises(WeightsMissingError):
        found(settings)


def test_in_the_named_folder_the_published_width_wins_then_the_widest(settings: WeightsSettings) -> None:
    wanted = published(parameters=(PARAMETERS, WIDE_PARAMETERS, 5))
    keras3_file(settings.folder / "small_narrow.h5", np.ones((1, 2), np.float32))
    wide = keras3_file(settings.folder / "small_wide.h5", WIDE)
    assert found(settings, wanted).path == wide
    right = keras3_file(settings.folder / "small_usual.h5")
    assert found(settings, wanted).path == right


def test_another_networks_file_is_passed_over_and_named(settings: WeightsSettings) -> None:
    keras3_file(settings.folder / "small_other.h5", WIDE)
    with pytest.raises(WeightsMissingError, match=r"small_other\.h5 holds 11 numbers, SmallNet .* has 9"):
        found(settings)
    keras3_file(settings.cache / OFFICIAL)
    assert found(settings).path.parent == settings.cache


def test_weights_without_the_last_layer_are_not_taken_for_the_networks(settings: WeightsSettings) -> None:
    keras3_file(settings.folder / "small_no_top.h5")
    with pytest.raises(WeightsMissingError):
        found(settings)


def test_what_is_here_is_never_downloaded(settings: WeightsSettings) -> None:
    legacy_file(settings.cache / OFFICIAL)
    with serving(b"never") as (url, asked):
        assert found(dataclasses.replace(settings, download=True), published(url)).path.exists()
    assert asked == []


# ---- downloading ---------------------------------------------------------------------------------------------------------


def test_what_is_missing_is_downloaded_once_into_the_cache_and_told(
    settings: WeightsSettings, tmp_path: Path
) -> None:
    data = legacy_file(tmp_path / "source.h5").read_bytes()
    online = dataclasses.replace(settings, download=True)
    said: list[str] = []
    with serving(data) as (url, asked):
        for _ in range(2):
            file = found(online, published(url, md5(data)), said)
    assert file.path == settings.cache / OFFICIAL and file.path.read_bytes() == data
    assert len(asked) == 1
    assert said[-1].startswith("the weights of SmallNet (") and "again" not in said[-1]


@pytest.mark.parametrize("damage", ["cut", "changed", "html", "empty"])
def test_a_damaged_file_in_the_cache_is_replaced_and_that_is_said(
    damage: str, settings: WeightsSettings, tmp_path: Path
) -> None:
    data = keras3_file(tmp_path / "source.h5", np.ones((2, 3), np.float32)).read_bytes()
    half = len(data) // 2
    bad = {"cut": data[:half], "changed": data[:-1] + b"!", "html": b"<html>", "empty": b""}[damage]
    (settings.cache / OFFICIAL).write_bytes(bad)
    online = dataclasses.replace(settings, download=True)
    said: list[str] = []
    with serving(data) as (url, asked):
        assert found(online, published(url, md5(data)), said).path.read_bytes() == data
    assert len(asked) == 1
    assert "again, since the file here cannot be used" in said[0]


def test_offline_a_damaged_file_is_named_beside_the_remedy(settings: WeightsSettings) -> None:
    (settings.cache / OFFICIAL).write_bytes(b"half of it")
    with pytest.raises(WeightsMissingError, match=r"Passed over in .*cache: small_official\.h5 is no HDF5"):
        found(settings)


@pytest.mark.parametrize("answer", [b"<html>log in first</html>", b""])
def test_a_hotels_login_page_is_no_weights_file_and_does_not_stay(
    answer: bytes, settings: WeightsSettings
) -> None:
    online = dataclasses.replace(settings, download=True)
    for _ in range(2):  # and the next attempt asks again
        with serving(answer) as (url, asked), pytest.raises(WeightsMissingError, match="Put the file"):
            found(online, published(url))
        assert len(asked) == 1
        assert list(settings.cache.iterdir()) == []


def test_without_network_and_file_the_message_says_which_file_to_put_where(settings: WeightsSettings) -> None:
    wanted = published("http://127.0.0.1:1/models/w.h5")
    with pytest.raises(WeightsMissingError) as caught:
        found(dataclasses.replace(settings, download=True), wanted)
    message = str(caught.value)
    for part in (
        "SmallNet",
        OFFICIAL,
        "2.0 MB",
        wanted.url,
        str(settings.folder),
        "MISREAD_WEIGHTS_DIR",
        "no connection",
    ):
        assert part in message, part
    without = dataclasses.replace(settings, folder=None)
    with pytest.raises(WeightsMissingError, match="switched off"):
        found(without)
    with pytest.raises(WeightsMissingError) as caught:
        found(without)
    assert str(settings.cache) in str(caught.value)


def test_a_folder_that_does_not_exist_is_named_and_the_cache_still_serves(settings: WeightsSettings) -> None:
    gone = dataclasses.replace(settings, folder=settings.cache / "gone")
    with pytest.raises(WeightsMissingError, match=r"MISREAD_WEIGHTS_DIR names .*gone, which is no folder"):
        found(gone)
    keras3_file(settings.cache / OFFICIAL)
    assert found(gone).path.parent == settings.cache


# ---- one file ------------------------------------------------------------------------------------------------------------


def test_a_picked_file_is_taken_whatever_its_name_if_it_fits(tmp_path: Path) -> None:
    assert usable(published(), keras3_file(tmp_path / "anything.bin")).parameters == PARAMETERS
    with pytest.raises(
        WeightsError, match="weights of another network, or of this one without its last layer"
    ):
        usable(published(), keras3_file(tmp_path / "wide.h5", WIDE))


def test_a_checksum_that_is_known_must_be_right(tmp_path: Path) -> None:
    path = keras3_file(tmp_path / "w.h5")
    assert usable(published(), path, md5(path.read_bytes())).path == path
    with pytest.raises(WeightsError, match="damaged or incomplete"):
        usable(published(), path, "0" * 32)


# ---- settings ------------------------------------------------------------------------------------------------------------


def test_by_default_keras_own_cache_is_used_and_downloading_is_on(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("MISREAD_WEIGHTS_DIR", "MISREAD_WEIGHTS_DOWNLOAD", "MISREAD_WEIGHTS_TIMEOUT", "KERAS_HOME"):
        monkeypatch.delenv(name, raising=False)
    usual = WeightsSettings.from_environment()
    assert usual.folder is None and usual.download and usual.seconds == 10
    assert usual.cache.parts[-2:] == (".keras", "models")


def test_every_setting_comes_from_its_variable(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "k"))
    monkeypatch.setenv("MISREAD_WEIGHTS_DIR", str(tmp_path / "w"))
    monkeypatch.setenv("MISREAD_WEIGHTS_DOWNLOAD", "off")
    monkeypatch.setenv("MISREAD_WEIGHTS_TIMEOUT", "2.5")
    read = WeightsSettings.from_environment()
    assert read == WeightsSettings(tmp_path / "w", tmp_path / "k" / "models", False, 2.5)


@pytest.mark.parametrize("text", ["soon", "nan", "-3", "1e9"])
def test_a_time_that_makes_no_sense_is_named(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MISREAD_WEIGHTS_TIMEOUT", text)
    with pytest.raises(SettingError, match="MISREAD_WEIGHTS_TIMEOUT must be a number from 1 to 600"):
        WeightsSettings.from_environment()
