"""Claims about labels: which texts are the same class, and what order classes have."""

import numpy as np
import pytest

from lib.dataset.guards import DatasetError, DatasetLimits, Request, Watch
from lib.dataset.labels import Codes, clean, from_array, in_order, plain

LIMITS = DatasetLimits(classes=20)
REQUEST = Request("set", LIMITS, Watch("", LIMITS, None, None))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("3", "3"),
        (" 03 ", "3"),
        ("3.0", "3"),
        ('"A"', "A"),
        ("a b", "a b"),
        ("1_0", "1_0"),
        ("ä\u202eb", "ä b"),
        ("x" * 99, "x" * 60),
    ],
)
def test_spellings_of_one_class_are_one_name(text, name):
    assert plain(text) == name


@pytest.mark.parametrize("text", ["", " ", "''", "-1", "2.5", "nan", "inf", "\x00"])
def test_what_is_no_label_is_refused(text):
    with pytest.raises(ValueError, match="label"):
        plain(text)


def test_control_characters_do_not_reach_the_screen():
    assert clean("A\n\tB\u202e\x00") == "A B"


def test_codes_are_given_in_order_of_appearance_and_put_in_order_at_the_end():
    codes = Codes(REQUEST)
    found = np.array([codes.code(text) for text in (b"z", b"a", b"z", b"m")])
    np.testing.assert_array_equal(found, [0, 1, 0, 2])
    labels, names = codes.finish(found)
    assert names == ("a", "m", "z")
    np.testing.assert_array_equal(labels, [2, 0, 2, 1])


def test_numbers_are_their_own_index_also_with_gaps():
    codes = Codes(REQUEST)
    labels, names = codes.finish(np.array([codes.code(text) for text in ("7", "07", "2")]))
    np.testing.assert_array_equal(labels, [7, 7, 2])
    assert names == tuple("01234567")


def test_numbers_too_large_to_be_an_index_are_numbered_anew():
    labels, names = from_array(np.array([500, 65, 500]), REQUEST)
    np.testing.assert_array_equal(labels, [1, 0, 1])
    assert names == ("65", "500")


def test_too_many_classes_are_refused():
    with pytest.raises(DatasetError, match="21 different labels"):
        from_array(np.arange(21), REQUEST)


def test_folders_with_leading_zeros_keep_their_names_and_stand_in_numerical_order():
    labels, names = in_order(["0001500", "0000003", "20", "020"], REQUEST)
    assert names == ("0000003", "020", "20", "0001500")
    np.testing.assert_array_equal(labels, [3, 0, 2, 1])
