"""What pictures show to networks that read ink."""

from __future__ import annotations

import numpy as np
import pytest

from lib.autopsy.examination.ink import blank, glyphs, lost_colour, paper, polarity, several_glyphs
from lib.picture import decode
from lib.zoo import catalogue  # noqa: F401  the cards are read once
from tests.autopsy.examination.pictures import (
    COLOUR,
    SAMPLES,
    clue,
    colours,
    drawn,
    found,
    letter_h,
    letters,
    line,
    on_paper,
    pixels,
    reference,
    view,
)

LETTERS = (
    "r-clean.png",
    "x-soft.png",
    "p-hard.png",
    "h-inverted.png",
    "k-corner.png",
    "n-thin.png",
    "s-thick.png",
)
PHOTOS = ("x-photo.jpg", "p-photo.jpg", "f-turned.jpg")


def sample(name: str):
    return decode((SAMPLES / name).read_bytes(), name)


# ---- blank -----------------------------------------------------------------------------------------------------------


def test_one_colour_is_blank_beyond_doubt() -> None:
    one = clue(blank, view(pixels(np.full((90, 120), 140.0))))
    assert one is not None and one.sentence and one.level == "proof"


def test_a_photo_of_empty_paper_is_blank() -> None:
    y, x = np.mgrid[-1:1:300j, -1:1:400j]
    noise = np.random.default_rng(0).normal(0, 5, (300, 400))
    assert found(blank, view(pixels(190 + 25 * x - 10 * y + noise))) == "blank"


@pytest.mark.parametrize("name", [*LETTERS, *PHOTOS])
def test_letters_are_not_blank(name: str) -> None:
    assert found(blank, view(sample(name))) == ""


def test_faint_pencil_is_not_blank() -> None:
    assert found(blank, view(on_paper(level=200, ink=140))) == ""


def test_a_photograph_is_blank_only_if_it_has_one_colour() -> None:
    assert found(blank, view(colours(), contract=COLOUR)) == ""
    assert found(blank, view(pixels(np.full((40, 40, 3), (250.0, 0.0, 90.0))), contract=COLOUR)) == "blank"


# ---- several characters ----------------------------------------------------------------------------------------------


def tall(x: int) -> tuple:
    return (line((x, 250), (x, 750)), line((x, 250), (x + 150, 250)), line((x, 500), (x + 120, 500)))


def test_two_and_three_letters() -> None:
    two = clue(several_glyphs, view(drawn(*tall(200), *tall(600))))
    three = clue(several_glyphs, view(drawn(*tall(100), *tall(400), *tall(700))))
    assert two is not None and two.cause == "several-glyphs" and two.sentence and two.witnesses[0].value == 2
    assert three is not None and three.witnesses[0].value == 3


def test_two_letters_on_gray_paper() -> None:
    black = drawn(*tall(200), *tall(600)).pixels[..., 0] / 255
    assert (
        found(several_glyphs, view(pixels(60 + 130 * black - 30 * np.linspace(0, 1, 280))))
        == "several-glyphs"
    )


@pytest.mark.parametrize(
    "strokes",
    [
        (line((500, 400), (500, 850)), line((500, 220), (500, 222), size=90)),
        (line((500, 350), (500, 900), (350, 950)), line((500, 180), (500, 182), size=110)),
        (line((300, 200), (300, 800)), line((700, 200), (430, 480), (700, 800))),
        (line((200, 800), (500, 200), (800, 800)), line((420, 640), (580, 640))),
        (line((300, 380), (300, 800), (650, 800)), line((300, 250), (700, 250))),
        (line((320, 200), (320, 800)), line((680, 200), (680, 800))),
        (line((280, 200), (280, 800)), line((480, 200), (720, 450)), line((480, 560), (720, 800))),
        (line((250, 200), (750, 200)), line((500, 360), (500, 850))),
    ],
    ids=[
        "i",
        "j",
        "K in two pieces",
        "A with a loose bar",
        "5 with a loose bar",
        "H without its bar",
        "K in three pieces",
        "T with a loose bar",
    ],
)
def test_one_letter_in_several_pieces_is_one(strokes: tuple) -> None:
    assert clue(several_glyphs, view(drawn(*strokes))).witnesses[0].value == 1  # type: ignore[union-attr]


@pytest.mark.parametrize("name", [*LETTERS, *PHOTOS])
def test_the_samples_are_single_letters(name: str) -> None:
    assert found(several_glyphs, view(sample(name))) == ""


def test_nothing_has_no_letters_and_photographs_are_not_asked() -> None:
    assert glyphs(np.zeros((50, 50), np.float32)) == 0
    assert clue(several_glyphs, view(colours(), contract=COLOUR)) is None


# ---- paper -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", PHOTOS)
def test_photographed_paper_is_not_flat(name: str) -> None:
    assert found(paper, view(sample(name))) == "background-not-flat"


@pytest.mark.parametrize("method", ["auto", "255 - x", "1 - x as uint8", "1 - x as float"])
def test_gray_paper_stays_gray_however_it_is_inverted(method: str) -> None:
    inverted = letters().pipeline().with_step("invert", method=method)
    one = clue(paper, view(on_paper(), inverted, reference=reference()))
    assert one is not None and one.sentence and one.level == "training sample"
    assert one.witnesses[1].value == pytest.approx(80, abs=20), "paper of 190 to 160 lies so far off white"


@pytest.mark.parametrize("name", LETTERS)
def test_drawings_are_flat(name: str) -> None:
    assert found(paper, view(sample(name), reference=reference())) == ""


@pytest.mark.parametrize("method", ["255 - x", "1 - x as uint8", "1 - x as float"])
def test_flat_white_stays_flat_however_it_is_inverted(method: str) -> None:
    assert found(paper, view(letter_h(), letters().pipeline().with_step("invert", method=method))) == ""


def test_taking_the_paper_away_helps() -> None:
    steep = {"slope": 20.0, "b": 40.0, "output": "0..255", "on": True}
    clean = letters().pipeline().with_step("background", on=True, window=30).with_step("sigmoid", **steep)
    assert found(paper, view(on_paper(), clean)) == ""


# ---- polarity --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ground", ["white", "black"])
@pytest.mark.parametrize("wanted", ["white on black", "black on white"])
def test_the_wrong_way_round(ground: str, wanted: str) -> None:
    upright = letters().pipeline().with_step("invert", on=False)
    cause = found(polarity, view(letter_h(paper=ground), upright, polarity=wanted))
    assert cause == ("" if wanted.endswith(ground) else "polarity")


def test_the_witness_has_the_sign_of_the_ink() -> None:
    upright = letters().pipeline().with_step("invert", on=False)
    dark, bright = (clue(polarity, view(letter_h(paper=ground), upright)) for ground in ("white", "black"))
    assert dark is not None and bright is not None
    assert (
        dark.witnesses[0].value == pytest.approx(-bright.witnesses[0].value)
        and dark.witnesses[0].value < -100
    )


@pytest.mark.parametrize("method", ["1 - x as float", "auto"])
def test_one_minus_float_is_no_wrong_polarity(method: str) -> None:
    assert found(polarity, view(letter_h(), letters().pipeline().with_step("invert", method=method))) == ""


def test_where_no_polarity_is_known_none_is_wrong() -> None:
    upright = letters().pipeline().with_step("invert", on=False)
    assert clue(polarity, view(letter_h(), upright, polarity="any")) is None


# ---- colour ----------------------------------------------------------------------------------------------------------


def red_ink() -> np.ndarray:
    black = letter_h().pixels[..., 0].astype(float)
    return np.stack([np.full_like(black, 250), black, black], axis=2)


def test_red_ink_vanishes_in_the_red_channel() -> None:
    red = letters().pipeline().with_step("grayscale", recipe="red")
    one = clue(lost_colour, view(pixels(red_ink()), red))
    assert (
        one is not None and one.cause == "grayscale-recipe" and one.sentence and one.witnesses[0].value < 10
    )


@pytest.mark.parametrize("recipe", ["luma", "darkest channel", "green"])
def test_other_recipes_keep_it(recipe: str) -> None:
    kept = letters().pipeline().with_step("grayscale", recipe=recipe)
    assert found(lost_colour, view(pixels(red_ink()), kept)) == ""


def test_black_ink_does_not_depend_on_the_recipe() -> None:
    red = letters().pipeline().with_step("grayscale", recipe="red")
    assert clue(lost_colour, view(letter_h(), red)) is None
