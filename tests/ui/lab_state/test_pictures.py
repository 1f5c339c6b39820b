"""Drawing, upload and samples in a visitor's Lab."""

from __future__ import annotations

import copy

import pytest

from lib.case import UploadSource
from lib.picture import PictureError, decode
from lib.samples import sample
from lib.ui.lab_state import LabState
from tests.ui.lab_state.stand_in import EVENTS, LINE, png


def test_drawing_and_upload_are_kept_while_another_picture_is_looked_at(lab: LabState) -> None:
    lab.draw(LINE, True, 1)
    lab.show_upload(png(50), "mine.png")
    lab.show_sample("x-soft")
    assert lab.picture() == sample("x-soft").picture()
    assert lab.drawing == LINE and lab.upload == decode(png(50))
    lab.show_drawing()
    assert lab.picture() == LINE.picture() and not lab.source_is_upload


def test_an_upload_is_shown_under_its_name(lab: LabState) -> None:
    lab.show_upload(png(50), "C:\\photos\\mine.png")
    assert lab.source == UploadSource("mine.png") and lab.source_is_upload
    assert lab.picture() == decode(png(50))
    assert lab.query()[0]["upload"] == "mine.png"


@pytest.mark.parametrize("data", [b"", b"not a picture", png(1)[:40]])
def test_a_bad_upload_changes_nothing_but_the_message(data: bytes, lab: LabState) -> None:
    lab.show_upload(png(50), "good.png")
    lab.link_is_due = False
    before = copy.copy(vars(lab))
    lab.show_upload(data, "bad.png")
    changed = {name for name, value in vars(lab).items() if value is not before[name]}
    assert changed == {"error"}
    with pytest.raises(PictureError) as expected:
        decode(data, "bad.png")
    assert lab.error == str(expected.value)


@pytest.mark.parametrize("event", ["show_sample", "show_drawing", "show_upload", "last stroke"])
def test_the_message_goes_with_the_next_picture(event: str, lab: LabState) -> None:
    lab.show_upload(b"", "bad.png")
    lab.change_pipeline(lab.default, True, 1)
    assert lab.error, "a slider says nothing about the file"
    EVENTS[event](lab)
    assert lab.error == ""
