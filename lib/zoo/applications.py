"""Five ImageNet networks of keras.applications as catalogue entries: their cards and contracts, and how each is built.

Cards are cheap; only `load_application` imports TensorFlow. Where the weights come from stands in `weights_lookup.py`.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lib.contract import Contract
from lib.zoo.card import Card, CardError
from lib.zoo.imagenet import imagenet_classes
from lib.zoo.weights_file import WeightsError, WeightsFile
from lib.zoo.weights_lookup import Progress, PublishedWeights, WeightsSettings, find_weights, usable

if TYPE_CHECKING:
    from lib.network import Network

_KERAS_PAGE = "https://keras.io/api/applications/"
_STORE = "https://storage.googleapis.com/tensorflow/keras-applications/"


@dataclass(frozen=True)
class Application:
    """One architecture of keras.applications with its published ImageNet weights.

    Attributes:
        name: of the function in keras.applications, and in links and in the catalogue.
        value_range, channel_order: as in its contract.
        expects: the same in words.
        widths: numbers in the weights -> alpha, the factor on the layers' widths; the published one's first.
        top1, top5: accuracy on ImageNet's validation set as the Keras documentation quotes it.
        paper, licence: where the architecture comes from, and under what the weights were released.
    """

    name: str
    weights: PublishedWeights
    value_range: str
    channel_order: str
    expects: str
    widths: Mapping[int, float]
    top1: float
    top5: float
    paper: str
    licence: str

    @property
    def contract(self) -> Contract:
        """224 x 224 colour, the middle square of the picture, as in the published evaluations.

        Those shrink the shorter side to 256 and take the middle 224; here the square keeps the whole shorter side, so that
        no more is lost than what a square must lose. Area averaging stands for the antialiased filters of the training
        pipelines.
        """
        return Contract(
            input_shape=(224, 224, 3),
            size=(224, 224),
            class_names=imagenet_classes(),
            channels=3,
            channel_order=self.channel_order,
            value_range=self.value_range,
            frame="centre crop",
            resize_filter="area",
            output="softmax",
            task="single label",
        )


def _application(
    name: str,
    file: str,
    folder: str,
    md5: str,
    size_bytes: int,
    patterns: tuple[str, ...],
    widths: Mapping[int, float],
    **rest: Any,
) -> Application:
    published = PublishedWeights(name, file, f"{folder}{file}", md5, size_bytes, patterns, tuple(widths))
    return Application(name, published, widths=widths, **rest)


_TWO_SIDED = {"value_range": "-1..1", "channel_order": "RGB", "expects": "numbers from -1 to 1"}

# File names, addresses and checksums are those in Keras's own source; for the two MobileNets Keras has no checksum. Sizes
# are what downloads report. Top-1 and top-5 are quoted from _KERAS_PAGE.
_APPLICATIONS = (
    _application(
        "ResNet50",
        "resnet50_weights_tf_dim_ordering_tf_kernels.h5",
        f"{_STORE}resnet/",
        "2cb95161c43110f7111970584f804107",
        102_967_424,
        ("resnet50.h5", "resnet50.weights.h5", "resnet50_*.h5", "resnet50-*.h5"),
        {25_636_712: 1.0},
        value_range="caffe",
        channel_order="BGR",
        expects="numbers from 0 to 255 in the order blue, green, red, minus the mean of ImageNet's pixels (caffe's recipe)",
        top1=0.749,
        top5=0.921,
        paper="He, Zhang, Ren, Sun: Deep Residual Learning for Image Recognition, arXiv:1512.03385",
        licence="MIT (ported from the weights that Kaiming He released)",
    ),
    _application(
        "ResNet50V2",
        "resnet50v2_weights_tf_dim_ordering_tf_kernels.h5",
        f"{_STORE}resnet/",
        "3ef43a0b657b3be2300d5770ece849e0",
        102_869_336,
        ("resnet50v2*.h5", "resnet50_v2*.h5"),
        {25_613_800: 1.0},
        **_TWO_SIDED,
        top1=0.760,
        top5=0.930,
        paper="He, Zhang, Ren, Sun: Identity Mappings in Deep Residual Networks, arXiv:1603.05027",
        licence="Apache-2.0, as Keras (no other licence is stated for these weights)",
    ),
    _application(
        "EfficientNetB0",
        "efficientnetb0.h5",
        "https://storage.googleapis.com/keras-applications/",
        "902e53a9f72be733fc0bcb005b3ebbac",
        21_834_768,
        ("efficientnetb0*.h5", "efficientnet_b0*.h5", "efficientnet-b0*.h5"),
        {5_330_571: 1.0},
        value_range="0..255",
        channel_order="RGB",
        expects="plain numbers from 0 to 255, because its first layers do the scaling",
        top1=0.771,
        top5=0.933,
        paper="Tan, Le: EfficientNet: Rethinking Model Scaling for Convolutional Neural Networks, arXiv:1905.11946",
        licence="Apache-2.0 (Google)",
    ),
    _application(
        "MobileNet",
        "mobilenet_1_0_224_tf.h5",
        f"{_STORE}mobilenet/",
        "",
        17_225_924,
        (
            "mobilenet.h5",
            "mobilenet.weights.h5",
            "mobilenet_[0-9]*.h5",
            "mobilenet_v1*.h5",
            "mobilenetv1*.h5",
        ),
        {4_253_864: 1.0, 475_544: 0.25, 1_342_536: 0.5, 2_601_976: 0.75},
        **_TWO_SIDED,
        top1=0.704,
        top5=0.895,
        paper="Howard et al.: MobileNets: Efficient CNNs for Mobile Vision Applications, arXiv:1704.04861",
        licence="Apache-2.0 (Google)",
    ),
    _application(
        "MobileNetV2",
        "mobilenet_v2_weights_tf_dim_ordering_tf_kernels_1.0_224.h5",
        f"{_STORE}mobilenet_v2/",
        "",
        14_536_120,
        ("mobilenetv2*.h5", "mobilenet_v2*.h5"),
        {3_538_984: 1.0, 1_691_208: 0.35, 1_987_224: 0.5, 2_663_064: 0.75, 5_431_048: 1.3, 6_156_712: 1.4},
        **_TWO_SIDED,
        top1=0.713,
        top5=0.901,
        paper="Sandler et al.: MobileNetV2: Inverted Residuals and Linear Bottlenecks, arXiv:1801.04381",
        licence="Apache-2.0 (Google)",
    ),
)


def application(name: str) -> Application:
    """One application by its name in the catalogue.

    Raises:
        CardError: there is no such application.
    """
    known = {app.name: app for app in _APPLICATIONS}
    if name not in known:
        raise CardError(f"There is no ImageNet network {name!r:.60}; there are {', '.join(known)}.")
    return known[name]


@cache
def application_cards() -> tuple[Card, ...]:
    """The cards, in the order of the networks' age."""
    return tuple(_card(app) for app in _APPLICATIONS)


def _card(app: Application) -> Card:
    weights = app.weights
    return Card(
        name=app.name,
        title=f"{app.name} (ImageNet)",
        summary=f"1000 kinds of things in photos. Wants {app.expects}. Weights are downloaded once, on first use.",
        question=3,
        contract=app.contract,
        scores={
            "ImageNet validation, quoted from the Keras documentation": {
                "accuracy": app.top1,
                "top5": app.top5,
                "n": 50_000,
                "source": _KERAS_PAGE,
            }
        },
        provenance=(
            {
                "name": f"{app.name}, ImageNet weights of keras.applications",
                "source": weights.url,
                "licence": app.licence,
                "used_for": "the architecture and all weights",
                "paper": app.paper,
            },
            {
                "name": "ImageNet (ILSVRC 2012)",
                "source": "https://www.image-net.org",
                "licence": "research and education only; its pictures are neither here nor needed",
                "used_for": "training, by the publishers of the weights",
            },
            {
                "name": "Names of the classes, torchvision",
                "source": "https://github.com/pytorch/vision",
                "licence": "BSD-3-Clause",
                "used_for": "the outputs' names",
            },
        ),
        training={},
        limits=(
            "It knows 1000 classes, among them 118 breeds of dogs but no people, no letters and no house numbers, and has "
            "no answer for anything else.",
            "One answer for the whole picture: with two things in it, the larger or the sharper one wins.",
            "The accuracy is quoted, not measured here; the published evaluation crops a little tighter than this contract.",
        ),
        folder=None,
        origin="keras.applications",
        parameters=weights.parameters[0],
        size_bytes=weights.size_bytes,
    )


def load_application(
    name: str,
    weights: Path | bytes | None = None,
    progress: Progress | None = None,
    settings: WeightsSettings | None = None,
) -> Network:
    """An ImageNet network with its weights, compiled for answers without activations. Works in any thread.

    Args:
        name: a name in `application_cards()`.
        weights: a weights file that was picked, or its bytes; None looks for them and downloads them if need be.
        progress: called with what is being loaded and the share of it that is done (None: not known).
        settings: where weights are looked for; None reads the environment.

    Raises:
        CardError: there is no such network.
        WeightsMissingError: there are no weights; the message says which file to put where.
        WeightsError: the picked file cannot be used.
    """
    app = application(name)
    say: Progress = progress or (lambda text, share: None)
    if weights is None:
        found = find_weights(app.weights, settings or WeightsSettings.from_environment(), say)
        return _load(app, found, say)
    if isinstance(weights, Path):
        return _load(app, usable(app.weights, weights), say)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "picked.h5"
        path.write_bytes(weights)
        return _load(app, usable(app.weights, path), say)


def _load(app: Application, file: WeightsFile, say: Progress) -> Network:
    import numpy as np

    from lib.network import Network
    from lib.zoo.application_models import build_model, read_into

    alpha = app.widths[file.parameters]
    width = "" if alpha == 1 else f" of width {alpha:g}"
    say(f"{app.name}{width}, building its layers", None)
    model = build_model(app.name, alpha)
    if not file.holds([tuple(variable.shape) for variable in model.weights]):
        raise WeightsError(
            f"{file.path.name} holds arrays of other shapes than {app.name} has: it is not used."
        )
    say(f"{app.name}{width}, reading {file.path.name}", None)
    read_into(model, file)
    say(f"{app.name}{width}, compiling", None)
    network = Network(model, app.contract, None, app.name)
    # The answer alone: compiling all two hundred layers takes long, and a page shows few of them.
    network.trace(np.zeros((1, *app.contract.input_shape), np.float32), layers=())
    return network
