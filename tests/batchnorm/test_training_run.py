"""The states of a training of any kind: each end of its work is one, and its waiting ends with all of them."""

from __future__ import annotations

import pytest

from lib.batchnorm.process import StoppedError, TrainingError
from lib.batchnorm.settings import TrainingLimits
from lib.batchnorm.training_run import DONE, FAILED, RUNNING, STOPPED, WAITING, TrainingRun


class Work(TrainingRun):
    """Ends as it is told to."""

    def __init__(self, end: Exception | None = None) -> None:
        super().__init__("misread-test-")
        self.end, self.seen = end, ""

    def work(self, limits: TrainingLimits) -> None:
        self.seen = self.state
        if self.end:
            raise self.end


@pytest.mark.parametrize(
    ("end", "state", "error"),
    [
        (None, DONE, ""),
        (StoppedError(), STOPPED, ""),
        (TrainingError("No room is left."), FAILED, "No room is left."),
        (KeyError("x"), FAILED, "The training failed: KeyError: 'x'"),
    ],
)
def test_every_end_has_its_state_and_its_sentence(end: Exception | None, state: str, error: str) -> None:
    run = Work(end)
    assert (run.state, run.active, run.folder.is_dir()) == (WAITING, True, True)
    run.train(TrainingLimits())
    assert (run.seen, run.state, run.error, run.active) == (RUNNING, state, error, False)


def test_one_that_is_stopped_before_its_turn_never_works() -> None:
    run = Work()
    run.stop()
    assert run.wants_to_stop
    run.give_up()
    assert (run.state, run.active, run.seen) == (STOPPED, False, "")
