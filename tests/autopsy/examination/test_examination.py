"""A whole picture examined: what stands out first, and witnesses and sentences for every cause."""

from __future__ import annotations

import json

import numpy as np
import pytest

from lib.autopsy.causes import CAUSES
from lib.autopsy.examination import evidence_for, examine_picture, look, witnesses_for
from lib.network import Network
from lib.picture import decode
from lib.pipeline import Pipeline
from lib.zoo import load
from tests.autopsy.examination.pictures import SAMPLES, letter_h, letters, on_paper, pixels


@pytest.fixture(scope="module")
def network() -> Network:
    return load("letters-mlp")


def causes(network: Network, picture, pipeline: Pipeline | None = None) -> list[str]:
    stages = (pipeline or letters().pipeline()).run(picture)
    return [f.cause for f in examine_picture(picture, stages, network, network.reference)]


SAMPLE_CAUSES = {
    "r-clean": [],
    "x-soft": [],
    "h-inverted": [],
    "x-photo": ["background-not-flat"],
    "f-turned": ["background-not-flat", "exif-rotation"],
    "m-transparent": ["alpha-channel"],
}


@pytest.mark.parametrize(("id", "expected"), SAMPLE_CAUSES.items())
def test_the_samples(network: Network, id: str, expected: list[str]) -> None:
    entry = next(e for e in json.loads((SAMPLES / "index.json").read_text(encoding="utf-8")) if e["id"] == id)
    assert causes(network, decode((SAMPLES / entry["file"]).read_bytes(), entry["file"])) == expected


def test_question_1_the_drawing_names_the_wrap_and_the_photo_the_paper(network: Network) -> None:
    wrap = letters().pipeline().with_step("invert", method="1 - x as uint8")
    assert causes(network, letter_h(), wrap)[0] == "uint8-wrap"
    on_the_photo = causes(network, on_paper(), wrap)
    assert on_the_photo[0] == "background-not-flat" and "uint8-wrap" not in on_the_photo


def test_the_edges_that_the_wrap_leaves_are_not_measured_as_strokes(network: Network) -> None:
    wrap = letters().pipeline().with_step("invert", method="1 - x as uint8")
    assert causes(network, letter_h(), wrap) == ["uint8-wrap"]


def test_proofs_come_first_and_what_is_no_fault_last(network: Network) -> None:
    rgba = np.dstack([np.zeros((280, 280, 3), np.uint8), 255 - letter_h().pixels[..., 0]])
    from lib.picture import Picture

    picture = Picture.from_array(rgba)
    thin = letters().pipeline().with_step("invert", method="1 - x as float")
    found = look(picture, thin.run(picture), network, network.reference).findings
    weights = [f.weight for f in found]
    assert weights == sorted(weights, reverse=True)
    assert (
        found[0].cause == "one-minus-float" and found[-1].cause == "alpha-channel" and found[-1].weight == 0
    )


def test_every_cause_can_be_asked_about_and_unknown_ones_cannot(network: Network) -> None:
    examination = look(on_paper(), letters().pipeline().run(on_paper()), network, network.reference)
    for cause in CAUSES:
        names = [witness.name for witness in examination.witnesses(cause)]
        assert len(names) == len(set(names))
        assert all(isinstance(line, str) and line for line in examination.evidence(cause))
    with pytest.raises(KeyError, match="no-such"):
        examination.witnesses("no-such")


def test_witnesses_come_with_the_training_band_even_where_nothing_stands_out(network: Network) -> None:
    picture = letter_h()
    stages = letters().pipeline().run(picture)
    witnesses = witnesses_for("stroke-width", picture, stages, network, network.reference)
    radius = witnesses[0]
    assert radius.low is not None and radius.high is not None and radius.low < radius.value < radius.high
    assert radius.percentile is not None and 0 < radius.percentile < 1
    without = witnesses_for("stroke-width", picture, stages, network)
    assert without and all(witness.low is None for witness in without)


def test_evidence_leads_with_what_stands_out(network: Network) -> None:
    picture = on_paper()
    lines = evidence_for(
        "background-not-flat", picture, letters().pipeline().run(picture), network, network.reference
    )
    assert lines[0].startswith("The ground is not one exact value")
    assert any("deviations above" in line for line in lines)


def test_a_tensor_of_another_shape_leaves_the_file_to_speak(network: Network) -> None:
    picture = decode((SAMPLES / "f-turned.jpg").read_bytes(), "f-turned.jpg")
    stages = letters().pipeline().with_step("resize", height=20, width=20).run(picture)
    examination = look(picture, stages, network, network.reference)
    assert [f.cause for f in examination.findings] == ["exif-rotation"]
    assert examination.witnesses("orientation") == examination.witnesses("polarity") == ()


def test_a_reference_of_another_range_is_left_aside(network: Network) -> None:
    other = load("letters-cnn").reference
    picture = letter_h()
    with_other = look(picture, letters().pipeline().run(picture), network, other)
    assert with_other.view.reference is None


def test_a_blank_page_is_only_blank(network: Network) -> None:
    assert causes(network, pixels(np.full((100, 100), 255.0))) == ["blank"]
