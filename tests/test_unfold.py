"""Opening models up: which layers are found, how the end is recognised, and that the user's model stays as it was."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from lib.unfold import PICTURE, Layer, UnsupportedModelError, logits_from, unfold
from tests.keras_models import (
    BUILDS,
    bare_operations,
    batch_for,
    branches,
    functional_convolution,
    layer_used_twice,
    nested_used_twice,
    shaken,
    two_levels,
)

L = keras.layers

pytestmark = [
    pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:Layer .* does not have a `quantize` method:UserWarning"),
]


@pytest.mark.parametrize("build", BUILDS)
def test_every_layer_is_found_once_in_the_order_of_the_computation(build: str) -> None:
    model, tensors = BUILDS[build]()
    opened = unfold(model)
    assert list(opened.tensors) == list(tensors)
    assert [layer.name for layer in opened.layers] == list(tensors)
    assert [layer.shape for layer in opened.layers] == [tuple(t.shape[1:]) for t in tensors.values()]


def test_a_layer_says_its_kind_activation_shape_weights_settings_and_what_it_takes() -> None:
    layers = {layer.name: layer for layer in unfold(functional_convolution()[0]).layers}
    assert layers["conv"] == Layer("conv", "Conv2D", "linear", (26, 26, 4), 40, (PICTURE,), 40, "3×3")
    assert layers["bn"] == Layer("bn", "BatchNormalization", "", (26, 26, 4), 4 * 4, ("conv",), 2 * 4)
    assert layers["pool"] == Layer("pool", "MaxPooling2D", "", (6, 6, 4), 0, ("relu",), 0, "4×4")
    assert layers["out"] == Layer("out", "Dense", "linear", (3,), 144 * 3 + 3, ("flat",), 144 * 3 + 3)


@pytest.mark.parametrize(
    ("layer", "says"),
    [
        (L.Conv2D(4, (3, 5), strides=(2, 1), dilation_rate=1), "3×5, stride 2×1"),
        (L.Conv2D(4, 3, dilation_rate=2), "3×3, dilation 2"),
        (L.DepthwiseConv2D(3, strides=2), "3×3, stride 2"),
        (L.MaxPooling2D(3, strides=2), "3×3, stride 2"),
        (L.AveragePooling2D(2), "2×2"),
        (L.Dropout(0.25), "rate 0.25"),
        (L.ReLU(), ""),
    ],
)
def test_settings_are_written_as_people_write_them(layer, says: str) -> None:
    i = keras.Input((9, 9, 2))
    assert unfold(keras.Model(i, layer(i))).layers[0].settings == says


def test_a_frozen_layer_has_parameters_that_training_leaves_alone() -> None:
    model, _ = functional_convolution()
    model.get_layer("conv").trainable = False
    layers = {layer.name: layer for layer in unfold(model).layers}
    assert (layers["conv"].parameters, layers["conv"].trainable) == (40, 0)
    assert (layers["out"].parameters, layers["out"].trainable) == (435, 435)


@pytest.mark.parametrize("build", BUILDS)
def test_each_source_is_the_layer_of_that_name(build: str) -> None:
    opened = unfold(BUILDS[build]()[0])
    assert list(opened.sources) == list(opened.tensors)
    for layer in opened.layers:
        assert opened.sources[layer.name].name == layer.name.split("/")[-1].split("#")[0]


# ---- who takes whose output ---------------------------------------------------------------------------------------------


def inputs_of(model: keras.Model) -> dict[str, tuple[str, ...]]:
    return {layer.name: layer.inputs for layer in unfold(model).layers}


def test_branches_and_skips_are_seen() -> None:
    assert inputs_of(branches()[0]) == {
        "left": (PICTURE,),
        "right": (PICTURE,),
        "sum": ("left", "right"),
        "join": ("sum", "left"),
        "mean": ("join",),
        "out": ("mean",),
    }


def test_a_residual_block_takes_the_picture_past_its_convolution() -> None:
    i = keras.Input((8, 8, 2))
    x = L.Conv2D(2, 3, padding="same", name="conv")(i)
    model = keras.Model(i, L.Add(name="add")([x, i]))
    assert inputs_of(model) == {"conv": (PICTURE,), "add": ("conv", PICTURE)}


def test_bare_operations_and_a_layers_second_use_are_links_too() -> None:
    multiply, reshape, out, add = unfold(bare_operations()[0]).layers  # Keras numbers their names
    assert [x.inputs for x in (multiply, reshape, out, add)] == [
        (PICTURE,),
        (multiply.name,),
        (reshape.name,),
        ("out",),
    ]
    assert inputs_of(layer_used_twice()[0]) == {
        "shared": (PICTURE,),
        "shared#2": ("shared",),
        "out": ("shared#2",),
    }


def test_nested_models_are_linked_through() -> None:
    assert inputs_of(two_levels()[0]) == {
        "outer/inner/conv": (PICTURE,),
        "outer/inner/bn": ("outer/inner/conv",),
        "outer/inner": ("outer/inner/bn",),
        "outer/relu": ("outer/inner",),
        "outer": ("outer/relu",),
        "flat": ("outer",),
        "out": ("flat",),
    }
    assert inputs_of(nested_used_twice()[0]) == {
        "base/step": (PICTURE,),
        "base": ("base/step",),
        "base/step#2": ("base",),
        "base#2": ("base/step#2",),
        "out": ("base#2",),
    }


def test_what_has_been_counted_before_is_marked() -> None:
    marks = {layer.name: (layer.nested, layer.repeated) for layer in unfold(nested_used_twice()[0]).layers}
    assert marks == {
        "base/step": (False, False),
        "base": (True, False),
        "base/step#2": (False, True),
        "base#2": (True, True),
        "out": (False, False),
    }


def test_a_nested_model_that_gives_its_input_back_takes_what_it_is_called_on() -> None:
    j = keras.Input((4,))
    i = keras.Input((4,))
    x = L.Dense(4, name="before")(i)
    model = keras.Model(i, L.Dense(2, name="out")(keras.Model(j, j, name="nothing")(x)))
    assert inputs_of(model) == {"before": (PICTURE,), "nothing": ("before",), "out": ("nothing",)}


def test_weights_are_shared_not_copied() -> None:
    model, _ = two_levels()
    opened = unfold(model)
    again = keras.Model(opened.inputs, opened.output)
    assert {id(v) for v in again.variables} == {id(v) for v in model.variables}


# ---- what the model ends in ----------------------------------------------------------------------------------------------


@keras.saving.register_keras_serializable("misread tests")
class OwnSoftmax(L.Layer):
    """A layer that nobody can look into."""

    def call(self, x):
        return keras.ops.softmax(x)


def nested_head(scores):
    head = keras.Sequential([keras.Input((3,)), L.Dense(3), L.Softmax()], name="head")
    return head(scores)


ENDINGS = {
    "linear": (lambda x: L.Dense(3)(x), "logits"),
    "relu": (lambda x: L.Dense(3, "relu")(x), "logits"),
    "dense softmax": (lambda x: L.Dense(3, "softmax")(x), "softmax"),
    "dense softmax without bias": (lambda x: L.Dense(3, "softmax", use_bias=False)(x), "softmax"),
    "dense tf.nn.softmax": (lambda x: L.Dense(3, tf.nn.softmax)(x), "softmax"),
    "dense sigmoid": (lambda x: L.Dense(3, "sigmoid")(x), "sigmoid"),
    "one unit": (lambda x: L.Dense(1, "sigmoid")(x), "sigmoid"),
    "activation layer": (lambda x: L.Activation("softmax")(x), "softmax"),
    "sigmoid activation layer": (lambda x: L.Activation("sigmoid")(x), "sigmoid"),
    "softmax layer": (lambda x: L.Softmax()(x), "softmax"),
    "operation": (lambda x: keras.ops.softmax(x), "softmax"),
    "sigmoid operation": (lambda x: keras.ops.sigmoid(x), "sigmoid"),
    "nested head": (nested_head, "softmax"),
    "other layer": (lambda x: L.EinsumDense("ab,bc->ac", 3, activation="softmax")(x), "softmax"),
    "other layer, sigmoid": (lambda x: L.EinsumDense("ab,bc->ac", 3, activation="sigmoid")(x), "sigmoid"),
    "cast": (lambda x: L.Activation("linear", dtype="float32")(L.Softmax()(x)), ""),
    "own layer": (lambda x: OwnSoftmax()(x), ""),
    "scaled": (lambda x: L.Rescaling(0.5)(x), ""),
}


@pytest.mark.parametrize("name", ENDINGS)
def test_the_ending_and_the_scores_before_it(name: str) -> None:
    end, expected = ENDINGS[name]
    i = keras.Input((4,))
    model = shaken(keras.Model(i, end(L.Dense(3)(i))))
    opened = unfold(model)
    assert opened.ending == expected
    logits, output = keras.Model(opened.inputs, [opened.logits, opened.output])(batch_for(model))
    np.testing.assert_array_equal(output, model(batch_for(model)))
    function = {"softmax": keras.ops.softmax, "sigmoid": keras.ops.sigmoid}.get(expected, lambda x: x)
    np.testing.assert_allclose(function(logits), output, rtol=1e-5)
    if expected in ("softmax", "sigmoid"):
        assert not np.allclose(logits, output), "these are the probabilities once more"


def test_the_scores_of_a_saturated_softmax_are_kept_where_the_layer_lets_us_look() -> None:
    # At such scores the probabilities are 1 and 0 exactly: only the layer's own arithmetic knows the rest.
    model = keras.Sequential([keras.Input((2,)), L.Dense(3, "softmax")])
    model.set_weights([np.array([[1000, 0, -500], [0, 0, 0]]), np.array([0, 1, 2])])
    opened = unfold(model)
    logits, output = keras.Model(opened.inputs, [opened.logits, opened.output])(np.ones((1, 2)))
    assert output.numpy().tolist() == [[1, 0, 0]]
    assert logits.numpy().tolist() == [[1000, 1, -498]]


@pytest.mark.parametrize("name", ["dense softmax", "one unit", "nested head"])
def test_a_quantised_last_layer_keeps_its_scores(name: str) -> None:
    i = keras.Input((4,))
    model = shaken(keras.Model(i, ENDINGS[name][0](L.Dense(3)(i))))
    model.quantize("int8")
    opened = unfold(model)
    function = {"softmax": keras.ops.softmax, "sigmoid": keras.ops.sigmoid}[opened.ending]
    logits, output = keras.Model(opened.inputs, [opened.logits, opened.output])(batch_for(model))
    np.testing.assert_allclose(function(logits), output, rtol=1e-5)


def test_probabilities_are_undone_as_far_as_their_precision_goes() -> None:
    p = np.array([[0.5, 0.25, 0.25], [1, 0, 0]], np.float32)
    np.testing.assert_allclose(np.asarray(logits_from(p, "softmax"))[0], np.log(p[0]), rtol=1e-6)
    np.testing.assert_allclose(np.asarray(logits_from(p, "sigmoid"))[0], [0, *2 * [np.log(1 / 3)]], rtol=1e-5)
    for kind in ("softmax", "sigmoid"):
        for dtype in (np.float32, np.float16):
            assert np.isfinite(np.asarray(logits_from(p.astype(dtype), kind))).all()


# ---- what is refused, in a sentence --------------------------------------------------------------------------------------


class Subclassed(keras.Model):
    def __init__(self):
        super().__init__()
        self.dense = L.Dense(3)

    def call(self, x):
        return self.dense(x)


class Scaled(keras.Sequential):
    def call(self, inputs, training=None, mask=None):
        return super().call(inputs, training=training) * 100


class ScaledGraph(keras.Model):
    def __init__(self):
        i = keras.Input((4,))
        super().__init__(i, L.Dense(3)(i))

    def call(self, inputs, training=None, mask=None):
        return super().call(inputs, training=training) * 100


def several(inputs: int, outputs: int) -> keras.Model:
    i = [keras.Input((4,)) for _ in range(inputs)]
    x = L.Concatenate()(i) if inputs > 1 else i[0]
    return keras.Model(i, [L.Dense(3)(x) for _ in range(outputs)])


def called_subclass() -> keras.Model:
    model = Subclassed()
    model(np.zeros((1, 4), np.float32))
    return model


@pytest.mark.parametrize(
    ("build", "says"),
    [
        (lambda: several(2, 1), "2 inputs and 1 outputs; supported is one picture in"),
        (lambda: several(1, 2), "1 inputs and 2 outputs; supported is one picture in"),
        (
            called_subclass,
            r"Subclassed is a subclassed model .* wrap the call in keras.Model\(inputs, outputs\)",
        ),
        (lambda: keras.Sequential([L.Dense(3)], name="new"), "'new' has no input shape yet: build it"),
        (lambda: Scaled([keras.Input((4,)), L.Dense(3)]), r"Scaled has a call\(\) of its own"),
        (ScaledGraph, r"ScaledGraph has a call\(\) of its own"),
    ],
)
def test_a_model_that_cannot_be_opened_is_refused_with_the_remedy(build, says: str) -> None:
    with pytest.raises(UnsupportedModelError, match=says):
        unfold(build())


@pytest.mark.parametrize("nested", [Subclassed, ScaledGraph, lambda: several(1, 2)])
def test_a_nested_model_that_cannot_be_opened_is_shown_as_one_layer(nested) -> None:
    i = keras.Input((4,))
    base = nested()
    features = base(i)
    out = L.Dense(2, name="out")(features[1] if isinstance(features, list) else features)
    model = shaken(keras.Model(i, out))
    opened = unfold(model)
    assert opened.layers[0].name == base.name
    assert [layer.name for layer in opened.layers if "/" in layer.name] == []
    again = keras.Model(opened.inputs, opened.output)
    np.testing.assert_array_equal(again(batch_for(model)), model(batch_for(model)))


# ---- the user's own model ------------------------------------------------------------------------------------------------


class OwnLoss(keras.losses.Loss):
    def __init__(self, weight):
        super().__init__()
        self.weight = weight

    def call(self, y_true, y_pred):
        return self.weight * keras.ops.mean(keras.ops.square(y_true - y_pred))


@pytest.mark.parametrize("loss", [lambda a, b: keras.ops.mean(a - b), OwnLoss(2.0)])
@pytest.mark.parametrize("build", ["functional_convolution", "sequential_vector"])
def test_a_model_compiled_with_somebodys_own_loss_opens(build: str, loss) -> None:
    model, tensors = BUILDS[build]()
    optimizer = keras.optimizers.Adam(0.5)
    model.compile(optimizer, loss)
    assert list(unfold(model).tensors) == list(tensors)
    assert model.optimizer is optimizer


@pytest.mark.parametrize("build", BUILDS)
def test_opening_a_model_leaves_it_as_it_was(build: str, tmp_path) -> None:
    model, _ = BUILDS[build]()
    shaken(model)
    before = (
        model.to_json(),
        [id(x.output) for x in model.layers],
        model.predict(batch_for(model), verbose=0),
    )
    unfold(model)
    assert (model.to_json(), [id(x.output) for x in model.layers]) == before[:2]
    np.testing.assert_array_equal(model.predict(batch_for(model), verbose=0), before[2])
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    np.testing.assert_array_equal(loaded.predict(batch_for(model), verbose=0), before[2])
