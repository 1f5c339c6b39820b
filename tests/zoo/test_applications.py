"""The five ImageNet networks: cards, contracts that preprocess as Keras does, and weights files read into the right layers.

No ImageNet weights are at hand: the tests make random ones and save them in Keras's two layouts.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from functools import cache
from pathlib import Path

import h5py
import keras
import numpy as np
import pytest

from lib.contract import Contract
from lib.network import Network
from lib.picture import Picture
from lib.zoo.application_models import build_model, read_into
from lib.zoo.applications import application, application_cards, load_application
from lib.zoo.card import CardError
from lib.zoo.imagenet import imagenet_classes
from lib.zoo.weights_file import WeightsError, look_through
from lib.zoo.weights_lookup import WeightsMissingError, WeightsSettings

pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")

# Keras's own module of preprocess_input, and how many layers its summary lists without the input.
KERAS = {
    "ResNet50": ("resnet", 176),
    "ResNet50V2": ("resnet_v2", 191),
    "EfficientNetB0": ("efficientnet", 240),
    "MobileNet": ("mobilenet", 90),
    "MobileNetV2": ("mobilenet_v2", 155),
}
RNG = np.random.default_rng(7)
PHOTO = RNG.integers(0, 256, (224, 224, 3), np.uint8)


# ---- cards ---------------------------------------------------------------------------------------------------------------


def test_there_are_five_cards_under_keras_own_names() -> None:
    assert [card.name for card in application_cards()] == list(KERAS)


def test_every_card_says_what_the_model_wants_weighs_and_may_be_used_for() -> None:
    for card in application_cards():
        assert card.origin == "keras.applications" and card.folder is None and card.question == 3
        assert card.title == f"{card.name} (ImageNet)" and card.summary.endswith(".")
        assert card.parameters and 3e6 < card.parameters < 3e7
        # float32 weights and a little structure
        assert card.size_bytes and 1 < card.size_bytes / (4 * card.parameters) < 1.05
        assert card.limits and all(limit.endswith(".") for limit in card.limits)
        for source in card.provenance:
            assert all(source[key] for key in ("name", "source", "licence", "used_for"))
        ((name, score),) = card.scores.items()
        assert "quoted from the Keras documentation" in name
        assert 0.7 < score["accuracy"] < score["top5"] < 0.94 and score["n"] == 50_000


def test_an_unknown_name_is_answered_with_the_known_ones() -> None:
    with pytest.raises(CardError, match="no ImageNet network 'VGG16'; there are ResNet50, ResNet50V2"):
        application("VGG16")


# ---- contracts -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", KERAS)
def test_the_contracts_pipeline_is_keras_preprocess_input_exactly(name: str) -> None:
    module = importlib.import_module(f"keras.applications.{KERAS[name][0]}")
    expected = module.preprocess_input(PHOTO.astype(np.float32).copy())
    found = application(name).contract.pipeline().run(PHOTO).final
    assert found.dtype == np.float32 and found.shape == (224, 224, 3)
    np.testing.assert_allclose(found, expected, rtol=1e-6, atol=1e-6)


def test_the_contracts_differ_in_range_and_order_only() -> None:
    ranges = {
        card.name: (card.contract.value_range, card.contract.channel_order) for card in application_cards()
    }
    assert ranges == {
        "ResNet50": ("caffe", "BGR"),
        "ResNet50V2": ("-1..1", "RGB"),
        "EfficientNetB0": ("0..255", "RGB"),
        "MobileNet": ("-1..1", "RGB"),
        "MobileNetV2": ("-1..1", "RGB"),
    }
    for card in application_cards():
        contract = card.contract
        assert (contract.input_shape, contract.output, contract.task) == (
            (224, 224, 3),
            "softmax",
            "single label",
        )
        assert contract.class_names == imagenet_classes()


def test_a_photo_loses_its_sides_and_not_its_proportions() -> None:
    wide = np.zeros((300, 500, 3), np.uint8)
    wide[:, 100:400] = 200  # the middle square
    seen = application("EfficientNetB0").contract.pipeline().run(Picture.from_array(wide)).final
    np.testing.assert_array_equal(seen, np.full((224, 224, 3), 200))


# ---- architectures -------------------------------------------------------------------------------------------------------


@cache
def built(name: str) -> keras.Model:
    """The architecture with random weights; building takes seconds."""
    return build_model(name)


@pytest.mark.parametrize("name", KERAS)
def test_a_trace_lists_every_layer_with_keras_parameters_and_gives_keras_answer(name: str) -> None:
    model, app = built(name), application(name)
    network = Network(model, app.contract, name=name)
    names = [layer.name for layer in network.layers]
    assert sorted(names) == sorted(layer.name for layer in model.layers[1:])  # all but the input
    assert len(names) == KERAS[name][1] and names[-1] == model.layers[-1].name
    parameters = sum(layer.parameters for layer in network.layers)
    assert parameters == model.count_params() == app.weights.parameters[0]
    tensor = app.contract.pipeline().run(PHOTO).final
    trace = network.trace(tensor)
    assert list(trace.activations) == names
    expected = np.asarray(model(tensor[None], training=False))
    np.testing.assert_allclose(trace.probabilities, expected, rtol=1e-3, atol=1e-7)
    odds = np.exp(trace.logits.astype(np.float64) - trace.logits.max())
    np.testing.assert_allclose(odds / odds.sum(), expected, rtol=1e-3, atol=1e-7)


def test_layers_are_called_the_same_however_many_models_were_built_before() -> None:
    for name, wanted in {
        "ResNet50V2": ["max_pooling2d", "max_pooling2d_1"],
        "EfficientNetB0": ["rescaling", "rescaling_1"],
        "MobileNet": ["global_average_pooling2d"],
        "MobileNetV2": ["global_average_pooling2d"],
    }.items():
        numbered = [
            layer.name for layer in built(name).layers if layer.name.startswith(("resc", "global_", "max_"))
        ]
        assert numbered[: len(wanted)] == wanted, name
    assert build_model("MobileNet", 0.25).layers[-5].name == "global_average_pooling2d"


def test_efficientnet_scales_by_the_deviation_itself_as_its_published_weights_need() -> None:
    model = built("EfficientNetB0")
    names = [layer.name for layer in model.layers[1:5]]
    assert names == ["rescaling", "normalization", "rescaling_1", "stem_conv_pad"]
    mean, deviation = np.array([0.485, 0.456, 0.406]), np.array([0.229, 0.224, 0.225])
    # The published file keeps the deviation where the layer expects the variance.
    model.get_layer("normalization").set_weights([mean, deviation, np.array(0)])
    model.get_layer("normalization").finalize_state()
    scaled = keras.Model(model.inputs[0], model.get_layer("rescaling_1").output)
    expected = (PHOTO / 255 - mean) / deviation
    np.testing.assert_allclose(scaled(PHOTO[None].astype(np.float32))[0], expected, atol=1e-4)


@pytest.mark.parametrize(("name", "alpha"), [("MobileNet", 0.5), ("MobileNetV2", 1.4)])
def test_a_width_is_known_by_its_number_of_parameters(name: str, alpha: float) -> None:
    assert application(name).widths[build_model(name, alpha).count_params()] == alpha


# ---- files ---------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def narrow(tmp_path_factory: pytest.TempPathFactory) -> tuple[keras.Model, Path]:
    """A MobileNet of width 0.25 and its weights in the layout of Keras 3."""
    model = build_model("MobileNet", 0.25)
    path = tmp_path_factory.mktemp("narrow") / "mobilenet_0.25_224.weights.h5"
    model.save_weights(path)
    return model, path


@pytest.fixture(scope="module")
def blank() -> keras.Model:
    """The same architecture, to read weights into."""
    return build_model("MobileNet", 0.25)


def reads_alike(blank: keras.Model, path: Path, model: keras.Model) -> None:
    """`path` read into `blank` gives `model`'s weights."""
    blank.set_weights([np.zeros_like(value) for value in blank.get_weights()])
    read_into(blank, look_through(path, 10_000_000))
    for found, wanted in zip(blank.get_weights(), model.get_weights(), strict=True):
        np.testing.assert_array_equal(found, wanted)


def test_offline_a_file_of_another_width_is_found_read_and_named(narrow: tuple, tmp_path: Path) -> None:
    model, path = narrow
    said: list[str] = []
    offline = WeightsSettings(path.parent, tmp_path, download=False)
    network = load_application("MobileNet", None, lambda text, share: said.append(text), offline)
    assert (network.name, network.model.name) == ("MobileNet", "mobilenet_0.25_224")
    assert network.contract == application("MobileNet").contract
    assert said[0] == "MobileNet of width 0.25, building its layers" and path.name in said[1]
    tensor = network.contract.pipeline().run(PHOTO).final
    expected = np.asarray(model(tensor[None], training=False))
    np.testing.assert_allclose(network.trace(tensor, layers=()).probabilities, expected, rtol=1e-3, atol=1e-7)


def test_the_layout_of_the_published_files_is_read_too(
    narrow: tuple, blank: keras.Model, tmp_path: Path
) -> None:
    model, _ = narrow
    model.save(tmp_path / "whole.h5")
    reads_alike(blank, tmp_path / "whole.h5", model)
    with h5py.File(tmp_path / "whole.h5") as whole, h5py.File(tmp_path / "a.weights.h5", "w") as file:
        file.attrs.update(whole["model_weights"].attrs)
        for key in whole["model_weights"]:
            whole.copy(f"model_weights/{key}", file)
    reads_alike(blank, tmp_path / "a.weights.h5", model)  # although its name says the other layout


def test_a_files_name_does_not_decide_how_it_is_read(
    narrow: tuple, blank: keras.Model, tmp_path: Path
) -> None:
    model, path = narrow
    reads_alike(blank, path, model)
    (tmp_path / "renamed.h5").write_bytes(path.read_bytes())
    reads_alike(blank, tmp_path / "renamed.h5", model)


def changed(path: Path, new: Path, change: Callable[[h5py.File], None]) -> Path:
    new.write_bytes(path.read_bytes())
    with h5py.File(new, "a") as file:
        change(file)
    return new


def not_finite(file: h5py.File) -> None:
    file["layers/conv2d/vars/0"][0, 0, 0, 0] = np.nan


def moved(file: h5py.File) -> None:
    file.move("layers/conv2d", "layers/unknown")


@pytest.mark.filterwarnings("ignore:Skipping nested container")
@pytest.mark.parametrize(("change", "says"), [(not_finite, "not finite"), (moved, "could not be read into")])
def test_a_file_that_fits_by_its_shapes_only_is_refused(
    change: Callable[[h5py.File], None], says: str, narrow: tuple, blank: keras.Model, tmp_path: Path
) -> None:
    path = changed(narrow[1], tmp_path / "bad.weights.h5", change)
    with pytest.raises(WeightsError, match=says):
        read_into(blank, look_through(path, 10_000_000))


def test_a_file_that_fits_by_its_size_only_is_refused(narrow: tuple, tmp_path: Path) -> None:
    def turned(file: h5py.File) -> None:
        kernel = file["layers/conv2d/vars/0"][()]
        del file["layers/conv2d/vars/0"]
        file["layers/conv2d/vars/0"] = kernel.transpose(3, 2, 1, 0)

    path = changed(narrow[1], tmp_path / "bad.weights.h5", turned)
    with pytest.raises(WeightsError, match="arrays of other shapes than MobileNet"):
        load_application("MobileNet", path.read_bytes())


def test_a_file_of_another_network_and_a_half_file_are_refused(narrow: tuple) -> None:
    _, path = narrow
    with pytest.raises(WeightsError, match=r"holds 475,544 numbers, ResNet50 .* has 25,636,712"):
        load_application("ResNet50", path)
    with pytest.raises(WeightsError, match="damaged or was cut off"):
        load_application("MobileNet", path.read_bytes()[:100_000])


def test_without_weights_the_message_names_file_folder_and_address(tmp_path: Path) -> None:
    with pytest.raises(WeightsMissingError) as caught:
        load_application("EfficientNetB0", settings=WeightsSettings(None, tmp_path, download=False))
    message = str(caught.value)
    assert "efficientnetb0.h5" in message and str(tmp_path) in message
    assert "https://storage.googleapis.com/keras-applications/efficientnetb0.h5" in message


def test_the_addresses_and_checksums_are_those_of_the_installed_keras() -> None:
    base = "keras.src.applications."  # no public name has them, and what moves there must be noticed here
    resnet, efficient = (importlib.import_module(base + name) for name in ("resnet", "efficientnet"))
    for name in ("ResNet50", "ResNet50V2"):
        published = application(name).weights
        assert published.md5 == resnet.WEIGHTS_HASHES[name.lower()][0]
        assert (
            published.url == f"{resnet.BASE_WEIGHTS_PATH}{name.lower()}_weights_tf_dim_ordering_tf_kernels.h5"
        )
    published = application("EfficientNetB0").weights
    assert published.md5 == efficient.WEIGHTS_HASHES["b0"][0]
    assert published.url == f"{efficient.BASE_WEIGHTS_PATH}efficientnetb0.h5"
    for name, file in {
        "MobileNet": "mobilenet_1_0_224_tf.h5",
        "MobileNetV2": "mobilenet_v2_weights_tf_dim_ordering_tf_kernels_1.0_224.h5",
    }.items():
        module = importlib.import_module(base + KERAS[name][0])
        assert application(name).weights.url == module.BASE_WEIGHT_PATH + file
        assert not hasattr(module, "WEIGHTS_HASHES")
    for card in application_cards():
        published = application(card.name).weights
        assert published.url.endswith("/" + published.file)


def test_contracts_are_plain_data_that_reads_back() -> None:
    for card in application_cards():
        assert Contract.from_dict(card.contract.to_dict()) == card.contract
