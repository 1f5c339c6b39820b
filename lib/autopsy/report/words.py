"""The words around an Autopsy in every format: what a verdict and a level of evidence mean, a number and its band."""

from __future__ import annotations

from lib.autopsy.finding import CERTAIN, Autopsy, Finding, Reading, Witness
from lib.autopsy.unvouched import ASSUMED
from lib.wording import number, probability, share

LEVEL_MEANS = {
    "proof": "Arithmetic or the file itself: it cannot be otherwise.",
    "training sample": "Compared with the model's training pictures (its Reference): strong, but statistics.",
    "BatchNorm statistics": "Compared with the means and variances that the model's BatchNorm layers kept from training.",
    "model card": "The model's card says how it was trained; nothing was measured for it here.",
    "guess": "The most plausible explanation; nothing is known about the training pictures.",
}

ADVICE = {
    "fixable": "",
    "healthy": "Against such a mistake no preprocessing helps: more or better training data, or a better network, do.",
    "unlike training": "Do not trust any of its answers about this picture, however sure they look: softmax must name a "
    "class. A reject option, or a class for everything else, is the remedy.",
    "undecided": "Several ways to preprocess explain this picture equally well. One more picture of the same kind, best "
    "one that is not symmetric, usually decides.",
}
"""What to do about a verdict, where a fix is not the answer."""

_DOUBT = (
    "If one of its classes is there, more training pictures like this one help; if none is, a reject option."
)

_UNVOUCHED = (
    "The network came without training data and without BatchNorm statistics to compare with, and its {} could only be "
    "assumed. Check that against the training code, on the Models page, or load a sample of the training data there. "
    "Numbers that are too small make an answer nearly even among the classes, numbers that are too large all but certain."
)
_HARDLY_EVER = 0.001
_VERY_FAR = 20.0  # deviations; more are no more telling
_OF_ITS_OWN = 0.005  # of the improvement; less is nothing
_NOTABLE = 2.0  # deviations from the median that are worth a word


def level_of(autopsy: Autopsy) -> str:
    """What the verdict rests on: the most important finding's level, without one what the search knew."""
    if autopsy.verdict == "fixable" and autopsy.findings:
        return autopsy.findings[0].level
    return autopsy.witnesses if autopsy.witnesses in LEVEL_MEANS else "guess"


def symptom(autopsy: Autopsy, model: str) -> str:
    """What the visitor sees, as a sentence."""
    return f"{model} reads the picture as {answer(autopsy.current)}."


def answer(reading: Reading) -> str:
    """The first class and its probability."""
    if not reading.top:
        return "nothing"
    name, p = reading.top[0]
    return f"“{name}” ({probability(p)})"


def alone(found: Finding) -> str:
    """What putting this one thing right does to the answer; empty where it is not known."""
    if found.fix is None or found.before is None or found.after is None:
        return ""
    before, after = ((name, probability(p)) for name, p in (found.before, found.after))
    if before[0] == after[0]:
        return f"With this alone put right the answer stays “{after[0]}” ({before[1]} → {after[1]})."
    return f"With this alone put right the answer goes from “{before[0]}” ({before[1]}) to “{after[0]}” ({after[1]})."


def contribution(found: Finding) -> str:
    """The share of one of several changes in the improvement; one that does nothing alone has none of its own."""
    if found.weight < _OF_ITS_OWN:
        return "helps only together with the others"
    return f"{share(found.weight)} of the improvement"


def shares(autopsy: Autopsy) -> bool:
    """Whether the changes share in an improvement: there are several, and what they lead to is worth something."""
    return (
        autopsy.verdict != "unlike training" and sum(found.fix is not None for found in autopsy.findings) > 1
    )


def told_and_guessed(autopsy: Autopsy) -> tuple[list[int], list[int]]:
    """The places of the findings to be told, and of those that are no more than what comes closest to a cause.

    Of a picture that looks like nothing in training these are the changes for which only the search speaks: it found
    nothing that looks like training.
    """
    guessed = [
        place
        for place, found in enumerate(autopsy.findings)
        if autopsy.verdict == "unlike training" and found.fix is not None and found.level not in CERTAIN
    ]
    return [place for place in range(len(autopsy.findings)) if place not in guessed], guessed


def several(autopsy: Autopsy) -> str:
    """How many of several pictures change their answer with the fix; empty for one picture."""
    count = len(autopsy.pictures)
    if count < 2:
        return ""
    changed = sum(_first(one.current) != _first(one.best) for one in autopsy.pictures)
    if autopsy.fix is None:
        return f"{count} pictures were examined together."
    some = {1: "1 of them gets", count: "all of them get"}.get(changed, f"{changed} of them get")
    what = f"{some} another answer" if changed else "all of them keep their answers"
    return f"{count} pictures were examined together; with the common fix {what}."


def _first(reading: Reading) -> str:
    return reading.top[0][0] if reading.top else ""


def advice(autopsy: Autopsy) -> str:
    """What to do where a fix is not the answer; empty where it is."""
    if ASSUMED in autopsy.details and autopsy.verdict in ("healthy", "fixable"):
        return _UNVOUCHED.format(autopsy.details[ASSUMED])
    unknown = doubt(autopsy)
    if unknown is not None and autopsy.verdict in ("healthy", "fixable"):
        return f"{unknown.sentence} {_DOUBT}"
    said = ADVICE.get(autopsy.verdict, "")
    if autopsy.verdict == "unlike training" and not same_answer(autopsy) and autopsy.tried > 1:
        said += f" That the best of {autopsy.tried:,} inputs looks less strange says little: of so many, one always does."
    return said


def doubt(autopsy: Autopsy) -> Finding | None:
    """Of a picture that the network hardly knows, how little; None for others."""
    return next((found for found in autopsy.also if found.cause == "not-in-any-class"), None)


def doubtful(autopsy: Autopsy) -> bool:
    """Whether a verdict rests on too little for the colour of health: the network hardly knows the picture, or nobody
    vouches for the network."""
    return doubt(autopsy) is not None or ASSUMED in autopsy.details


def typical(reading: Reading) -> str:
    """How typical a reading's tensor is; empty without a Reference."""
    t = reading.typicality
    if t is None:
        return ""
    if t < _HARDLY_EVER:
        return "less typical than 99.9 % of the training pictures"
    if t < 0.5:
        return f"less typical than {share(1 - t)} of the training pictures"
    if t > 1 - _HARDLY_EVER:
        return "more typical than 99.9 % of the training pictures"
    return f"more typical than {share(t)} of the training pictures"


def same_answer(autopsy: Autopsy) -> bool:
    """Whether nothing is to be changed, so that there is one reading and not two."""
    return autopsy.fix is None or autopsy.best is autopsy.current


def witness_words(witness: Witness) -> str:
    """The number beside its band: for a list, or for those who do not see the drawing."""
    unit = f" {witness.unit}" if witness.unit else ""
    return (
        f"{witness.name}: {number(witness.value)}{unit}{', ' if expected(witness) else ''}{expected(witness)}"
    )


def expected(witness: Witness) -> str:
    """What the number should be, and how far it is from that; empty when nobody knows."""
    band = "training" if witness.percentile is not None or witness.z is not None else "expected"
    parts = []
    if witness.low is not None and witness.low == witness.high:
        parts.append(f"{band} {number(witness.low)}")
    elif witness.low is not None and witness.high is not None:
        parts.append(f"{band} {number(witness.low)} to {number(witness.high)}")
    elif witness.low is not None:
        parts.append(f"{band} at least {number(witness.low)}")
    elif witness.high is not None:
        parts.append(f"{band} at most {number(witness.high)}")
    if witness.percentile is not None:
        parts.append(_rank(witness.percentile))
    if witness.z is not None and abs(witness.z) >= _NOTABLE:
        side = "above" if witness.z > 0 else "below"
        far = abs(witness.z)
        many = f"over {_VERY_FAR:.0f}" if far > _VERY_FAR else number(round(far, 1))
        parts.append(f"{many} deviations {side} their median")
    return ", ".join(parts)


def _rank(percentile: float) -> str:
    """Where a number stands among the training pictures'."""
    if percentile <= 0:
        return "below all training pictures"
    if percentile >= 1:
        return "above all training pictures"
    return f"above {share(percentile)} of the training pictures"


def repeats(sentence: str, witness: Witness) -> bool:
    """Whether a sentence of the evidence says a witness's number, so that one of the two is enough."""
    return witness.name.lower() in sentence.lower() and number(witness.value) in sentence


def outside(witness: Witness) -> bool:
    """Whether the value lies outside of its band."""
    below = witness.low is not None and witness.value < witness.low
    above = witness.high is not None and witness.value > witness.high
    return below or above or witness.value != witness.value
