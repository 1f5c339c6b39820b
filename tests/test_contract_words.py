"""Contracts as people read them."""

from dataclasses import replace

import pytest

from lib.contract import Contract
from lib.contract_words import class_list, in_short, in_words

LETTERS = Contract(
    (784,),
    (28, 28),
    [chr(65 + i) for i in range(26)],
    value_range="0..255",
    polarity="white on black",
    frame="crop to ink",
    margin=1 / 7,
    centre="centre of mass",
)
PHOTOS = Contract(
    (224, 224, 3),
    (224, 224),
    [f"thing {i}" for i in range(1000)],
    channels=3,
    channel_order="BGR",
    value_range="caffe",
    frame="centre crop",
    resize_filter="bilinear",
    output="softmax",
)


def test_a_letter_networks_contract() -> None:
    assert dict(in_words(LETTERS)) == {
        "Input": "28 × 28 pixels, gray, as one vector of 784",
        "Values": "0 to 255, as files have them",
        "Polarity": "bright ink on a dark ground",
        "Geometry": "cropped to the ink with a margin of 14.3 %, its centre of mass in the middle, resized by area",
        "Classes": "26: A, B, C, D, E … Z",
        "Answers with": "logits, before softmax",
    }
    assert in_short(LETTERS) == "28 × 28 · gray · 0..255 · white on black · 26 classes"


def test_a_photo_networks_contract() -> None:
    words = dict(in_words(PHOTOS))
    assert words["Input"] == "224 × 224 pixels, colour, blue, green, red"
    assert words["Values"] == "0 to 255, less ImageNet's mean colour"
    assert "Polarity" not in words, "photos have no ink"
    assert words["Answers with"] == "softmax probabilities"
    assert in_short(PHOTOS) == "224 × 224 · BGR · caffe · 1,000 classes"


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        (
            {"class_names": ("no", "yes"), "task": "binary", "output": "sigmoid"},
            "one unit for two classes, a sigmoid",
        ),
        (
            {"class_names": ("no", "yes"), "task": "binary", "output": "logits"},
            "one unit for two classes, a logit",
        ),
        ({"task": "multi-label", "output": "logits"}, "logits, each on its own"),
        ({"task": "", "output": "sigmoid"}, "sigmoid, each on its own"),
    ],
)
def test_what_it_answers_with(changes: dict, says: str) -> None:
    assert dict(in_words(replace(LETTERS, **changes)))["Answers with"] == says


def test_every_mode_has_words() -> None:
    for mode in ("0..255", "0..1", "-1..1", "standardise", "caffe", "torch"):
        words = dict(in_words(replace(PHOTOS, value_range=mode)))["Values"]
        assert words and words != mode
    for frame in ("squash", "pad to square", "centre crop", "crop to ink"):
        assert not dict(in_words(replace(PHOTOS, frame=frame)))["Geometry"].startswith(frame + ",")


def test_few_class_names_are_all_named() -> None:
    assert class_list("ABC") == "A, B, C"
    assert class_list("ABCDEFG") == "A, B, C, D, E … G"
