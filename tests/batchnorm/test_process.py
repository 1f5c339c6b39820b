"""One real training: the question's failure and its repair; and what is left of a training that crashes or is stopped."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path

import keras
import numpy as np
import pytest

from lib.batchnorm import initial_weight
from lib.batchnorm import process as processes
from lib.batchnorm.settings import TrainingLimits, TrainingSettings
from lib.batchnorm.statistics import first_diverging
from lib.batchnorm.trainings import DONE, FAILED, REPAIRED, STOPPED, TRAINED, Experiment, Trainings
from lib.batchnorm.two_modes import TwoModes
from tests.batchnorm.conftest import subject


def test_it_fits_perfectly_predicts_one_class_and_recalibration_repairs_it(trained: Experiment) -> None:
    run = trained.base
    assert (run.state, run.error) == (DONE, "")
    last, targets = run.records[-1], run.subject.targets
    assert last.fit_accuracy == 1.0
    assert (last.inference.argmax(axis=1) == last.inference[0].argmax()).all()
    np.testing.assert_array_equal(last.training.argmax(axis=1), targets)
    assert run.outcome is not None
    np.testing.assert_array_equal(run.outcome.inference.argmax(axis=1), targets)
    np.testing.assert_allclose(run.outcome.inference, last.training, atol=1e-3)


def test_every_epoch_is_recorded_and_the_first_layer_diverges(trained: Experiment) -> None:
    run = trained.base
    assert [r.epoch for r in run.records] == list(range(1, 9)) == [r.updates for r in run.records]
    assert len(run.layers) == 7
    assert first_diverging(run.records[-1].distances(run.layers)) == 0
    assert run.records[-1].loss < run.records[0].loss


def test_the_way_to_recovery_starts_wrong_and_ends_right(trained: Experiment) -> None:
    outcome = trained.base.outcome
    assert outcome is not None
    found = outcome.recovery
    assert not found.correct[0].all() and found.correct[-1].all()
    assert found.share is not None and 0 < found.share < 1
    updates = found.updates(0.99)
    assert updates is not None and initial_weight(0.99, updates) <= found.share
    assert found.updates(0.5) < updates


def test_neighbours_are_answers_of_growing_batches(trained: Experiment) -> None:
    run = trained.base
    assert run.outcome is not None
    neighbours = run.outcome.neighbours  # two others of its own and one stranger
    assert neighbours.shape == (3, 4, 3)
    np.testing.assert_allclose(neighbours.sum(axis=2), 1.0, atol=1e-5)
    np.testing.assert_allclose(neighbours[0, 2], run.records[-1].training[0], atol=1e-3)


def test_the_files_hold_the_network_before_and_after(trained: Experiment) -> None:
    run = trained.base
    before, after = run.file(TRAINED), run.file(REPAIRED)
    assert before is not None and after is not None
    model, repaired = keras.models.load_model(before), keras.models.load_model(after)
    assert int(model.optimizer.iterations) == 8
    pictures, _ = run.subject.tensors("small")
    np.testing.assert_array_equal(np.argmax(repaired(pictures), axis=1), run.subject.targets)
    np.testing.assert_allclose(model(pictures), run.records[-1].inference, atol=1e-4)
    assert not repaired.compiled, "the optimizer's steps would say that the statistics are the initial ones"
    weights = zip(model.trainable_variables, repaired.trainable_variables, strict=True)
    assert all(np.array_equal(a, b) for a, b in weights), "recalibration changed a weight"
    np.testing.assert_allclose(
        TwoModes(repaired).stored.packed(),
        TwoModes(model).run(pictures, training=True).batch.packed(),
        rtol=1e-3,
        atol=1e-3,
    )


def is_gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except OSError:
        return True
    return False


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[subprocess.Popen]:
    """The processes that trainings started, so that a test can end one from outside."""
    found: list[subprocess.Popen] = []
    start = processes._start

    def remembered(*arguments: object) -> subprocess.Popen:
        found.append(start(*arguments))
        return found[-1]

    monkeypatch.setattr(processes, "_start", remembered)
    return found


def wait_for_process(started: list[subprocess.Popen]) -> subprocess.Popen:
    for _ in range(600):
        if started:
            return started[0]
        time.sleep(0.05)
    raise AssertionError("the training never started a process")


def test_a_crash_is_a_sentence_and_the_next_one_gets_its_place(started: list[subprocess.Popen]) -> None:
    trainings = Trainings(TrainingLimits())
    first = trainings.begin(subject(), TrainingSettings(), "one")
    second = trainings.begin(subject(), TrainingSettings(), "two")
    process = wait_for_process(started)
    process.send_signal(signal.SIGTERM if os.name == "nt" else signal.SIGKILL)
    assert first.base.ended.wait(30)
    assert first.base.state == FAILED
    assert "The app was not touched" in first.base.error
    assert is_gone(process.pid), "its memory would not be free"
    while len(started) < 2 and second.base.active:
        time.sleep(0.05)
    second.base.stop()
    assert second.base.ended.wait(30)
    assert second.base.state == STOPPED
    assert is_gone(started[1].pid)


def test_too_much_memory_and_too_much_time_end_the_process(tmp_path: Path, started: list) -> None:
    for limits, word in ((TrainingLimits(memory_mb=1), "memory"), (TrainingLimits(seconds=1), "seconds")):
        folder = tmp_path / word
        folder.mkdir()
        pictures, strangers = subject().tensors("small")
        with pytest.raises(processes.TrainingError, match=word):
            processes.run(
                folder,
                TrainingSettings(),
                pictures,
                subject().targets,
                strangers,
                limits,
                lambda: False,
                lambda stage: None,
            )
        assert is_gone(started[-1].pid)
