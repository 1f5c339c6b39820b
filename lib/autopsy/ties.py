"""What a picture cannot tell: other orientations that suit it as well and read as something else."""

from __future__ import annotations

from collections.abc import Sequence

from lib.autopsy.judge import Judge, Judged
from lib.autopsy.search import Candidate

_LOOKED_AT = 20
_CLOSE = 1.0
_SURE = 0.5
_TURNING = frozenset({"orientation", "mirror"})


def ties(found: Sequence[Candidate], after: Judged, judge: Judge) -> tuple[str, ...]:
    """Orientations that these pictures cannot tell apart; () where there are none.

    Args:
        found: the candidates, the best first.
        after: what the Autopsy goes to.
    """
    label = int(after.probabilities[0].argmax())
    near = found[:_LOOKED_AT]
    best = max((candidate.score - candidate.cost for candidate in near), default=0.0)
    for candidate in near:
        close = candidate.score - candidate.cost > best - _CLOSE and candidate.probabilities.max() > _SURE
        if close and candidate.label != label and _TURNING & set(candidate.hypothesis.departures):
            name = judge.network.contract.class_names[candidate.label]
            more = "one picture cannot tell; add another" if len(after.tensors) == 1 else "add more"
            return (f"Turned, it could as well be “{name}”: {more}.",)
    return ()
