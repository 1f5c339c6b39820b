"""The sample pictures, what each one demonstrates (`sample_images/index.json`), and which kind of them suits a network."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from lib.contract import Contract
from lib.picture import Picture, decode

FOLDER = Path(__file__).resolve().parents[1] / "sample_images"
SUITS = ("letter", "digit", "photo")


@dataclass(frozen=True)
class Sample:
    """One sample.

    Attributes:
        id: its name in links.
        shows: one sentence: what it demonstrates.
        truth: what a person reads or sees, or None where there is nothing to name.
        question: 1, 2 or 3: which of the three questions it belongs to; or None.
        suits: "letter", "digit" or "photo": the kind of network that it was made for; every other can try it too.
    """

    id: str
    title: str
    shows: str
    truth: str | None
    question: int | None
    suits: str
    path: Path

    def picture(self) -> Picture:
        """The decoded picture; decoded once per process."""
        return _picture(self.path)


@cache
def samples() -> tuple[Sample, ...]:
    """All samples, in the order in which the gallery shows them."""
    entries = json.loads((FOLDER / "index.json").read_text(encoding="utf-8"))
    return tuple(
        Sample(e["id"], e["title"], e["shows"], e["truth"], e["question"], e["suits"], FOLDER / e["file"])
        for e in entries
    )


def sample(id: str) -> Sample:
    """One sample by its id.

    Raises:
        KeyError: there is no such sample.
    """
    found = {s.id: s for s in samples()}
    if id not in found:
        raise KeyError(f"There is no sample {id!r:.60}; there are {', '.join(found)}.")
    return found[id]


def kind_for(contract: Contract) -> str:
    """Which kind of samples suits a network, in the words of `Sample.suits`: by its class names, then by its channels.

    One class may be something else, such as "not a letter" or the 10 of house numbers.
    """
    names = [name.strip() for name in contract.class_names]
    most = len(names) - 1
    if sum(len(name) == 1 and name.isdecimal() for name in names) >= max(2, most):
        return "digit"
    if sum(len(name) == 1 for name in names) >= max(2, most):
        return "letter"
    return "photo" if contract.channels == 3 else "letter"


@cache
def _picture(path: Path) -> Picture:
    return decode(path.read_bytes(), path.name)
