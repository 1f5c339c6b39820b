"""Every sample in every bundled model goes through a bundle and comes back: picture, tensor, pipeline, answers."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from functools import cache

import numpy as np
import pytest

from lib import zoo
from lib.bundle import write_bundle
from lib.case import Case, SampleSource, to_query
from lib.network import Network
from lib.pipeline import Pipeline
from lib.samples import sample, samples
from lib.ui.lab_state import LabState

MODELS = [card.name for card in zoo.bundled()]
SAMPLES = [one.id for one in samples()]


@cache
def network_of(model: str) -> Network:
    return zoo.load(model)


def own(model: str) -> Pipeline:
    return zoo.card(model).contract.pipeline()


def bundle_of(model: str, id: str, pipeline: Pipeline, upload: bool) -> tuple[bytes, np.ndarray, np.ndarray]:
    """A bundle of that sample, as such or as an upload; its tensor; the probabilities."""
    picture = sample(id).picture()
    stages = pipeline.run(picture)
    trace = network_of(model).trace(stages.final[None])
    query = to_query(Case(model, SampleSource(id), pipeline), own)
    if upload:
        query["upload"] = query.pop("sample")
    data = write_bundle(query, picture, stages, trace, zoo.card(model))
    return data, stages.final, trace.probabilities[0]


@pytest.mark.parametrize("id", SAMPLES)
@pytest.mark.parametrize("model", MODELS)
def test_a_bundle_brings_the_case_back(model: str, id: str) -> None:
    # A setting that no model has by itself, and in turns the way in which the picture came.
    pipeline = own(model).with_step("sigmoid", on=True, slope=11.5)
    data, tensor, probabilities = bundle_of(model, id, pipeline, upload=bool(len(id) % 2))
    visitor = LabState.from_link({})
    visitor.show_upload(data, "case.zip")
    assert visitor.error == "" and visitor.model == model
    assert visitor.pipeline == pipeline
    assert visitor.picture().name == sample(id).picture().name

    again = visitor.pipeline.run(visitor.picture()).final
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        case, shown = (json.loads(archive.read(f"{name}.json")) for name in ("case", "predictions"))
        stored = np.load(io.BytesIO(archive.read("tensor.npy")), allow_pickle=False)
    digest = hashlib.sha256(np.ascontiguousarray(again, "<f4").tobytes()).hexdigest()
    assert case["tensor_sha256"] == digest == hashlib.sha256(tensor.tobytes()).hexdigest()
    np.testing.assert_array_equal(stored, again)

    answer = network_of(model).trace(again[None]).probabilities[0]
    np.testing.assert_allclose(answer, probabilities, atol=1e-5, rtol=0)
    names = zoo.card(model).contract.class_names
    assert [entry["class"] for entry in shown] == [
        names[k] for k in np.argsort(-probabilities, kind="stable")
    ]
    np.testing.assert_allclose(
        [entry["probability"] for entry in shown], np.sort(probabilities)[::-1], atol=1e-7, rtol=0
    )
