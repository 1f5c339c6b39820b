"""The Autopsy of several pictures that went through the same pipeline: what one of them cannot tell, all together can."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from lib.autopsy.examine import Say, autopsy_of
from lib.autopsy.finding import Autopsy, Finding
from lib.picture import Picture
from lib.pipeline import Pipeline

if TYPE_CHECKING:
    from lib.network import Network
    from lib.reference import Reference

MOST_PICTURES = 12


def examine_several(
    network: Network,
    pictures: Sequence[Picture],
    pipeline: Pipeline,
    reference: Reference | None = None,
    open_fields: Iterable[str] = (),
    model_findings: tuple[Finding, ...] | None = None,
    progress: Say = lambda text: None,
) -> Autopsy:
    """Which difference between training and serving makes the network misread these pictures.

    The evidence for each way to preprocess adds up over the pictures, so that a turned N, which could be a Z, is decided by
    the G beside it. Verdict, readings and gallery are those of the first one; `Autopsy.pictures` holds, for each picture,
    how it is read as it is and put right.

    Args:
        pictures: 1 to 12, all with the same mistake.
        pipeline: what the visitor does with each of them.

    Raises:
        ValueError: there are none, or too many.
    """
    if not 1 <= len(pictures) <= MOST_PICTURES:
        raise ValueError(
            f"An Autopsy takes 1 to {MOST_PICTURES} pictures of the same kind, not {len(pictures)}: leave some out."
        )
    return autopsy_of(network, pictures, pipeline, reference, open_fields, model_findings, progress)
