"""Opens a bundle as a stranger's file: two of its members are read, within limits, and nothing in it is run or trusted.

The model in a bundle is for `reproduce.py`; the app shows the case with its own copy of the model of that name.
"""

from __future__ import annotations

import dataclasses
import hashlib
import io
import json
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from lib.picture import BACKGROUNDS, Picture, PictureError, decode
from lib.picture.guards import DEFAULT_LIMITS, called, shown_name
from lib.pipeline import Pipeline, PipelineError
from lib.zoo.card import Card

_MOST_BYTES = 64_000_000
_MOST_MEMBERS = 32
_MOST_CASE = 1_000_000
_MOST_NOTES, _LONGEST_NOTE = 12, 400
_ZIP = b"PK\x03\x04"


class BundleError(ValueError):
    """A file that is no usable bundle; the message says why and what to do."""


@dataclass(frozen=True)
class Opened:
    """What is restored from a bundle.

    Attributes:
        query: the case's link, for `lib.case.from_query`, which trusts nothing in it.
        picture: the picture, with what is known of the file it came from.
        tensor_sha256, model_sha256: of the numbers that the network got and of the model's file, as the bundle says; "" if
            it does not.
    """

    query: dict[str, str]
    picture: Picture
    tensor_sha256: str = ""
    model_sha256: str = ""

    def doubts(self, picture: Picture, pipeline: Pipeline, card: Card) -> tuple[str, ...]:
        """Sentences about what is not as it was where the bundle was made.

        Args:
            picture, pipeline, card: what is restored here.
        """
        said = []
        try:
            tensor = pipeline.run(picture).final
        except PipelineError:
            return ()  # the Lab says why these steps cannot be
        if self.tensor_sha256 and self.tensor_sha256 != tensor_sha256(tensor):
            said.append(
                "The numbers that reach the network are not those in the bundle: it was edited, its picture is another "
                "one, or another version of Misread made it."
            )
        here = _file_sha256(card.model_path) if card.origin == "bundled" else ""
        if here and self.model_sha256 and self.model_sha256 != here:
            said.append(f"The bundle was made with another file of {card.name} than the one here.")
        return tuple(said)


def tensor_sha256(tensor: np.ndarray) -> str:
    """Of the float32 numbers row by row, the lowest byte first, whatever the machine."""
    return hashlib.sha256(np.ascontiguousarray(tensor, "<f4").tobytes()).hexdigest()


@lru_cache(maxsize=64)
def _file_sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def is_bundle(data: bytes) -> bool:
    """Whether a file begins like a zip archive, as no picture does."""
    return data[:4] == _ZIP


def open_bundle(data: bytes, name: str = "") -> Opened:
    """Reads what `write_bundle` wrote.

    Raises:
        BundleError: for any other bytes.
    """
    label = called(shown_name(name))
    if len(data) > _MOST_BYTES:
        raise BundleError(
            f"{label} has {len(data) / 1e6:.0f} MB; a bundle has at most {_MOST_BYTES / 1e6:.0f} MB."
        )
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if len(archive.infolist()) > _MOST_MEMBERS:
                raise BundleError(f"{label} holds {len(archive.infolist()):,} files; a bundle has about ten.")
            case = _case(_member(archive, "case.json", _MOST_CASE, label), label)
            pixels = _member(archive, "picture.png", DEFAULT_LIMITS.bytes, label)
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, RuntimeError) as error:
        raise BundleError(f"{label} is a damaged zip file. Download or export the bundle again.") from error
    query = case.get("link")
    if not isinstance(query, Mapping):
        raise BundleError(f"{label} is no bundle of Misread: its case.json has no link.")
    texts = {str(key): value for key, value in query.items() if isinstance(value, str)}
    try:
        picture = decode(pixels, "picture.png")
    except PictureError as error:
        raise BundleError(f"The picture in {label} cannot be used. {error}") from error
    facts = case.get("picture")
    hashes = (case.get(f"{what}_sha256") for what in ("tensor", "model"))
    known = (value if isinstance(value, str) else "" for value in hashes)
    return Opened(texts, _with_facts(picture, facts if isinstance(facts, Mapping) else {}), *known)


def _member(archive: zipfile.ZipFile, member: str, most: int, label: str) -> bytes:
    """One member, given up as soon as it exceeds `most` bytes, whatever it declares."""
    try:
        with archive.open(member) as stream:
            content = stream.read(most + 1)
    except KeyError as error:
        raise BundleError(
            f"{label} is a zip file without {member}: it is no bundle of Misread. A data set or a model goes to its own "
            "page; a picture has to be taken out of the archive first."
        ) from error
    if len(content) > most:
        raise BundleError(f"{member} in {label} unpacks to more than {most / 1e6:.0f} MB. It is not opened.")
    return content


def _case(content: bytes, label: str) -> dict[str, Any]:
    try:
        case = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise BundleError(f"The case.json in {label} is damaged. Export the bundle again.") from error
    if not isinstance(case, dict):
        raise BundleError(f"The case.json in {label} is none of Misread's.")
    return case


def _with_facts(picture: Picture, facts: Mapping[str, Any]) -> Picture:
    """What was known of the original file, where it makes sense; the pixels are the PNG's."""

    def text(name: str, usual: str) -> str:
        value = facts.get(name)
        return shown_name(value) if isinstance(value, str) and value.strip() else usual

    def number(name: str, lowest: int, highest: int) -> int | None:
        value = facts.get(name)
        if not isinstance(value, int) or isinstance(value, bool):
            return None
        return value if lowest <= value <= highest else None

    background = facts.get("background")
    notes = facts.get("decoding")
    sentences = notes if isinstance(notes, list) else []
    return dataclasses.replace(
        picture,
        name=text("name", picture.name),
        background=str(background) if background in BACKGROUNDS else picture.background,
        decoding=tuple(note[:_LONGEST_NOTE] for note in sentences[:_MOST_NOTES] if isinstance(note, str)),
        format=text("format", picture.format),
        mode=text("mode", picture.mode),
        bit_depth=number("bit_depth", 1, 64) or picture.bit_depth,
        exif_orientation=number("exif_orientation", 1, 8) or picture.exif_orientation,
        jpeg_quality=number("jpeg_quality", 1, 100),
    )
