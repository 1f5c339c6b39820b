"""What stands in a bundle."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile

import numpy as np
import pytest

from lib import zoo
from lib.autopsy import Finding
from lib.bundle import write_bundle
from lib.network import Trace
from lib.picture import Picture, decode
from lib.pipeline import Pipeline

CARD = zoo.card("letters-mlp")
PIXELS = np.random.default_rng(3).integers(0, 256, (31, 40, 3), dtype=np.uint8)
PICTURE = Picture.from_array(PIXELS, "letter.png")
STAGES = CARD.contract.pipeline().run(PICTURE)
LOGITS = np.arange(26, dtype=np.float32)[None]
TRACE = Trace(LOGITS, np.exp(LOGITS) / np.exp(LOGITS).sum(), {})
FINDING = Finding("polarity", "It is inverted.", "proof", ("the border is bright",), code="img = 255 - img")


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    data = write_bundle({"v": "1", "model": CARD.name}, PICTURE, STAGES, TRACE, CARD, [FINDING])
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_it_holds_the_tensor_with_its_hash(files: dict[str, bytes]) -> None:
    tensor = np.load(io.BytesIO(files["tensor.npy"]), allow_pickle=False)
    np.testing.assert_array_equal(tensor, STAGES.final)
    case = json.loads(files["case.json"])
    assert case["tensor_sha256"] == hashlib.sha256(tensor.astype("<f4").tobytes()).hexdigest()
    assert case["tensor_shape"] == [784]


def test_it_holds_the_pixels_without_loss(files: dict[str, bytes]) -> None:
    np.testing.assert_array_equal(decode(files["picture.png"]).pixels, PIXELS)


def test_it_holds_the_pipeline_and_the_model_with_its_hash(files: dict[str, bytes]) -> None:
    assert Pipeline.from_json(files["pipeline.json"].decode()) == STAGES.pipeline
    assert files["model.keras"] == CARD.model_path.read_bytes()
    assert json.loads(files["case.json"])["model_sha256"] == hashlib.sha256(files["model.keras"]).hexdigest()


def test_predictions_stand_in_the_order_of_their_probability(files: dict[str, bytes]) -> None:
    predictions = json.loads(files["predictions.json"])
    assert [entry["class"] for entry in predictions] == list(CARD.contract.class_names)[::-1]
    assert predictions[0] == {
        "class": "Z",
        "index": 25,
        "logit": 25.0,
        "probability": pytest.approx(1 - np.exp(-1), rel=1e-4),
    }


def test_findings_stand_in_it_when_there_was_an_autopsy(files: dict[str, bytes]) -> None:
    (finding,) = json.loads(files["findings.json"])
    assert (finding["cause"], finding["code"], finding["fix"]) == ("polarity", "img = 255 - img", None)
    without = write_bundle({}, PICTURE, STAGES, TRACE, CARD)
    with zipfile.ZipFile(io.BytesIO(without)) as archive:
        assert "findings.json" not in archive.namelist()


def test_the_same_case_gives_the_same_bytes() -> None:
    first, second = (write_bundle({"v": "1"}, PICTURE, STAGES, TRACE, CARD) for _ in range(2))
    assert first == second
