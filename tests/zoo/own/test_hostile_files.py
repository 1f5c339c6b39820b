"""Every hostile or broken file is refused with a sentence that says why. The files are in `tests/hostile_models.py`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from lib.zoo.own import DEFAULT_MODEL_LIMITS, ModelFileError, check_file, sandbox
from tests.hostile_models import BEFORE_THE_PROCESS, IN_THE_PROCESS, Hostile
from tests.model_bytes import keras_file, layer, sequential, source


def refusal(hostile: Hostile) -> str:
    with pytest.raises(ModelFileError) as refused:
        check_file(hostile.make(), hostile.name)
    return str(refused.value)


@pytest.mark.parametrize("hostile", BEFORE_THE_PROCESS, ids=lambda hostile: hostile.name)
def test_it_is_refused_before_a_process_is_started(hostile: Hostile, monkeypatch: pytest.MonkeyPatch) -> None:
    def started(*arguments: object) -> None:
        raise AssertionError("it reached the separate process")

    monkeypatch.setattr(sandbox, "run", started)
    sentence = refusal(hostile)
    assert all(part in sentence for part in (*hostile.says, hostile.name))
    assert sentence.endswith((".", ")")) and len(sentence) < 700


@pytest.mark.usefixtures("in_process")
@pytest.mark.parametrize("hostile", IN_THE_PROCESS, ids=lambda hostile: hostile.name)
def test_it_is_refused_in_the_process(hostile: Hostile, tmp_path: Path) -> None:
    sentence = refusal(hostile)
    assert all(part in sentence for part in (*hostile.says, hostile.name))
    assert sentence.endswith((".", ")")) and len(sentence) < 900


def test_a_build_that_does_not_end_is_ended() -> None:
    slow = layer("Dense", "slow", units=7_000, kernel_initializer="orthogonal")
    model = keras_file(
        sequential(source(84, 84, 1), layer("Flatten"), slow, layer("Dense", "scores", units=3))
    )
    for seconds in (2, 8, 32):  # a busy machine may need more than the first to come as far as building
        with pytest.raises(ModelFileError) as ended:
            check_file(model, "slow.keras", limits=replace(DEFAULT_MODEL_LIMITS, seconds=float(seconds)))
        assert f"“slow.keras” was not ready after {seconds} seconds (while " in str(ended.value)
        if "(while building" in str(ended.value):
            return
    pytest.fail(f"it never came to building: {ended.value}")


def test_a_build_that_fills_the_memory_is_ended() -> None:
    fat = layer("Dense", "fat", units=1_000, kernel_initializer="zeros")
    model = sequential(source(300, 300, 1), layer("Flatten"), fat, layer("Dense", "scores", units=3))
    limits = replace(DEFAULT_MODEL_LIMITS, memory_bytes=100_000_000)
    with pytest.raises(ModelFileError, match=r"“fat\.keras” needs more than 100 MB of memory"):
        check_file(keras_file(model), "fat.keras", limits=limits)
