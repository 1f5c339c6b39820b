"""Teaching the stroke probe: it tells upright bars from lying ones it was shown as outsiders; a kind can be left out."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from lib.outliers import auroc
from lib.training import stroke_probe
from lib.training.data import Labelled, TrainingData
from lib.training.outsiders.collected import Collected
from lib.training.robust_data import NOT_A_LETTER
from lib.training.stroke_probe import strokes_of, teach, without


def bars(count: int, random: np.random.Generator, lying: bool) -> np.ndarray:
    images = np.zeros((count, 12, 12), np.uint8)
    for image in images:
        place = random.integers(2, 9)
        lines = image if lying else image.T
        lines[place : place + 2, 2:10] = random.integers(150, 256)
    return images


def test_a_probe_tells_what_it_was_taught_as_none_of_the_classes_whatever_its_brightness() -> None:
    def epoch(random: np.random.Generator) -> Labelled:
        images = np.concatenate([bars(200, random, False), bars(200, random, True)])
        return Labelled(images, np.repeat([0, 1], 200))

    random = np.random.default_rng(5)
    upright, lying = bars(50, random, False), bars(50, random, True)
    probe = teach(epoch, 1, upright, epochs=3)
    np.testing.assert_array_equal(probe.held_out, probe.scores(strokes_of(upright)).astype(np.float32))
    assert auroc(probe.scores(strokes_of(lying // 3)), probe.held_out) > 0.99


def test_a_kind_that_is_left_out_is_gone_and_everything_else_stays(monkeypatch) -> None:
    random = np.random.default_rng(0)
    images = random.integers(0, 256, (6, 28, 28)).astype(np.uint8)
    labels = np.array([0, 1, NOT_A_LETTER, NOT_A_LETTER, NOT_A_LETTER, 2])
    part = Labelled(images, labels)
    data = TrainingData(part, part, part, {}, ())
    # A letter that looks like one of the kind stays a letter.
    monkeypatch.setattr(stroke_probe, "collect", lambda _: Collected(fit={"digits": images[[0, 2, 4]]}))
    left = without(data, Path(), "digits")
    np.testing.assert_array_equal(left.fit.images, images[[0, 1, 3, 5]])
    assert replace(left, fit=part) == data
    with pytest.raises(ValueError, match="there are digits"):
        without(data, Path(), "numbers")
