"""What is concluded from the findings: the verdict, and a sentence that promises no more than there is."""

from __future__ import annotations

import pytest

from lib.autopsy.conclusion import conclusion
from lib.autopsy.finding import VERDICTS, Finding
from tests.autopsy.examination.pictures import letters

FIX = letters().pipeline()


def cause(id: str, level: str = "training sample") -> Finding:
    return Finding(id, "", level, fix=FIX)


def fact(id: str, weight: float = 1.0) -> Finding:
    return Finding(id, f"There is {id}.", "guess", weight=weight)


STRANGE, DOUBT = fact("not-in-any-class"), fact("not-in-any-class", 0.0)
CERTAIN = cause("range-too-large", "model card")


@pytest.mark.parametrize(
    ("findings", "verdict", "said"),
    [
        ((), "healthy", "it is the network's own mistake"),
        ((cause("polarity"),), "fixable", "Inverted polarity. Put right, the network reads “7”."),
        (
            (cause("polarity"), cause("stroke-width")),
            "fixable",
            "Inverted polarity. Other stroke width than in training. Put right",
        ),
        (
            (cause("polarity"), cause("stroke-width"), cause("orientation")),
            "fixable",
            "Inverted polarity, and 2 more.",
        ),
        ((fact("several-glyphs"),), "healthy", "but: There is several-glyphs."),
        ((cause("polarity"), fact("several-glyphs")), "fixable", "Put right, the network reads “7”."),
        ((STRANGE,), "unlike training", "However it is preprocessed"),
        ((cause("polarity"), STRANGE), "unlike training", "However it is preprocessed"),
        ((CERTAIN, STRANGE), "unlike training", "Values too large. But put right, the picture still"),
        # What only the search believes in is not said of a picture in which it found nothing.
        ((CERTAIN, cause("orientation"), STRANGE), "unlike training", "Values too large. But put right"),
        ((fact("several-glyphs"), STRANGE), "unlike training", "More than one character: as it is"),
        ((fact("blank"),), "unlike training", "There is nothing in this picture"),
        ((fact("blank"), cause("polarity"), STRANGE), "unlike training", "There is nothing in this picture"),
    ],
)
def test_the_verdict_and_its_sentence(findings: tuple, verdict: str, said: str) -> None:
    found, sentence = conclusion(findings, "1", "7")
    assert found == verdict and found in VERDICTS
    assert said in sentence


@pytest.mark.parametrize(
    ("findings", "verdict", "said"),
    [
        ((), "healthy", "reads “7”, but hardly knows this picture"),
        ((CERTAIN,), "fixable", "still not clear that the network knows this picture"),
        ((fact("several-glyphs"),), "healthy", "but: There is several-glyphs."),
    ],
)
def test_a_doubt_is_said_and_blames_nothing(findings: tuple, verdict: str, said: str) -> None:
    found, sentence = conclusion(findings, "1", "7", DOUBT)
    assert found == verdict and said in sentence


def test_an_answer_that_stays_is_not_promised_to_change() -> None:
    _, sentence = conclusion([cause("range-too-large")], "7", "7")
    assert sentence.startswith("Values too large. This picture survives it") and "“7” as well" in sentence
