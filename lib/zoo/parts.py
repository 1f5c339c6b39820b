"""Reads the files beside a bundled model's card. One that cannot be used is named without the path on the server."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from lib.architecture import one_line
from lib.zoo.card import CardError

Part = TypeVar("Part")

_PATH = re.compile(r"([A-Za-z]:)?[/\\][^/\\\s]+[/\\]")
_LONGEST = 300


def required(path: Path, read: Callable[[Path], Part]) -> Part:
    """What `read` makes of the file.

    Raises:
        CardError: there is no such file, or `read` cannot use it.
    """
    called = f"{path.name} of the model {path.parent.name}"
    if not path.exists():
        raise CardError(f"{called} is missing. Put it back as the repository has it.")
    try:
        return read(path)
    except MemoryError:
        raise
    except Exception as error:  # a damaged file raises anything
        raise CardError(
            f"{called} is damaged, or another version of Misread wrote it. Put it back as the repository has it, or make it "
            f"again: python -m lib.training {path.parent.name}.{_reason(error, path)}"
        ) from error


def optional(path: Path, read: Callable[[Path], Part]) -> Part | None:
    """The same of a file that not every model has; None where it is missing."""
    return required(path, read) if path.exists() else None


def _reason(error: Exception, path: Path) -> str:
    """The reader's own words, unless they show where on the server something lies."""
    said = one_line(str(error).replace(str(path), path.name), _LONGEST)
    return f" ({said})" if said and not _PATH.search(said) else ""
