"""The Autopsy of one picture in one model: search, comparison with what the visitor did, findings, verdict."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lib.autopsy.causes import CAUSES
from lib.autopsy.conclusion import conclusion
from lib.autopsy.evidence import gather
from lib.autopsy.examination import FACTS, Examination, look
from lib.autopsy.expected import expected_misread
from lib.autopsy.finding import Autopsy, Finding, Reading
from lib.autopsy.hypotheses import Hypothesis
from lib.autopsy.naming import Difference, differences
from lib.autopsy.score import scores
from lib.autopsy.search import Candidate, search
from lib.autopsy.shapley import MOST_PLAYERS, shapley
from lib.autopsy.stranger import stranger
from lib.autopsy.typicality import typicality
from lib.picture import Picture
from lib.pipeline import Pipeline
from lib.pipeline.shared_runs import SharedRuns

if TYPE_CHECKING:
    from lib.network import Network
    from lib.reference import Reference

Say = Callable[[str], None]

NEEDED_GAIN = 3.0
"""By how much (log odds) another pipeline must be better than the contract's own before it is blamed on the picture."""
_LEAST_TYPICAL = 0.001
_MOST_GAIN = 10.0
_WORST = -1e6
_SHOWN = 8


def examine(
    network: Network,
    picture: Picture,
    pipeline: Pipeline,
    reference: Reference | None = None,
    open_fields: Iterable[str] = (),
    model_findings: tuple[Finding, ...] | None = None,
    progress: Say = lambda text: None,
) -> Autopsy:
    """Which difference between training and serving makes the network misread this picture.

    Args:
        network: with its contract, and its own Reference unless another is given.
        pipeline: what the visitor does with the picture.
        reference: of the training data; by default the network's.
        open_fields: fields of the contract that were only assumed, e.g. "value_range": they are searched, too.
        model_findings: of `fingerprint`, if they are known already: they do not depend on the picture.
        progress: told what is being done.
    """
    started = time.monotonic()
    reference = reference or network.reference
    if model_findings is None:
        progress("reading the model")
        model_findings = _fingerprint(network)
    progress("trying other ways to preprocess")
    judge = _Judge(network, picture, reference)
    found = search(network, picture, reference, [Hypothesis(pipeline)], open_fields)
    progress("comparing")
    current = judge.pipeline(pipeline)
    own = judge.pipeline(network.contract.pipeline())
    best = _choose(current, own, found, pipeline, judge)
    parts = _needed(pipeline, best.pipeline, network, picture, judge) if best is not current else ()
    fix = _with(pipeline, best.pipeline, parts)
    seen = look(picture, pipeline.run(picture), network, reference) if parts and current.runs else None
    findings = _findings(pipeline, best.pipeline, parts, network, judge, seen) if parts else ()
    after = judge.pipeline(fix) if parts else current
    typical = typicality(after.features, reference) if reference is not None else None
    rare = typical is not None and typical < _LEAST_TYPICAL
    outside = stranger(network, after.tensor, reference) if rare else None
    facts, also = _facts(picture, after, network, reference, {finding.cause for finding in findings})
    if any(fact.cause == "blank" for fact in facts):
        findings, parts, after, outside = (), (), current, None  # there is nothing to put right
    first, later = (tuple(f for f in facts if (f.weight >= 1) is whole) for whole in (True, False))
    findings = (*first, *findings, *later, *([outside] if outside is not None else []))
    now, then = (network.contract.class_names[int(j.probabilities.argmax())] for j in (current, after))
    verdict, sentence = conclusion(findings, now, then, outside is not None)
    if verdict == "healthy" and reference is not None:
        expected = expected_misread(reference, network.contract.class_names, after.probabilities)
        also = also if expected is None else (expected, *also)
    return Autopsy(
        verdict=verdict,
        sentence=sentence,
        findings=findings,
        model_findings=model_findings,
        current=judge.reading(current, "as it is"),
        best=judge.reading(after, "put right" if parts else "as it is"),
        others=_others(found, pipeline, judge),
        fix=fix if parts else None,
        ties=_ties(found, after, network),
        witnesses="training sample" if reference is not None else "model card",
        tried=len(found),
        seconds=time.monotonic() - started,
        also=also,
    )


@dataclass(frozen=True, eq=False)
class _Judged:
    """`runs`: whether the pipeline gives what the network takes; else zeros stand for it."""

    pipeline: Pipeline
    runs: bool
    tensor: np.ndarray
    score: float
    probabilities: np.ndarray
    features: np.ndarray


class _Judge:
    """Scores whole pipelines on the picture in its full size, each different one once."""

    def __init__(self, network: Network, picture: Picture, reference: Reference | None) -> None:
        self._network, self.reference = network, reference
        self.own = network.contract.pipeline()
        self._runs = SharedRuns(picture)
        self._known: dict[bytes, _Judged] = {}

    def pipeline(self, pipeline: Pipeline) -> _Judged:
        """One that gives no tensor for this network counts as the worst there can be."""
        return self.pipelines([pipeline])[0]

    def pipelines(self, pipelines: Sequence[Pipeline]) -> list[_Judged]:
        shape = self._network.contract.input_shape
        tensors, fitting = [], []
        for tensor in self._runs.tensors(pipelines):
            fits = tensor is not None and tensor.shape == shape and bool(np.isfinite(tensor).all())
            fitting.append(fits)
            tensors.append(tensor if fits and tensor is not None else np.zeros(shape, np.float32))
        new = {t.tobytes(): t for t in tensors if t.tobytes() not in self._known}
        if new:
            batch = np.stack(list(new.values()))
            evidence = gather(self._network, batch, self.reference)
            none = [Hypothesis(pipelines[0])] * len(batch)
            values, _ = scores(evidence, none, self.reference is not None)
            for row, (key, tensor) in enumerate(new.items()):
                self._known[key] = _Judged(
                    pipelines[0],
                    True,
                    tensor,
                    float(values[row]),
                    evidence.probabilities[row],
                    evidence.features[row],
                )
        return [
            _Judged(p, fits, k.tensor, k.score if fits else _WORST, k.probabilities, k.features)
            for p, fits, k in (
                (p, fits, self._known[t.tobytes()])
                for p, fits, t in zip(pipelines, fitting, tensors, strict=True)
            )
        ]

    def reading(self, judged: _Judged, title: str) -> Reading:
        names = self._network.contract.class_names
        order = np.argsort(-judged.probabilities, kind="stable")[:5]
        top = tuple((names[k], float(judged.probabilities[k])) for k in order)
        typical = typicality(judged.features, self.reference) if self.reference is not None else None
        return Reading(title, judged.pipeline, judged.tensor, top, typical)


def _choose(
    current: _Judged, own: _Judged, found: Sequence[Candidate], pipeline: Pipeline, judge: _Judge
) -> _Judged:
    """The pipeline to go to: the contract's own unless the picture clearly needs more, the visitor's if it is as good."""
    usual = own if own.score >= current.score or current.tensor.tobytes() == own.tensor.tobytes() else current
    if usual.tensor.tobytes() == current.tensor.tobytes():
        usual = current
    for candidate in found[:3]:
        there = judge.pipeline(_like(candidate.hypothesis.pipeline, pipeline))
        if there.score + candidate.cost > usual.score + NEEDED_GAIN:
            return there
    return usual


def _like(pipeline: Pipeline, other: Pipeline) -> Pipeline:
    """With the working size of the other."""
    step = other["working_size"]
    return pipeline.with_step("working_size", on=step.on, **step.values())


def _needed(
    wrong: Pipeline, right: Pipeline, network: Network, picture: Picture, judge: _Judge
) -> tuple[Difference, ...]:
    """The differences that matter: those that can be left out one after the other without loss are left out."""
    parts = list(differences(wrong, right, network.contract, picture))
    goal = judge.pipeline(_with(wrong, right, parts))
    for part in sorted(
        parts, key=lambda p: judge.pipeline(_without(wrong, right, parts, p)).score, reverse=True
    ):
        less = [p for p in parts if p is not part]
        there = judge.pipeline(_with(wrong, right, less))
        same = there.tensor.tobytes() == goal.tensor.tobytes()
        if same or (len(parts) > MOST_PLAYERS) or there.score > goal.score - 0.05:
            parts = less
    return tuple(parts)


def _with(wrong: Pipeline, right: Pipeline, parts: Iterable[Difference]) -> Pipeline:
    for part in parts:
        wrong = part.apply(wrong, right)
    return wrong


def _without(wrong: Pipeline, right: Pipeline, parts: Iterable[Difference], left_out: Difference) -> Pipeline:
    return _with(wrong, right, [part for part in parts if part is not left_out])


def _findings(
    wrong: Pipeline,
    right: Pipeline,
    parts: Sequence[Difference],
    network: Network,
    judge: _Judge,
    seen: Examination | None,
) -> tuple[Finding, ...]:
    by_key = {part.key: part for part in parts}
    goal = judge.pipeline(_with(wrong, right, parts)).score

    def worth(keys: frozenset[str]) -> float:
        there = judge.pipeline(_with(wrong, right, [by_key[key] for key in keys]))
        return float(np.clip(there.score - goal, -_MOST_GAIN, 0.0))

    values = shapley(list(by_key), worth)
    total = sum(max(value, 0.0) for value in values.values()) or 1.0
    before = judge.reading(judge.pipeline(wrong), "").top[0]
    found = []
    for key, part in by_key.items():
        fix = part.apply(wrong, right)
        after = judge.reading(judge.pipeline(fix), "").top[0]
        changes = "; ".join(str(change).rstrip(".") for change in wrong.diff(fix))
        level = _level(part, right, network, judge.reference, seen)
        found.append(
            Finding(
                cause=part.cause,
                sentence=f"{CAUSES[part.cause].what} {changes}.",
                level=level,
                evidence=seen.evidence(part.cause) if seen else (),
                witnesses=seen.witnesses(part.cause) if seen else (),
                weight=max(values[key], 0.0) / total,
                fix=fix,
                code=part.code,
                before=before,
                after=after,
            )
        )
    return tuple(sorted(found, key=lambda finding: -finding.weight))


def _level(
    part: Difference,
    right: Pipeline,
    network: Network,
    reference: Reference | None,
    seen: Examination | None,
) -> str:
    """What the finding rests on: the strongest of what is known."""
    if seen and any(clue.cause == part.cause and clue.level == "proof" for clue in seen.findings):
        return "proof"
    own = network.contract.pipeline()
    if all(right[name] == own[name] for name in part.steps):
        return "model card"
    return "training sample" if reference is not None else "guess"


def _facts(
    picture: Picture, after: _Judged, network: Network, reference: Reference | None, named: set[str]
) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
    """What still stands out once everything is put right: facts that spoil an answer, and what is only worth knowing."""
    if not after.runs:
        return (), ()
    left = look(picture, after.pipeline.run(picture), network, reference).findings
    facts = tuple(found for found in left if found.cause in FACTS and found.weight > 0)
    return facts, tuple(found for found in left if found not in facts and found.cause not in named)


def _ties(found: Sequence[Candidate], after: _Judged, network: Network) -> tuple[str, ...]:
    """Orientations that this picture cannot tell apart."""
    label = int(after.probabilities.argmax())
    best = found[0].score if found else 0.0
    close = [
        c
        for c in found[:20]
        if c.score > best - 0.5 and c.label != label and "orientation" in c.hypothesis.departures
    ]
    if not close:
        return ()
    name = network.contract.class_names[close[0].label]
    return (f"Turned, it could as well be “{name}”: one picture cannot tell; add another.",)


def _others(found: Sequence[Candidate], pipeline: Pipeline, judge: _Judge) -> tuple[Reading, ...]:
    """The best reading of every class that any pipeline makes of the picture: the right one and instructive wrong ones."""
    by_label: dict[int, Candidate] = {}
    for candidate in found:
        by_label.setdefault(candidate.label, candidate)
    readings = []
    for candidate in list(by_label.values())[:_SHOWN]:
        there = _like(candidate.hypothesis.pipeline, pipeline)
        readings.append(judge.reading(judge.pipeline(there), _title(judge.own, there)))
    return tuple(readings)


def _title(own: Pipeline, pipeline: Pipeline) -> str:
    """What a pipeline changes against the contract's own, in few words."""
    names = dict.fromkeys(change.step for change in own.diff(pipeline))
    if pipeline["orientation"].on:
        names["orientation"] = None
    titles = [pipeline[name].title for name in names if name != "working_size"]
    return ", ".join(titles) if titles else "As the model was trained"


def _fingerprint(network: Network) -> tuple[Finding, ...]:
    from lib.autopsy.fingerprint import (
        fingerprint,
    )  # it brings TensorFlow; whoever has a Network has it already

    return fingerprint(network)
