"""Trains the Compass of bundled models: `python -m lib.training.compass NAME [NAME ...] --data PATH`.

Every training picture is shown as it is and in a few of its other views, which are its seven other orientations, of crops of
photographs also other framings; the right one of V x K answers has to be picked. The models named together must have been
trained on the same data and get the same Compass.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from lib.reference.compass import SIDE, Compass, Convolution, eight, small
from lib.training.data import TrainingData
from lib.training.distort import Distortion, distort
from lib.training.house_augment import recrop, relight, soften
from lib.training.tones import Tones, retone

CHANNELS, KERNELS, STRIDES = (24, 64, 64), (5, 3, 3), (2, 2, 1)
HIDDEN, DROPOUT = 192, 0.2
EPOCHS, BATCH, AT_ONCE = 14, 128, 4096
MOST_IMAGES = 30_000
# How many of a picture's other views are shown beside the right one, others in every epoch: half the work of showing all.
OTHERS = 3
LEARNING_RATE, WEIGHT_DECAY = 3e-3, 2e-3
# What the steps before the network leave of somebody else's pen: a little of everything, so that only the way up tells.
GEOMETRY = Distortion(
    rotation=12, shear=0.12, scale=(0.88, 1.1), aspect=0.08, shift=1.0, elastic=0.5, thin=0.1, thick=0.2
)
TONES = Tones(sigmoid=0.25, hard=0.1, power=0.15, blur=0.15, noise=0.1)

# Between which factors a wrong cut scales across and down.
_FRAMES = (
    ((0.4, 0.65), (0.4, 0.65)),
    ((0.4, 0.65), (0.95, 1.05)),
    ((0.95, 1.05), (0.4, 0.65)),
    ((1.5, 2.2), (1.5, 2.2)),
)

Augment = Callable[[np.ndarray, np.random.Generator], np.ndarray]
Views = Callable[[np.ndarray, np.random.Generator], np.ndarray]
"""float32 (N, SIDE, SIDE) -> (N, V, SIDE, SIDE): each picture as in training, then in other ways."""


def ink_augment(images: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """uint8 (N, S, S), white ink on black, in other hands and tones."""
    return retone(distort(images, random, GEOMETRY), random, TONES)


def ink_views(images: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """The eight orientations."""
    return eight(images)


def crop_augment(images: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """uint8 (N, S, S, 3), crops of photographs in other light and a little elsewhere."""
    return soften(relight(recrop(images, random), random), random)


def crop_views(images: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """The eight orientations, and two ways to have cut the picture out wrongly, these in any orientation."""
    wrong = [_turned_at_random(_reframed(images, random), random) for _ in range(2)]
    return np.concatenate([eight(images), np.stack(wrong, 1)], 1)


def train_compass(
    data: TrainingData,
    classes: int,
    seed: int = 0,
    epochs: int = EPOCHS,
    augment: Augment = ink_augment,
    views: Views = ink_views,
) -> Compass:
    """A Compass for pictures uint8 (N, S, S), white ink on black, or (N, S, S, 3).

    Args:
        classes: labels of `classes` and above are left out: they are not classes whose way up is known.
        augment: of the pictures, anew in each epoch but the last.
        views: see Views; the first is the right one.
    """
    import keras

    keras.utils.set_random_seed(seed)
    known = data.fit.take(data.fit.labels < classes)
    random = np.random.default_rng(seed)
    if len(known) > MOST_IMAGES:
        known = known.take(np.sort(random.choice(len(known), MOST_IMAGES, replace=False)))
    tower = _tower(classes)
    # The right view is the first: with K classes and V views, answer k of V * K is "as in training, class k".
    given = keras.Input((1 + OTHERS, SIDE, SIDE))
    answers = tower(keras.ops.reshape(given, (-1, SIDE, SIDE, 1)))
    shared = keras.Model(given, keras.ops.reshape(answers, (-1, (1 + OTHERS) * classes)))
    steps = (
        sum(-(-min(AT_ONCE, len(known) - start) // BATCH) for start in range(0, len(known), AT_ONCE)) * epochs
    )
    shared.compile(
        keras.optimizers.AdamW(
            keras.optimizers.schedules.CosineDecay(LEARNING_RATE, steps), weight_decay=WEIGHT_DECAY
        ),
        keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    )
    for epoch in range(epochs):
        images = known.images if epoch == epochs - 1 else augment(known.images, random)
        order = random.permutation(len(known))
        for part in np.split(order, range(AT_ONCE, len(order), AT_ONCE)):
            rows = some_views(views(small(_gray(images[part])), random), random)
            shared.fit(rows, known.labels[part], batch_size=BATCH, epochs=1, verbose=0)
    held_out = data.held_out.take(data.held_out.labels < classes)
    compass = compass_of(tower, np.array([0.0, 1.0]))
    found = compass.upright(compass.scores(_gray(held_out.images)))
    return compass_of(tower, np.array([found.mean(), found.std()]))


def some_views(views: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """(N, 1 + OTHERS, S, S) of (N, V, S, S): the first view of each picture, and some of the others by lot."""
    others = 1 + np.argsort(random.random((len(views), views.shape[1] - 1)), 1)[:, :OTHERS]
    return np.concatenate([views[:, :1], np.take_along_axis(views, others[..., None, None], 1)], 1)


def _tower(classes: int) -> Any:
    """From one view, (SIDE, SIDE, 1), to the logits of its classes; see `Compass.scores`."""
    import keras

    layers: list[Any] = [keras.Input((SIDE, SIDE, 1))]
    for channels, kernel, stride in zip(CHANNELS, KERNELS, STRIDES, strict=True):
        layers += _normalised(keras.layers.Conv2D(channels, kernel, strides=stride, use_bias=False))
    layers += [keras.layers.Flatten(), keras.layers.Dropout(DROPOUT)]
    layers += _normalised(keras.layers.Dense(HIDDEN, use_bias=False))
    return keras.Sequential([*layers, keras.layers.Dropout(DROPOUT), keras.layers.Dense(classes)])


def _normalised(layer: Any) -> list[Any]:
    """A layer without bias, BatchNorm, which makes the training short, and ReLU."""
    import keras

    # A short memory: its statistics are right even after few steps.
    return [layer, keras.layers.BatchNormalization(momentum=0.9), keras.layers.ReLU()]


def compass_of(tower: Any, usual: np.ndarray) -> Compass:
    """What `_tower` learned, each BatchNorm taken into the layer before it.

    Args:
        usual: see `Compass`.
    """
    layers = [layer for layer in tower.layers if layer.weights]
    folded = [_folded(layer, norm) for layer, norm in zip(layers[:-1:2], layers[1::2], strict=True)]
    output, output_bias = (np.asarray(values, np.float16) for values in layers[-1].get_weights())
    convolutions = [Convolution(*both, stride) for both, stride in zip(folded[:-1], STRIDES, strict=True)]
    return Compass(tuple(convolutions), *folded[-1], output, output_bias, usual)


def _folded(layer: Any, norm: Any) -> tuple[np.ndarray, np.ndarray]:
    """float16 kernel and bias of the layer with the BatchNorm that follows it."""
    gamma, beta, mean, variance = norm.get_weights()
    factor = gamma / np.sqrt(variance + norm.epsilon)
    return (layer.get_weights()[0] * factor).astype(np.float16), (beta - mean * factor).astype(np.float16)


def _gray(images: np.ndarray) -> np.ndarray:
    return images if images.ndim == 3 else images.mean(3, dtype=np.float32)


def _reframed(images: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Each picture cut out too wide, too narrow, or squashed one way: scaled about its middle, its edge repeated outside."""
    middle = (SIDE - 1) / 2
    result = np.empty_like(images)
    for image, target in zip(images, result, strict=True):
        across, down = (random.uniform(*factors) for factors in _FRAMES[int(random.integers(len(_FRAMES)))])
        matrix = np.array([[across, 0, middle * (1 - across)], [0, down, middle * (1 - down)]])
        target[:] = cv2.warpAffine(
            image, matrix, (SIDE, SIDE), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
        )
    return result


def _turned_at_random(images: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Half of the pictures as they are, the others in any of the eight orientations."""
    ways = np.where(random.random(len(images)) < 0.5, 0, random.integers(8, size=len(images)))
    return np.asarray(eight(images)[np.arange(len(images)), ways])


def share_upright(compass: Compass, images: np.ndarray) -> float:
    """The share of pictures (N, S, S) of which the Compass finds the right one of eight orientations."""
    turned = eight(_gray(np.asarray(images)))
    scores = np.stack([compass.upright(compass.scores(turned[:, way])) for way in range(8)], 1)
    return float((scores.argmax(1) == 0).mean())


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("names", nargs="+", metavar="NAME")
    parser.add_argument("--data", type=Path, required=True, help="what the models were trained on")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    data, augment, views = _task(options.names[0], options.data)
    classes = int(data.fit.labels.max()) + 1
    compass = train_compass(data, classes, options.seed, augment=augment, views=views)
    print(
        f"upright of eight: {share_upright(compass, data.validation.images):.4f} of the validation pictures"
    )
    for name in options.names:
        compass.save(Path("models") / name / "compass.npz")


def _task(name: str, folder: Path) -> tuple[TrainingData, Augment, Views]:
    """What a model's Compass learns from."""
    if name == "house-numbers":
        from lib.training.house_numbers import mostly_generated

        return mostly_generated(folder), crop_augment, crop_views
    if name.startswith("digits"):
        from lib.training.digits_data import read_digits

        return read_digits(folder), ink_augment, ink_views
    from lib.training.letters_data import read_letters

    return read_letters(folder), ink_augment, ink_views


if __name__ == "__main__":
    main()
