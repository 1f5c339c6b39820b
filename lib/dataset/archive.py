"""Opens a zip that may be hostile: what is in it is checked before anything is unpacked, and nothing touches the disk.

Which files of it make a data set is decided elsewhere.
"""

from __future__ import annotations

import stat
import struct
import zipfile
from pathlib import PurePosixPath
from typing import BinaryIO

from lib.dataset.guards import DatasetError, Request

_NOISE = frozenset({"__macosx", "thumbs.db", "desktop.ini"})
_DIRECTORY_ENTRY = 400  # bytes of the table of contents for one file, with a long name


def open_archive(file: BinaryIO, size: int, request: Request) -> zipfile.ZipFile:
    """The zip, if nothing in its table of contents speaks against it.

    Args:
        file: seekable.
        size: of the file in bytes.

    Raises:
        DatasetError: it is damaged, encrypted, has links or paths that lead out of it, or would unpack to too much.
    """
    _check_directory(file, size, request)
    try:
        archive = zipfile.ZipFile(file)
    except (
        zipfile.BadZipFile,
        ValueError,
        OSError,
        struct.error,
        NotImplementedError,
        UnicodeError,
    ) as error:
        raise DatasetError(
            f"{request.called} could not be opened: the zip is damaged or incomplete. Make or download it again."
        ) from error
    entries = archive.infolist()
    if len(entries) > request.limits.members:
        raise DatasetError(_too_many(request))
    for entry in entries:
        _check_entry(entry, request)
    total = sum(entry.file_size for entry in entries)
    if total > request.limits.unpacked:
        raise DatasetError(
            f"{request.called} would unpack to {total / 1e6:,.0f} MB; the limit is "
            f"{request.limits.unpacked / 1e6:,.0f} MB. Load a part of it, or raise MISREAD_DATASET_UNPACKED."
        )
    return archive


def members(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """The files, without folders, hidden files and what macOS and Windows leave behind; in the archive's order."""
    entries = archive.infolist()
    # Not is_dir(), which fails on an entry without a name.
    files = [entry for entry in entries if entry.filename and not entry.filename.endswith("/")]
    return [entry for entry in files if not _is_noise(entry.filename)]


def _is_noise(path: str) -> bool:
    parts = PurePosixPath(path).parts
    return any(part.startswith(".") or part.lower() in _NOISE for part in parts)


def _check_entry(entry: zipfile.ZipInfo, request: Request) -> None:
    name = _shown(entry.filename)
    parts = entry.filename.replace("\\", "/").split("/")
    if entry.filename.startswith(("/", "\\")) or ".." in parts or parts[0][1:2] == ":":
        raise DatasetError(
            f"{request.called} holds the path “{name}”, which leads out of the archive. Such archives are refused: zip the "
            "folder again."
        )
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise DatasetError(
            f"{request.called} holds “{name}”, which is a link to another file. Zip the pictures themselves instead."
        )
    if entry.flag_bits & 0x1:
        raise DatasetError(
            f"{request.called} is encrypted (“{name}”). Zip the files again without a password."
        )
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise DatasetError(
            f"{request.called} packs “{name}” by a method that is not read here. Zip the files in the ordinary way "
            "(deflate)."
        )


def _check_directory(file: BinaryIO, size: int, request: Request) -> None:
    """Refuse a table of contents that would fill the memory before a single file is looked at."""
    start = max(0, size - 65_557)  # the end record and the longest comment
    file.seek(start)
    tail = file.read(size - start)
    place = tail.rfind(b"PK\x05\x06")
    length = 0
    if place >= 0 and len(tail) >= place + 22:
        (length,) = struct.unpack_from("<I", tail, place + 12)
        wide = tail.rfind(b"PK\x06\x06", 0, place)
        if length == 0xFFFFFFFF and wide >= 0 and len(tail) >= wide + 56:
            (length,) = struct.unpack_from("<Q", tail, wide + 40)
    if length > request.limits.members * _DIRECTORY_ENTRY:
        raise DatasetError(_too_many(request))
    file.seek(0)


def _too_many(request: Request) -> str:
    return (
        f"{request.called} holds more than {request.limits.members:,} files. Load a part of them, or raise "
        "MISREAD_DATASET_MEMBERS."
    )


def _shown(path: str) -> str:
    text = "".join(sign if sign.isprintable() else " " for sign in path[:200])
    return text if len(text) <= 60 else f"{text[:29]}…{text[-30:]}"
