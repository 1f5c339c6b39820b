"""The findings of a fix: each part's share of the improvement, its name, level and evidence, in the order of importance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from lib.autopsy.causes import CAUSES
from lib.autopsy.choice import applied
from lib.autopsy.examination import RUIN, RUINED, Examination
from lib.autopsy.finding import CERTAIN, Finding
from lib.autopsy.judge import Judge, Judged
from lib.autopsy.naming import Difference
from lib.autopsy.shapley import shapley
from lib.pipeline import Pipeline

_MOST_GAIN = 10.0
_SURE = 0.9
_REFINED = frozenset({"stroke-width", "edge-softness"})
WRONG_NUMBERS = frozenset(
    {
        "contrast-range",
        "imagenet-mode",
        "one-minus-float",
        "preprocess-twice",
        "range-signed-expected",
        "range-too-large",
        "range-too-small",
        "row-normalised",
        "uint8-wrap",
    }
)
"""What is wrong with the numbers themselves, whatever they show."""
HEARD = {
    "reference": "training sample",
    "plain reference": "training sample",
    "batchnorm": "BatchNorm statistics",
}
"""Who was heard, of `score.KINDS` -> the level of what they say."""


def idle(parts: Sequence[Difference], current: Judged, best: Judged, seen: Examination) -> bool:
    """Whether only strokes or edges would be made more usual, in a picture whose own stand out in nothing, that the network
    reads surely and as the same afterwards: nothing is wrong that anybody would want to put right."""
    out = {found.cause for found in seen.findings}
    answers, then = current.probabilities.argmax(1), best.probabilities.argmax(1)
    return (
        all(part.cause in _REFINED and part.cause not in out for part in parts)
        and bool((answers == then).all())
        and float(current.probabilities.max(1).min()) >= _SURE
    )


def findings_of(
    wrong: Pipeline,
    right: Pipeline,
    parts: Sequence[Difference],
    judge: Judge,
    seen: Examination | None,
) -> tuple[Finding, ...]:
    """One finding for each part, the most important first.

    Args:
        wrong, right: the visitor's pipeline, and the better one.
        parts: what of the difference matters.
        seen: the picture under the visitor's pipeline; None where that gives no tensor.
    """
    if not parts:
        return ()
    parts = [ruined(part, seen) for part in parts]
    by_key = {part.key: part for part in parts}
    goal = judge.pipeline(applied(wrong, right, parts)).score

    def worth(keys: frozenset[str]) -> float:
        there = judge.pipeline(applied(wrong, right, [by_key[key] for key in keys]))
        return float(np.clip(there.score - goal, -_MOST_GAIN, 0.0))

    values = shapley(list(by_key), worth)
    total = sum(max(value, 0.0) for value in values.values()) or 1.0
    before = judge.reading(judge.pipeline(wrong), "").top[0]
    found = []
    for key, part in by_key.items():
        fix = part.apply(wrong, right)
        after = judge.reading(judge.pipeline(fix), "").top[0]
        changes = "; ".join(str(change).rstrip(".") for change in wrong.diff(fix))
        found.append(
            Finding(
                cause=part.cause,
                sentence=f"{CAUSES[part.cause].what} {changes}.",
                level=_level(part, right, judge, seen),
                evidence=seen.evidence(part.cause) if seen else (),
                witnesses=seen.witnesses(part.cause) if seen else (),
                weight=max(values[key], 0.0) / total,
                fix=fix,
                code=part.code,
                before=before,
                after=after,
            )
        )
    return tuple(sorted(found, key=_rank))


def ruined(part: Difference, seen: Examination | None) -> Difference:
    """A file that was compressed until its blocks show has no edges and no ground of its own left to blame."""
    to_ruin = seen is not None and any(found.cause == RUIN and found.weight > 0 for found in seen.findings)
    return replace(part, cause=RUIN) if to_ruin and part.cause in RUINED else part


def _rank(finding: Finding) -> tuple[bool, float]:
    """Wrong numbers first where that is certain: before they are right, nothing else can help, and Shapley's equal shares
    of what helps only together say nothing about which of the two it was. Then by weight."""
    return not (finding.level in CERTAIN and finding.cause in WRONG_NUMBERS), -finding.weight


def _level(part: Difference, right: Pipeline, judge: Judge, seen: Examination | None) -> str:
    """What the finding rests on: the strongest of what is known."""
    if seen and any(clue.cause == part.cause and clue.level == "proof" for clue in seen.findings):
        return "proof"
    if all(right[name] == judge.own[name] for name in part.steps):
        return "model card"
    return HEARD.get(judge.kind, "guess")
