"""One training in the server's line, of whatever kind: its states, how it is stopped, and what becomes of it when it fails.

What is trained is the subclass's `work`; the line itself is `trainings`.
"""

from __future__ import annotations

import tempfile
import threading
from abc import ABC, abstractmethod
from pathlib import Path

from lib.batchnorm import process
from lib.batchnorm.settings import SettingsError, TrainingLimits
from lib.temporary import is_no_room, no_room

WAITING, RUNNING, DONE, STOPPED, FAILED = "waiting", "running", "done", "stopped", "failed"


class TrainingRun(ABC):
    """Waits for its place, runs, ends.

    Attributes:
        state: WAITING, RUNNING, DONE, STOPPED or FAILED.
        stage: what is being done, in words.
        error: why it failed, as a sentence.
        folder: its own, for what the process gets and writes; it goes with the run.

    Raises:
        SettingsError: the server has no room for that folder.
    """

    def __init__(self, prefix: str) -> None:
        self.state, self.stage, self.error = WAITING, "waiting for its turn", ""
        self.ended, self._stop = threading.Event(), threading.Event()
        try:
            self._place = tempfile.TemporaryDirectory(prefix=prefix, ignore_cleanup_errors=True)
        except OSError as error:
            raise SettingsError(no_room("A training")) from error
        self.folder = Path(self._place.name)

    @property
    def active(self) -> bool:
        return not self.ended.is_set()

    @property
    def wants_to_stop(self) -> bool:
        return self._stop.is_set()

    def stop(self) -> None:
        """Ends it; what was recorded stays."""
        self._stop.set()

    def give_up(self) -> None:
        """It was stopped before it got a place."""
        self.state = STOPPED
        self.ended.set()

    def train(self, limits: TrainingLimits) -> None:
        """Runs it to its end, whatever that is."""
        try:
            self.state, self.stage = RUNNING, "preparing the pictures"
            self.work(limits)
            self.state = DONE
        except process.StoppedError:
            self.state = STOPPED
        except process.TrainingError as error:
            self.state, self.error = FAILED, str(error)
        except Exception as error:  # a thread that dies in silence would let the visitor wait for ever
            why = f"The training failed: {type(error).__name__}: {error}"
            self.state, self.error = FAILED, no_room("A training") if is_no_room(error) else why
        finally:
            self.ended.set()

    @abstractmethod
    def work(self, limits: TrainingLimits) -> None:
        """The training itself; returns when its result is there.

        Raises:
            StoppedError: it was stopped.
            TrainingError: it failed, in a sentence.
        """
