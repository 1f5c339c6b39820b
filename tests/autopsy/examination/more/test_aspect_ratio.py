"""A picture whose sides were shrunk by different factors, where training kept its shape."""

from __future__ import annotations

import numpy as np
import pytest

from lib.autopsy.examination.more.aspect_ratio import CAUSE, examine
from tests.autopsy.examination.pictures import clue, found, letter_h, letters, pixels, view

SQUASH = letters().pipeline().with_step("frame", mode="squash")
WIDE = pixels(np.pad(letter_h().pixels[..., 0], ((0, 0), (140, 140)), constant_values=255))


def test_it_is_named_when_a_wide_picture_becomes_a_square() -> None:
    one = clue(examine, view(WIDE, SQUASH))
    assert one is not None and one.cause == CAUSE.id == "aspect-ratio" and one.sentence
    assert one.witnesses[0].value == pytest.approx(2.0)


@pytest.mark.parametrize("mode", ["pad to square", "crop to ink", "centre crop"])
def test_it_is_silent_about_frames_that_keep_the_shape(mode: str) -> None:
    assert found(examine, view(WIDE, letters().pipeline().with_step("frame", mode=mode))) == ""


def test_it_is_silent_where_training_squashed() -> None:
    assert found(examine, view(WIDE, SQUASH, frame="squash")) == ""
