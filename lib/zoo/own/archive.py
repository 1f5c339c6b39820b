"""Looks into a zip archive (.keras, SavedModel) without unpacking anything to disk and without trusting what it declares."""

from __future__ import annotations

import io
import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import PurePosixPath

from lib.picture.guards import called, shown_name
from lib.zoo.own.limits import ModelFileError, ModelLimits, in_units

# DEFLATE reaches at most about 1032:1, and only on constant data; trained weights hardly shrink at all.
_MOST_EXPANSION = 200
_SMALL = 1_000_000
_CHUNK = 1 << 20
_NESTED = (b"PK\x03\x04", b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"Rar!", b"7z\xbc\xaf")


@contextmanager
def opened(data: bytes, name: str, limits: ModelLimits) -> Iterator[zipfile.ZipFile]:
    """The archive, when its list of members is harmless.

    Raises:
        ModelFileError: it is damaged, or its list of members is no honest model's.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, EOFError) as error:
        raise ModelFileError(
            f"{called(name)} begins like a zip archive but cannot be opened as one: it is cut off or damaged. "
            "Download or save it again."
        ) from error
    with archive:
        _check_list(archive.infolist(), name, limits)
        yield archive


def _check_list(members: list[zipfile.ZipInfo], name: str, limits: ModelLimits) -> None:
    if not members:
        raise ModelFileError(f"{called(name)} is an empty zip archive. Save the model again.")
    if len(members) > limits.members:
        raise ModelFileError(
            f"{called(name)} holds {len(members):,} files; a model has a handful, the limit is {limits.members:,}. "
            "Save the model again with model.save('model.keras')."
        )
    seen: set[str] = set()
    for member in members:
        _check_member(member, name)
        key = member.filename.casefold().rstrip("/")
        if key in seen:
            raise ModelFileError(
                f"{called(name)} holds “{shown_name(member.filename)}” twice, so that two programs could read two "
                "different models from it. Save the model again."
            )
        seen.add(key)
    declared = sum(member.file_size for member in members)
    if declared > limits.unpacked_bytes:
        raise ModelFileError(
            f"{called(name)} unpacks to {in_units(declared)}; the limit is {in_units(limits.unpacked_bytes)}. "
            "It looks like a zip bomb; if it is a real model, it is too large for this app."
        )


def _check_member(member: zipfile.ZipInfo, name: str) -> None:
    shown, path = shown_name(member.filename), PurePosixPath(member.filename.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or ":" in member.filename or "\0" in member.orig_filename:
        raise ModelFileError(
            f"{called(name)} holds a file that wants to be written outside its folder (“…/{shown}”). "
            "No Keras model does; it is not opened."
        )
    mode = member.external_attr >> 16
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise ModelFileError(
            f"{called(name)} holds a link or device (“{shown}”) instead of a file. Save the model again."
        )
    if member.flag_bits & 0x1:
        raise ModelFileError(
            f"{called(name)} is encrypted (“{shown}”). Unpack it with its password and save it again without one."
        )
    if member.file_size > _SMALL and member.file_size > _MOST_EXPANSION * max(member.compress_size, 1):
        raise ModelFileError(
            f"“{shown}” in {called(name)} would grow from {in_units(member.compress_size)} to "
            f"{in_units(member.file_size)} when unpacked, as a zip bomb does. Save the model again."
        )


def check_unpacked(archive: zipfile.ZipFile, name: str, limits: ModelLimits) -> None:
    """Unpacks every member once and keeps nothing: checksums, and the sizes that are real rather than declared.

    Raises:
        ModelFileError: a member is damaged or an archive itself, or all together are too large.
    """
    total = 0
    for member in archive.infolist():
        first = b""
        for piece in _pieces(archive, member.filename, name):
            first = first or piece[:8]
            total += len(piece)
            if total > limits.unpacked_bytes:
                raise _too_large(member.filename, name, limits.unpacked_bytes)
        if first.startswith(_NESTED):
            raise ModelFileError(
                f"{called(name)} holds another archive (“{shown_name(member.filename)}”). Unpack it and load the model "
                "inside."
            )


def read(archive: zipfile.ZipFile, member: str, name: str, most: int) -> bytes:
    """One member, unpacked piece by piece, given up as soon as it exceeds `most` bytes, whatever it declares.

    Raises:
        ModelFileError: it is larger or damaged.
    """
    pieces, total = [], 0
    for piece in _pieces(archive, member, name):
        total += len(piece)
        if total > most:
            raise _too_large(member, name, most)
        pieces.append(piece)
    return b"".join(pieces)


def _pieces(archive: zipfile.ZipFile, member: str, name: str) -> Iterator[bytes]:
    try:
        with archive.open(member) as stream:
            while piece := stream.read(_CHUNK):
                yield piece
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, RuntimeError) as error:
        raise ModelFileError(
            f"“{shown_name(member)}” in {called(name)} is damaged (its size, checksum or packing is wrong). "
            "Download or save the model again."
        ) from error


def _too_large(member: str, name: str, most: int) -> ModelFileError:
    return ModelFileError(
        f"“{shown_name(member)}” in {called(name)} unpacks to more than {in_units(most)}, the most that is allowed. It "
        "looks like a zip bomb; if it is a real model, it is too large."
    )
