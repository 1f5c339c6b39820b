"""Known differences between training and serving, applied on purpose: what the Autopsy has to find again.

Which family of skews belongs to which kind of image is said here; the skews themselves live with their family.
"""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks import colour_skews, ink_skews, photo_skews
from benchmarks.ink_skews import healthy
from benchmarks.skew import NOTHING_WRONG, Make, Skew

__all__ = ["FAMILIES", "PAIRS", "SKEWS", "Family", "Skew", "healthy"]


@dataclass(frozen=True)
class Family:
    """The skews of one kind of image.

    Attributes:
        right: what should have been done, unless a skew knows better.
        skews: all of them, those where nothing is wrong first.
    """

    right: Make
    skews: tuple[Skew, ...]

    @property
    def mistakes(self) -> tuple[Skew, ...]:
        return tuple(skew for skew in self.skews if skew.kind != NOTHING_WRONG)


FAMILIES = {
    "ink": Family(
        ink_skews.healthy,
        (*ink_skews.NOTHING, *ink_skews.SINGLES, *ink_skews.NOT_FIXABLES, *ink_skews.PAIRS),
    ),
    "phone photo": Family(
        photo_skews.cleaned, (*photo_skews.NOTHING, *photo_skews.SINGLES, *photo_skews.PAIRS)
    ),
    "colour": Family(
        colour_skews.healthy,
        (*colour_skews.NOTHING, *colour_skews.SINGLES, *colour_skews.NOT_FIXABLES, *colour_skews.PAIRS),
    ),
}
"""Kind of image -> its skews."""

SKEWS, PAIRS = ink_skews.SINGLES, ink_skews.PAIRS
