"""What an Autopsy may claim of a network for which nobody vouches: its contract was assumed, nothing could contradict it.

With a Reference or BatchNorm statistics the search decides about what was assumed; without either it finds the assumption
confirmed, whatever it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from lib.autopsy.finding import AS_TRAINED, Autopsy, Reading

ASSUMED = "assumed"
"""Where `Autopsy.details` holds the words for what was assumed."""

_WORDS = {"value_range": "value range", "channel_order": "order of the colour channels", "frame": "frame"}
_NOT_HEARD = "model card"
_AS_ASSUMED = "As the contract says"


def unvouched(autopsy: Autopsy, assumed: Sequence[str]) -> Autopsy:
    """The same Autopsy with no more claimed than is known; as it is where something was compared or nothing assumed.

    Args:
        assumed: fields of the contract, e.g. "value_range".
    """
    if not assumed or autopsy.witnesses != _NOT_HEARD:
        return autopsy
    fields = [_WORDS.get(name, name) for name in assumed]
    said = " and ".join(part for part in (", ".join(fields[:-1]), fields[-1]) if part)
    clean = autopsy.verdict == "healthy" and not autopsy.findings
    return replace(
        autopsy,
        sentence=f"Nothing stands out, but nobody vouches for the preprocessing: the network's {said} "
        f"{'was' if len(fields) == 1 else 'were'} only assumed."
        if clean
        else autopsy.sentence,
        witnesses="guess",
        others=tuple(_retitled(reading) for reading in autopsy.others),
        details={**autopsy.details, ASSUMED: said},
    )


def _retitled(reading: Reading) -> Reading:
    return replace(reading, title=_AS_ASSUMED) if reading.title == AS_TRAINED else reading
