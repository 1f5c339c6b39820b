"""Contracts: the default pipeline makes exactly the tensor that was promised, and nothing impossible passes."""

import dataclasses
import json
from dataclasses import dataclass

import numpy as np
import pytest

from lib.contract import OUTPUTS, POLARITIES, Contract, ContractError
from lib.pipeline import STEPS, Step

LETTERS = Contract(
    input_shape=(784,),
    size=(28, 28),
    class_names=("A", "B"),
    polarity="white on black",
    frame="crop to ink",
    margin=4 / 28,
    centre="centre of mass",
)
ENTRIES = LETTERS.to_dict()


def page(ink: int, paper: int) -> np.ndarray:
    """uint8 RGB paper, 60 x 90, with a plain block of ink left of the middle."""
    picture = np.full((60, 90, 3), paper, np.uint8)
    picture[20:40, 10:30] = ink
    return picture


# ---- the default pipeline ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("input_shape", "size", "channels"),
    [
        ((784,), (28, 28), 1),
        ((28, 28), (28, 28), 1),
        ((28, 28, 1), (28, 28), 1),
        ((600,), (20, 30), 1),
        ((20, 30), (20, 30), 1),
        ((32, 32, 3), (32, 32), 3),
        ((20, 30, 3), (20, 30), 3),
        ((1800,), (20, 30), 3),
        ((1,), (1, 1), 1),
    ],
)
def test_the_default_pipeline_gives_the_shape_that_the_network_takes(
    input_shape: tuple[int, ...], size: tuple[int, int], channels: int
) -> None:
    contract = Contract(input_shape, size, ("A",), channels=channels)
    for picture in (page(0, 255), page(0, 255)[..., 0]):
        assert contract.pipeline().run(picture).final.shape == input_shape


def test_every_step_there_is_stands_in_the_default_pipeline_once() -> None:
    names = [step.name for step in LETTERS.pipeline()]
    assert sorted(names) == sorted(STEPS)


def test_a_step_that_names_its_place_stands_there_in_every_pipeline_switched_off() -> None:
    @dataclass(frozen=True, repr=False)
    class Mirror(Step):
        name, title, why = "mirror", "Mirror", "Left is right: a picture of a scanner's glass."
        kernel, after = staticmethod(np.fliplr), "softness"

    try:
        pipeline = LETTERS.pipeline()
    finally:
        del STEPS["mirror"]
    names = [step.name for step in pipeline]
    assert names[names.index("softness") + 1] == "mirror" and not pipeline["mirror"].on
    assert [name for name in names if name != "mirror"] == [step.name for step in LETTERS.pipeline()]


def test_every_field_reaches_its_step() -> None:
    contract = Contract(
        input_shape=(20, 30, 3),
        size=(20, 30),
        channels=3,
        channel_order="BGR",
        value_range="torch",
        frame="crop to ink",
        margin=0.25,
        centre="bounding box",
        resize_filter="lanczos",
        class_names=("A",),
    )
    pipeline = contract.pipeline()
    acting = {step.name: step.values() for step in pipeline if step.on}
    assert acting.pop("transparency") == {"background": "white"}
    assert acting.pop("working_size") == {"longest": 640}
    assert acting == {
        "channel_order": {"order": "BGR"},
        "frame": {"mode": "crop to ink", "margin": 0.25},
        "centre": {"mode": "bounding box"},
        "resize": {"height": 20, "width": 30, "filter": "lanczos"},
        "value_range": {"mode": "torch", "times": "once"},
        "layout": {"shape": "height x width x channels", "channels": 3},
    }


def test_what_a_contract_does_not_ask_for_is_off() -> None:
    pipeline = Contract((28, 28), (28, 28), ("A",)).pipeline()
    assert [step.name for step in pipeline if step.on] == [
        "transparency",
        "working_size",
        "grayscale",
        "frame",
        "resize",
        "value_range",
        "layout",
    ]


@pytest.mark.parametrize(("ink", "paper"), [(0, 255), (255, 0), (40, 200), (230, 90)])
def test_white_on_black_makes_the_ink_the_bright_side_whatever_the_picture_was(ink: int, paper: int) -> None:
    tensor = LETTERS.pipeline().run(page(ink, paper)).final.reshape(28, 28)
    bright, dark = max(ink, paper), min(ink, paper)
    background, stroke = (255 - bright, 255 - dark) if ink < paper else (dark, bright)
    assert tensor[0, 0] == background
    assert tensor[14, 14] == stroke


@pytest.mark.parametrize("polarity", ["any", "black on white"])
@pytest.mark.parametrize(("ink", "paper"), [(0, 255), (255, 0)])
def test_other_polarities_leave_the_picture_as_it_is(polarity: str, ink: int, paper: int) -> None:
    contract = dataclasses.replace(LETTERS, polarity=polarity)
    tensor = contract.pipeline().run(page(ink, paper)).final.reshape(28, 28)
    assert (tensor[0, 0], tensor[14, 14]) == (paper, ink)


@pytest.mark.parametrize("polarity", ["any", "black on white"])
def test_switching_invert_on_inverts_where_the_contract_leaves_it_off(polarity: str) -> None:
    pipeline = dataclasses.replace(LETTERS, polarity=polarity).pipeline().with_step("invert", on=True)
    tensor = pipeline.run(page(255, 0)).final.reshape(28, 28)
    assert (tensor[0, 0], tensor[14, 14]) == (255, 0)


def test_gray_networks_get_gray_and_colour_networks_keep_the_colours() -> None:
    red = np.zeros((8, 8, 3), np.uint8)
    red[..., 0] = 200
    gray = Contract((8, 8), (8, 8), ("A",), channels=1).pipeline().run(red).final
    assert np.unique(gray).tolist() == [round(0.299 * 200)]
    rgb = Contract((8, 8, 3), (8, 8), ("A",), channels=3)
    assert rgb.pipeline().run(red).final[0, 0].tolist() == [200, 0, 0]
    bgr = dataclasses.replace(rgb, channel_order="BGR")
    assert bgr.pipeline().run(red).final[0, 0].tolist() == [0, 0, 200]


def test_margin_and_centre_of_mass_place_the_ink_where_the_training_pictures_have_it() -> None:
    tensor = LETTERS.pipeline().run(page(0, 255)).final.reshape(28, 28)
    # 20 px of ink fill 20 of 28 px: four are left on each side.
    assert (np.flatnonzero(tensor.any(axis=0))[[0, -1]]).tolist() == [4, 23]
    assert (np.flatnonzero(tensor.any(axis=1))[[0, -1]]).tolist() == [4, 23]


# ---- writing and reading -------------------------------------------------------------------------------------------------


def test_a_contract_survives_its_dictionary_and_json() -> None:
    for contract in (LETTERS, Contract((32, 32, 3), (32, 32), ("cat", "dog", "ß"), channels=3, margin=0)):
        assert Contract.from_dict(contract.to_dict()) == contract
        assert Contract.from_dict(json.loads(json.dumps(contract.to_dict()))) == contract


def test_missing_fields_take_their_defaults() -> None:
    least = {"input_shape": [28, 28], "size": [28, 28], "class_names": ["A"]}
    assert Contract.from_dict(least) == Contract((28, 28), (28, 28), ("A",))


@pytest.mark.parametrize("name", ["input_shape", "size", "class_names"])
def test_a_missing_field_without_default_is_named(name: str) -> None:
    entries = {key: value for key, value in ENTRIES.items() if key != name}
    with pytest.raises(ContractError, match=f"does not say its {name}"):
        Contract.from_dict(entries)


def test_an_unknown_field_is_named() -> None:
    with pytest.raises(ContractError, match="no field 'colour'"):
        Contract.from_dict({**ENTRIES, "colour": 1})


@pytest.mark.parametrize("entries", [None, [], "contract", 3])
def test_what_is_no_object_is_refused(entries: object) -> None:
    with pytest.raises(ContractError, match="an object with fields"):
        Contract.from_dict(entries)


# ---- what cannot be ------------------------------------------------------------------------------------------------------

IMPOSSIBLE = {
    "input_shape": [
        None,
        784,
        "784",
        (785,),
        (28,),
        (28, 27),
        (28, 28, 3),
        (1, 28, 28),
        (),
        (784.0,),
        (True,),
    ],
    "size": [None, 28, (28,), (28, 28, 1), (0, 28), (28, 1025), (-28, -28), (28.0, 28.0), ("28", "28")],
    "class_names": [None, "AB", (), (1, 2), ("A", None), 26],
    "channels": [None, 0, 2, 4, "1", 1.0, True],
    "channel_order": [None, "rgb", "", 3, "RGBA"],
    "value_range": [None, "0-255", "", 255, "tf"],
    "polarity": [None, "white", "", True],
    "frame": [None, "crop", "", 0],
    "margin": [None, -0.01, 0.46, float("nan"), float("inf"), "0.1", True, (0.1,)],
    "centre": [None, "centre", "", False],
    "resize_filter": [None, "linear", "", 1],
    "output": [None, "probabilities", "", 0],
    "task": ["many", 1, None],
}


@pytest.mark.parametrize(
    ("name", "value"), [(name, v) for name, values in IMPOSSIBLE.items() for v in values]
)
def test_an_impossible_value_is_refused_with_the_fields_name(name: str, value: object) -> None:
    with pytest.raises(ContractError, match=f"^{name} must"):
        Contract(**{**ENTRIES, name: value})
    with pytest.raises(ContractError, match=f"^{name} must"):
        Contract.from_dict({**ENTRIES, name: value})


def test_every_field_has_impossible_values_above() -> None:
    assert set(IMPOSSIBLE) == {field.name for field in dataclasses.fields(Contract)}


def test_the_message_for_a_wrong_shape_says_the_right_ones() -> None:
    with pytest.raises(ContractError, match=r"\(28, 28, 1\) or \(784,\) or \(28, 28\).*not \(28, 27\)"):
        Contract((28, 27), (28, 28), ("A",))


@pytest.mark.parametrize("name", ["polarity", "output"])
def test_every_documented_choice_is_accepted(name: str) -> None:
    for value in {"polarity": POLARITIES, "output": OUTPUTS}[name]:
        assert getattr(dataclasses.replace(LETTERS, **{name: value}), name) == value


def test_what_a_network_is_asked_follows_from_its_output_unless_it_is_said() -> None:
    def task(**fields: object) -> str:
        return Contract((784,), (28, 28), ("A", "B"), **fields).task

    assert task(output="softmax") == task(output="logits") == "single label"
    assert task(output="sigmoid") == task(output="logits", task="multi-label") == "multi-label"
    assert task(output="sigmoid", task="binary") == "binary"


def test_a_binary_network_has_one_output_for_two_classes() -> None:
    contract = Contract((784,), (28, 28), ("cat", "dog"), output="sigmoid", task="binary")
    assert contract.outputs == 1 and Contract((784,), (28, 28), ("cat", "dog")).outputs == 2
    with pytest.raises(ContractError, match="two class_names"):
        Contract((784,), (28, 28), ("dog",), output="sigmoid", task="binary")


@pytest.mark.parametrize("task", ["multi-label", "binary"])
def test_a_softmax_shares_among_classes_and_can_do_nothing_else(task: str) -> None:
    with pytest.raises(ContractError, match="softmax"):
        Contract((784,), (28, 28), ("A", "B"), output="softmax", task=task)
