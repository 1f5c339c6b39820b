"""What is said when temporary files cannot be written."""

from __future__ import annotations

import errno

import pytest

from lib.temporary import is_no_room, no_room


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EFBIG, errno.EROFS])
def test_a_disk_that_takes_no_more_is_no_room(number: int) -> None:
    assert is_no_room(OSError(number, "as the system says it", "/tmp/misread-x/model"))


@pytest.mark.parametrize(
    "error", [OSError("h5py has no number"), OSError(errno.ENOENT, "x"), ValueError("x")]
)
def test_other_errors_are_not(error: Exception) -> None:
    assert not is_no_room(error)


def test_the_sentence_says_what_needs_it_what_is_lost_and_what_to_do() -> None:
    sentence = no_room("A training")
    assert sentence.startswith("A training needs room") and "Nothing of yours is lost" in sentence
    assert sentence.endswith("the person who runs this server.")
