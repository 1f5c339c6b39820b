"""Pictures that are kept beside the Lab's own: each once, never the Lab's own twice, and not too many."""

from __future__ import annotations

import numpy as np
import pytest
import streamlit as st

from lib.picture import Picture
from lib.ui.autopsy.more_pictures import MOST, forget_more, keep, more_pictures
from lib.ui.lab_state import LabState


def gray(level: int) -> Picture:
    return Picture.from_array(np.full((8, 8, 3), level, np.uint8))


@pytest.fixture
def lab(monkeypatch: pytest.MonkeyPatch) -> LabState:
    monkeypatch.setattr(st, "session_state", {})
    return LabState.from_link({"sample": "r-clean"})


def test_every_picture_is_kept_once_in_the_order_of_arrival(lab: LabState) -> None:
    keep((gray(1), gray(2)))
    keep((gray(2), gray(3)))
    assert more_pictures(lab) == (gray(1), gray(2), gray(3))


def test_the_labs_own_picture_is_not_examined_twice(lab: LabState) -> None:
    keep((lab.picture(), gray(1)))
    assert more_pictures(lab) == (gray(1),)
    shown_before = lab.picture()
    lab.show_sample("x-soft")
    assert more_pictures(lab) == (shown_before, gray(1)), "the Lab shows another one by now"


def test_there_is_an_end(lab: LabState) -> None:
    keep(tuple(gray(level) for level in range(MOST + 3)))
    assert len(more_pictures(lab)) == MOST - 1


def test_all_can_be_taken_away_again(lab: LabState) -> None:
    keep((gray(1),))
    forget_more()
    assert more_pictures(lab) == ()
