"""Takes away from the separate process what opening a model does not need. Called there once TensorFlow is imported."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

from lib.zoo.own.limits import ModelLimits

# Python's own events (docs.python.org, "Audit events table") that no layer has a reason for.
_FORBIDDEN = (
    "socket.",
    "subprocess.",
    "os.system",
    "os.exec",
    "os.posix_spawn",
    "os.spawn",
    "os.fork",
    "os.startfile",
    "os.kill",
    "ftplib.",
    "http.client.",
    "urllib.",
    "smtplib.",
    "webbrowser.",
    "pickle.find_class",
    "pty.",
    "winreg.",
    "shutil.",
)


def confine(folder: Path, limits: ModelLimits) -> None:
    """Resource limits as far as the platform has them, and no network, programs or files outside `folder` from Python."""
    _limit_resources(limits)
    _forbid(folder.resolve())


def _limit_resources(limits: ModelLimits) -> None:
    if sys.platform == "win32":  # the app's watcher is all there is
        return
    import resource

    os.nice(5)  # other visitors come first
    used = resource.getrusage(resource.RUSAGE_SELF)
    processors = os.cpu_count() or 1
    cpu = int(used.ru_utime + used.ru_stime + limits.seconds * processors) + 1
    wanted = {
        "RLIMIT_CORE": 0,
        "RLIMIT_CPU": cpu,
        "RLIMIT_FSIZE": 8 * limits.parameters + 100_000_000,
        "RLIMIT_NOFILE": 256,
        **_memory(limits),
    }
    for name, value in wanted.items():
        kind = getattr(resource, name, None)
        if kind is None:
            continue
        hard = resource.getrlimit(kind)[1]
        most = value if hard == resource.RLIM_INFINITY else min(value, hard)
        try:
            resource.setrlimit(kind, (most, most))
        except (ValueError, OSError):  # macOS refuses some of them; the watcher and the clock remain
            continue


def _memory(limits: ModelLimits) -> dict[str, int]:
    """What is taken now plus what the model may take; private data, and addresses with room for threads' stacks."""
    if sys.platform != "linux":
        return {}
    status = dict(
        line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines() if ":" in line
    )
    data, size = (int(status[key].split()[0]) * 1024 for key in ("VmData", "VmSize"))
    return {
        "RLIMIT_DATA": data + limits.memory_bytes,
        "RLIMIT_AS": size + 2 * limits.memory_bytes + 2_000_000_000,
    }


def _forbid(folder: Path) -> None:
    root = os.path.join(str(folder), "")
    writing = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event.startswith(_FORBIDDEN):
            raise PermissionError(f"A model file may not do this: {event}.")
        if event == "open" and isinstance(arguments[0], str | bytes) and arguments[2] & writing:
            path = os.path.realpath(os.fsdecode(arguments[0]))
            if not path.startswith(root) and path != os.devnull:
                raise PermissionError("A model file may not write files.")

    sys.addaudithook(hook)
