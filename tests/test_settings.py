"""Every setting has one row, a default that its own reader accepts, and a sentence for what makes no sense."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib import settings
from lib.batchnorm.settings import TrainingLimits
from lib.dataset import DatasetLimits
from lib.settings import SETTINGS, SettingError
from lib.zoo.own import DEFAULT_MODEL_LIMITS
from lib.zoo.own import from_environment as model_limits

ROOT = Path(__file__).resolve().parents[1]
NAMES = [setting.name for setting in SETTINGS]
NO_WHOLE_NUMBERS = ("0", "-1", "1.5", "1e6", "٣", "9" * 5000)
NO_SECONDS = ("soon", "nan", "inf", "-3", "1e9")


def test_missing_and_blank_mean_the_default() -> None:
    for setting in SETTINGS:
        for environment in ({}, {setting.name: "  "}):
            assert settings.read(setting.name, environment) == setting.default


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_the_default_written_out_reads_as_itself(setting: settings.Setting) -> None:
    if setting.default is not None:
        text = settings.shown(setting.default).replace(",", "_")
        found = settings.read(setting.name, {setting.name: f" {text} "})
        assert found == setting.default and type(found) is type(setting.default)


def test_each_kind_is_read_by_its_own_function() -> None:
    given_ = {
        "MISREAD_DATASET_IMAGES": "1_000",
        "MISREAD_MODEL_FILE_MB": "12.5",
        "MISREAD_WEIGHTS_DOWNLOAD": "OFF",
        "MISREAD_WEIGHTS_DIR": "~/weights",
    }
    assert settings.whole("MISREAD_DATASET_IMAGES", given_) == 1000
    assert settings.number("MISREAD_MODEL_FILE_MB", given_) == 12.5
    assert settings.switch("MISREAD_WEIGHTS_DOWNLOAD", given_) is False
    assert settings.path("MISREAD_WEIGHTS_DIR", given_) == Path.home() / "weights"


def test_a_reader_of_another_kind_is_a_mistake_of_the_programmer() -> None:
    readers = (settings.whole, settings.number, settings.switch, settings.path)
    for setting in SETTINGS:
        fitting = [reader for reader in readers if not _refuses(reader, setting.name)]
        assert len(fitting) == 1, setting.name
    with pytest.raises(KeyError):
        settings.read("MISREAD_NOTHING", {})


def _refuses(reader: object, name: str) -> bool:
    try:
        reader(name, {})  # type: ignore[operator]
    except TypeError:
        return True
    return False


@pytest.mark.parametrize(
    ("name", "text", "wanted"),
    [
        *[("MISREAD_DATASET_IMAGES", text, "a whole number of at least 1") for text in NO_WHOLE_NUMBERS],
        *[("MISREAD_WEIGHTS_TIMEOUT", text, "a number from 1 to 600") for text in NO_SECONDS],
        ("MISREAD_MODEL_FILE_MB", "0", "a number from 0.001 to 1,000,000"),
        ("MISREAD_WEIGHTS_DOWNLOAD", "perhaps", "on or off"),
    ],
)
def test_what_makes_no_sense_is_named_with_what_was_wanted(name: str, text: str, wanted: str) -> None:
    with pytest.raises(SettingError) as caught:
        settings.read(name, {name: text})
    message = str(caught.value)
    assert message.startswith(f"{name} must be {wanted}, not ")
    assert "unset it for the default (" in message and len(message) < 250
    assert settings.problems({name: text}) == (message,)


@given(st.sampled_from(NAMES), st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=40))
def test_any_text_is_a_value_or_a_sentence(name: str, text: str) -> None:
    environment = {name: text}
    assert settings.overview(environment).count("\n  MISREAD_") == len(SETTINGS) - len(
        settings.problems(environment)
    )


def test_the_overview_says_what_holds_what_was_changed_and_what_is_misspelt() -> None:
    said = settings.overview(
        {"MISREAD_WEIGHTS_TIMEOUT": "2.5", "MISREAD_WEIGHT_DIR": "x", "OTHER": "y"}
    ).splitlines()
    assert "  MISREAD_WEIGHTS_TIMEOUT = 2.5  (default 10)" in said
    assert "  MISREAD_WEIGHTS_DOWNLOAD = on" in said
    assert said[-1] == "'MISREAD_WEIGHT_DIR' is no setting. Was MISREAD_WEIGHTS_DIR meant?"


def test_every_variable_that_the_code_names_is_in_the_table() -> None:
    named = set()
    for path in (ROOT / "lib").rglob("*.py"):
        if path.name != "settings.py":
            named |= set(re.findall(r"MISREAD_[A-Z]+_[A-Z_]*[A-Z]\b", path.read_text(encoding="utf-8")))
    assert len(named) > 5 and named <= set(NAMES)


def test_only_the_table_reads_misreads_variables() -> None:
    for path in [
        *(ROOT / "lib").rglob("*.py"),
        *(ROOT / "pages").rglob("*.py"),
        *(ROOT / "benchmarks").rglob("*.py"),
    ]:
        assert not re.search(r"(environ|getenv)\W[^\n]*MISREAD_", path.read_text(encoding="utf-8")), path


def test_the_document_is_the_table() -> None:
    written = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    assert written == settings.document(), "run `python -m lib.settings --table > docs/settings.md`"
    assert [line.split("`")[1] for line in written.splitlines() if line.startswith("| `")] == NAMES


def test_the_command_prints_the_overview_and_fails_with_what_is_wrong(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["lib.settings"])
    monkeypatch.setenv("MISREAD_MODEL_LAYERS", "none")
    with pytest.raises(SystemExit) as ended:
        settings.main()
    assert ended.value.code == 1
    assert capsys.readouterr().out.splitlines()[-1].startswith("MISREAD_MODEL_LAYERS must be a whole number")


def test_without_settings_every_limit_is_the_one_that_its_own_class_states() -> None:
    assert model_limits({}) == DEFAULT_MODEL_LIMITS
    assert DatasetLimits.from_environment({}) == DatasetLimits()
    assert TrainingLimits.from_environment({}) == TrainingLimits()
