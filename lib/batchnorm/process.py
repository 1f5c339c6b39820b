"""Starts the separate process of one training, watches it, and ends it. What it does is in `child`."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from lib.batchnorm.record import write_arrays
from lib.batchnorm.settings import TrainingLimits, TrainingSettings
from lib.zoo.own.memory import resident_bytes

ROOT = Path(__file__).resolve().parents[2]
_POLL = 0.25
_STARTING = "starting a separate process"


class TrainingError(RuntimeError):
    """The training did not come to its end; the message says why and what to do."""


class StoppedError(TrainingError):
    """The visitor stopped it."""


def run(
    folder: Path,
    settings: TrainingSettings,
    pictures: np.ndarray,
    labels: np.ndarray,
    strangers: np.ndarray,
    limits: TrainingLimits,
    stopped: Callable[[], bool],
    looked: Callable[[str], None],
) -> None:
    """Trains in a process of its own; returns when it has ended well. Its memory is free when this returns or raises.

    Args:
        folder: an empty one, where its files appear.
        pictures, strangers: float32 (N, *input shape); labels: int64 (N,).
        stopped: asked often; True ends the process at once.
        looked: called often with what is being done.

    Raises:
        StoppedError: `stopped` said so.
        TrainingError: the process crashed or exceeded a limit.
    """
    entries = {
        "settings": asdict(settings),
        "classes": int(labels.max()) + 1,
        "threads": limits.threads,
        "nice": limits.nice,
    }
    (folder / "request.json").write_text(json.dumps(entries), encoding="utf-8")
    write_arrays(folder / "pictures.npz", pictures=pictures, labels=labels, strangers=strangers)
    execute("lib.batchnorm.child", folder, limits, stopped, looked)


def execute(
    module: str,
    folder: Path,
    limits: TrainingLimits,
    stopped: Callable[[], bool],
    looked: Callable[[str], None],
) -> None:
    """Runs a module with a folder as its argument in a process of its own, and watches it; other trainings use this, too.

    What it is told and what it gives are files in the folder; it says what it does in the file `stage`.

    Raises:
        StoppedError, TrainingError: as `run`.
    """
    with (folder / "log.txt").open("wb") as log:
        process = _start(module, folder, log, limits)
        try:
            _watch(process, folder, limits, stopped, looked)
        finally:
            process.kill()
            process.wait()
            assert process.stdin is not None
            process.stdin.close()
    if process.returncode != 0:
        raise TrainingError(_crash(process.returncode, folder))


def _start(module: str, folder: Path, log: Any, limits: TrainingLimits) -> subprocess.Popen[bytes]:
    environment = {
        **os.environ,
        "KERAS_BACKEND": "tensorflow",
        "CUDA_VISIBLE_DEVICES": "-1",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "OMP_NUM_THREADS": str(limits.threads),
        "MALLOC_ARENA_MAX": "2",
    }
    low = getattr(subprocess, "BELOW_NORMAL_PRIORITY_CLASS", 0)  # Windows; elsewhere the child is nice itself
    return subprocess.Popen(
        [sys.executable, "-m", module, str(folder)],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=log,
        creationflags=low,
    )


def _watch(
    process: subprocess.Popen[bytes],
    folder: Path,
    limits: TrainingLimits,
    stopped: Callable[[], bool],
    looked: Callable[[str], None],
) -> None:
    """Returns when the process has ended by itself; raises when it has to be ended."""
    began, turn = time.monotonic(), 0
    while process.poll() is None:
        looked(_stage(folder))
        if stopped():
            raise StoppedError("The training was stopped.")
        if time.monotonic() - began > limits.seconds:
            raise TrainingError(
                f"The training was ended after {limits.seconds:,} seconds, the most that this server allows. Choose fewer "
                "epochs or the small network."
            )
        if turn % 2 == 0 and resident_bytes(process.pid) > limits.memory_mb * 1e6:
            raise TrainingError(
                f"The training needed more than {limits.memory_mb:,} MB of memory, the most that this server allows. "
                "Choose the small network or fewer pictures."
            )
        turn += 1
        time.sleep(_POLL)
    looked(_stage(folder))


def _stage(folder: Path) -> str:
    """What the process says that it does."""
    try:
        return (folder / "stage").read_text(encoding="utf-8")[:100] or _STARTING
    except OSError:
        return _STARTING


def _crash(code: int, folder: Path) -> str:
    """A sentence; the last line of what the process complained about goes with it."""
    how = f"was ended from outside (signal {-code})" if code < 0 else f"failed (code {code})"
    try:
        lines = (folder / "log.txt").read_text(encoding="utf-8", errors="replace").strip().splitlines()
    except OSError:
        lines = []
    why = f" Its last words: {lines[-1][:200]}" if lines and code > 0 else ""
    return (
        f"The process that trained {how}. The app was not touched, and what the training had taken is free again.{why} "
        "Train again; if it happens again, choose the small network."
    )
