"""Every cause of the catalogue has a picture or a model in which it is right, and one close by in which it must be silent.

The numbers behind each are tested beside the code that finds them; here nothing may be missing. A cause that only appears in
a table, and that nobody can find, is no cause.
"""

from __future__ import annotations

import dataclasses
import re
import string
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import keras
import numpy as np
import pytest

from lib.autopsy import CAUSES, examine
from lib.autopsy.examination import look, more
from lib.autopsy.expected import expected_misread
from lib.autopsy.fingerprint import fingerprint
from lib.autopsy.stranger import stranger
from lib.contract import Contract
from lib.network import Network
from lib.picture import Picture, decode
from lib.pipeline import Pipeline
from lib.samples import FOLDER, sample
from tests.autopsy.examination.pictures import (
    COLOUR,
    colours,
    drawn,
    file_of,
    letter_h,
    letters,
    line,
    on_paper,
    pixels,
    reference,
)
from tests.autopsy.fingerprint.tiny import L, bare, bundled
from tests.autopsy.fingerprint.tiny import network as built
from tests.keras_models import shaken

Causes = set[str]
INK = letters().pipeline()


# ---- asking -------------------------------------------------------------------------------------------------------------


def named(picture: Picture, pipeline: Pipeline = INK, contract: Contract | None = None) -> Causes:
    """What examine() names for a small network of this contract without a Reference; for letters the bundled one."""
    network = bundled("letters-mlp") if contract is None else small(contract)
    return {found.cause for found in examine(network, picture, pipeline, model_findings=()).findings}


def seen(picture: Picture, pipeline: Pipeline = INK, contract: Contract | None = None) -> Causes:
    """What stands out when the picture goes this way into a network of this contract; letters have their Reference."""
    network = SimpleNamespace(contract=contract or letters())
    known = reference() if contract is None else None
    found = look(picture, pipeline.run(picture), network, known).findings  # type: ignore[arg-type]
    return {one.cause for one in found}


def of_model(network: Network) -> Causes:
    return {found.cause for found in fingerprint(network)}


def small(contract: Contract) -> Network:
    i = keras.Input(contract.input_shape)
    outputs = L.Dense(len(contract.class_names))(L.Flatten()(L.Conv2D(4, 3, activation="relu")(i)))
    return Network(shaken(keras.Model(i, outputs)), dataclasses.replace(contract, output="logits"))


def ends(*layers: keras.Layer, output: str = "softmax", **changed: object) -> Network:
    return built(L.Flatten(), *layers, output=output, **changed)


def trained_as_built(layer: keras.Layer, training: bool) -> Network:
    i = keras.Input((12, 12, 1))
    x = layer(L.Conv2D(2, 3)(i), training=True) if training else layer(L.Conv2D(2, 3)(i))
    return bare(shaken(keras.Model(i, L.Dense(3)(L.Flatten()(x)))))


def first_layer(layer: keras.Layer, **changed: object) -> Network:
    return bare(keras.Sequential([keras.Input((12, 12, 1)), layer, L.Flatten(), L.Dense(3)]), **changed)


# ---- pictures and models -----------------------------------------------------------------------------------------------


def ink(step: str, **values: object) -> Pipeline:
    return INK.with_step(step, **{"on": True, **values})


def ranged(wanted: str, given: str, times: str = "once") -> tuple[Pipeline, Contract]:
    contract = dataclasses.replace(COLOUR, value_range=wanted)
    return contract.pipeline().with_step("value_range", mode=given, times=times), contract


def transparent() -> Picture:
    shown = letter_h().pixels[..., 0]
    return Picture.from_array(np.dstack([np.zeros((*shown.shape, 3), np.uint8), 255 - shown]))


def red_ink() -> Picture:
    shown = letter_h().pixels[..., 0]
    return pixels(np.stack([np.full_like(shown, 250), shown, shown], axis=2))


def wide() -> Picture:
    return pixels(np.pad(letter_h().pixels, ((0, 0), (250, 250), (0, 0)), constant_values=255))


def two() -> Picture:
    return pixels(np.concatenate([letter_h().pixels] * 2, axis=1))


def turned_file() -> Picture:
    return decode((FOLDER / "f-turned.jpg").read_bytes(), "f-turned.jpg")


def twelve_bits() -> Picture:
    return file_of(letter_h().pixels[..., 0].astype(np.uint16) * 16)


def normalised(adapted: bool) -> Network:
    layer = L.Normalization()
    if adapted:
        layer.adapt(np.random.default_rng(0).uniform(0, 255, (50, 12, 12, 1)))
    return first_layer(layer, value_range="0..255")


def outputs(names: tuple[str, ...]) -> Network:
    net = ends(L.Dense(len(names)), output="logits", class_names=names)
    net.model.layers[-1].bias.assign(np.where(np.arange(len(names)) == 0, -90.0, 0.0))
    return net


def answered(order: np.ndarray) -> Network:
    """A network with letters' names whose held-out pictures of class k were answered as `order[k]`."""
    names = tuple(string.ascii_uppercase)
    labels = np.repeat(np.arange(26), 10)
    net = ends(L.Dense(26), output="logits", class_names=names)
    net.reference = dataclasses.replace(
        reference(),
        prototypes=np.zeros((0, 12, 12), np.float16),
        prototype_labels=np.zeros(0, np.int16),
        prototype_sizes=np.zeros(0, np.int32),
        held_out_labels=labels.astype(np.int16),
        held_out_logits=(5 * np.eye(26))[order[labels]].astype(np.float16),
        held_out_distances=np.zeros(len(labels), np.float32),
        held_out_feature_distances=np.zeros(len(labels), np.float32),
        held_out_statistics=np.zeros((0, 0), np.float32),
        likeness=None,
    )
    return net


def stranger_to_letters(picture: Picture) -> Causes:
    known = bundled("letters-mlp")
    assert known.reference is not None
    found = stranger(known, INK.run(picture).final, known.reference)
    return {found.cause} if found else set()


def doubtful(p: float) -> Causes:
    known = bundled("letters-mlp")
    assert known.reference is not None
    answer = np.full(26, (1 - p) / 25)
    answer[14] = p
    found = expected_misread(known.reference, known.contract.class_names, answer)
    return {found.cause} if found else set()


def mobile(given: str) -> Network:
    base = keras.applications.MobileNet(
        (32, 32, 3), alpha=0.25, include_top=False, weights=None, pooling="avg"
    )
    return bare(keras.Sequential([keras.Input((32, 32, 3)), base, L.Dense(3)]), value_range=given)


SHIFTED, SWAPPED = (np.arange(26) + 1) % 26, np.array([25, *range(1, 25), 0])
SWAPPED[1:9] = SWAPPED[1:9][::-1]
SWAPPED[9:25] = SWAPPED[9:25][::-1]
NOISE = pixels(np.random.default_rng(0).integers(0, 256, (120, 120, 3)))

Case = tuple[Callable[[], Causes], Callable[[], Causes]]

# ---- the catalogue: cause -> (right, silent) -----------------------------------------------------------------------------

CASES: dict[str, Case] = {
    # numbers
    "range-too-large": (
        lambda: named(colours(), *ranged("0..1", "0..255")),
        lambda: named(colours(), *ranged("0..1", "0..1")),
    ),
    "range-too-small": (
        lambda: named(letter_h(), ink("value_range", mode="0..1")),
        lambda: seen(letter_h()),
    ),
    "range-signed-expected": (
        lambda: named(colours(), *ranged("-1..1", "0..1")),
        lambda: named(colours(), *ranged("-1..1", "-1..1")),
    ),
    "imagenet-mode": (
        lambda: named(colours(), *ranged("-1..1", "caffe")) & of_model(mobile("caffe")),
        lambda: named(colours(), *ranged("-1..1", "-1..1")) | of_model(mobile("-1..1")),
    ),
    "preprocess-twice": (
        lambda: named(colours(), *ranged("-1..1", "-1..1", "twice")),
        lambda: named(colours(), *ranged("0..1", "0..1")),
    ),
    "row-normalised": (
        lambda: named(letter_h(), ink("value_range", mode="standardise")),
        lambda: named(colours(), *ranged("standardise", "standardise")),
    ),
    "polarity": (
        lambda: named(letter_h(), ink("invert", on=False)),
        lambda: seen(letter_h(paper="black"), ink("invert", on=False)),
    ),
    "uint8-wrap": (
        lambda: named(letter_h(), ink("invert", method="1 - x as uint8")),
        # There the same line computes 257 - x.
        lambda: named(on_paper(), ink("invert", method="1 - x as uint8")),
    ),
    "one-minus-float": (
        lambda: named(letter_h(), ink("invert", method="1 - x as float")),
        lambda: seen(letter_h(), ink("invert", method="1 - x as uint8")),
    ),
    "contrast-range": (
        lambda: named(letter_h(), ink("sigmoid", output="0..1")),
        lambda: seen(letter_h(), ink("sigmoid", output="0..255")),
    ),
    # the picture
    "background-not-flat": (lambda: named(on_paper()), lambda: seen(letter_h())),
    "edge-softness": (
        lambda: seen(letter_h(), ink("softness", sigma=6.0)),
        lambda: seen(on_paper(), ink("softness", sigma=1.0)),
    ),
    "stroke-width": (lambda: seen(letter_h(size=8)), lambda: seen(on_paper(ink=150))),
    "size-and-centring": (
        lambda: seen(sample("k-corner").picture(), INK.with_step("frame", mode="squash").with_step("centre", on=False)),
        lambda: seen(sample("k-corner").picture()),
    ),
    "orientation": (
        lambda: named(sample("r-clean").picture(), ink("orientation", turn="rotate 90°")),
        lambda: named(sample("r-clean").picture()),
    ),
    "mirrored": (
        lambda: named(sample("r-clean").picture(), ink("orientation", turn="mirror left-right")),
        # An H is its own mirror image.
        lambda: named(letter_h(), ink("orientation", turn="mirror left-right")),
    ),
    "exif-rotation": (lambda: seen(turned_file()), lambda: seen(sample("p-photo").picture())),
    "channel-order": (
        lambda: named(colours(), COLOUR.pipeline().with_step("channel_order", order="BGR"), COLOUR),
        # In a gray picture the order does not matter.
        lambda: named(letter_h(), COLOUR.pipeline().with_step("channel_order", order="BGR"), COLOUR),
    ),
    "grayscale-recipe": (
        lambda: seen(red_ink(), ink("grayscale", recipe="red")),
        lambda: seen(letter_h(), ink("grayscale", recipe="red")),
    ),
    "alpha-channel": (
        lambda: named(transparent(), ink("transparency", background="ignore")),
        lambda: seen(letter_h(), ink("transparency", background="ignore")),
    ),
    "bit-depth-or-mode": (lambda: named(twelve_bits()), lambda: seen(file_of(letter_h().pixels))),
    "jpeg-artifacts": (
        lambda: named(file_of(letter_h().pixels, "JPEG", quality=5)),
        lambda: seen(file_of(letter_h().pixels, "JPEG", quality=90)),
    ),
    "resize-filter": (
        lambda: seen(letter_h(size=8), ink("resize", filter="nearest")),
        lambda: seen(letter_h(size=8), ink("resize", filter="area")),
    ),
    "several-glyphs": (
        lambda: named(two()),
        # Strokes of one letter that do not touch.
        lambda: seen(drawn(line((300, 200), (300, 800)), line((420, 200), (700, 500)), line((420, 520), (700, 800)))),
    ),
    "blank": (lambda: named(pixels(np.full((90, 90), 255.0))), lambda: seen(pixels(255 - 0.2 * (255 - letter_h().pixels)))),
    "not-in-any-class": (lambda: stranger_to_letters(NOISE), lambda: stranger_to_letters(letter_h())),
    "healthy-misread": (lambda: doubtful(0.4), lambda: doubtful(1 - 1e-7)),
    # the model
    "rescaling-in-model": (
        lambda: of_model(first_layer(L.Rescaling(1 / 255), value_range="0..1")),
        lambda: of_model(first_layer(L.Rescaling(1 / 255), value_range="0..255")),
    ),
    "logits-read-as-probabilities": (
        lambda: of_model(ends(L.Dense(3), output="logits")),
        lambda: of_model(ends(L.Dense(3, "softmax"))),
    ),
    "double-softmax": (
        lambda: of_model(ends(L.Dense(3, "softmax"), L.Softmax())),
        # Between two softmaxes a trained layer mixes again.
        lambda: of_model(ends(L.Dense(5, "softmax"), L.Dense(3, "softmax"))),
    ),
    "softmax-on-one-unit": (
        lambda: of_model(ends(L.Dense(1, "softmax"))),
        lambda: of_model(ends(L.Dense(1, "sigmoid"), output="sigmoid", task="binary")),
    ),
    "sigmoid-read-as-softmax": (
        lambda: of_model(ends(L.Dense(3, "sigmoid"), output="sigmoid", task="single label")),
        lambda: of_model(ends(L.Dense(3, "sigmoid"), output="sigmoid", task="multi-label")),
    ),
    "batchnorm-batch-dependent": (
        lambda: of_model(trained_as_built(L.BatchNormalization(), True)),
        lambda: of_model(trained_as_built(L.BatchNormalization(), False)),
    ),
    "batchnorm-not-converged": (
        lambda: of_model(first_layer(L.BatchNormalization())),
        lambda: of_model(trained_as_built(L.BatchNormalization(), False)),
    ),
    "dropout-at-inference": (
        lambda: of_model(trained_as_built(L.Dropout(0.5), True)),
        lambda: of_model(trained_as_built(L.Dropout(0.5), False)),
    ),
    "augmentation-at-inference": (
        lambda: of_model(trained_as_built(L.RandomTranslation(0.4, 0.4), True)),
        lambda: of_model(trained_as_built(L.Dropout(0.5), True)),
    ),
    "standardisation": (lambda: of_model(normalised(False)), lambda: of_model(normalised(True))),
    "label-offset": (
        lambda: of_model(outputs((*string.ascii_uppercase, "26"))) & of_model(answered(SHIFTED)),
        lambda: of_model(outputs((*string.ascii_uppercase, "not a letter"))),
    ),
    "label-order": (lambda: of_model(answered(SWAPPED)), lambda: of_model(answered(np.arange(26)))),
    "wrong-model-file": (
        lambda: of_model(bare(keras.Sequential([keras.Input((12, 12, 1)), L.Flatten(), L.Dense(40), L.Dense(3)]))),
        lambda: of_model(ends(L.Dense(40), L.Dense(3), output="logits")),
    ),
}  # fmt: skip


OF_ONE_FILE = {module.CAUSE.id: module for module in more.MODULES}


def test_no_cause_is_without_both_and_none_is_unknown() -> None:
    assert set(CASES) | set(OF_ONE_FILE) == set(CAUSES)
    assert not set(CASES) & set(OF_ONE_FILE)


@pytest.mark.parametrize("cause", OF_ONE_FILE)
def test_a_cause_of_one_file_has_both_in_one_test(cause: str) -> None:
    name = OF_ONE_FILE[cause].__name__.rpartition(".")[2]
    path = Path(__file__).parent / "examination" / "more" / f"test_{name}.py"
    assert path.exists(), "write its test beside the others"
    claims = re.findall(r"^def (test_it_is_named|test_it_is_silent)_", path.read_text("utf-8"), re.MULTILINE)
    assert {"test_it_is_named", "test_it_is_silent"} <= set(claims)


@pytest.mark.parametrize("cause", CASES)
def test_it_is_named_where_it_is_right_and_silent_where_it_is_not(cause: str) -> None:
    right, silent = CASES[cause]
    assert cause in right()
    assert cause not in silent()
