"""Every hostile or broken file is refused with a sentence that says why. The files are in `tests/hostile_models.py`."""

from __future__ import annotations

from pathlib import Path

import pytest

from lib.zoo.own import ModelFileError, check_file, sandbox
from tests.hostile_models import BEFORE_THE_PROCESS, IN_THE_PROCESS, Hostile


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
