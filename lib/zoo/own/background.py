"""The check of a model file as a job in the background, which a page can watch and give up."""

from __future__ import annotations

import threading
from pathlib import Path

from lib.zoo.own.file import OwnModel, check_file
from lib.zoo.own.limits import DEFAULT_MODEL_LIMITS, ModelFileError, ModelLimits


class FileCheck:
    """One running or finished check; starts at once.

    Args:
        as for `check_file`.
    """

    def __init__(
        self,
        source: bytes | str | Path,
        name: str = "",
        *,
        application: str = "",
        limits: ModelLimits = DEFAULT_MODEL_LIMITS,
    ) -> None:
        self._stage, self._cancelled, self._finished = "waiting", threading.Event(), threading.Event()
        self._model: OwnModel | None = None
        self._error: ModelFileError | None = None
        self._thread = threading.Thread(
            target=self._run,
            args=(source, name, application, limits),
            name="misread-model-check",
            daemon=True,
        )
        self._thread.start()

    @property
    def stage(self) -> str:
        """What is being done, e.g. "building the model"."""
        return self._stage

    @property
    def done(self) -> bool:
        return self._finished.is_set()

    def cancel(self) -> None:
        """Gives the check up; its separate process ends within a fraction of a second."""
        self._cancelled.set()

    def wait(self, seconds: float | None = None) -> bool:
        """Waits until it is done, at most `seconds`; whether it is."""
        return self._finished.wait(seconds)

    def result(self) -> OwnModel:
        """The model; waits for it.

        Raises:
            CancelledError: it was given up.
            ModelFileError: the file is refused; the message is for the visitor.
        """
        self._finished.wait()
        if self._model is None:
            assert self._error is not None
            raise self._error
        return self._model

    def _run(self, source: bytes | str | Path, name: str, application: str, limits: ModelLimits) -> None:
        try:
            self._model = check_file(
                source,
                name,
                application=application,
                limits=limits,
                progress=self._say,
                cancelled=self._cancelled.is_set,
            )
        except ModelFileError as error:
            self._error = error
        except Exception as error:  # the visitor must not wait for ever
            self._error = ModelFileError(
                f"The check itself failed: {error}. Try again, or load another file."
            )
        finally:
            self._finished.set()

    def _say(self, stage: str) -> None:
        self._stage = stage
