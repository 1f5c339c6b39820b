"""The usual mistakes of preprocessing: each is the tensor that the mistake gives, by hand and by Keras's own functions."""

from __future__ import annotations

import dataclasses

import keras
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.contract import Contract
from lib.network import Network, NetworkError
from lib.picture import Picture
from lib.pipeline import Pipeline
from lib.wrong_modes import as_seen, compare_modes, wrong_modes
from tests.keras_models import shaken

COLOUR = Contract((4, 4, 3), (4, 4), ("a", "b", "c"), channels=3, value_range="-1..1", frame="squash")
CAFFE = dataclasses.replace(COLOUR, value_range="caffe", channel_order="BGR")
GRAY = Contract((4, 4, 1), (4, 4), ("a", "b", "c"), value_range="0..255", polarity="white on black")
PIXELS = np.random.default_rng(3).integers(0, 256, (4, 4, 3), np.uint8)
PICTURE = Picture.from_array(PIXELS)


def tensors(contract: Contract, scales_inside: bool = False) -> dict[str, np.ndarray]:
    return {m.id: m.pipeline.run(PICTURE).final for m in wrong_modes(contract, scales_inside=scales_inside)}


def keras_preprocessed(mode: str, times: int = 1) -> np.ndarray:
    pixels = PIXELS.astype(np.float32)
    for _ in range(times):
        pixels = keras.applications.imagenet_utils.preprocess_input(pixels.copy(), mode=mode)
    return pixels


# ---- which modes ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("contract", "ids"),
    [
        (COLOUR, ["right", "unscaled", "0..1", "swapped", "caffe", "torch", "twice"]),
        (CAFFE, ["right", "unscaled", "0..1", "-1..1", "swapped", "torch", "twice"]),
        (
            dataclasses.replace(COLOUR, value_range="0..255"),
            ["right", "0..1", "-1..1", "swapped", "caffe", "torch"],
        ),
        (
            dataclasses.replace(COLOUR, value_range="torch"),
            ["right", "unscaled", "0..1", "-1..1", "swapped", "caffe", "twice"],
        ),
        (GRAY, ["right", "0..1", "-1..1", "polarity"]),
        (
            dataclasses.replace(GRAY, value_range="0..1", polarity="any"),
            ["right", "unscaled", "-1..1", "twice"],
        ),
        (
            dataclasses.replace(GRAY, value_range="standardise"),
            ["right", "unscaled", "0..1", "-1..1", "polarity"],
        ),
    ],
)
def test_only_mistakes_that_are_possible_are_offered(contract: Contract, ids: list[str]) -> None:
    modes = wrong_modes(contract)
    assert [mode.id for mode in modes] == ids
    assert len({mode.name for mode in modes}) == len(modes)
    assert all(mode.sentence.endswith(".") for mode in modes)


@given(
    value_range=st.sampled_from(["0..255", "0..1", "-1..1", "standardise", "caffe", "torch"]),
    order=st.sampled_from(["RGB", "BGR"]),
    polarity=st.sampled_from(["any", "white on black", "black on white"]),
    gray=st.booleans(),
    inside=st.booleans(),
)
def test_every_mode_of_any_contract_is_another_pipeline_that_runs_and_travels(
    value_range: str, order: str, polarity: str, gray: bool, inside: bool
) -> None:
    base = GRAY if gray else COLOUR
    contract = dataclasses.replace(base, value_range=value_range, channel_order=order, polarity=polarity)
    modes = wrong_modes(contract, scales_inside=inside)
    assert modes[0].pipeline == contract.pipeline()
    assert len({mode.pipeline for mode in modes}) == len(modes) >= 3
    for mode in modes:
        tensor = mode.pipeline.run(PICTURE).final
        assert tensor.shape == contract.input_shape and np.isfinite(tensor).all()
        assert Pipeline.from_json(mode.pipeline.to_json()) == mode.pipeline


# ---- the tensors ---------------------------------------------------------------------------------------------------------


def test_the_right_mode_and_the_mistakes_of_a_network_for_minus_one_to_one() -> None:
    found = tensors(COLOUR)
    np.testing.assert_allclose(found["right"], keras_preprocessed("tf"), rtol=1e-6)
    np.testing.assert_array_equal(found["unscaled"], PIXELS)
    np.testing.assert_allclose(found["0..1"], PIXELS / 255, rtol=1e-6)
    np.testing.assert_allclose(found["swapped"], keras_preprocessed("tf")[..., ::-1], rtol=1e-6)
    np.testing.assert_allclose(found["caffe"], keras_preprocessed("caffe"), atol=1e-4)
    np.testing.assert_allclose(found["torch"], keras_preprocessed("torch"), atol=1e-5)
    np.testing.assert_allclose(found["twice"], keras_preprocessed("tf", times=2), rtol=1e-6)


def test_the_mistakes_of_a_network_for_caffe() -> None:
    found = tensors(CAFFE)
    np.testing.assert_allclose(found["right"], keras_preprocessed("caffe"), atol=1e-4)
    # Who forgets preprocess_input forgets its BGR, too.
    np.testing.assert_array_equal(found["unscaled"], PIXELS)
    np.testing.assert_allclose(found["-1..1"], keras_preprocessed("tf"), rtol=1e-6)
    np.testing.assert_allclose(found["torch"], keras_preprocessed("torch"), atol=1e-5)
    np.testing.assert_allclose(found["twice"], keras_preprocessed("caffe", times=2), atol=1e-4)
    means = np.array([103.939, 116.779, 123.68])
    np.testing.assert_allclose(found["swapped"], PIXELS - means, atol=1e-4)


def test_white_preprocessed_twice_is_almost_black() -> None:
    white = Picture.from_array(np.full((4, 4, 3), 255, np.uint8))
    twice = {mode.id: mode for mode in wrong_modes(COLOUR)}["twice"].pipeline.run(white).final
    np.testing.assert_allclose(twice, 1 / 127.5 - 1, rtol=1e-6)
    seen, _ = as_seen(twice, COLOUR)
    assert seen.max() == 1


def test_letters_left_dark_on_light_are_the_complement_of_what_the_network_wants() -> None:
    drawn = np.full((4, 4), 255, np.uint8)
    drawn[1:3, 1:3] = 0
    modes = {mode.id: mode.pipeline.run(Picture.from_array(drawn)).final for mode in wrong_modes(GRAY)}
    np.testing.assert_array_equal(modes["right"], 255 - modes["polarity"])
    assert modes["right"][1, 1, 0] == 255


def test_a_visitors_other_steps_stay_and_a_wrong_range_of_theirs_is_put_right_first() -> None:
    theirs = COLOUR.pipeline().with_step("orientation", on=True, turn="mirror left-right")
    modes = wrong_modes(COLOUR, theirs.with_step("value_range", mode="torch", times="twice"))
    assert modes[0].pipeline == theirs
    assert all(mode.pipeline["orientation"].on for mode in modes)
    np.testing.assert_array_equal(modes[1].pipeline.run(PICTURE).final, PIXELS[:, ::-1])


def test_a_network_that_scales_by_itself_is_told_about_scaling_once_too_often() -> None:
    contract = dataclasses.replace(COLOUR, value_range="0..255")
    for inside in (True, False):
        sentence = {m.id: m.sentence for m in wrong_modes(contract, scales_inside=inside)}["0..1"]
        assert ("once too often" in sentence) == inside


# ---- what the network sees -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("value_range", ["0..255", "0..1", "-1..1", "caffe", "torch"])
@pytest.mark.parametrize("order", ["RGB", "BGR"])
def test_rightly_preprocessed_pixels_are_seen_as_they_were(value_range: str, order: str) -> None:
    for base, pixels in ((COLOUR, PIXELS), (GRAY, None)):
        contract = dataclasses.replace(base, value_range=value_range, channel_order=order, polarity="any")
        seen, outside = as_seen(contract.pipeline().run(PICTURE).final, contract)
        plain = dataclasses.replace(contract, value_range="0..255")
        wanted = plain.pipeline().run(PICTURE).final[..., 0] if pixels is None else pixels
        np.testing.assert_array_equal(seen, np.rint(wanted))
        assert outside == 0


def test_what_lies_outside_is_cut_off_and_counted() -> None:
    tensor = np.zeros((4, 4, 3), np.float32)  # gray for this network
    tensor[0] = 3.0
    tensor[1, :2] = -1.5
    seen, outside = as_seen(tensor, COLOUR)
    assert (seen[0] == 255).all() and (seen[1, :2] == 0).all() and (seen[2:] == 128).all()
    assert outside == pytest.approx((4 + 2) / 16)


def test_a_vector_is_seen_as_the_picture_it_was() -> None:
    contract = Contract((16,), (4, 4), ("a",), value_range="0..1")
    seen, _ = as_seen(np.arange(16, dtype=np.float32) / 255, contract)
    assert seen.tolist() == np.arange(16).reshape(4, 4).tolist()


# ---- the answers ---------------------------------------------------------------------------------------------------------


def small(contract: Contract, scale: bool = False) -> Network:
    layers = [keras.Input(contract.input_shape), *([keras.layers.Rescaling(1 / 255)] if scale else [])]
    model = keras.Sequential([*layers, keras.layers.Flatten(), keras.layers.Dense(3, name="scores")])
    return Network(shaken(model), contract, name="small")


def test_the_answers_are_those_of_each_tensor_alone_and_come_from_one_pass(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    network, calls = small(COLOUR), []
    trace = network.trace

    def counting(batch: np.ndarray, **options: object) -> object:
        calls.append(batch.shape)
        return trace(batch, **options)

    monkeypatch.setattr(network, "trace", counting)
    answers = compare_modes(network, PICTURE)
    assert calls == [(7, 4, 4, 3)]
    assert [answer.mode.id for answer in answers] == list(tensors(COLOUR))
    for answer in answers:
        np.testing.assert_array_equal(answer.tensor, tensors(COLOUR)[answer.mode.id])
        alone = trace(answer.tensor, layers=())
        np.testing.assert_allclose(answer.trace.logits, alone.logits, rtol=1e-4, atol=1e-4)
        assert answer.trace.probabilities.shape == (1, 3) and answer.trace.activations == {}
        assert answer.agrees == (answer.trace.top(1) == answers[0].trace.top(1))
    assert answers[0].agrees and not any(answer.same_input for answer in answers)


def test_swapping_the_colours_of_a_gray_picture_changes_nothing_and_that_is_said() -> None:
    gray = Picture.from_array(np.repeat(PIXELS[..., :1], 3, axis=2))
    same = {answer.mode.id: answer.same_input for answer in compare_modes(small(COLOUR), gray)}
    assert [id for id, is_same in same.items() if is_same] == ["swapped"]


def test_a_rescaling_layer_inside_is_noticed() -> None:
    contract = dataclasses.replace(COLOUR, value_range="0..255")
    sentences = [a.mode.sentence for a in compare_modes(small(contract, scale=True), PICTURE)]
    assert sum("once too often" in sentence for sentence in sentences) == 2


def test_a_pipeline_of_another_size_is_refused_with_both_shapes() -> None:
    smaller = COLOUR.pipeline().with_step("resize", height=3, width=3)
    with pytest.raises(NetworkError, match=r"\(N, 4, 4, 3\)"):
        compare_modes(small(COLOUR), PICTURE, smaller)
