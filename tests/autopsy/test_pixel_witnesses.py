"""What pixels say by themselves: values by hand where only the contract is known."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from lib import zoo
from lib.autopsy.evidence import Seen
from lib.autopsy.pixel_witnesses import agreement, gray, standard, witnesses
from lib.contract import Contract
from lib.reference import Reference

LETTERS = zoo.card("letters-mlp").contract


def letter(ground: float, ink: float) -> np.ndarray:
    """A block of ink on a ground, (1, 784)."""
    image = np.full((28, 28), ground, np.float32)
    image[8:20, 8:20] = ink
    return image.reshape(1, 784)


def columns(tensor: np.ndarray, contract: Contract = LETTERS) -> dict[str, float]:
    found, labels, compass = witnesses(contract, tensor, None)
    assert labels.tolist() == [-1] * len(tensor) and compass.shape == (len(tensor), 0)
    return {name: float(values[0]) for name, values in found.items()}


def test_white_ink_on_black_is_just_what_the_contract_promises() -> None:
    found = columns(letter(0, 255))
    assert found["contract_ground"] == found["contract_ink"] == found["contract_gray"] == 0
    assert found["contract_range"] == 0


def test_paper_pale_ink_and_the_wrong_way_round_are_seen() -> None:
    assert columns(letter(51, 255))["contract_ground"] == pytest.approx(-0.2)
    assert columns(letter(0, 204))["contract_ink"] == pytest.approx(-0.2)
    assert columns(letter(255, 0))["contract_ground"] == pytest.approx(-1.0)
    # 144 of 784 pixels are gray.
    assert columns(letter(0, 127))["contract_gray"] == pytest.approx(-144 / 784)


def test_values_outside_of_the_range_and_no_contrast_at_all_are_seen() -> None:
    # 1 - x on floats: from -254 to 1.
    assert columns(letter(-254, 1))["contract_range"] == pytest.approx(-np.log1p(10 * 254 / 255))
    divided = columns(letter(0, 1))
    assert divided["contract_range"] == pytest.approx(-5 * (0.3 - 1 / 255))
    assert divided["contract_ink"] == pytest.approx(-254 / 255)


def test_black_ink_on_white_is_right_where_the_contract_says_so() -> None:
    contract = dataclasses.replace(LETTERS, polarity="black on white")
    assert columns(letter(255, 0), contract)["contract_ground"] == 0
    assert columns(letter(0, 255), contract)["contract_ground"] == -1


def test_of_photographs_only_the_range_is_promised() -> None:
    contract = zoo.card("house-numbers").contract
    tensor = np.random.default_rng(0).uniform(0, 1, (1, 32, 32, 3)).astype(np.float32)
    found, _, _ = witnesses(contract, tensor, None)
    assert set(found) == {"contract_range"} and found["contract_range"][0] == 0
    too_large, _, _ = witnesses(contract, tensor * 255, None)
    assert too_large["contract_range"][0] < -5


def test_gray_is_the_mean_of_the_channels() -> None:
    contract = zoo.card("house-numbers").contract
    tensor = np.zeros((1, 32, 32, 3), np.float32)
    tensor[..., 0] = 0.9
    np.testing.assert_allclose(gray(tensor, contract), np.full((1, 32, 32), 0.3), atol=1e-7)


def test_standard_deviations_are_capped_on_both_sides() -> None:
    known = np.array([-1.0, 1.0])
    np.testing.assert_allclose(
        standard(np.array([-50.0, -1.0, 0.5, 50.0]), known, 2.0), [-2.0, -1.0, 0.5, 6.0]
    )


def test_agreement_is_about_the_answers_class() -> None:
    scores = np.log(np.array([[0.7, 0.2, 0.1]] * 3))
    known = Seen(np.zeros((3, 1)), np.array([0, 0, 0]), scores)
    found = agreement(known, np.array([0, 1, 3]))
    assert found["prototype_agrees"].tolist() == [1.0, 0.0, 0.0]
    # The fourth class is one that the Compass does not know.
    np.testing.assert_allclose(found["upright_agrees"], [np.log(0.7), np.log(0.2), -6.0])


def test_the_reference_judges_by_its_quantiles() -> None:
    reference = Reference.load(zoo.card("letters-mlp").reference_path)
    found, labels, _ = witnesses(LETTERS, np.concatenate([letter(0, 255), letter(60, 255)]), reference)
    assert found["worst_statistic"][1] < found["worst_statistic"][0] <= 0
    assert labels.min() >= 0 and "upright" not in found, "this one has no Compass"
