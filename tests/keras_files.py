"""Model files as people save them, made by Keras, each with the contract that it must be read as; no tests here."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras
import numpy as np

L = keras.layers
SAID = ("input_shape", "size", "channels", "channel_order", "value_range", "output", "task")


@dataclass(frozen=True)
class Made:
    """One file.

    Attributes:
        make: writes it into a folder and gives its path.
        contract: what must be guessed, in the order of SAID; None when the file is refused.
        classes: how many class names it needs.
        says: what the refusal or one of the notes must contain.
        application: the network that weights alone are for.
    """

    make: Callable[[Path], Path]
    contract: tuple[Any, ...] | None
    classes: int = 0
    says: str = ""
    application: str = ""


def _saved(model: keras.Model, path: Path) -> Path:
    model.save(path)
    return path


def mlp(folder: Path) -> Path:
    """The thread's dense network on a vector of pixels, compiled, with a linear end."""
    model = keras.Sequential([keras.Input((784,)), L.Dense(16, "relu"), L.Dense(26)])
    model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    return _saved(model, folder / "mlp.keras")


def digits_h5(folder: Path) -> Path:
    """A small convolutional network in the old format, trained for one step."""
    model = keras.Sequential(
        [keras.Input((28, 28, 1)), L.Conv2D(4, 3, activation="relu"), L.Flatten(), L.Dense(10, "softmax")]
    )
    model.compile("sgd", "sparse_categorical_crossentropy")
    model.train_on_batch(np.zeros((2, 28, 28, 1), np.float32), np.zeros(2))
    return _saved(model, folder / "digits.h5")


def house_numbers(folder: Path) -> Path:
    """Functional, colour, with its scaling inside, dropout and augmentation."""
    inputs = keras.Input((32, 32, 3))
    x = L.Rescaling(1 / 255, name="scale")(L.RandomTranslation(0.1, 0.1, name="jitter")(inputs))
    x = L.BatchNormalization(name="norm")(L.Conv2D(4, 5, 2, name="conv")(x))
    x = L.Dropout(0.3, name="drop")(L.GlobalAveragePooling2D()(x))
    return _saved(keras.Model(inputs, L.Dense(11, "softmax")(x)), folder / "house.keras")


def fine_tuned(folder: Path) -> Path:
    """A nested functional model behind a Rescaling layer, with a linear end, in the old format."""
    start = keras.Input((32, 32, 3))
    branches = L.Add()([L.Conv2D(3, 3, padding="same", activation="relu")(start), start])
    base = keras.Model(start, L.GlobalAveragePooling2D()(branches), name="features")
    inputs = keras.Input((32, 32, 3))
    x = base(L.Rescaling(1 / 127.5, offset=-1)(inputs))
    return _saved(keras.Model(inputs, L.Dense(5, name="scores")(x)), folder / "tuned.h5")


def cats_and_dogs(folder: Path) -> Path:
    """One sigmoid: two classes."""
    model = keras.Sequential(
        [keras.Input((16, 16, 3)), L.Rescaling(2.0, -1.0), L.Flatten(), L.Dense(1, "sigmoid")]
    )
    model.compile("rmsprop", "binary_crossentropy")
    return _saved(model, folder / "cats.keras")


def tags(folder: Path) -> Path:
    """Several sigmoids: every class by itself. A Sequential in a Sequential, the mean taken off with keras.ops."""
    features = keras.Sequential([keras.Input((20, 24, 3)), L.Conv2D(2, 3), L.Flatten()], name="features")
    inputs = keras.Input((20, 24, 3))
    x = features((inputs - 127.5) / 127.5)
    return _saved(keras.Model(inputs, L.Activation("sigmoid")(L.Dense(4)(x))), folder / "tags.keras")


def matrix(folder: Path) -> Path:
    """(28, 28) without channels, an adapted Normalization, softmax as a layer of its own."""
    normalise = L.Normalization(axis=None, name="adapted")
    normalise.adapt(np.linspace(0, 255, 28 * 28 * 4, dtype=np.float32).reshape(4, 28, 28))
    model = keras.Sequential([keras.Input((28, 28)), normalise, L.Flatten(), L.Dense(10), L.Softmax()])
    return _saved(model, folder / "matrix.keras")


def with_lambda(folder: Path) -> Path:
    model = keras.Sequential(
        [keras.Input((28, 28, 1)), L.Lambda(lambda x: x / 255, name="shrink"), L.Flatten(), L.Dense(10)]
    )
    return _saved(model, folder / "lambda.keras")


def weights_only(folder: Path) -> Path:
    model = keras.applications.MobileNet(weights=None, alpha=0.25, classes=7)
    path = folder / "mobilenet.weights.h5"
    model.save_weights(path)
    return path


def saved_model(folder: Path) -> Path:
    model = keras.Sequential(
        [keras.Input((28, 28, 1)), L.BatchNormalization(), L.Flatten(), L.Dense(10, "softmax")]
    )
    model.export(folder / "export", verbose=False)
    return Path(shutil.make_archive(str(folder / "export"), "zip", folder, "export"))


def any_size(folder: Path) -> Path:
    """A fully convolutional network, softmax twice."""
    inputs = keras.Input((None, None, 3))
    x = L.GlobalAveragePooling2D()(L.Conv2D(3, 3)(inputs))
    return _saved(
        keras.Model(inputs, L.Softmax(name="again")(L.Dense(3, "softmax", name="once")(x))),
        folder / "any.keras",
    )


def mask(folder: Path) -> Path:
    model = keras.Sequential([keras.Input((16, 16, 3)), L.Conv2D(2, 1, activation="softmax")])
    return _saved(model, folder / "mask.keras")


def regression(folder: Path) -> Path:
    model = keras.Sequential([keras.Input((16, 16, 3)), L.Flatten(), L.Dense(1)])
    model.compile("adam", "mse")
    return _saved(model, folder / "age.keras")


FILES: dict[str, Made] = {
    "dense network on a vector": Made(
        mlp, ((784,), (28, 28), 1, "RGB", "0..1", "logits", "single label"), 26
    ),
    "convolutional network in .h5": Made(
        digits_h5, ((28, 28, 1), (28, 28), 1, "RGB", "0..1", "softmax", "single label"), 10
    ),
    "functional, colour, Rescaling inside": Made(
        house_numbers,
        ((32, 32, 3), (32, 32), 3, "RGB", "0..255", "softmax", "single label"),
        11,
        "moving mean of 0 and a variance of 1",
    ),
    "nested, scaled to -1..1": Made(
        fine_tuned, ((32, 32, 3), (32, 32), 3, "RGB", "0..255", "logits", "single label"), 5
    ),
    "one sigmoid": Made(cats_and_dogs, ((16, 16, 3), (16, 16), 3, "RGB", "0..1", "sigmoid", "binary"), 2),
    "several sigmoids": Made(tags, ((20, 24, 3), (20, 24), 3, "RGB", "0..255", "sigmoid", "multi-label"), 4),
    "matrix with Normalization": Made(
        matrix, ((28, 28), (28, 28), 1, "RGB", "0..255", "softmax", "single label"), 10
    ),
    "Lambda inside": Made(with_lambda, None, says="The layer “shrink” in “lambda.keras” is a Lambda"),
    "weights and a name": Made(
        weights_only,
        ((224, 224, 3), (224, 224), 3, "RGB", "-1..1", "softmax", "single label"),
        7,
        "alpha=0.25",
        "MobileNet",
    ),
    "zipped SavedModel": Made(
        saved_model,
        ((28, 28, 1), (28, 28), 1, "RGB", "0..1", "softmax", "single label"),
        10,
        "A SavedModel shows no layers",
    ),
    "any size, softmax twice": Made(
        any_size,
        ((224, 224, 3), (224, 224), 3, "RGB", "0..1", "softmax", "single label"),
        3,
        "no probability can exceed 0.576",
    ),
    "segmentation": Made(mask, None, says="segmentation or detection"),
    "regression": Made(regression, None, says="estimates a quantity"),
}
