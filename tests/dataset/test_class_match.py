"""Claims about matching a data set's classes with a network's."""

import numpy as np
import pytest

from lib.dataset import DatasetError
from lib.dataset.class_match import match_classes

LETTERS = tuple("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
TEN = tuple("0123456789")


def match(names, known, counts=None):
    return match_classes(names, np.ones(len(names), int) if counts is None else np.array(counts), known)


def test_names_are_matched_whatever_their_order_and_case():
    found = match(("c", "A", "hot-dog"), ("A", "B", "C", "Hot Dog"))
    np.testing.assert_array_equal(found.index, [2, 0, 3])
    assert (found.by, found.notes) == ("name", ())


def test_a_network_that_tells_small_from_capital_is_taken_at_its_word():
    np.testing.assert_array_equal(match(("a", "A"), ("A", "a")).index, [1, 0])


def test_digits_of_a_digit_network_are_names():
    found = match(("0", "1", "2"), ("2", "1", "0"))
    assert found.by == "name"
    np.testing.assert_array_equal(found.index, [2, 1, 0])


def test_numbers_are_indices_of_classes_with_other_names():
    found = match(tuple(map(str, range(26))), LETTERS)
    np.testing.assert_array_equal(found.index, range(26))
    assert found.by == "order"
    assert found.notes == ("Classes were matched by their order: “0” is “A”.",)


def test_numbers_from_one_are_counted_from_one():
    found = match(tuple(map(str, range(27))), LETTERS, [0] + [1] * 26)
    np.testing.assert_array_equal(found.index[1:], range(26))
    assert "counted from 1: “1” is “A”" in found.notes[0]


def test_as_many_other_names_are_matched_in_order_and_it_is_said():
    found = match(("n01", "n02", "n03"), ("cat", "dog", "emu"))
    np.testing.assert_array_equal(found.index, [0, 1, 2])
    assert "“n01” is “cat”" in found.notes[0]


def test_a_class_that_the_network_does_not_have_is_left_out_and_told():
    found = match(("A", "B", "other"), LETTERS, [5, 5, 7])
    np.testing.assert_array_equal(found.index, [0, 1, -1])
    assert found.notes == ("7 images were left out: the network has no class called other.",)


@pytest.mark.parametrize(
    ("names", "known"),
    [(("cat", "dog"), LETTERS), (tuple(map(str, range(12))), tuple("ABCDEFGHIJ")), ((), LETTERS)],
)
def test_classes_that_cannot_be_matched_are_refused_with_a_sentence(names, known):
    with pytest.raises(DatasetError, match="are not the network's"):
        match(names, known)


def test_a_few_labels_that_are_no_numbers_do_not_spoil_the_others():
    names, counts = ("0", "10", "2", "=cmd"), np.array([50, 30, 20, 2])
    found = match_classes(names, counts, tuple("ABCDEFGHIJK"))
    assert found.index.tolist() == [0, 10, 2, -1] and found.by == "order"
    assert found.notes == (
        "Classes were matched by their numbers: “0” is “A”.",
        "2 images were left out: the network has no class called =cmd.",
    )
    counted = match_classes(("1", "2", "x"), np.array([30, 30, 1]), ("a", "b"))
    assert counted.index.tolist() == [0, 1, -1]
    for names, counts in ((("0", "x"), [50, 10]), (("0", "99", "x"), [50, 50, 1])):
        with pytest.raises(DatasetError):
            match_classes(names, np.array(counts), tuple("ABCDEFGHIJK"))


def test_one_stray_number_costs_its_own_pictures_and_no_others():
    names = tuple(str(n) for n in range(100))
    counts = np.zeros(100, int)
    counts[:26], counts[99] = 8, 1
    found = match_classes(names, counts, tuple("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
    assert found.by == "order" and found.index[25] == 25 and found.index[99] == -1
    assert found.notes[1] == "1 image was left out: the network has no class called 99."
    # Counted from 1, with a stray 0? Then 26 has no class, and is too many to be left out.
    counts[99], counts[26] = 0, 20
    with pytest.raises(DatasetError, match=r"27 classes .* the network's 26"):
        match_classes(names, counts, tuple("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
