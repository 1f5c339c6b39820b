"""Class names are read from what people have, in the order of the outputs, and a wrong number is said at once."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.zoo.class_names import ClassNames, ClassNamesError, fitted, numbered, read_class_names

PETS = ("cat", "dog", "hen")


@pytest.mark.parametrize(
    "source",
    [
        b"cat\ndog\nhen\n",
        b"cat\r\n\r\ndog\r\n  hen  ",
        b"\xef\xbb\xbfcat\ndog\nhen",
        "cat\ndog\nhen".encode("utf-16"),
        "cat\ndog\nhen".encode("utf-16-le"),
        "cat, dog, hen",
        '["cat", "dog", "hen"]',
        '{"class_names": ["cat", "dog", "hen"]}',
        '{"2": "hen", "0": "cat", "1": "dog"}',
        '{"dog": 1, "cat": 0, "hen": 2}',
        '{"0": ["n02121808", "cat"], "1": ["n02084071", "dog"], "2": ["n01514668", "hen"]}',
        "0,cat\n1,dog\n2,hen",
        "class,name\n0,cat\n1,dog\n2,hen",
        "name;label\nhen;2\ncat;0\ndog;1",
        "1\tcat\n2\tdog\n3\then",
        "0 cat\n1 dog\n2 hen",
        "0: cat\n1: dog\n2: hen",
        '"cat"\n"dog"\n"hen"',
        "c\x00at\nd\x1bog\nh\u202een",
    ],
)
def test_every_form_gives_the_same_names(source: bytes | str) -> None:
    assert read_class_names(source).names == PETS


def test_names_with_spaces_commas_and_digits_stay_whole() -> None:
    assert read_class_names("great white shark\ngoldfish, Carassius auratus\ntench").names == (
        "great white shark",
        "goldfish, Carassius auratus",
        "tench",
    )
    assert read_class_names("0\n1\n2").names == ("0", "1", "2")
    assert read_class_names("7 up\n3 musketeers").names == ("7 up", "3 musketeers")


def test_ten_comes_after_nine_not_after_one() -> None:
    entries = {str(n): f"class {n}" for n in sorted(range(12), key=str)}
    assert read_class_names(json.dumps(entries)).names == tuple(f"class {n}" for n in range(12))


def test_old_encodings_are_read() -> None:
    assert read_class_names("Käfer\nBär".encode("latin-1")).names == ("Käfer", "Bär")
    assert read_class_names("Käfer\nBär".encode()).names == ("Käfer", "Bär")


def test_repetitions_are_allowed_but_said() -> None:
    read = read_class_names("cat\ndog\ncat")
    assert read.names == ("cat", "dog", "cat")
    assert read.notes == ("1 name(s) occur more than once, for example “cat”: those classes look alike.",)


@pytest.mark.parametrize(
    ("source", "says"),
    [
        (b"", "is empty"),
        (b"  \n ", "is empty"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(30)) * 9, "is no text"),
        ("x" * 2_000_001, "at most 2 MB"),
        ('["cat", ', "begins like JSON but is none"),
        ("[" * 100_000, "begins like JSON but is none"),
        ('[["cat", ["dog"]]]', "where a class name is expected"),
        ('{"cat": "meow"}', "numbers neither"),
        ('{"0": "cat", "2": "dog"}', "gap or a repetition near 1"),
        ('{"cat": 0, "dog": 0}', "gap or a repetition"),
        ("[]", "holds no names"),
        ('["cat", ""]', "name of class 1"),
        ("\n".join(map(str, range(25_001))), "the limit is 25,000"),
    ],
)
def test_what_is_no_list_of_names_is_refused(source: bytes | str, says: str) -> None:
    with pytest.raises(ClassNamesError, match=says) as refused:
        read_class_names(source, "names.txt")
    assert "“names.txt”" in str(refused.value)


def test_long_names_are_shortened_and_said() -> None:
    read = read_class_names("x" * 5_000 + "\ny")
    assert len(read.names[0]) == 100
    assert read.notes == ("Names longer than 100 characters were shortened.",)


def test_as_many_names_as_outputs_fit() -> None:
    names = ClassNames(PETS, "lines")
    assert fitted(names, 3) is names


def test_a_heading_or_a_background_class_too_many_is_left_out() -> None:
    read = fitted(ClassNames(("background", *PETS), "lines"), 3)
    assert read.names == PETS
    assert read.notes == ("The first name, “background”, was left out: there are 3 outputs.",)


@pytest.mark.parametrize(
    ("count", "outputs", "hint"),
    [(26, 27, "labels that begin with 1"), (4, 3, "One is too many"), (3, 10, "each output needs one name")],
)
def test_another_number_is_said_with_a_hint(count: int, outputs: int, hint: str) -> None:
    with pytest.raises(ClassNamesError, match=rf"There are {count} class names.* {outputs} scores.*{hint}"):
        fitted(ClassNames(numbered(count), "lines"), outputs)


def test_classes_without_names_are_numbered_from_zero() -> None:
    assert numbered(3) == ("0", "1", "2")


WORDS = st.text(st.characters(categories=("L",), exclude_characters='"'), min_size=1, max_size=20)


@given(st.lists(WORDS, min_size=2, max_size=30, unique=True))
def test_lists_and_indices_in_json_say_the_same(names: list[str]) -> None:
    listed = read_class_names(json.dumps(names)).names
    assert listed == tuple(names)
    assert read_class_names(json.dumps({name: n for n, name in enumerate(names)})).names == listed
    assert read_class_names(json.dumps({str(n): name for n, name in enumerate(names)})).names == listed


@given(st.binary(max_size=300))
def test_any_bytes_give_names_or_a_sentence(data: bytes) -> None:
    try:
        names = read_class_names(data).names
    except ClassNamesError:
        return
    assert names and all(name and name == name.strip() and len(name) <= 100 for name in names)
