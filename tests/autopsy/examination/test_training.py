"""Statistics beside the training pictures' own."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from lib.autopsy.causes import CAUSES
from lib.autopsy.examination import training
from lib.autopsy.examination.training import beside, edge_softness, sentence, stroke_width, training_witnesses
from lib.autopsy.finding import Witness
from lib.pipeline.ink import ink_mask
from lib.statistics import STATISTICS, statistics
from tests.autopsy.examination.pictures import (
    clue,
    found,
    letter_h,
    letters,
    on_paper,
    pixels,
    reference,
    view,
)


def test_every_statistic_has_words_and_every_cause_exists() -> None:
    assert tuple(training.NAMES) == STATISTICS
    assert set(training._CAUSES) | training._SIMILARITY <= set(CAUSES)
    assert {name for names in training._CAUSES.values() for name in names} <= set(STATISTICS)


@pytest.mark.parametrize("statistic", ["mean", "sd", "ink_share", "stroke_radius", "ink_extent"])
def test_the_median_lies_in_the_middle_of_its_band(statistic: str) -> None:
    middle = reference().band(statistic, 0.5, 0.5)[0]
    witness = beside(reference(), statistic, middle)
    assert witness.z == pytest.approx(0) and witness.percentile == pytest.approx(0.5, abs=0.02)
    assert witness.low is not None and witness.high is not None and witness.low < middle < witness.high
    assert sentence(witness) == ""


def test_z_is_the_distance_in_robust_deviations() -> None:
    low, high = reference().band("mean", 0.25, 0.75)
    middle = reference().band("mean", 0.5, 0.5)[0]
    deviation = (high - low) / 1.349
    above = beside(reference(), "mean", middle + 3 * deviation)
    assert above.z == pytest.approx(3)
    assert "3.0 deviations above the middle" in sentence(above)
    assert "deviations below" in sentence(beside(reference(), "mean", middle - 3 * deviation))


def test_without_a_reference_there_is_no_band() -> None:
    assert beside(None, "mean", 3.0) == Witness("mean value", 3.0)
    assert sentence(Witness("mean value", 3.0)) == ""


def test_a_number_hardly_beside_its_band_is_no_evidence_and_very_far_is_far_enough() -> None:
    assert sentence(Witness("largest value on the border", 0.0003, 0.0, 0.0, z=0.01)) == ""
    assert sentence(Witness("mean value", 105.0, 0.2, 0.7, z=634.2)).endswith(
        "over 20 deviations above the middle."
    )


def test_the_witnesses_of_a_cause_are_its_statistics_of_the_tensor() -> None:
    looked = view(letter_h(), reference=reference())
    values = statistics(looked.tensor[None], "0..255")
    found = training_witnesses(looked, "background-not-flat")
    assert [w.value for w in found] == [
        values[name][0] for name in ("zero_share", "border_max", "border_mean", "mid_gray_share")
    ]


def test_orientation_is_about_similarity() -> None:
    upright = training_witnesses(view(letter_h(), reference=reference()), "orientation")
    scribbled = view(pixels(np.random.default_rng(0).integers(0, 256, (60, 60))), reference=reference())
    assert len(upright) == 1 and "prototype" in upright[0].name
    assert upright[0].percentile is not None and upright[0].percentile < 0.99
    far = training_witnesses(scribbled, "not-in-any-class")[0]
    assert far.value > upright[0].value and far.percentile is not None and far.percentile > 0.95
    assert training_witnesses(view(letter_h()), "orientation") == ()


# ---- strokes and edges -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("size", "word"), [(20, "thinner"), (230, "thicker")])
def test_other_pens(size: int, word: str) -> None:
    one = clue(stroke_width, view(letter_h(size), reference=reference()))
    assert one is not None and one.cause == "stroke-width" and word in one.sentence
    assert one.code.startswith("img = cv2.erode" if word == "thinner" else "img = cv2.dilate")


@pytest.mark.parametrize("size", [45, 60, 75, 90])
@pytest.mark.parametrize("inverted", [True, False])
def test_a_usual_pen_is_silent_whatever_the_polarity(size: int, inverted: bool) -> None:
    pipeline = letters().pipeline().with_step("invert", on=inverted)
    assert found(stroke_width, view(letter_h(size), pipeline, reference=reference())) == ""


def test_a_photographed_pen_is_not_judged_by_the_grain_of_its_paper() -> None:
    grain = np.random.default_rng(0).normal(0, 6, (280, 280, 1))
    assert found(stroke_width, view(pixels(on_paper().pixels + grain), reference=reference())) == ""


def test_strokes_and_edges_need_training_pictures_of_bright_ink() -> None:
    for examiner in (stroke_width, edge_softness):
        assert clue(examiner, view(letter_h(12))) is None
        other = dataclasses.replace(letters(), polarity="black on white")
        assert clue(examiner, view(letter_h(12), contract=other, reference=reference())) is None


def test_blurred_ink_has_softer_edges() -> None:
    blurred = letters().pipeline().with_step("softness", on=True, sigma=6)
    one = clue(edge_softness, view(letter_h(), blurred, reference=reference()))
    assert one is not None and one.cause == "edge-softness" and "softer" in one.sentence


def test_thresholded_ink_has_harder_edges() -> None:
    # At the network's own size, so that no resize softens it again.
    tensor = view(letter_h()).tensor.reshape(28, 28)
    hard = pixels(np.where(tensor > 127, 255.0, 0.0))
    one = clue(
        edge_softness,
        view(
            hard,
            letters().pipeline().with_step("frame", mode="squash").with_step("centre", on=False),
            reference=reference(),
        ),
    )
    assert one is not None and one.cause == "edge-softness" and "harder" in one.sentence


def test_the_usual_edges_are_silent() -> None:
    assert found(edge_softness, view(letter_h(), reference=reference())) == ""


def test_gray_paper_is_no_softness() -> None:
    looked = view(on_paper(), reference=reference())
    assert ink_mask(looked.meant).any()
    assert clue(edge_softness, looked) is None
