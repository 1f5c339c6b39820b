"""How much memory a process of ours takes, asked from the operating system without further packages."""

from __future__ import annotations

import ctypes
import subprocess
import sys
from pathlib import Path


def resident_bytes(pid: int) -> int:
    """The process's resident memory; 0 when it has ended or the system does not tell."""
    try:
        if sys.platform == "linux":
            pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
            return pages * _PAGE
        if sys.platform == "win32":
            return _on_windows(pid)
        answer = subprocess.run(["ps", "-o", "rss=", "-p", str(pid)], capture_output=True, timeout=5)
        return int(answer.stdout) * 1024
    except (OSError, ValueError, IndexError, subprocess.SubprocessError):
        return 0


if sys.platform == "linux":
    import resource

    _PAGE = resource.getpagesize()

if sys.platform == "win32":

    class _Counters(ctypes.Structure):
        """PROCESS_MEMORY_COUNTERS of the Windows API."""

        _fields_ = (
            ("size", ctypes.c_uint32),
            ("page_faults", ctypes.c_uint32),
            *((name, ctypes.c_size_t) for name in ("peak_working_set", "working_set")),
            *((f"quota_{index}", ctypes.c_size_t) for index in range(4)),
            *((name, ctypes.c_size_t) for name in ("pagefile", "peak_pagefile")),
        )

    def _on_windows(pid: int) -> int:
        kernel = ctypes.windll.kernel32
        kernel.OpenProcess.restype = ctypes.c_void_p
        handle = ctypes.c_void_p(kernel.OpenProcess(0x1000, False, pid))  # PROCESS_QUERY_LIMITED_INFORMATION
        if not handle:
            return 0
        try:
            counters = _Counters()
            counters.size = ctypes.sizeof(counters)
            found = kernel.K32GetProcessMemoryInfo(handle, ctypes.byref(counters), counters.size)
            return counters.pagefile if found else 0
        finally:
            kernel.CloseHandle(handle)
