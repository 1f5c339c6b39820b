"""What a visitor is told when the server cannot write temporary files: its disk is full, or there is none to write to."""

from __future__ import annotations

import errno

_NO_ROOM = {getattr(errno, name) for name in ("ENOSPC", "EDQUOT", "EFBIG", "EROFS") if hasattr(errno, name)}


def is_no_room(error: BaseException) -> bool:
    """Whether an error says that nothing more can be written where it was tried."""
    return isinstance(error, OSError) and error.errno in _NO_ROOM


def no_room(what: str) -> str:
    """The sentence; `what`, with a capital, is what needs the room: "The check of x.keras"."""
    return (
        f"{what} needs room for temporary files, and this server has none at the moment. Nothing of yours is lost: try "
        "again in some minutes, or tell the person who runs this server."
    )
