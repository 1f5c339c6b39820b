"""Claims about the sentence on sureness."""

import dataclasses

from lib.evaluate.reliability import reliability
from lib.ui.dataset.sureness import sentence
from tests.evaluate.tiny import answers

FOUND = answers([0, 0], [0, 1])
BASE = reliability(FOUND.logits, FOUND.labels)


def test_too_sure_not_sure_enough_and_just_right() -> None:
    proud = dataclasses.replace(BASE, confidence=0.94, accuracy=0.908)
    assert sentence(proud).endswith("3.2 points surer than it should be.")
    shy = dataclasses.replace(BASE, confidence=0.6, accuracy=0.9)
    assert sentence(shy).endswith("30.0 points less sure than it could be.")
    right = dataclasses.replace(BASE, confidence=0.905, accuracy=0.9)
    assert "can be taken at their word" in sentence(right)
