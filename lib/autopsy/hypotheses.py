"""The pipelines that the search tries: the contract's own with what a picture may need beyond it. No judgement here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from lib.contract import Contract
from lib.pipeline import Pipeline

Change = dict[str, dict[str, Any]]
"""Step -> the values it gets."""

TURNS = ("rotate 90°", "rotate 180°", "rotate 270°")
MIRRORINGS = ("mirror left-right", "flip top-bottom", "transpose", "anti-transpose")
_RANGES = ("0..255", "0..1", "-1..1", "standardise")
_COLOUR_RANGES = (*_RANGES, "caffe", "torch")
_PAPER = {"method": "subtract", "window": 30.0, "on": True}
_SHADOW = {"method": "subtract", "window": 12.0, "on": True}
_DARKEST = {"recipe": "darkest channel"}


def _steep(slope: float, b: float) -> dict[str, Any]:
    """A contrast curve whose middle lies at slope / b of the range."""
    return {"slope": slope, "b": b, "output": "0..255", "on": True}


# Flat paper needs nothing, real paper its background taken away, pencil and coloured ink the darkest channel as well; the
# curve's middle lies at 20 % of the range for pale ink, at 33 % or 50 % for ink that has a halo or is out of focus.
_INK_TONES: tuple[Change, ...] = (
    {},
    {"background": _PAPER},
    {"background": _PAPER, "sigmoid": _steep(20.0, 100.0)},
    {"background": _PAPER, "sigmoid": _steep(20.0, 60.0)},
    {"background": _PAPER, "sigmoid": _steep(20.0, 40.0)},
    {"grayscale": _DARKEST},
    {"grayscale": _DARKEST, "background": _PAPER},
    {"grayscale": _DARKEST, "background": _PAPER, "sigmoid": _steep(20.0, 100.0)},
    {"grayscale": _DARKEST, "background": _PAPER, "sigmoid": _steep(20.0, 60.0)},
    {"sigmoid": _steep(20.0, 100.0)},
    {"sigmoid": _steep(20.0, 60.0)},
    {"sigmoid": _steep(20.0, 40.0)},
    {"background": _SHADOW, "sigmoid": _steep(20.0, 60.0)},
    {"background": {"method": "otsu", "on": True}},
    {"background": {"method": "adaptive", "window": 20.0, "offset": 20.0, "on": True}},
)
_REFINEMENTS: tuple[tuple[str, Change], ...] = (
    *(
        ("stroke", {"stroke": {"amount": amount, "on": True}})
        for amount in (-4.0, -3.0, -2.0, -1.0, 1.0, 2.0, 3.0, 4.5, 6.0)
    ),
    *(("softness", {"softness": {"sigma": sigma, "on": True}}) for sigma in (1.0, 2.5)),
)
_CLOSER = (1.5, 2.0)


@dataclass(frozen=True)
class Hypothesis:
    """One way in which the picture should have been preprocessed.

    Attributes:
        pipeline: the steps.
        departures: the kinds of change against the contract's own pipeline, each once: "tone", "polarity",
            "orientation", "mirror", "stroke", "softness", "frame", "range", "channels".
    """

    pipeline: Pipeline
    departures: tuple[str, ...] = ()

    def also(self, kind: str, change: Change) -> Hypothesis:
        """With one more change."""
        return Hypothesis(changed(self.pipeline, change), tuple(sorted({*self.departures, kind})))


def changed(pipeline: Pipeline, change: Change) -> Pipeline:
    """`pipeline` with the values of some steps replaced."""
    for name, values in change.items():
        pipeline = pipeline.with_step(name, **values)
    return pipeline


def first_round(contract: Contract, open_fields: Iterable[str] = ()) -> tuple[Hypothesis, ...]:
    """The contract's own pipeline first, then tones x polarity x frame (and what the contract leaves open), each in all
    eight orientations.

    Args:
        open_fields: fields of the contract that nobody vouches for: "value_range", "channel_order", "frame".
    """
    return _first_round(contract, frozenset(open_fields))


@lru_cache(maxsize=32)
def _first_round(contract: Contract, fields: frozenset[str]) -> tuple[Hypothesis, ...]:
    own = Hypothesis(contract.pipeline())
    found = [own]
    ink = is_ink(contract)
    tones = _INK_TONES[1:] if ink else ()
    found += [own.also("tone", tone) for tone in tones]
    found = [*found, *_each(found, "polarity", _polarities(contract))]
    if "value_range" in fields:
        modes = _RANGES if contract.channels == 1 else _COLOUR_RANGES
        # Of every range a few tones are enough to recognise it; the rest follows once it is known.
        some = found if not ink else [h for h in found if h.departures != ("tone",)][:4] + found[1:4]
        found += list(
            _each(some, "range", ({"value_range": {"mode": m}} for m in modes if m != contract.value_range))
        )
    if "channel_order" in fields and contract.channels == 3:
        other = "BGR" if contract.channel_order == "RGB" else "RGB"
        found += list(_each(found, "channels", ({"channel_order": {"order": other, "on": True}},)))
    if "frame" in fields or not ink:
        found += list(_each(found[: len(tones) + 1], "frame", _frames(contract)))
    every = list(found)
    for kind, turns in (("orientation", TURNS), ("mirror", MIRRORINGS)):
        every += _each(found, kind, ({"orientation": {"turn": turn, "on": True}} for turn in turns))
    return tuple(every)


def turned(hypothesis: Hypothesis) -> Iterator[Hypothesis]:
    """The seven other orientations."""
    for kind, turns in (("orientation", TURNS), ("mirror", MIRRORINGS)):
        yield from _each([hypothesis], kind, ({"orientation": {"turn": turn, "on": True}} for turn in turns))


def second_round(contract: Contract, best: Iterable[Hypothesis]) -> Iterator[Hypothesis]:
    """What changes little: stroke width and edges of the most promising ones."""
    refinements = _REFINEMENTS if is_ink(contract) else ()
    for hypothesis in best:
        for kind, change in refinements:
            yield hypothesis.also(kind, change)


def is_ink(contract: Contract) -> bool:
    """Whether the network reads ink on a ground, and no photographs."""
    return contract.channels == 1 or contract.frame == "crop to ink" or contract.polarity != "any"


def _polarities(contract: Contract) -> tuple[Change, ...]:
    """The other ways round than the contract's."""
    usual = contract.pipeline()["invert"]
    ways: list[dict[str, Any]] = [{"on": False}, {"method": "255 - x", "on": True}]
    if not is_ink(contract):
        return ()
    return tuple(
        {"invert": way}
        for way in ways
        if (way["on"], way.get("method")) != (usual.on, getattr(usual, "method", ""))
    )


def _frames(contract: Contract) -> tuple[Change, ...]:
    modes = ("squash", "pad to square", "crop to ink" if is_ink(contract) else "centre crop")
    found: list[Change] = [{"frame": {"mode": mode, "on": True}} for mode in modes if mode != contract.frame]
    if not is_ink(contract):
        found += [{"move": {"scale": scale, "on": True}} for scale in _CLOSER]
    return tuple(found)


def _each(hypotheses: Iterable[Hypothesis], kind: str, changes: Iterable[Change]) -> Iterator[Hypothesis]:
    kept = list(hypotheses)
    for change in changes:
        for hypothesis in kept:
            yield hypothesis.also(kind, change)
