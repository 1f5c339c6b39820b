"""Claims about the order of class names: planted mistakes are found and named, and none is invented."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.autopsy.causes import CAUSES
from lib.evaluate import Answers
from lib.evaluate.label_order import check_label_order


def planted(
    names: tuple[str, ...], output: np.ndarray, n: int = 600, noise: float = 0.1, seed: int = 0
) -> Answers:
    """Pictures of class c light up output[c]; a share of them any output."""
    random = np.random.default_rng(seed)
    classes = len(names)
    labels = np.arange(n) % classes
    lit = np.where(random.random(n) < noise, random.integers(0, classes, n), output[labels])
    return Answers(np.eye(classes, dtype=np.float32)[lit] * 5, labels, np.arange(n), names)


LETTERS = tuple("ABCDEFGH")


@settings(max_examples=25)
@given(st.permutations(range(8)))
def test_any_planted_permutation_is_found(output: list[int]) -> None:
    found = check_label_order(planted(LETTERS, np.array(output), n=400))
    moved = sum(k != o for k, o in enumerate(output))
    if moved >= 2:
        assert found.output.tolist() == output and found.cause in ("label-order", "label-offset")
        assert found.best.value > 0.8
    else:
        assert found.cause == "" and found.output.tolist() == list(range(8))


def test_names_in_order_are_called_so() -> None:
    found = check_label_order(planted(LETTERS, np.arange(8)))
    assert found.cause == "" and "No other order" in found.sentence


def test_a_bad_network_gets_no_other_names() -> None:
    random = np.random.default_rng(3)
    answers = Answers(
        random.normal(size=(300, 8)).astype(np.float32), np.arange(300) % 8, np.arange(300), LETTERS
    )
    assert check_label_order(answers).cause == ""


def test_pictures_that_are_answered_alike_but_badly_are_no_matter_of_names() -> None:
    # As when inverted capitals come in: every class has a favourite, and most answers are L whatever was shown.
    labels = np.arange(800) % 8
    lit = np.where(np.random.default_rng(0).random(800) < 0.3, np.roll(np.arange(8), -1)[labels], 7)
    answers = Answers(np.eye(8, dtype=np.float32)[lit], labels, np.arange(800), LETTERS)
    found = check_label_order(answers)
    assert found.cause == "" and found.output.tolist() == list(range(8))
    assert found.sentence.startswith("Even in the best order of the names only 3")


@pytest.mark.parametrize(
    ("step", "says"), [(1, "counted from 1 in training"), (-1, "counted from 0 in training")]
)
def test_off_by_one_is_named(step: int, says: str) -> None:
    found = check_label_order(planted(LETTERS, np.roll(np.arange(8), -step)))
    assert found.cause == "label-offset" and says in found.sentence


def test_folders_sorted_as_text_are_named() -> None:
    names = tuple(str(n) for n in range(12))
    by_text = sorted(names)  # 0, 1, 10, 11, 2, ...
    found = check_label_order(planted(names, np.array([by_text.index(name) for name in names])))
    assert found.cause == "label-order" and "in alphabetical order" in found.sentence
    assert "“2” is output 4, not 2" in found.sentence


def test_a_list_sorted_as_text_for_outputs_in_numerical_order_is_named() -> None:
    names = tuple(sorted(str(n) for n in range(12)))
    found = check_label_order(planted(names, np.array([int(name) for name in names])))
    assert found.cause == "label-order" and "in numerical order" in found.sentence


def test_two_exchanged_names_and_a_list_back_to_front_are_named() -> None:
    output = np.arange(8)
    output[[2, 5]] = (5, 2)
    assert "“C” and “F” are exchanged" in check_label_order(planted(LETTERS, output)).sentence
    assert "back to front" in check_label_order(planted(LETTERS, np.arange(8)[::-1])).sentence


@pytest.mark.parametrize("names", [("cat", "dog"), ("no", "yes")])
def test_of_two_classes_an_exchange_is_no_off_by_one(names: tuple[str, str]) -> None:
    found = check_label_order(planted(names, np.array([1, 0])))
    assert found.cause == "label-order" and f"“{names[0]}” and “{names[1]}” are exchanged" in found.sentence
    backwards = check_label_order(planted(names[::-1], np.array([1, 0])))
    assert backwards.cause == "label-order" and "in alphabetical order" in backwards.sentence


def test_pictures_of_one_class_show_no_pattern_of_all() -> None:
    answers = planted(LETTERS, np.roll(np.arange(8), -1))
    some = answers.labels == 2
    parts = {name: getattr(answers, name)[some] for name in ("logits", "labels", "rows")}
    found = check_label_order(dataclasses.replace(answers, **parts))
    assert found.cause == "label-order" and "“C” is called “D”" in found.sentence


def test_pictures_of_other_things_are_not_taken_for_renamed_classes() -> None:
    # Three kinds of things light up three outputs of classes that are not there, six times in ten.
    answers = planted(LETTERS, np.array([5, 6, 7, 3, 4, 0, 1, 2]), n=2000, noise=0.45)
    some = answers.labels < 3
    parts = {name: getattr(answers, name)[some] for name in ("logits", "labels", "rows")}
    found = check_label_order(dataclasses.replace(answers, **parts))
    assert found.cause == "" and "probably not the network's classes" in found.sentence


def test_the_gain_is_measured_on_pictures_that_did_not_choose_it() -> None:
    found = check_label_order(planted(LETTERS, np.arange(8)[::-1], n=600, noise=0.2))
    assert found.best.n == found.now.n == 300
    assert found.best.value == pytest.approx(0.8 + 0.2 / 8, abs=0.05)


def test_the_causes_are_in_the_catalogue() -> None:
    assert {"label-order", "label-offset"} <= CAUSES.keys()
