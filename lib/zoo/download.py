"""Fetches one file over HTTP into a folder: bounded in time, checked, and there either whole or not at all."""

from __future__ import annotations

import hashlib
import os
import queue
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

_CHUNK = 1 << 18
_STALE_SECONDS = 3600.0

Progress = Callable[[int, int], None]
"""Called with the bytes that are there and the bytes that were announced (0: not announced)."""


class DownloadError(OSError):
    """A file that could not be fetched; the message says why, without a full stop."""


def download(
    url: str,
    target: Path,
    md5: str,
    most_bytes: int,
    seconds: float,
    progress: Progress = lambda done, announced: None,
) -> None:
    """Writes the file at `url` to `target`, replacing what is there.

    Args:
        md5: the file's checksum in hexadecimal digits, or "" when none is published.
        most_bytes: a longer answer is refused.
        seconds: how long to wait for the first answer, name look-up included, and then for each further piece.

    Raises:
        DownloadError: no connection, no such file, no room, an answer that is cut off or another file than expected.
    """
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _remove_leftovers(target)
        handle, name = tempfile.mkstemp(prefix=f"{target.name}.", suffix=".part", dir=target.parent)
    except OSError as error:
        raise DownloadError(f"{target.parent} cannot be written to: {error.strerror or error}") from error
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as file, _answer(url, seconds) as answer:
            _copy(answer, file, target.name, md5, most_bytes, progress)
        os.replace(part, target)
    except DownloadError:
        raise
    except OSError as error:  # sockets, time-outs, a full disk
        raise DownloadError(f"{_host(url)}: {error.strerror or error}") from error
    finally:
        part.unlink(missing_ok=True)


def _copy(answer: Any, file: Any, name: str, md5: str, most_bytes: int, progress: Progress) -> None:
    announced = int(answer.headers.get("Content-Length") or 0)
    progress(0, announced)
    if announced > most_bytes:
        raise DownloadError(f"{name} would be {announced / 1e6:.0f} MB, far more than expected")
    digest, done = hashlib.md5(usedforsecurity=False), 0
    while piece := answer.read(_CHUNK):
        done += len(piece)
        if done > most_bytes:
            raise DownloadError(f"{name} is longer than expected")
        file.write(piece)
        digest.update(piece)
        progress(done, announced)
    if not done:
        raise DownloadError(f"{name} came as an empty answer")
    if announced and done < announced:
        raise DownloadError(f"the connection broke after {done / 1e6:.1f} of {announced / 1e6:.1f} MB")
    if md5 and digest.hexdigest() != md5:
        raise DownloadError(f"{name} arrived damaged: its checksum is {digest.hexdigest()} instead of {md5}")


def _answer(url: str, seconds: float) -> Any:
    """The open answer. A thread of its own, because nothing bounds the look-up of a host's name."""
    answers: queue.Queue[Any] = queue.Queue()
    given_up = threading.Event()

    def ask() -> None:
        try:
            request = urllib.request.Request(url, headers={"User-Agent": "misread"})
            answer = urllib.request.urlopen(request, timeout=seconds)
        except Exception as error:
            answers.put(error)
            return
        answers.put(answer)
        if given_up.is_set():
            answer.close()

    threading.Thread(target=ask, name="misread-download", daemon=True).start()
    try:
        answer = answers.get(timeout=seconds)
    except queue.Empty:
        given_up.set()
        raise DownloadError(f"{_host(url)} did not answer within {seconds:g} seconds") from None
    if isinstance(answer, urllib.error.HTTPError):
        raise DownloadError(f"{_host(url)} answered {answer.code} ({answer.reason})")
    if isinstance(answer, urllib.error.URLError):
        raise DownloadError(f"no connection to {_host(url)} ({answer.reason})")
    if isinstance(answer, Exception):
        raise DownloadError(f"{_host(url)}: {answer}")
    return answer


def _host(url: str) -> str:
    return urlsplit(url).hostname or url


def _remove_leftovers(target: Path) -> None:
    """Parts that a killed process left behind; younger ones may be somebody's who is downloading right now."""
    for part in target.parent.glob(f"{target.name}.*.part"):
        if time.time() - part.stat().st_mtime > _STALE_SECONDS:
            part.unlink(missing_ok=True)


def md5_of(path: Path) -> str:
    """A file's checksum, read in pieces.

    Raises:
        OSError: it cannot be read.
    """
    digest = hashlib.md5(usedforsecurity=False)
    with path.open("rb") as file:
        while piece := file.read(_CHUNK):
            digest.update(piece)
    return digest.hexdigest()
