"""The queue: who runs, who waits, who is refused; tokens; what is kept. No process is started here."""

from __future__ import annotations

import errno
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from lib.batchnorm import process
from lib.batchnorm.settings import SettingsError, TrainingLimits, TrainingSettings
from lib.batchnorm.trainings import FAILED, RUNNING, STOPPED, WAITING, Experiment, Trainings
from tests.batchnorm.conftest import subject, wait_for_threads

SETTINGS = TrainingSettings()


@pytest.fixture
def go(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Trainings that end, by failing, when this is set; until then they run and can be stopped."""
    gate = threading.Event()

    def run(*arguments: object) -> None:
        stopped = arguments[-2]
        while not gate.wait(0.01):
            if stopped():
                raise process.StoppedError("stopped")
        raise process.TrainingError("enough")

    monkeypatch.setattr(process, "run", run)
    yield gate
    gate.set()
    wait_for_threads()


def until(experiment: Experiment, state: str) -> None:
    for _ in range(1000):
        if experiment.base.state == state:
            return
        threading.Event().wait(0.01)
    raise AssertionError(f"it is {experiment.base.state}, not {state}")


def test_one_runs_the_others_wait_in_the_order_in_which_they_came(go: threading.Event) -> None:
    trainings = Trainings(TrainingLimits())
    first = trainings.begin(subject(), SETTINGS, "a")
    until(first, RUNNING)
    second, third = (trainings.begin(subject(), SETTINGS, owner) for owner in "bc")
    assert [e.base.state for e in (second, third)] == [WAITING, WAITING]
    assert [trainings.position(e.base) for e in (first, second, third)] == [0, 1, 2]
    first.base.stop()
    until(second, RUNNING)
    assert (first.base.state, third.base.state) == (STOPPED, WAITING)
    third.base.stop()
    until(third, STOPPED)
    go.set()
    until(second, FAILED)
    assert second.base.error == "enough"


def test_a_visitor_has_one_at_a_time(go: threading.Event) -> None:
    trainings = Trainings(replace(TrainingLimits(), concurrency=2))
    experiment = trainings.begin(subject(), SETTINGS, "a")
    with pytest.raises(SettingsError, match="still going"):
        trainings.begin(subject(), SETTINGS, "a")
    with pytest.raises(SettingsError, match="still going"):
        trainings.repair(experiment, "more epochs", replace(SETTINGS, epochs=20))
    trainings.begin(subject(), SETTINGS, "b")


def test_the_queue_is_bounded(go: threading.Event) -> None:
    trainings = Trainings(replace(TrainingLimits(), waiting=1))
    until(trainings.begin(subject(), SETTINGS, "a"), RUNNING)
    trainings.begin(subject(), SETTINGS, "b")
    with pytest.raises(SettingsError, match="waiting on this server"):
        trainings.begin(subject(), SETTINGS, "c")


def test_an_experiment_is_found_by_its_token_and_by_no_other(go: threading.Event) -> None:
    trainings = Trainings(TrainingLimits())
    experiment = trainings.begin(subject(), SETTINGS, "a")
    assert trainings.find(experiment.token) is experiment
    assert trainings.find("") is None
    assert trainings.find(experiment.token[:-1]) is None
    assert len(experiment.token) >= 20


def test_the_oldest_finished_ones_are_forgotten_with_their_files(go: threading.Event) -> None:
    trainings = Trainings(replace(TrainingLimits(), kept=2))
    go.set()
    made = []
    for owner in "abcd":
        made.append(trainings.begin(subject(), SETTINGS, owner))
        assert made[-1].base.ended.wait(10)
        trainings.find(made[0].token)  # somebody keeps looking at the first
    trainings.begin(subject(), SETTINGS, "e")
    kept = [trainings.find(e.token) is not None for e in made]
    assert kept == [True, False, False, True]
    assert [e.base.folder.exists() for e in made] == kept


def test_a_repair_stands_beside_the_first_training(go: threading.Event) -> None:
    trainings = Trainings(TrainingLimits())
    go.set()
    experiment = trainings.begin(subject(), SETTINGS, "a")
    assert experiment.base.ended.wait(10)
    run = trainings.repair(experiment, "smaller momentum", replace(SETTINGS, momentum=0.5))
    assert run.ended.wait(10)
    assert experiment.repairs == {"smaller momentum": run}
    assert experiment.active is None


@pytest.mark.parametrize(
    ("ids", "changed", "words"),
    [
        (("cat",), {}, "at least two pictures"),
        (("cat", "cat"), {}, "different labels"),
        (("cat",) * 12 + ("rocket",), {}, "13 pictures are more than the 12"),
        ((), {"epochs": 0}, "1 to 400 epochs"),
        ((), {"momentum": 1.0}, "less than 1"),
        ((), {"batch_size": 0}, "at least one picture"),
        ((), {"architecture": "VGG"}, "no architecture"),
    ],
)
def test_what_cannot_be_trained_is_refused_with_a_sentence(ids: tuple, changed: dict, words: str) -> None:
    with pytest.raises(SettingsError, match=words):
        Trainings(TrainingLimits()).begin(subject(*ids), replace(SETTINGS, **changed), "a")


def test_without_room_for_its_folder_a_training_is_refused_and_the_next_one_is_not(
    go: threading.Event, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trainings = Trainings(TrainingLimits())
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "is not there"))
    with pytest.raises(SettingsError, match="room for temporary files"):
        trainings.begin(subject(), SETTINGS, "a")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    until(trainings.begin(subject(), SETTINGS, "a"), RUNNING)


def test_a_disk_that_fills_up_while_it_trains_is_a_sentence_too(
    go: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*arguments: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", "/tmp/misread-training-x/pictures.npz")

    monkeypatch.setattr(process, "run", full)
    experiment = Trainings(TrainingLimits()).begin(subject(), SETTINGS, "a")
    until(experiment, FAILED)
    assert "room for temporary files" in experiment.base.error and "/tmp" not in experiment.base.error


def test_a_server_can_switch_training_off() -> None:
    with pytest.raises(SettingsError, match="switched off"):
        Trainings(TrainingLimits(on=False)).begin(subject(), SETTINGS, "a")


def test_limits_come_from_the_environment() -> None:
    environment = {
        "MISREAD_TRAINING_ON": "off",
        "MISREAD_TRAINING_CONCURRENCY": "3",
        "MISREAD_TRAINING_NICE": "0",
    }
    found = TrainingLimits.from_environment(environment)
    assert found == replace(TrainingLimits(), on=False, concurrency=3, nice=0)
    with pytest.raises(ValueError, match="MISREAD_TRAINING_EPOCHS"):
        TrainingLimits.from_environment({"MISREAD_TRAINING_EPOCHS": "many"})
