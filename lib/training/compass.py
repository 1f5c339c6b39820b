"""Trains the Compass of bundled models: `python -m lib.training.compass NAME [NAME ...] --data PATH`.

Every training picture is shown in its eight orientations at once and the right one of 8 x K answers has to be picked. The
models named together must have been trained on the same data and get the same Compass.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

import numpy as np

from lib.reference.compass import SIDE, Compass, eight, small
from lib.training.data import TrainingData
from lib.training.distort import Distortion, distort
from lib.training.tones import Tones, retone

HIDDEN, DROPOUT = 320, 0.15
EPOCHS, BATCH = 24, 256
MOST_IMAGES = 30_000
LEARNING_RATE, WEIGHT_DECAY = 3e-3, 3e-3
# What the steps before the network leave of somebody else's pen: a little of everything, so that only the way up tells.
GEOMETRY = Distortion(
    rotation=12, shear=0.12, scale=(0.88, 1.1), aspect=0.08, shift=1.0, elastic=0.5, thin=0.1, thick=0.2
)
TONES = Tones(sigmoid=0.25, hard=0.1, power=0.15, blur=0.15, noise=0.1)


def train_compass(data: TrainingData, classes: int, seed: int = 0, epochs: int = EPOCHS) -> Compass:
    """A Compass for pictures uint8 (N, S, S), white ink on black.

    Args:
        classes: labels of `classes` and above are left out: they are not classes whose way up is known.
    """
    import keras

    keras.utils.set_random_seed(seed)
    known = data.fit.take(data.fit.labels < classes)
    random = np.random.default_rng(seed)
    if len(known) > MOST_IMAGES:
        known = known.take(np.sort(random.choice(len(known), MOST_IMAGES, replace=False)))
    shared = keras.Sequential(
        [
            keras.Input((8, SIDE * SIDE)),
            keras.layers.Dense(HIDDEN, activation="relu"),
            keras.layers.Dropout(DROPOUT),
            keras.layers.Dense(classes),
            keras.layers.Flatten(),
        ]
    )
    steps = -(-len(known) // BATCH) * epochs
    shared.compile(
        keras.optimizers.AdamW(
            keras.optimizers.schedules.CosineDecay(LEARNING_RATE, steps), weight_decay=WEIGHT_DECAY
        ),
        keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    )
    for epoch in range(epochs):
        images = (
            known.images
            if epoch == epochs - 1
            else retone(distort(known.images, random, GEOMETRY), random, TONES)
        )
        # The upright picture is the first of the eight: with K classes, answer k of 8 K is "upright, class k".
        rows = eight(small(images)).reshape(len(images), 8, -1)
        shared.fit(rows, known.labels, batch_size=BATCH, epochs=1, verbose=0)
    hidden, hidden_bias, output, output_bias = (np.asarray(w, np.float16) for w in shared.get_weights())
    compass = Compass(hidden, hidden_bias, output, output_bias, np.array([0.0, 1.0]))
    held_out = data.held_out.take(data.held_out.labels < classes)
    found = compass.upright(compass.scores(held_out.images))
    return Compass(hidden, hidden_bias, output, output_bias, np.array([found.mean(), found.std()]))


def share_upright(compass: Compass, images: np.ndarray) -> float:
    """The share of pictures (N, S, S) of which the Compass finds the right one of eight orientations."""
    turned = eight(np.asarray(images))
    scores = np.stack([compass.upright(compass.scores(turned[:, way])) for way in range(8)], 1)
    return float((scores.argmax(1) == 0).mean())


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("names", nargs="+", metavar="NAME")
    parser.add_argument("--data", type=Path, required=True, help="what the models were trained on")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    data = _reader(options.names[0])(options.data)
    classes = int(data.fit.labels.max()) + 1
    compass = train_compass(data, classes, options.seed)
    print(
        f"upright of eight: {share_upright(compass, data.validation.images):.4f} of the validation pictures"
    )
    for name in options.names:
        compass.save(Path("models") / name / "compass.npz")


def _reader(name: str) -> Callable[[Path], TrainingData]:
    if name.startswith("digits"):
        from lib.training.digits_data import read_digits

        return read_digits
    from lib.training.letters_data import read_letters

    return read_letters


if __name__ == "__main__":
    main()
