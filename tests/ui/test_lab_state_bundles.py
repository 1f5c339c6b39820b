"""A bundle dropped into the Lab brings its case back."""

from __future__ import annotations

import io
import zipfile

import numpy as np

from lib import zoo
from lib.bundle import write_bundle
from lib.case import SampleSource, UploadSource, to_query
from lib.drawing import Drawing, Stroke
from lib.network import Trace
from lib.picture import Picture
from lib.ui.lab_state import LabState

T = Drawing((Stroke("pen", 90, ((200, 200, 255), (800, 210, 255))),))
LETTER = Picture.from_array(np.full((9, 12, 3), 200, np.uint8), "mine.jpg")
PENCIL = Picture.from_array(
    np.pad(np.zeros((9, 2), np.uint8), ((3, 3), (5, 5)), constant_values=255), "other.png"
)


def bundle_of(state: LabState) -> bytes:
    stages = state.pipeline.run(state.picture())
    logits = np.zeros((1, len(state.card.contract.class_names)), np.float32)
    trace = Trace(logits, np.full(logits.shape, 1 / logits.size), {})
    return write_bundle(to_query(state.case, state.default_of), state.picture(), stages, trace, state.card)


def test_an_uploaded_picture_comes_back_with_model_pipeline_and_views() -> None:
    sender = LabState.from_link({"model": "letters-cnn", "steps": "sigmoid:on,slope=12"})
    sender.show_upload(LETTER.to_png(), "mine.png")
    sender.set_view(predictions='{"k": 7}')
    visitor = LabState.from_link({})
    visitor.show_upload(bundle_of(sender), "case.zip")
    assert visitor.error == ""
    assert (visitor.model, visitor.pipeline, visitor.view) == (sender.model, sender.pipeline, sender.view)
    assert isinstance(visitor.source, UploadSource)
    np.testing.assert_array_equal(visitor.picture().raw, LETTER.raw)
    assert "bundle" in visitor.switch_note


def test_samples_and_drawings_come_back_as_such_and_leave_the_visitors_upload_alone() -> None:
    visitor = LabState.from_link({})
    visitor.show_upload(LETTER.to_png(), "mine.png")
    for source in (SampleSource("x-photo"), T):
        sender = LabState.from_link({})
        sender.source = source
        visitor.show_upload(bundle_of(sender), "case.zip")
        assert visitor.source == source
    assert visitor.drawing == T
    assert visitor.upload is not None
    assert visitor.upload.name == "mine.png"


def test_a_bundle_of_a_model_that_is_not_here_shows_its_picture_in_the_present_one() -> None:
    sender = LabState.from_link({})
    sender.show_upload(LETTER.to_png(), "mine.png")
    query = {"v": "1", "model": "upload:secret.keras", "upload": "mine.png"}
    stages = sender.pipeline.run(LETTER)
    trace = Trace(np.zeros((1, 26), np.float32), np.full((1, 26), 1 / 26), {})
    data = write_bundle(query, LETTER, stages, trace, zoo.card("letters-mlp"))
    visitor = LabState.from_link({"model": "letters-cnn"})
    visitor.show_upload(data, "case.zip")
    assert visitor.model == "letters-cnn"
    assert "secret.keras" in visitor.switch_note
    np.testing.assert_array_equal(visitor.picture().raw, LETTER.raw)


def test_another_zip_changes_nothing_but_the_message() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("letters.csv", "0,1,2")
    visitor = LabState.from_link({})
    before = visitor.case
    visitor.show_upload(buffer.getvalue(), "letters.zip")
    assert visitor.case == before
    assert "no bundle of Misread" in visitor.error


def test_a_bundle_whose_picture_was_changed_says_that_its_numbers_are_others() -> None:
    sender = LabState.from_link({})
    sender.show_upload(LETTER.to_png(), "mine.png")
    other = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(bundle_of(sender))) as archive,
        zipfile.ZipFile(other, "w") as changed,
    ):
        for name in ("case.json", "picture.png"):
            content = archive.read(name)
            changed.writestr(name, PENCIL.to_png() if name == "picture.png" else content)
    visitor = LabState.from_link({})
    visitor.show_upload(other.getvalue(), "case.zip")
    assert visitor.error == ""
    assert "not those in the bundle" in visitor.switch_note
    visitor.show_upload(bundle_of(sender), "case.zip")
    assert "not those" not in visitor.switch_note
