"""Puts all examiners on one picture: its findings, and for any cause the witnesses and sentences that bear on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from lib.autopsy.causes import CAUSES
from lib.autopsy.examination import arithmetic, file_facts, geometry, ink, more, training
from lib.autopsy.examination.clue import Clue, Examiner, View
from lib.autopsy.finding import LEVELS, Finding, Witness
from lib.picture import Picture
from lib.pipeline import Stages
from lib.reference import Reference

if TYPE_CHECKING:
    from lib.network import Network

_EXAMINERS: tuple[Examiner, ...] = (
    ink.blank,
    arithmetic.wrap_around,
    arithmetic.one_minus_float,
    arithmetic.sigmoid_range,
    arithmetic.value_range,
    file_facts.transparency,
    file_facts.orientation_tag,
    ink.polarity,
    ink.several_glyphs,
    ink.paper,
    ink.lost_colour,
    geometry.size_and_place,
    geometry.coarse_resize,
    geometry.swapped_channels,
    training.stroke_width,
    training.edge_softness,
    file_facts.pixel_format,
    file_facts.compression,
    *more.EXAMINERS,
)

FACTS = more.IN_THE_PICTURE | {"blank", "bit-depth-or-mode", "several-glyphs", "jpeg-artifacts"}
"""Causes that lie in the picture itself: no preprocessing puts them right."""

RUIN = "jpeg-artifacts"
RUINED = frozenset({"edge-softness", "stroke-width"})
"""Where the file itself says that the picture was compressed to ruin, remedies against these are remedies against that."""

# Of the ink only edges, or nothing, are left: their width says nothing about the pen.
_LEAVES_NO_STROKES = frozenset({"uint8-wrap", "blank", "bit-depth-or-mode"})
_ABOUT_STROKES = frozenset({"stroke-width", "edge-softness"})


@dataclass(frozen=True, eq=False)
class Examination:
    """One picture looked at.

    Attributes:
        view: what was looked at.
        clues: all that was measured, whether it stands out or not.
    """

    view: View
    clues: tuple[Clue, ...]

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What stands out, the most important first. Evidence, no verdicts: what is found need not be why it was misread."""
        found = [clue.finding() for clue in self.clues if clue.sentence]
        return tuple(sorted(found, key=lambda f: (-f.weight, LEVELS.index(f.level))))

    def witnesses(self, cause: str) -> tuple[Witness, ...]:
        """The numbers that bear on a cause, whether they stand out or not; with the training pictures' bands.

        Raises:
            KeyError: there is no such cause.
        """
        if cause not in CAUSES:
            raise KeyError(f"No cause is called {cause!r:.60}.")
        own = [witness for clue in self.clues if clue.cause == cause for witness in clue.witnesses]
        names = {witness.name for witness in own}
        return (*own, *(w for w in training.training_witnesses(self.view, cause) if w.name not in names))

    def evidence(self, cause: str) -> tuple[str, ...]:
        """Sentences that bear on a cause: what stands out first, then the numbers outside of their bands."""
        clues = [clue for clue in self.clues if clue.cause == cause]
        said = [clue.sentence for clue in clues if clue.sentence]
        said += [line for clue in clues for line in clue.evidence]
        said += [training.sentence(witness) for witness in self.witnesses(cause)]
        return tuple(dict.fromkeys(line for line in said if line))


def look(
    picture: Picture, stages: Stages, network: Network, reference: Reference | None = None
) -> Examination:
    """Examines a picture on its way into a network.

    Args:
        stages: what the visitor's pipeline made of it.
        reference: of the training data, or None; one of another range or size than the contract's is left out.
    """
    view = View(picture, stages, network.contract, _fitting(reference, network))
    if not np.isfinite(view.tensor).all() or view.tensor.shape != network.contract.input_shape:
        file_only: Sequence[Examiner] = (
            file_facts.orientation_tag,
            file_facts.pixel_format,
            file_facts.compression,
        )
        return Examination(view, tuple(clue for examiner in file_only for clue in examiner(view)))
    clues = tuple(clue for examiner in _EXAMINERS for clue in examiner(view))
    faults = {clue.cause for clue in clues if clue.sentence and clue.weight > 0}
    silent = _ABOUT_STROKES if faults & _LEAVES_NO_STROKES else frozenset()
    if "bit-depth-or-mode" in faults:
        silent |= {"blank"}  # too dark to be seen is not empty
    return Examination(view, tuple(replace(c, sentence="") if c.cause in silent else c for c in clues))


def _fitting(reference: Reference | None, network: Network) -> Reference | None:
    if reference is None or reference.value_range != network.contract.value_range:
        return None
    return (
        reference
        if np.prod(reference.prototypes.shape[1:]) == np.prod(network.contract.input_shape)
        else None
    )


def examine_picture(
    picture: Picture, stages: Stages, network: Network, reference: Reference | None = None
) -> tuple[Finding, ...]:
    """What stands out in a picture on its way into a network; see `Examination.findings`."""
    return look(picture, stages, network, reference).findings


def witnesses_for(
    cause: str, picture: Picture, stages: Stages, network: Network, reference: Reference | None = None
) -> tuple[Witness, ...]:
    """The numbers that bear on one cause; callers who ask for several keep what `look` gives."""
    return look(picture, stages, network, reference).witnesses(cause)


def evidence_for(
    cause: str, picture: Picture, stages: Stages, network: Network, reference: Reference | None = None
) -> tuple[str, ...]:
    """Sentences that bear on one cause; callers who ask for several keep what `look` gives."""
    return look(picture, stages, network, reference).evidence(cause)
