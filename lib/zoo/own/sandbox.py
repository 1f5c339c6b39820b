"""Runs the check of one model file in a process of its own: bounded in time and memory, with nothing of the app's secrets.

What that process does is in `child`; this file starts it, watches it, and ends it.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from lib.line import FullError, GivenUpError, Line, place_in_words
from lib.picture.guards import called
from lib.temporary import no_room
from lib.zoo.own.limits import ModelFileError, ModelLimits, in_units
from lib.zoo.own.memory import resident_bytes

_ROOT = Path(__file__).resolve().parents[3]
_LONGEST_ANSWER = 50_000_000
_POLL, _MEASURE = 0.05, 0.2
# What a program needs to find its libraries; nothing else of the environment is passed on.
_PASSED_ON = (
    *("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"),
    *("SYSTEMROOT", "SYSTEMDRIVE", "WINDIR", "NUMBER_OF_PROCESSORS"),
)

Say = Callable[[str], None]


class CancelledError(ModelFileError):
    """The visitor gave the check up."""


# The separate processes of all sessions, each of which may bring its own limit.
_LINE = Line(at_once=1, waiting=40)


def run(
    request: dict[str, Any],
    data: bytes,
    name: str,
    limits: ModelLimits,
    say: Say = lambda text: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> tuple[dict[str, Any], bytes]:
    """Checks `data` in a separate process and gives its answer and the weights that it wrote.

    Args:
        request: what `child` is to do; JSON.
        data: the model file.
        say: told what is being done.
        cancelled: asked often; True ends the process.

    Raises:
        CancelledError: `cancelled` said so.
        ModelFileError: the child refused the file, crashed, or exceeded a limit.
    """
    with _place(limits, say, cancelled), _folder(name) as folder:
        entries = {**request, "name": name, "limits": asdict(limits)}
        try:
            (folder / "model").write_bytes(data)
            (folder / "request.json").write_text(json.dumps(entries), encoding="utf-8")
        except OSError as error:
            raise _no_room(name) from error
        say("starting a separate process")
        process = _start(folder)
        try:
            _watch(process, folder, name, limits, say, cancelled)
        finally:
            _end(process)
        return _answer(folder, process.returncode, name, limits)


@contextmanager
def _place(limits: ModelLimits, say: Say, cancelled: Callable[[], bool]) -> Iterator[None]:
    try:
        with _LINE.place(object(), lambda before: say(place_in_words(before)), cancelled, limits.concurrency):
            yield
    except GivenUpError as error:
        raise CancelledError("The check was given up.") from error
    except FullError as error:
        raise ModelFileError(str(error)) from error


@contextmanager
def _folder(name: str) -> Iterator[Path]:
    """A temporary folder for one check; it goes with the check."""
    try:
        place = tempfile.TemporaryDirectory(prefix="misread-", ignore_cleanup_errors=True)
    except OSError as error:
        raise _no_room(name) from error
    with place as path:
        yield Path(path)


def _no_room(name: str) -> ModelFileError:
    return ModelFileError(no_room(f"The check of {called(name)}"))


def _program() -> str:
    """What the separate process runs; it looks for packages where the app does."""
    paths = [entry for entry in sys.path if entry and Path(entry).is_absolute() and Path(entry) != _ROOT]
    return (
        f"import sys; sys.path[:] = {[str(_ROOT), *paths]!r}; sys.dont_write_bytecode = True; "
        "from lib.zoo.own.child import main; main()"
    )


def _start(folder: Path) -> subprocess.Popen[bytes]:
    options: dict[str, Any] = (
        {"creationflags": getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)}
        if os.name == "nt"
        else {"start_new_session": True}
    )
    return subprocess.Popen(
        # -I: no PYTHON* variables, no user site, not the working directory.
        [sys.executable, "-I", "-c", _program()],
        cwd=folder,
        env=_environment(folder),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        close_fds=True,
        **options,
    )


def _environment(folder: Path) -> dict[str, str]:
    """A fresh environment: every path leads into the temporary folder."""
    here = str(folder)
    return {
        **{name: os.environ[name] for name in _PASSED_ON if name in os.environ},
        **dict.fromkeys(("HOME", "USERPROFILE", "TMPDIR", "TEMP", "TMP", "KERAS_HOME", "APPDATA"), here),
        "LC_ALL": "C.UTF-8",
        "PYTHONUTF8": "1",
        "KERAS_BACKEND": "tensorflow",
        "CUDA_VISIBLE_DEVICES": "-1",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "TF_NUM_INTRAOP_THREADS": "1",
        "TF_NUM_INTEROP_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "MALLOC_ARENA_MAX": "2",
        "HDF5_PLUGIN_PATH": here,
        "HDF5_USE_FILE_LOCKING": "FALSE",
    }


def _watch(
    process: subprocess.Popen[bytes],
    folder: Path,
    name: str,
    limits: ModelLimits,
    say: Say,
    cancelled: Callable[[], bool],
) -> None:
    """Returns when the process has ended by itself.

    Raises:
        CancelledError, ModelFileError: it has to be ended.
    """
    started = time.monotonic()
    ready: float | None = None
    most_memory, taken, measured, last = 0, 0, 0.0, "starting a separate process"
    while process.poll() is None:
        now = time.monotonic()
        if now - measured > _MEASURE:
            measured, taken = now, resident_bytes(process.pid)
        stage = _stage(folder)
        if stage and stage != last:
            say(stage)
            last = stage
        if ready is None and (folder / "ready").exists():
            ready, most_memory = now, resident_bytes(process.pid) + limits.memory_bytes
        if cancelled():
            raise CancelledError(f"The check of {called(name)} was given up.")
        if ready is None and now - started > limits.start_seconds:
            raise ModelFileError(
                f"The separate process that checks {called(name)} did not start within {limits.start_seconds:g} "
                "seconds: this server is busy. Try again in a minute."
            )
        if ready is not None and now - ready > limits.seconds:
            raise ModelFileError(
                f"{called(name)} was not ready after {limits.seconds:g} seconds (while {last or 'starting'}), the most "
                "that is allowed. If it is a real model, it is too slow for this app: load a smaller one."
            )
        if ready is not None and taken > most_memory:
            raise _too_much_memory(name, limits)
        time.sleep(_POLL)


def _stage(folder: Path) -> str:
    """What the process says that it does, at most 100 characters."""
    try:
        with (folder / "stage").open(encoding="utf-8", errors="replace") as file:
            return " ".join(file.read(100).split())
    except OSError:
        return "starting a separate process"


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ends the process and everything that it may have started."""
    if os.name == "nt":
        process.kill()
    else:
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            process.kill()
    process.wait()


def _answer(folder: Path, code: int, name: str, limits: ModelLimits) -> tuple[dict[str, Any], bytes]:
    """What the process wrote before it ended with `code`.

    Raises:
        ModelFileError: it refused the file, or left nothing that makes sense.
    """
    path = folder / "answer.json"
    if code != 0 or not path.is_file() or path.is_symlink() or path.stat().st_size > _LONGEST_ANSWER:
        raise _crash(code, name, limits)
    try:
        answer = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        raise _crash(code, name, limits) from error
    weights = folder / "weights.bin"
    # The bytes may not exceed what the parameters need at 8 bytes each.
    if not weights.is_file() or weights.is_symlink() or weights.stat().st_size > 8 * limits.parameters:
        raise _crash(code, name, limits)
    return believed(answer, weights.read_bytes(), name, limits)


def believed(answer: object, weights: bytes, name: str, limits: ModelLimits) -> tuple[dict[str, Any], bytes]:
    """The answer and the weights as they are.

    Raises:
        ModelFileError: the answer is a refusal, or none at all.
    """
    if not isinstance(answer, dict):
        raise _crash(1, name, limits)
    if isinstance(answer.get("refused"), str):
        raise ModelFileError(answer["refused"][:2000])
    return answer, weights


def _crash(code: int, name: str, limits: ModelLimits) -> ModelFileError:
    if code == -getattr(signal, "SIGXCPU", 24):
        return ModelFileError(
            f"{called(name)} took more processor time than {limits.seconds:g} seconds allow. If it is a real model, it "
            "is too slow for this app: load a smaller one."
        )
    if code == NO_ROOM:
        return _no_room(name)
    if code in (-signal.SIGTERM, -getattr(signal, "SIGKILL", 9)):
        return ModelFileError(
            f"The check of {called(name)} was ended from outside, as a system does that runs out of memory. Try again; if "
            "it happens again, the model is too large for this server: load a smaller one."
        )
    if code == _OUT_OF_MEMORY:
        return _too_much_memory(name, limits)
    how = f"crashed (signal {-code})" if code < 0 else f"failed (code {code})"
    return ModelFileError(
        f"The separate process that checked {called(name)} {how}: the file is damaged or made to do that. The app was "
        "not touched. Save the model again with model.save('model.keras')."
    )


_OUT_OF_MEMORY, NO_ROOM = 86, 87


def _too_much_memory(name: str, limits: ModelLimits) -> ModelFileError:
    return ModelFileError(
        f"{called(name)} needs more than {in_units(limits.memory_bytes)} of memory when it is built or run, the most that "
        "is allowed. If it is a real model, it is too large for this app: load a smaller one."
    )
