"""A built model tells what it expects, and every guess says where it was read or that it is assumed."""

from __future__ import annotations

import keras
import numpy as np
import pytest

from lib.unfold import unfold
from lib.zoo.own.evidence import activation_count, inspect_model
from lib.zoo.own.families import FAMILIES, FUNCTIONS, recognise
from lib.zoo.own.inspection import FIELDS, Inspection
from lib.zoo.own.limits import ModelFileError
from lib.zoo.own.training_facts import TrainingFacts, training_facts

L = keras.layers


def small(
    *layers: keras.Layer, shape: tuple[int | None, ...] = (16, 16, 1), end: str | None = None
) -> keras.Model:
    return keras.Sequential([keras.Input(shape), *layers, L.Flatten(), L.Dense(3, end, name="scores")])


def guess(found: Inspection, field: str) -> tuple[object, str]:
    return found.guesses[field].value, found.guesses[field].level


# name of the function -> what makes it small, its range and channel order, as its preprocess_input gives them
NETWORKS: dict[str, tuple[dict[str, object], str, str]] = {
    "ResNet50": ({"input_shape": (32, 32, 3)}, "caffe", "BGR"),
    "ResNet50V2": ({"input_shape": (32, 32, 3)}, "-1..1", "RGB"),
    "EfficientNetB0": ({"input_shape": (32, 32, 3)}, "0..255", "RGB"),
    "MobileNet": ({"input_shape": (32, 32, 3), "alpha": 0.25}, "-1..1", "RGB"),
    "MobileNetV2": ({"input_shape": (32, 32, 3), "alpha": 0.35}, "-1..1", "RGB"),
}


@pytest.mark.parametrize("function", NETWORKS)
def test_the_networks_of_keras_applications_are_recognised(function: str) -> None:
    small_one, value_range, order = NETWORKS[function]
    model = getattr(keras.applications, function)(weights=None, classes=4, name="renamed", **small_one)
    found = inspect_model(model)
    assert found.family == function
    assert guess(found, "value_range") == (value_range, "derived")
    assert guess(found, "channel_order") == (order, "derived")
    assert guess(found, "output") == ("softmax", "read")
    assert (found.outputs, found.parameters) == (4, model.count_params())
    assert found.batchnorm.untouched == found.batchnorm.count > 20


def names_of(function: str) -> list[str]:
    """The layers of the real network; nothing is allocated."""
    with keras.StatelessScope(initialize_variables=False):
        return [layer.name for layer in getattr(keras.applications, function)(weights=None).layers]


def test_every_function_of_keras_applications_is_known() -> None:
    assert set(FUNCTIONS) == {name for name in dir(keras.applications) if name[0].isupper()}


@pytest.mark.parametrize(
    "function",
    [
        *(
            "ResNet101",
            "ResNet152V2",
            "VGG16",
            "VGG19",
            "MobileNetV3Small",
            "MobileNetV3Large",
            "DenseNet121",
        ),
        *("DenseNet169", "InceptionV3", "InceptionResNetV2", "Xception", "NASNetMobile"),
        *("EfficientNetB1", "EfficientNetV2B0", "EfficientNetV2B3"),
        "ConvNeXtTiny",
    ],
)
def test_members_of_a_family_are_told_apart(function: str) -> None:
    known = recognise(names_of(function))
    assert known is not None and known[1] == function


def test_a_network_of_ones_own_is_of_no_family() -> None:
    assert recognise(["conv1", "bn1", "pool1", "flatten", "predictions"]) is None
    assert len({family.name for family in FAMILIES}) == len(FAMILIES)


def test_a_nested_renamed_family_is_recognised_by_its_layers() -> None:
    base = keras.applications.VGG16(weights=None, include_top=False, input_shape=(32, 32, 3), pooling="avg")
    base.name = "features"
    with_arithmetic = keras.Sequential([keras.Input((32, 32, 3)), base, L.Dense(2, "softmax")])
    found = inspect_model(with_arithmetic)
    assert (found.family, guess(found, "value_range")[0]) == ("VGG16", "caffe")
    assert "VGG16" in found.guesses["value_range"].source


def test_nothing_known_is_said_to_be_assumed() -> None:
    found = inspect_model(small(L.Conv2D(2, 3)))
    assert set(found.guesses) == set(FIELDS)
    for field in ("value_range", "polarity", "frame", "resize_filter", "task", "channel_order"):
        source = found.guesses[field].source
        assert found.guesses[field].level == "assumed" and source.startswith("assumed: "), field


@pytest.mark.parametrize(
    ("layer", "value_range"),
    [
        (L.Rescaling(1 / 255), "0..255"),
        (L.Rescaling(1 / 127.5, -1), "0..255"),
        (L.Rescaling(1 / 127, -1), "0..255"),
        (L.Rescaling(1 / 255, -0.5), "0..255"),
        (L.Rescaling(2.0, -1), "0..1"),
        (L.Rescaling(255.0), "0..1"),
        (L.Rescaling(0.5, 0.5), "-1..1"),
        (L.Rescaling(127.5, 127.5), "-1..1"),
        (L.Normalization(mean=33.3, variance=78.6**2, axis=None), "0..255"),
        (L.Normalization(mean=0.1307, variance=0.3081**2, axis=None), "0..1"),
    ],
)
def test_scaling_inside_tells_what_comes_from_outside(layer: keras.Layer, value_range: str) -> None:
    found = inspect_model(small(L.RandomFlip(), layer, L.Conv2D(2, 3)))
    assert guess(found, "value_range") == (value_range, "derived")
    assert layer.name in found.guesses["value_range"].source
    assert layer.name in found.preprocessing[0]


def test_a_batchnorm_right_on_the_pixels_tells_it_too() -> None:
    norm = L.BatchNormalization(name="pixels")
    model = small(norm)
    norm.moving_mean.assign([33.3])
    norm.moving_variance.assign([78.6**2])
    assert guess(inspect_model(model), "value_range") == ("0..255", "derived")


@pytest.mark.parametrize(
    ("value_range", "low", "high"), [("0..255", 0, 255), ("0..1", 0.0, 1.0), ("-1..1", -1.0, 1.0)]
)
def test_the_first_batchnorms_statistics_tell_the_range_of_ink_on_black(
    value_range: str, low: float, high: float
) -> None:
    keras.utils.set_random_seed(1)
    norm = L.BatchNormalization(momentum=0.0)
    model = small(L.Conv2D(8, 3, use_bias=False), norm, L.ReLU())
    ink = np.zeros((64, 16, 16, 1), np.float32)
    ink[:, 3:13, 6:9] = 1.0
    model(low + (high - low) * ink, training=True)
    found = inspect_model(model)
    assert guess(found, "value_range") == (value_range, "derived")
    assert norm.name in found.guesses["value_range"].source


def test_an_untrained_batchnorm_tells_nothing() -> None:
    found = inspect_model(small(L.Conv2D(8, 3), L.BatchNormalization(), L.ReLU()))
    assert guess(found, "value_range") == ("0..1", "assumed")


def test_a_normalization_that_was_never_adapted_is_said() -> None:
    layer = L.Normalization(name="forgotten", axis=None)
    found = inspect_model(small(layer))
    assert found.unadapted == ("forgotten",)
    assert any("“forgotten” was never adapted" in note for note in found.notes)
    assert guess(found, "value_range")[1] == "assumed"


def test_steps_and_momentum_tell_how_much_of_the_start_is_left() -> None:
    norm = L.BatchNormalization(name="norm", momentum=0.99)
    model = small(L.Conv2D(2, 3), norm)
    norm.moving_mean.assign([0.1, 0.2])
    found = inspect_model(model, facts=TrainingFacts(iterations=30))
    assert found.initial_share() == pytest.approx(0.7397, abs=1e-4)
    assert any("30 optimizer steps" in note and "74%" in note for note in found.notes)
    assert inspect_model(model).initial_share() is None


def test_a_call_with_training_true_is_found() -> None:
    inputs = keras.Input((16, 16, 1))
    x = L.Dropout(0.5, name="always")(inputs, training=True)
    model = keras.Model(inputs, L.Dense(3)(L.Flatten()(L.Dropout(0.5, name="usual")(x))))
    found = inspect_model(model)
    assert found.training_calls == ("always",)
    assert found.dropout == ("always", "usual")


def test_weights_that_are_no_numbers_are_said() -> None:
    model = small()
    model.layers[-1].bias.assign([0.0, np.nan, 0.0])
    assert any("not finite" in note for note in inspect_model(model).notes)


@pytest.mark.parametrize(
    ("shape", "says"),
    [
        ((16, 16, 2), "2 channels"),
        ((16, 16, 7), "7 channels"),
        ((3, 16, 16), "channels first"),
        ((16, 16, 16, 3), "a video or a volume"),
        ((100, 5), "a series or a text"),
        ((30,), "no square picture"),
        ((1000,), "no square picture"),
        ((16, 2000, 3), "8 to 1024 pixels"),
        ((4, 4, 3), "8 to 1024 pixels"),
    ],
)
def test_inputs_that_are_no_pictures_are_refused(shape: tuple[int, ...], says: str) -> None:
    with pytest.raises(ModelFileError, match=says):
        inspect_model(small(shape=shape), name="x.keras")


def test_a_colour_vector_is_laid_out() -> None:
    found = inspect_model(small(shape=(3072,)))
    assert (guess(found, "size")[0], guess(found, "channels")[0]) == ((32, 32), 3)


def test_activations_of_any_size_are_counted_at_the_size_of_the_contract() -> None:
    inputs = keras.Input((None, None, 3))
    model = keras.Model(inputs, L.Dense(2)(L.GlobalAveragePooling2D()(L.Conv2D(5, 1)(inputs))))
    assert activation_count(unfold(model), (10, 20, 3)) == 10 * 20 * 5 + 5 + 2


@pytest.mark.parametrize(
    ("compiled", "expected"),
    [
        ({"loss": "sparse_categorical_crossentropy"}, ("SparseCategoricalCrossentropy", False)),
        ({"loss": ["binary_crossentropy"]}, ("BinaryCrossentropy", False)),
        (
            {"loss": {"class_name": "CategoricalCrossentropy", "config": {"from_logits": True}}},
            ("CategoricalCrossentropy", True),
        ),
        ({"loss": {"scores": "mse"}}, ("Mse", None)),
        ({"loss": {"class_name": "function", "config": "my_loss"}}, ("MyLoss", None)),
        ({"loss": {"class_name": ["x"], "config": 3}}, ("", None)),
        ({}, ("", None)),
        ("compiled", ("", None)),
    ],
)
def test_what_the_file_says_of_the_loss_is_text(compiled: object, expected: tuple[str, bool | None]) -> None:
    found = training_facts(compiled)
    assert (found.loss, found.from_logits) == expected


def test_old_files_name_their_optimizer_elsewhere() -> None:
    old = {"loss": "mse", "optimizer_config": {"class_name": "Custom>Adam", "config": {}}}
    assert training_facts(old, 12, "2.15.0").optimizer == "Custom>Adam"


@pytest.mark.parametrize(
    ("end", "loss", "output", "task"),
    [
        (None, "", "logits", "single label"),
        ("softmax", "", "softmax", "single label"),
        ("sigmoid", "", "sigmoid", "multi-label"),
        ("sigmoid", "CategoricalCrossentropy", "sigmoid", "single label"),
        (None, "BinaryCrossentropy", "logits", "multi-label"),
        ("relu", "", "logits", "single label"),
    ],
)
def test_the_end_and_the_loss_tell_the_task(end: str | None, loss: str, output: str, task: str) -> None:
    found = inspect_model(small(end=end), facts=TrainingFacts(loss=loss))
    assert (guess(found, "output")[0], guess(found, "task")[0]) == (output, task)


def test_the_end_is_found_behind_layers_that_pass_numbers_on() -> None:
    inputs = keras.Input((16, 16, 1))
    scores = L.Dense(4, "softmax")(L.Flatten()(inputs))
    found = inspect_model(keras.Model(inputs, L.Flatten()(L.Reshape((2, 2))(scores))))
    assert guess(found, "output") == ("softmax", "derived")
    pooled = keras.Sequential(
        [keras.Input((16, 16, 3)), L.Conv2D(3, 1, activation="relu"), L.GlobalMaxPooling2D()]
    )
    assert guess(inspect_model(pooled), "output") == ("logits", "derived")


def test_endings_that_spoil_the_answer_are_said() -> None:
    inputs = keras.Input((16, 16, 1))
    one = keras.Model(inputs, L.Dense(1, "softmax")(L.Flatten()(inputs)))
    assert any("single output is always 1" in note for note in inspect_model(one).notes)
    facts = TrainingFacts(loss="SparseCategoricalCrossentropy", from_logits=True)
    assert any("softmax twice" in note for note in inspect_model(small(end="softmax"), facts=facts).notes)
    facts = TrainingFacts(loss="SparseCategoricalCrossentropy", from_logits=False)
    assert any("taken for probabilities" in note for note in inspect_model(small(), facts=facts).notes)


def test_softmax_twice_is_a_fact_of_its_own() -> None:
    inputs = keras.Input((16, 16, 1))
    once = L.Dense(3, "softmax")(L.Flatten()(inputs))
    assert inspect_model(keras.Model(inputs, L.Softmax()(L.Dropout(0.1)(once)))).double_softmax
    assert not inspect_model(keras.Model(inputs, once)).double_softmax
    between = keras.Model(inputs, L.Dense(3, "softmax")(once))
    assert not inspect_model(between).double_softmax


def test_keras_own_preprocessing_inside_is_seen() -> None:
    inputs = keras.Input((16, 16, 3))
    caffe = keras.applications.resnet.preprocess_input(inputs)
    found = inspect_model(keras.Model(inputs, L.Dense(2)(L.Flatten()(caffe))))
    assert guess(found, "value_range") == ("0..255", "derived")
    assert guess(found, "channel_order") == ("RGB", "derived")
    assert found.guesses["channel_order"].source == "the model swaps red and blue itself"
