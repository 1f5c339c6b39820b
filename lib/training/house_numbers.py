"""house-numbers: the convolutional network of a well-known question, on 32 x 32 colour digits scaled to 0..1.

The network, its recipe and the order of its training live here: first generated digits, then real crops among
them, and a cross-validation over photos that tells what the real crops are worth. What it reads lives in
`house_numbers_data`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np

from lib.training.data import Labelled, TrainingData, concatenate
from lib.training.fit import Fitted, fit, logits_of
from lib.training.house_augment import recrop, relight, soften
from lib.training.house_cross_validation import cross_validate, score
from lib.training.house_numbers_data import GENERATED, SIGN, HouseNumbers, read_house_numbers
from lib.training.recipe import Recipe

DATA = "house_numbers_data"

CLASS_NAMES: tuple[str, ...] = tuple("0123456789")
FOLDS = 5
GENERATED_ALONE = "real Street View crops, read after the generated digits alone"
CROSS_VALIDATED = "real Street View crops, cross-validated by photo (5 folds; not the official SVHN test)"
# Real crops are few: in each epoch of the second part they come so often, each time changed, ...
_CROP_COPIES, _SIGN_COPIES = 8, 2
# ... and so many generated digits come with them, so that what was learned from those is not forgotten.
_GENERATED_SHARE = 8_000
_EPOCHS_OF_GENERATED = 5
_EPOCHS_OF_OFFICIAL = 20
_AUGMENTED_AT_ONCE = 4_096


def build() -> keras.Model:
    """The network up to its logits: a wide first convolution, then two pairs of narrow ones, 3 x 3 max pooling.

    As in the question each convolution is followed by ReLU and BatchNorm, in this order. Its first kernel was
    11 x 11 on pictures of 227 pixels with stride 4; on 32 pixels 7 x 7 with stride 1 sees as much of a stroke.
    """
    layers = [keras.layers.Input((32, 32, 3)), *_block(1, 32, 7), _pool(1)]
    layers += [*_block(2, 48, 3), *_block(3, 64, 3), _pool(2)]
    layers += [*_block(4, 96, 3), *_block(5, 128, 3), _pool(3)]
    layers += [
        keras.layers.Flatten(name="flatten"),
        keras.layers.Dense(128, activation="relu", name="dense"),
        keras.layers.Dropout(0.25, name="dropout", seed=0),
        keras.layers.Dense(10, name="logits"),
    ]
    return keras.Sequential(layers, name="house-numbers")


def to_tensor(images: np.ndarray) -> np.ndarray:
    """uint8 (N, 32, 32, 3) to float32 of the same shape, 0..1: what ImageDataGenerator(rescale=1/255) fed."""
    return images.astype(np.float32) / 255


def augment(real: Labelled, random: np.random.Generator) -> Labelled:
    """Every image once, recropped, in another light, sharper or softer."""
    images = np.empty_like(real.images)
    for start in range(0, len(images), _AUGMENTED_AT_ONCE):
        rows = slice(start, start + _AUGMENTED_AT_ONCE)
        images[rows] = soften(relight(recrop(real.images[rows], random), random), random)
    return Labelled(images, real.labels)


RECIPE = Recipe(
    name="house-numbers",
    title="House numbers, convolutional network",
    summary="The network of a well-known question in a size that fits here: a wide first convolution, BatchNorm and 3x3 max "
    "pooling, on colour digits divided by 255. Fed 0..255 it is certain of a digit wherever it looks: probability 1.0, "
    "and there is no digit in the picture.",
    question=2,
    build=build,
    contract={
        "input_shape": [32, 32, 3],
        "size": [32, 32],
        "channels": 3,
        "channel_order": "RGB",
        "value_range": "0..1",
        "polarity": "any",
        "frame": "squash",
        "centre": "none",
        "resize_filter": "area",
        "class_names": list(CLASS_NAMES),
        "output": "softmax",
    },
    to_tensor=to_tensor,
    augment=augment,
    augmentation="real crops: affine (8 degrees, 24 % scale, 0.12 shear, 2.5 px), contrast, brightness, colour cast, "
    "negative (20 %), blur or noise, among 8,000 generated digits an epoch; before them, where digits are generated, five "
    "epochs of those alone at twice the learning rate, without augmentation beyond the generator's own camera",
    epochs=6,
    patience=6,
    batch_size=64,
    learning_rate=5e-4,
    weight_decay=0.02,
    average=None,
    limits=(
        "It names a digit for everything, also for a wall without one.",
        "It expects 0..1; fed 0..255 it is always too sure.",
        "It reads the digit in the middle of a crop; it neither finds house numbers nor reads whole ones.",
    ),
    moments=False,
)


def train(recipe: Recipe, data: TrainingData, seed: int, progress: bool = True) -> Fitted:
    """The network with its softmax, trained on what there is.

    The official crops are many enough to train on them alone. Otherwise the network learns from the generated
    digits first, which no real crop takes part in, and then from real crops among generated digits. The second part
    is done six times from the same start: for each fold without its photos, to measure, and once with all of them.
    Nothing is chosen by the real crops: the epoch that is kept is the best on generated digits.

    Args:
        recipe: RECIPE, or a smaller one.
        data: of `read_house_numbers`.
        seed: of weights, order, augmentation and the bootstrap.
        progress: show progress bars.
    """
    if not isinstance(data, HouseNumbers) or data.photos is None:
        official = dataclasses.replace(recipe, epochs=_EPOCHS_OF_OFFICIAL, patience=5, learning_rate=1e-3)
        return with_softmax(fit(official, data, seed, progress))
    generated = data.fit.take(data.photos == GENERATED)
    opening = dataclasses.replace(recipe, augment=None, epochs=_EPOCHS_OF_GENERATED, learning_rate=1e-3)
    first = fit(opening, dataclasses.replace(data, fit=generated), seed, progress)
    continuing = dataclasses.replace(
        recipe, build=_continuing(recipe, first.model), augment=_among(generated, recipe.augment)
    )

    photo_of = data.photos

    def second(without: np.ndarray) -> Fitted:
        real = _real(data.fit, photo_of, without)
        return fit(continuing, dataclasses.replace(data, fit=real), seed, progress)

    fitted = second(np.array([], np.int64))
    # BatchNorm and every other reader of the step count should know of both parts.
    fitted.model.optimizer.iterations.assign_add(first.model.optimizer.iterations)
    crops = data.photos >= 0
    scores: dict[str, dict[str, Any]] = {}
    if crops.any():
        taken, photos = data.fit.take(crops), data.photos[crops]
        before = logits_of(first.model, recipe.to_tensor(taken.images)).argmax(1) == taken.labels
        right = cross_validate(taken, photos, lambda held: second(held).model, recipe.to_tensor, FOLDS)
        scores[CROSS_VALIDATED] = score(right, taken.labels, photos, CLASS_NAMES)
        scores[GENERATED_ALONE] = score(before, taken.labels, photos, CLASS_NAMES)
    return dataclasses.replace(with_softmax(fitted), scores=scores)


def mostly_generated(folder: Path, fonts: Path | None = None, digits: int = 10_000) -> HouseNumbers:
    """What something beside the network learns from: fewer generated digits, and real crops as often as in its training.

    Args:
        folder, fonts: see `read_house_numbers`.
    """
    data = read_house_numbers(folder, fonts, digits=digits)
    assert data.photos is not None
    real = _real(data.fit, data.photos, np.array([], np.int64))
    both = concatenate([real, data.fit.take(data.photos == GENERATED)])
    return dataclasses.replace(data, fit=both, photos=None)


def with_softmax(fitted: Fitted) -> Fitted:
    """The same weights and optimizer, ending in probabilities as the question's network does.

    `fit` trains on logits, whose cross-entropy is exact where a probability has been rounded to 1.
    """
    trained = fitted.model
    model = keras.Sequential(
        [keras.layers.Input(trained.input_shape[1:]), *trained.layers, keras.layers.Softmax(name="softmax")],
        name=trained.name,
    )
    loss = keras.losses.SparseCategoricalCrossentropy()
    model.compile(trained.optimizer, loss, metrics=["accuracy"], jit_compile=False)
    return dataclasses.replace(fitted, model=model)


def _continuing(recipe: Recipe, model: keras.Model) -> Callable[[], keras.Model]:
    """Makes a new network that starts with the weights of a trained one."""
    weights = model.get_weights()

    def build_continued() -> keras.Model:
        continued = recipe.build()
        continued.set_weights(weights)
        return continued

    return build_continued


def _among(
    generated: Labelled, augment: Callable[[Labelled, np.random.Generator], Labelled] | None
) -> Callable[[Labelled, np.random.Generator], Labelled]:
    """An augmentation that changes the real images and puts them among generated ones, others in each epoch."""

    def mixed(real: Labelled, random: np.random.Generator) -> Labelled:
        share = random.choice(len(generated), min(_GENERATED_SHARE, len(generated)), replace=False)
        changed = real if augment is None else augment(real, random)
        both = concatenate([changed, generated.take(share)])
        return both.take(random.permutation(len(both)))

    return mixed


def _real(images: Labelled, photos: np.ndarray, without: np.ndarray) -> Labelled:
    """The real images but those of some photos, each as often as it comes in an epoch."""
    crops = np.flatnonzero((photos >= 0) & ~np.isin(photos, without))
    signs = np.flatnonzero(photos == SIGN)
    return images.take(np.concatenate([np.repeat(crops, _CROP_COPIES), np.repeat(signs, _SIGN_COPIES)]))


def _block(index: int, filters: int, kernel: int) -> list[keras.layers.Layer]:
    return [
        keras.layers.Conv2D(filters, kernel, padding="same", name=f"conv{index}"),
        keras.layers.ReLU(name=f"relu{index}"),
        keras.layers.BatchNormalization(name=f"bn{index}"),
    ]


def _pool(index: int) -> keras.layers.Layer:
    return keras.layers.MaxPooling2D(3, 2, padding="same", name=f"pool{index}")
