"""Which pipeline to go to, and which of its differences matter."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from lib.autopsy.hypotheses import Hypothesis
from lib.autopsy.judge import Judge, Judged
from lib.autopsy.naming import Difference, differences
from lib.autopsy.score import costs, needed_gain
from lib.autopsy.search import Candidate
from lib.autopsy.shapley import MOST_PLAYERS
from lib.picture import Picture
from lib.pipeline import Pipeline

_LOOKED_AT, _RANKED = 3, 12
# Another remedy than the visitor's must be better by so much more (log odds).
_ANOTHER = 2.0
_NO_LOSS = 0.05
# Less than this (of the tensor's spread) is rounding, or a pixel at the border.
_SAME = 0.03
# What the contract says about these is how it was trained; the other steps are remedies for pictures.
_KIND_OF = {
    "grayscale": "tone",
    "background": "tone",
    "sigmoid": "tone",
    "tone": "tone",
    "invert": "polarity",
    "orientation": "orientation",
    "stroke": "stroke",
    "softness": "softness",
    "frame": "frame",
    "centre": "frame",
    "move": "frame",
    "resize": "frame",
    "value_range": "range",
    "channel_order": "channels",
}
_PICTURES_OWN = frozenset({"working_size", "orientation", "stroke", "softness"})
_TURNING = frozenset({"orientation", "mirror"})
_NUMBERS = frozenset({"value_range", "channel_order"})
_CONTRACTED = frozenset(
    {"transparency", "orientation", "grayscale", "channel_order", "invert", "frame", "centre", "move", "resize"}
    | {"value_range"}
)  # fmt: skip


def choose(
    current: Judged,
    own: Judged,
    found: Sequence[Candidate],
    pipeline: Pipeline,
    judge: Judge,
    open_fields: Iterable[str] = (),
    turnable: bool = True,
    proven_wrong: bool = False,
) -> Judged:
    """The contract's own pipeline unless the pictures clearly need more, the visitor's if it suits them clearly better.

    Where the visitor has found a remedy already, another one of the same kind is no improvement worth a word. Where nothing
    is known of the training but the contract, no sureness of the network outvotes its range and its channels' order.

    Args:
        open_fields: fields of the contract that nobody vouches for.
        turnable: whether the pictures or their files say anything about the way up.
        proven_wrong: whether arithmetic shows that the visitor's numbers are wrong: then no likeness speaks for them.
    """
    vouched = _NUMBERS - set(open_fields) if judge.kind == "none" else frozenset()

    def contradicts(other: Pipeline) -> bool:
        return any(other[name] != judge.own[name] for name in vouched)

    needed = needed_gain(judge.kind)
    departed = Hypothesis(pipeline, _departures(pipeline, judge.own))
    worth = current.score + float(costs([departed], judge.kind)[0])
    suits = worth > own.score + needed and not proven_wrong
    keeps = not current.same(own) and suits and not contradicts(pipeline)
    usual = current if keeps or current.same(own) else own

    def handicap(candidate: Candidate) -> float:
        return _ANOTHER if keeps and not _derived(candidate.hypothesis.pipeline, pipeline) else 0.0

    def possible(candidate: Candidate) -> bool:
        turns = _TURNING & set(candidate.hypothesis.departures)
        return not contradicts(candidate.hypothesis.pipeline) and (turnable or not turns)

    for candidate in sorted(filter(possible, found[:_RANKED]), key=lambda c: handicap(c) - c.score)[
        :_LOOKED_AT
    ]:
        there = judge.pipeline(like(candidate.hypothesis.pipeline, pipeline))
        if there.score + candidate.cost - handicap(candidate) > usual.score + needed:
            return there
    return usual


def needed(
    wrong: Pipeline, right: Pipeline, pictures: Sequence[Picture], judge: Judge
) -> tuple[Difference, ...]:
    """The differences that matter: remedies that can be left out one after the other without loss are left out, and what
    the contract says only where it changes nothing."""
    parts = list(differences(wrong, right, judge.network.contract, pictures[0]))
    goal = judge.pipeline(applied(wrong, right, parts))
    order = sorted(parts, key=lambda p: judge.pipeline(without(wrong, right, parts, p)).score, reverse=True)
    for part in order:
        less = [p for p in parts if p is not part]
        there = judge.pipeline(applied(wrong, right, less))
        if there.same(goal) or len(parts) > MOST_PLAYERS:
            parts = less
        elif _contracted(part, right, judge.own):
            if there.differs(goal) < _SAME and there.score > goal.score - _NO_LOSS:
                parts = less
        elif there.score > goal.score - _NO_LOSS:
            parts = less
    return tuple(parts)


def applied(wrong: Pipeline, right: Pipeline, parts: Iterable[Difference]) -> Pipeline:
    """`wrong` with these parts as in `right`."""
    for part in parts:
        wrong = part.apply(wrong, right)
    return wrong


def without(wrong: Pipeline, right: Pipeline, parts: Iterable[Difference], left_out: Difference) -> Pipeline:
    """`wrong` with all parts but one as in `right`."""
    return applied(wrong, right, [part for part in parts if part is not left_out])


def like(pipeline: Pipeline, other: Pipeline) -> Pipeline:
    """With the working size of the other."""
    step = other["working_size"]
    return pipeline.with_step("working_size", on=step.on, **step.values())


def _departures(pipeline: Pipeline, own: Pipeline) -> tuple[str, ...]:
    """The kinds of departure from the contract that the visitor makes, as far as they are searched."""
    changed = [step for step in pipeline if step != own[step.name] and (step.on or own[step.name].on)]
    return tuple(sorted({_KIND_OF[step.name] for step in changed if step.name in _KIND_OF}))


def _derived(pipeline: Pipeline, base: Pipeline) -> bool:
    """Whether one is the other with the picture turned, its strokes or its edges changed."""
    return all(step == base[step.name] for step in pipeline if step.name not in _PICTURES_OWN)


def _contracted(part: Difference, right: Pipeline, own: Pipeline) -> bool:
    """Whether the part only restores what the contract says."""
    return set(part.steps) <= _CONTRACTED and all(right[name] == own[name] for name in part.steps)
