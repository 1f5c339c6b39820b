"""Weights alone, for a network of keras.applications that the visitor names. Runs in the separate process."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import keras

from lib.picture.guards import called
from lib.zoo.application_models import build_model
from lib.zoo.own.families import FUNCTIONS
from lib.zoo.own.limits import ModelFileError
from lib.zoo.own.refusals import shown_text

Shape = tuple[int, ...]
_IMAGENET = 1000
# The widths (alpha) that have published weights.
_WIDTHS: dict[str, tuple[float, ...]] = {
    "MobileNet": (1.0, 0.25, 0.5, 0.75),
    "MobileNetV2": (1.0, 0.35, 0.5, 0.75, 1.3, 1.4),
    "MobileNetV3Small": (1.0, 0.75),
    "MobileNetV3Large": (1.0, 0.75),
}


def load_application(
    path: Path, application: str, shapes: Sequence[Shape], name: str
) -> tuple[keras.Model, tuple[str, ...]]:
    """The network with the weights in `path`, and sentences on what was assumed.

    Args:
        path: an HDF5 file that `hdf5.inspect` found harmless.
        application: a function of keras.applications.
        shapes: of the file's arrays.
        name: of the file, for messages.

    Raises:
        ModelFileError: there is no such network, or the weights are another one's.
    """
    check_application(application)
    width, classes = _width_and_classes(application, Counter(shapes), name)
    model = _built(application, classes, width)
    model.load_weights(path)
    wide = f", alpha={width['alpha']:g}" if width.get("alpha", 1.0) != 1.0 else ""
    note = (
        f"The layers are those of keras.applications.{application}({classes} classes{wide}) as it is built by default, with "
        "softmax at the end: the file holds weights only."
    )
    return model, (note,)


def _built(application: str, classes: int, width: dict[str, Any]) -> keras.Model:
    """The network; with ImageNet's classes as Keras builds it for its published weights."""
    if application == "EfficientNetB0" and classes == _IMAGENET:
        return build_model(application)
    return getattr(keras.applications, application)(weights=None, classes=classes, **width)


def check_application(application: str) -> None:
    """Refuses a name that keras.applications does not have."""
    if application not in FUNCTIONS:
        close = difflib.get_close_matches(application, FUNCTIONS, 1, 0.5)
        hint = f" Did you mean {close[0]}?" if close else ""
        raise ModelFileError(
            f"keras.applications has no network “{shown_text(application)}”.{hint} There are {', '.join(FUNCTIONS)}."
        )


def _width_and_classes(application: str, shapes: Counter[Shape], name: str) -> tuple[dict[str, Any], int]:
    for alpha in _WIDTHS.get(application, (1.0,)):
        width = {"alpha": alpha} if application in _WIDTHS else {}
        body, with_head = _shapes(application, False, width), _shapes(application, True, width)
        head = shapes - body
        if not body - shapes:
            return width, _classes(head, with_head - body, application, name)
    total = sum(shapes.values())
    raise ModelFileError(
        f"The weights in {called(name)} ({total} arrays) are not those of keras.applications.{application}: the shapes "
        "differ. Choose the network that they were saved from, or load the whole model (model.save('model.keras'))."
    )


def _shapes(application: str, include_top: bool, width: dict[str, Any]) -> Counter[Shape]:
    """The shapes of the network's weights; nothing is allocated."""
    options = {"include_top": include_top, "input_shape": None if include_top else (224, 224, 3), **width}
    if application == "NASNetLarge" and not include_top:
        options["input_shape"] = (331, 331, 3)
    with keras.StatelessScope(initialize_variables=False):
        model = getattr(keras.applications, application)(weights=None, **options)
    return Counter(tuple(weight.shape) for weight in model.weights)


def _classes(head: Counter[Shape], usual: Counter[Shape], application: str, name: str) -> int:
    """The number of classes, from the arrays that the network's body does not need.

    Args:
        head: those in the file.
        usual: those of a head for ImageNet's 1000 classes.
    """
    if not head:
        raise ModelFileError(
            f"The weights in {called(name)} are {application}'s without its head (include_top=False): it gives features, no "
            "class scores. Load the whole model (model.save('model.keras'))."
        )
    for classes in sorted({shape[-1] for shape in head if len(shape) == 1}):
        wanted = Counter(
            {
                tuple([*shape[:-1], classes] if shape[-1] == 1000 else shape): number
                for shape, number in usual.items()
            }
        )
        if wanted == head:
            return classes
    raise ModelFileError(
        f"The weights in {called(name)} begin like {application}'s but end in layers of their own. Load the whole model "
        "(model.save('model.keras'))."
    )
