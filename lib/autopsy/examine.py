"""The Autopsy of a picture in a model: search, comparison with what the visitor did, findings, verdict."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from lib.autopsy.bars import is_bar
from lib.autopsy.choice import applied, choose, like, needed
from lib.autopsy.conclusion import conclusion
from lib.autopsy.examination import FACTS, Examination, look
from lib.autopsy.expected import expected_misread
from lib.autopsy.explaining import HEARD, WRONG_NUMBERS, findings_of, idle
from lib.autopsy.finding import AS_TRAINED, Autopsy, Finding, Pictured, Reading
from lib.autopsy.hypotheses import Hypothesis, is_ink, turned
from lib.autopsy.judge import Judge, Judged
from lib.autopsy.score import EXPLAINED
from lib.autopsy.search import Candidate, kind_of_witnesses, search
from lib.autopsy.stranger import stranger
from lib.autopsy.ties import ties
from lib.picture import Picture
from lib.pipeline import Pipeline
from lib.verdict.verdict import UNUSUAL

if TYPE_CHECKING:
    from lib.network import Network
    from lib.reference import Reference

Say = Callable[[str], None]

_SURE, _NEARLY_CERTAIN = 0.7, 0.95
_SECOND_LOOK = 0.01
_SHOWN = 8
_STRONG = 0.5


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
    return autopsy_of(network, [picture], pipeline, reference, open_fields, model_findings, progress)


def autopsy_of(
    network: Network,
    pictures: Sequence[Picture],
    pipeline: Pipeline,
    reference: Reference | None,
    open_fields: Iterable[str],
    model_findings: tuple[Finding, ...] | None,
    progress: Say,
) -> Autopsy:
    """The Autopsy of one picture or of several that went the same way; the readings are those of the first one."""
    started = time.monotonic()
    open_fields = tuple(open_fields)
    reference = reference or network.reference
    if model_findings is None:
        progress("reading the model")
        model_findings = _fingerprint(network)
    progress("trying other ways to preprocess")
    own = network.contract.pipeline()
    eyes = _Eyes(network, pictures, reference)
    judge = Judge(network, pictures, reference, kind_of_witnesses(network, reference))
    mine = Hypothesis(pipeline)
    extra = [mine] if pipeline["orientation"].on else [mine, *turned(mine)]
    explained = eyes.explained(own)
    found = search(network, pictures, reference, extra, open_fields, explained)
    progress("comparing")
    current = judge.pipeline(pipeline)
    bars = is_ink(network.contract) and all(
        is_bar(tensor, network.contract) for tensor in judge.pipeline(own).tensors
    )
    turnable = "orientation" in explained or not bars
    proven = current.runs and any(
        clue.level == "proof" and clue.cause in WRONG_NUMBERS for clue in eyes.look(pipeline).findings
    )
    best = choose(
        current, judge.pipeline(own), found.candidates, pipeline, judge, open_fields, turnable, proven
    )
    parts = needed(pipeline, best.pipeline, pictures, judge) if best is not current else ()
    seen = eyes.look(pipeline) if parts and current.runs else None
    if seen is not None and idle(parts, current, best, seen):
        parts, best, seen = (), current, None
    fix = applied(pipeline, best.pipeline, parts)
    findings = findings_of(pipeline, best.pipeline, parts, judge, seen)
    after = judge.pipeline(fix) if parts else current
    outside = _outside(after, judge.pipeline(own), judge)
    facts, also = _facts(after, eyes, {finding.cause for finding in findings})
    if any(fact.weight >= 1 for fact in facts):
        findings, parts, after, outside = (), (), current, None  # there is nothing to put right
    doubt = outside if outside is not None and outside.weight == 0 else None
    findings = (*findings, *facts, *([outside] if outside is not doubt and outside is not None else []))
    also = also if doubt is None else (doubt, *also)
    names = network.contract.class_names
    now, then = (names[label] for label in _telling(current, after))
    verdict, sentence = conclusion(findings, now, then, doubt)
    if verdict == "healthy" and reference is not None:
        expected = expected_misread(reference, names, after.probabilities[0])
        also = also if expected is None else (expected, *also)
    title = "put right" if parts else "as it is"
    several = range(len(pictures) if len(pictures) > 1 else 0)
    return Autopsy(
        verdict=verdict,
        sentence=sentence,
        findings=findings,
        model_findings=model_findings,
        current=judge.reading(current, "as it is"),
        best=judge.reading(after, title),
        others=_others(found.candidates, pipeline, judge),
        fix=fix if parts else None,
        ties=ties(found.candidates, after, judge) if outside is None else (),
        witnesses=HEARD.get(judge.kind, "model card"),
        tried=found.tried,
        seconds=time.monotonic() - started,
        also=also,
        pictures=tuple(
            Pictured(judge.reading(current, "as it is", n), judge.reading(after, title, n)) for n in several
        ),
    )


def _telling(current: Judged, after: Judged) -> tuple[int, int]:
    """What the first picture that is read otherwise afterwards is read as, before and after; without any, the first."""
    pairs = list(zip(current.probabilities.argmax(1), after.probabilities.argmax(1), strict=True))
    now, then = next((pair for pair in pairs if pair[0] != pair[1]), pairs[0])
    return int(now), int(then)


class _Eyes:
    """Looks at the pictures under a pipeline, at each once."""

    def __init__(self, network: Network, pictures: Sequence[Picture], reference: Reference | None) -> None:
        self._network, self._pictures, self._reference = network, pictures, reference
        self._known: dict[tuple[Pipeline, int], Examination] = {}

    def look(self, pipeline: Pipeline, number: int = 0) -> Examination:
        if (pipeline, number) not in self._known:
            picture = self._pictures[number]
            self._known[pipeline, number] = look(
                picture, pipeline.run(picture), self._network, self._reference
            )
        return self._known[pipeline, number]

    def explained(self, own: Pipeline) -> frozenset[str]:
        """The kinds of departure for which something stands out in the pictures when they go the contract's way."""
        clues = [clue for number in range(len(self._pictures)) for clue in self.look(own, number).clues]
        return frozenset(
            EXPLAINED[clue.cause]
            for clue in clues
            if clue.sentence and clue.weight >= _STRONG and clue.cause in EXPLAINED
        )


def _outside(after: Judged, own: Judged, judge: Judge) -> Finding | None:
    """Whether the picture shows nothing known.

    The best of hundreds of tensors is more typical than a picture deserves. So an answer that only the search brought about
    does not speak for it if it is unsure, or not quite sure and still unusual; then the contract's own way decides.
    """
    if judge.reference is None or not after.runs:
        return None
    found = stranger(judge.network, after.tensors[0], judge.reference)
    if (found is None or found.weight == 0) and own.runs and not own.same(after):
        sure = float(after.probabilities[0].max())
        if sure < _SURE or (sure < _NEARLY_CERTAIN and (judge.typical(after) or 0.0) <= UNUSUAL):
            found = stranger(judge.network, own.tensors[0], judge.reference, _SECOND_LOOK) or found
    return found


def _facts(after: Judged, eyes: _Eyes, named: set[str]) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
    """What still stands out once everything is put right: facts that spoil an answer, and what is only worth knowing."""
    if not after.runs:
        return (), ()
    left = eyes.look(after.pipeline).findings
    left = tuple(found for found in left if found.cause not in named)
    facts = tuple(found for found in left if found.cause in FACTS and found.weight > 0)
    return facts, tuple(found for found in left if found not in facts)


def _others(found: Sequence[Candidate], pipeline: Pipeline, judge: Judge) -> tuple[Reading, ...]:
    """The best reading of every class that any pipeline makes of the picture: the right one and instructive wrong ones."""
    by_label: dict[int, Candidate] = {}
    for candidate in found:
        by_label.setdefault(candidate.label, candidate)
    pipelines = [like(c.hypothesis.pipeline, pipeline) for c in list(by_label.values())[:_SHOWN]]
    return tuple(
        judge.reading(there, _title(judge.own, there.pipeline)) for there in judge.pipelines(pipelines)
    )


def _title(own: Pipeline, pipeline: Pipeline) -> str:
    """What a pipeline changes against the contract's own, in few words."""
    names = dict.fromkeys(change.step for change in own.diff(pipeline))
    if pipeline["orientation"].on:
        names["orientation"] = None
    titles = [_step_title(pipeline, name) for name in names if name != "working_size"]
    return ", ".join(titles) if titles else AS_TRAINED


def _step_title(pipeline: Pipeline, name: str) -> str:
    turn = str(getattr(pipeline[name], "turn", ""))  # of seven: the step's name alone says nothing
    return turn.capitalize() if turn and pipeline[name].on else pipeline[name].title


def _fingerprint(network: Network) -> tuple[Finding, ...]:
    from lib.autopsy.fingerprint import (
        fingerprint,
    )  # it brings TensorFlow; whoever has a Network has it already

    return fingerprint(network)
