"""What is concluded from the findings: the verdict, and a sentence that promises no more than there is."""

from __future__ import annotations

import pytest

from lib.autopsy.conclusion import conclusion
from lib.autopsy.finding import VERDICTS, Finding
from tests.autopsy.examination.pictures import letters

FIX = letters().pipeline()


def cause(id: str, level: str = "training sample") -> Finding:
    return Finding(id, "", level, fix=FIX)


def fact(id: str) -> Finding:
    return Finding(id, f"There is {id}.", "guess")


@pytest.mark.parametrize(
    ("findings", "strange", "verdict", "said"),
    [
        ((), False, "healthy", "it is the network's own mistake"),
        ((cause("polarity"),), False, "fixable", "Inverted polarity. Put right, the network reads “7”."),
        ((cause("polarity"), cause("stroke-width")), False, "fixable", "Inverted polarity, and 1 more."),
        ((fact("several-glyphs"),), False, "healthy", "but: There is several-glyphs."),
        ((cause("polarity"), fact("several-glyphs")), False, "fixable", "Put right, the network reads “7”."),
        ((), True, "unlike training", "However it is preprocessed"),
        ((cause("polarity"),), True, "unlike training", "However it is preprocessed"),
        ((cause("range-too-large", "model card"),), True, "unlike training", "Values too large. But put right, the"),
        ((fact("several-glyphs"), fact("not-in-any-class")), True, "unlike training", "More than one character: as it is"),
        ((fact("blank"),), False, "unlike training", "There is nothing in this picture"),
        ((fact("blank"), cause("polarity")), True, "unlike training", "There is nothing in this picture"),
    ],
)  # fmt: skip
def test_the_verdict_and_its_sentence(findings: tuple, strange: bool, verdict: str, said: str) -> None:
    found, sentence = conclusion(findings, "1", "7", strange)
    assert found == verdict and found in VERDICTS
    assert said in sentence


def test_an_answer_that_stays_is_not_promised_to_change() -> None:
    _, sentence = conclusion([cause("range-too-large")], "7", "7", False)
    assert sentence.startswith("Values too large. This picture survives it") and "“7” as well" in sentence
