"""The stroke probe says the log odds that a picture is none of the classes, and survives its file."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from lib import zoo
from lib.evaluate.builtin import BUILT_IN
from lib.outliers import auroc
from lib.reference.stroke_probe import StrokeProbe
from lib.reference.strokes import WIDTH, stroke_vectors
from lib.training.normal_form import normal_forms


def probe(**changes: object) -> StrokeProbe:
    """One hidden unit that reads the first number less 0.5; two classes, and none of them."""
    hidden = np.zeros((WIDTH, 1), np.float16)
    hidden[0] = 2
    values = {
        "hidden": hidden,
        "hidden_bias": np.array([-1], np.float16),
        "output": np.array([[0, 0, 3]], np.float16),
        "output_bias": np.array([0, 0, 1], np.float16),
        "held_out": np.array([0.5, -0.5], np.float32),
    }
    return StrokeProbe(**(values | changes))  # type: ignore[arg-type]


def test_the_score_is_the_logarithm_of_the_odds_of_none_of_the_classes() -> None:
    vectors = np.zeros((2, WIDTH), np.float32)
    vectors[1, 0] = 1  # the unit gives 2 * 1 - 1 = 1, at 0 it is cut off
    np.testing.assert_allclose(probe().scores(vectors), [1 - np.log(2), 1 + 3 - np.log(2)], rtol=1e-6)


def test_the_file_gives_the_same_probe_back(tmp_path: Path) -> None:
    vectors = np.random.default_rng(0).random((3, WIDTH)).astype(np.float32)
    one = probe()
    before = one.scores(vectors)
    one.save(tmp_path / "strokes.npz")
    again = StrokeProbe.load(tmp_path / "strokes.npz")
    np.testing.assert_array_equal(again.scores(vectors), before)
    np.testing.assert_array_equal(again.held_out, one.held_out)


@pytest.mark.parametrize(
    "changes",
    [
        {"hidden": np.zeros((WIDTH - 1, 1), np.float16)},
        {"hidden_bias": np.zeros(2, np.float16)},
        {"output": np.zeros((1, 4), np.float16)},
        {"output": np.zeros((1, 1), np.float16), "output_bias": np.zeros(1, np.float16)},
        {"held_out": np.array([np.nan], np.float32)},
    ],
)
def test_numbers_that_do_not_fit_together_are_refused(changes: dict) -> None:
    with pytest.raises(ValueError, match="usable stroke probe"):
        probe(**changes)


def test_another_file_is_refused(tmp_path: Path) -> None:
    np.savez(tmp_path / "other.npz", format=1)
    with pytest.raises(ValueError, match="not a stroke probe"):
        StrokeProbe.load(tmp_path / "other.npz")


def test_the_letter_networks_share_one_that_knows_other_peoples_digits_from_capitals() -> None:
    letters = [card for card in zoo.bundled() if card.name.startswith("letters")]
    first, *others = [StrokeProbe.load(card.strokes_path) for card in letters]
    assert len(others) == 3
    for other in others:
        np.testing.assert_array_equal(other.output, first.output)

    def scores(id: str, labels: tuple[int, ...]) -> np.ndarray:
        found = BUILT_IN[id].make()
        images = np.asarray(found.images)[np.isin(found.labels, labels)]
        return first.scores(stroke_vectors(normal_forms(images), "0..255"))

    capitals, digits = scores("capitals", tuple(range(26))), scores("digits", (3, 4, 6, 7, 9))
    assert auroc(digits, capitals) > 0.98 and auroc(digits, first.held_out) > 0.97
