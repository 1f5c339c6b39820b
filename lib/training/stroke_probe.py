"""Teaches the stroke probe of the letter networks: `python -m lib.training.stroke_probe NAME [NAME ...] --data PATH`.

It learns the letters and the outsiders that letters-robust learns from, moved, bent and retouched in the same ways. The
models named together must have been trained on the same letters and get the same probe.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from lib.outliers import auroc
from lib.reference.stroke_probe import StrokeProbe
from lib.reference.strokes import WIDTH, stroke_vectors
from lib.training.data import Labelled, TrainingData
from lib.training.outsiders.collected import collect
from lib.training.robust_data import NOT_A_LETTER, read_robust

if TYPE_CHECKING:
    import keras

HIDDEN, DROPOUT, FIRST_DROPOUT = 256, 0.2, 0.05
EPOCHS, DRAWN, BATCH = 15, 6, 128
LEARNING_RATE, WEIGHT_DECAY = 3e-3, 2e-3
# A vector of strokes has the length 1, its numbers are small; so large their spread is near 1.
_SCALE = 12.0
_RANGE = "0..255"
_AT_ONCE = 4096
_MOST_OUTSIDERS = 22_000

Epoch = Callable[[np.random.Generator], Labelled]


def teach(
    epoch: Epoch, classes: int, held_out: np.ndarray, seed: int = 0, epochs: int = EPOCHS
) -> StrokeProbe:
    """A probe that was shown `DRAWN` drawings of the training pictures, one after another and again.

    Args:
        epoch: gives pictures, uint8 (N, S, S), white on black, with labels; `classes` stands for none of the classes.
        held_out: the Reference's held-out pictures, in its order; none of them is among the others.
    """
    import keras

    keras.utils.set_random_seed(seed)
    random = np.random.default_rng(seed)
    shown = []
    for _ in range(min(DRAWN, epochs)):
        part = epoch(random)
        shown.append((strokes_of(part.images), part.labels))
    network = _network(classes + 1)
    steps = sum(-(-len(shown[turn % len(shown)][1]) // BATCH) for turn in range(epochs))
    network.compile(
        keras.optimizers.AdamW(
            keras.optimizers.schedules.CosineDecay(LEARNING_RATE, steps), weight_decay=WEIGHT_DECAY
        ),
        keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    )
    for turn in range(epochs):
        vectors, labels = shown[turn % len(shown)]
        network.fit(vectors * _SCALE, labels, batch_size=BATCH, epochs=1, verbose=0)
    hidden, hidden_bias, output, output_bias = (np.asarray(values) for values in network.get_weights())
    probe = StrokeProbe(
        (hidden * _SCALE).astype(np.float16),
        hidden_bias.astype(np.float16),
        output.astype(np.float16),
        output_bias.astype(np.float16),
        np.zeros(0, np.float32),
    )
    return replace(probe, held_out=probe.scores(strokes_of(held_out)).astype(np.float32))


def strokes_of(images: np.ndarray) -> np.ndarray:
    """float32 (N, WIDTH) of uint8 (N, S, S)."""
    parts = [
        stroke_vectors(images[first : first + _AT_ONCE], _RANGE) for first in range(0, len(images), _AT_ONCE)
    ]
    return np.concatenate([np.zeros((0, WIDTH), np.float32), *parts])


def _network(answers: int) -> keras.Model:
    import keras

    return keras.Sequential(
        [
            keras.Input((WIDTH,)),
            keras.layers.Dropout(FIRST_DROPOUT),
            keras.layers.Dense(HIDDEN, activation="relu"),
            keras.layers.Dropout(DROPOUT),
            keras.layers.Dense(answers),
        ]
    )


def teach_letters(data: TrainingData, held_out: np.ndarray, seed: int = 0) -> StrokeProbe:
    """The probe of networks that read capitals; `data` as `read_robust` gives them."""
    from lib.training.letters_robust import NOISY_TONES, one_epoch, with_redrawn

    def epoch(random: np.random.Generator) -> Labelled:
        part = data.fit.take(random.permutation(len(data.fit)))
        return one_epoch(with_redrawn(part, data.redrawn, random), random, NOISY_TONES, _MOST_OUTSIDERS)

    return teach(epoch, NOT_A_LETTER, held_out, seed)


def without(data: TrainingData, folder: Path, kind: str) -> TrainingData:
    """The same, but one kind of real marks is not taught: so it can be measured what the probe makes of a new kind.

    Args:
        kind: as `collect` names it, such as "drawn digits".
    """
    found = collect(folder).fit
    if kind not in found:
        raise ValueError(f"No kind of outsiders is called {kind!r}; there are {', '.join(sorted(found))}.")
    known = {image.tobytes() for image in found[kind]}
    taught = [label != NOT_A_LETTER or image.tobytes() not in known for image, label in _pairs(data.fit)]
    return replace(data, fit=data.fit.take(np.array(taught, bool)))


def _pairs(part: Labelled) -> Iterator[tuple[np.ndarray, int]]:
    return zip(part.images, part.labels.tolist(), strict=True)


def tells(probe: StrokeProbe, data: TrainingData) -> dict[str, float]:
    """AUROC of the outsiders to choose by, and of each kind of outsiders that is only measured, against new letters."""
    letters = data.validation.take(data.validation.labels != NOT_A_LETTER)
    chosen_by = data.validation.take(data.validation.labels == NOT_A_LETTER)
    tests = {name: part for name, part in data.tests.items() if name.startswith("not letters")}
    first = next(iter(data.tests.values()))
    pairs = {"validation": (letters, chosen_by)} | {name: (first, part) for name, part in tests.items()}
    scored = {name: [probe.scores(strokes_of(part.images)) for part in pair] for name, pair in pairs.items()}
    return {name: auroc(outside, inside) for name, (inside, outside) in scored.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("names", nargs="+", metavar="NAME")
    parser.add_argument(
        "--data", type=Path, required=True, help="the folder of letters, as letters-robust takes it"
    )
    parser.add_argument("--fonts", type=Path, help="fonts for other scripts' glyphs and printed capitals")
    parser.add_argument("--without", metavar="KIND", help='a kind that is not taught, such as "drawn digits"')
    parser.add_argument("--out", type=Path, default=Path("models"), help="folder of the models' folders")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    from lib import zoo
    from lib.training.reference import held_out_sample

    data = read_robust(options.data, options.fonts)
    if options.without:
        data = without(data, options.data, options.without)
    known = held_out_sample(data.held_out)
    for name in options.names:
        reference = zoo.load_reference(zoo.card(name))
        if reference is None or not np.array_equal(known.labels, reference.held_out_labels):
            raise SystemExit(f"These are not the pictures that the Reference of {name} holds out.")
    probe = teach_letters(data, known.images, options.seed)
    for kind, area in tells(probe, data).items():
        print(f"{kind}: AUROC {area:.4f}")
    for name in options.names:
        (options.out / name).mkdir(parents=True, exist_ok=True)
        probe.save(options.out / name / "strokes.npz")


if __name__ == "__main__":
    main()
