"""The live views of the verdict: the line above the answers, and below them what it rests on.

Python words the numbers; `frontend/verdict.js` and `frontend/sureness.js` draw them. What is on demand is only sent while it
is open.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Any

import numpy as np

from lib.ui.view_options import compact_json, one_of, settings
from lib.ui.wire import pack
from lib.verdict.prototypes import Neighbour
from lib.verdict.verdict import LEVELS, Statement, Verdict
from lib.wording import number, probability, share

if TYPE_CHECKING:
    from lib.noise_probe import NoiseProbe

WITNESSES, SOFTMAX = "witnesses", "softmax"
_MOST_CLASSES = 6
_CAUTION = "That holds for pictures like those of its training, which this one is not."
_GUARANTEE = (
    "If the picture comes from where the training pictures come from, it is called “unusual” or worse at most once in 20 "
    "times and “like nothing in training” at most once in 200, whatever the network (conformal prediction), as long as the "
    "held-out pictures took no part in its training; of a sample that you added only you know. Read the other way it is no "
    "proof: a strange picture can pass for typical."
)


@dataclass(frozen=True)
class SurenessOptions:
    """What is open below the answers; what a link keeps: "", WITNESSES or SOFTMAX."""

    open: str = ""

    @classmethod
    def from_json(cls, value: object) -> SurenessOptions:
        """Options out of a link or a browser's report; what is unknown falls back to the default."""
        return cls(one_of(settings(value).get("open"), (WITNESSES, SOFTMAX), cls.open))

    def to_json(self) -> str:
        """What differs from the defaults, as short JSON: "{}" if nothing does."""
        return compact_json(
            {f.name: getattr(self, f.name) for f in fields(self) if getattr(self, f.name) != f.default}
        )


@dataclass(frozen=True, eq=False)
class Details:
    """What is shown on demand; empty where it is not asked for, or not to be had.

    Attributes:
        neighbours: the most similar training prototypes.
        probe: how the network answers noise.
        logits: (K,) before softmax, for a single-label network.
        refusal: the class by which the network itself refuses, and its probability.
    """

    neighbours: Sequence[Neighbour] = ()
    probe: NoiseProbe | None = None
    logits: np.ndarray | None = None
    refusal: tuple[str, float] | None = None


def verdict_message(verdict: Verdict | None) -> bytes:
    """The packed message for `frontend/verdict.js`; the line is empty without a verdict."""
    if verdict is None:
        return pack({"level": ""})
    tone = LEVELS.index(verdict.level) if verdict.level else -1
    return pack({"level": verdict.level or verdict.unknown, "tone": tone, "sentence": verdict.sentence})


def sureness_message(
    class_names: Sequence[str],
    verdict: Verdict | None,
    options: SurenessOptions,
    details: Details | None = None,
    softmax: bool = True,
) -> bytes:
    """The packed message for `frontend/sureness.js`.

    Args:
        class_names: K names, shown as plain text whatever they contain.
        verdict: None while there is no answer: the view is empty then.
        details: of what `options` says is open.
        softmax: whether the network's answer is a softmax, so that its view can be opened.
    """
    details = details or Details()
    header: dict[str, Any] = {"channel": "sureness", "options": asdict(options), "shown": verdict is not None}
    arrays: dict[str, np.ndarray] = {}
    if verdict is not None:
        header |= {"sure": _sure(verdict), "softmax": softmax}
        if options.open == WITNESSES:
            header |= _opened_witnesses(class_names, verdict, details)
            arrays |= {f"prototype{i}": near.image for i, near in enumerate(details.neighbours)}
        if options.open == SOFTMAX and softmax and details.logits is not None:
            header |= _opened_softmax(class_names, details.logits)
            arrays["logits"] = np.asarray(details.logits, np.float32)
        if options.open and details.probe is not None:
            header["attractor"] = details.probe.attractor.sentence()
    return pack(header, arrays)


def _sure(verdict: Verdict) -> Mapping[str, str] | None:
    """The first class's probability, raw and calibrated, and how often predictions about as sure are right."""
    first = verdict.top[0] if verdict.top else None
    if first is None or first.calibrated is None:
        return None
    caution = "" if verdict.typical else _CAUTION
    return {
        "name": first.name,
        "raw": probability(first.probability),
        "calibrated": probability(first.calibrated),
        "record": " ".join(filter(None, (verdict.record.sentence if verdict.record else "", caution))),
    }


def _opened_witnesses(class_names: Sequence[str], verdict: Verdict, details: Details) -> dict[str, Any]:
    found: dict[str, Any] = {
        "witnesses": [_witness(said, verdict.held_out) for said in verdict.statements],
        "guarantee": _GUARANTEE if verdict.p is not None else "",
        "neighbours": [
            {
                "name": class_names[near.label] if near.label < len(class_names) else str(near.label),
                "distance": number(near.distance),
                "size": f"mean of {near.size:,} training pictures",
            }
            for near in details.neighbours
        ],
    }
    if details.refusal:
        name, p = details.refusal
        found["refusal"] = f"The network's own answer “{name}”: {probability(p)}."
    if details.probe is not None and verdict.p is None and verdict.top:
        logit = max(answer.logit for answer in verdict.top)
        found["noise"] = (
            f"Its largest logit is {number(logit)}; {share(details.probe.reached(logit))} of "
            f"{len(details.probe.largest):,} pictures of noise reach that."
        )
    return found


def _witness(said: Statement, held_out: int) -> dict[str, Any]:
    strange = round(said.p * (held_out + 1)) - 1
    words = f"{share(strange / held_out)} as strange" if strange else "none as strange"
    return {
        "title": said.witness.title,
        "explanation": said.witness.explanation,
        "p": said.p,
        "words": words,
        "tone": 0 if said.p > 0.05 else 1 if said.p > 0.005 else 2,
    }


def _opened_softmax(class_names: Sequence[str], logits: np.ndarray) -> dict[str, Any]:
    order = np.argsort(-np.nan_to_num(logits, nan=-np.inf), kind="stable")[:_MOST_CLASSES]
    return {"classes": [{"index": int(index), "name": str(class_names[index])} for index in order]}
