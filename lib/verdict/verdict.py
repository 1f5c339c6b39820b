"""The Verdict: what stands beside a prediction. A value; how it is reached lives in `judging`."""

from __future__ import annotations

from dataclasses import dataclass

from lib.verdict.sureness import Record
from lib.verdict.witnesses import Witness

UNUSUAL, NOTHING = 0.05, 0.005
FEWEST = 19
"""Of fewer held-out pictures no p-value can be 0.05; for "like nothing in training" it takes 199."""
TYPICAL_WORDS, UNUSUAL_WORDS, NOTHING_WORDS = "typical", "unusual", "like nothing in training"
LEVELS = (TYPICAL_WORDS, UNUSUAL_WORDS, NOTHING_WORDS)


@dataclass(frozen=True)
class Answer:
    """One class of the top-k.

    Attributes:
        index, name: of the class.
        logit: before softmax or sigmoid.
        probability: as the network gives it.
        calibrated: after the temperature, or None where there is no held-out data or no softmax.
    """

    index: int
    name: str
    logit: float
    probability: float
    calibrated: float | None


@dataclass(frozen=True)
class Statement:
    """What one witness says.

    Attributes:
        p: its p-value by itself, 0..1.
        nats: its part of the score that the verdict's p ranks by, see `conformal`.
    """

    witness: Witness
    p: float
    nats: float = 0.0


@dataclass(frozen=True)
class Verdict:
    """Of one picture.

    Attributes:
        top: the k most probable classes.
        p: the conformal p-value of all witnesses together (see `conformal`), or None without a Reference of at least
            `FEWEST` held-out pictures.
        statements: every witness by itself.
        held_out: how many held-out pictures p rests on.
        temperature: that calibrates, or None.
        record: how often predictions about as sure are right, or None; also None for an answer that no held-out picture has.
        note: a sentence when there is no p-value: why, and what can be done.
        unknown: the same in two or three words.
    """

    top: tuple[Answer, ...]
    p: float | None = None
    statements: tuple[Statement, ...] = ()
    held_out: int = 0
    temperature: float | None = None
    record: Record | None = None
    note: str = ""
    unknown: str = "no training sample"

    @property
    def level(self) -> str | None:
        """One of LEVELS, or None without a p-value. With fewer than 199 held-out pictures the last cannot be reached."""
        if self.p is None:
            return None
        if self.p > UNUSUAL:
            return TYPICAL_WORDS
        return UNUSUAL_WORDS if self.p > NOTHING else NOTHING_WORDS

    @property
    def typical(self) -> bool | None:
        """Whether p is above 0.05; None without a p-value."""
        return None if self.p is None else self.p > UNUSUAL

    @property
    def sentence(self) -> str:
        """What the level rests on, for people."""
        if self.p is None:
            return self.note
        return self._share + self._strangest

    @property
    def _share(self) -> str:
        assert self.p is not None
        strange = max(1, round(self.p * (self.held_out + 1)) - 1)
        if self.p * (self.held_out + 1) < 1.5:
            return f"None of {self.held_out:,} held-out pictures is as strange to the network as this one."
        share = 100 * strange / self.held_out
        words = f"{share:.0f} %" if share >= 1 else f"{strange} ({share:.1f} %)"
        return f"{words} of {self.held_out:,} held-out pictures are at least as strange to the network as this one."

    @property
    def _strangest(self) -> str:
        """Which witness made it so, for a picture that is not typical."""
        if self.typical or not self.statements:
            return ""
        most = max(self.statements, key=lambda said: said.nats)
        return f" Strangest: {most.witness.aspect}."
