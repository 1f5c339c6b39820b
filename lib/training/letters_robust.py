"""letters-robust: a convolutional network for capitals that also says "not a letter"."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import keras
import numpy as np

from lib.training.blocks import convolutions
from lib.training.branches import joined
from lib.training.data import Labelled, TrainingData, concatenate
from lib.training.distort import Distortion, distort
from lib.training.fit import Fitted, fit, logits_of
from lib.training.letters_contract import letters_contract
from lib.training.outsiders.letter_pieces import MAKERS
from lib.training.paper import Paper, on_paper
from lib.training.recipe import Recipe
from lib.training.robust_data import NOT_A_LETTER, ROBUST_CLASS_NAMES
from lib.training.tones import Tones, retone

DATA = "robust_data"

GEOMETRY = Distortion(
    rotation=12, shear=0.15, scale=(0.87, 1.13), aspect=0.1, shift=1.5, small=0.15, small_scale=(0.45, 0.8), astray=0.2,
    astray_shift=5.5, elastic=0.8, thin=0.12, thick=0.2,
)  # fmt: skip
TONES = Tones(sigmoid=0.2, hard=0.12, power=0.12, blur=0.15, faint=0.12)
# The second stage adds what is hardest: noise on the letter itself.
NOISY_TONES = replace(TONES, noise=0.1, specks=0.04)
PAPER = Paper(
    level=(90, 245),
    ink=(50, 165),
    shade=70,
    grain=(0, 11),
    stain=(0, 8),
    neighbours=0.3,
    ruled=0.08,
    jpeg=0.3,
)
_ON_PAPER = 0.25
_UNCHANGED = 0.2
# Outsiders of an epoch: so many from the pool in either stage, and so many of each kind made of letters.
_FROM_POOL, _MORE_FROM_POOL, _OF_EACH_PIECE = 16_000, 22_000, 700
# Of the letters that choose (also under the conditions), this share is called "not a letter" after the first stage, after
# the second, and in the end. The earlier ones are only where the next stage starts from.
_FIRST_FALSE_REJECTS, _SECOND_FALSE_REJECTS, FALSE_REJECTS = 0.015, 0.025, 0.024
_POOL_AFTER = (1, 3, 5)
_SECOND_EPOCHS, _SECOND_RATE = 12, 1.5e-3
# The third and fourth stage take this share of the letters as they are and as many drawn anew.
_THIRD_EPOCHS, _THIRD_RATE, _AS_THEY_ARE = 6, 1.5e-3, 0.55
_LAST_EPOCHS, _LAST_RATE = 2, 1e-3


def build() -> keras.Model:
    """Five convolutions with BatchNorm in three pooled blocks, a dense layer of 128 with dropout, 27 logits."""
    layers: list[keras.Layer] = [
        keras.layers.Input((28, 28, 1)),
        keras.layers.Rescaling(1 / 255, name="rescaling"),
    ]
    layers += convolutions((24, 64, 64, 128, 128), _POOL_AFTER, sides=(5, 3, 3, 3, 3))
    layers += [
        keras.layers.Flatten(name="flatten"),
        keras.layers.Dense(128, activation="relu", name="dense"),
        keras.layers.Dropout(0.25, name="dropout"),
        keras.layers.Dense(len(ROBUST_CLASS_NAMES), name="logits"),
    ]
    return keras.Sequential(layers, name="letters-robust")


def to_tensor(images: np.ndarray) -> np.ndarray:
    """uint8 (N, 28, 28) to float32 (N, 28, 28, 1), 0..255; the network divides by 255 itself."""
    return images[..., None].astype(np.float32)


def one_epoch(
    part: Labelled, random: np.random.Generator, tones: Tones = TONES, from_pool: int | None = None
) -> Labelled:
    """All letters and a part of the outsiders, with new ones made of letters, each changed in its own way."""
    is_letter = part.labels != NOT_A_LETTER
    letters = part.take(is_letter)
    pool = part.images[~is_letter][: from_pool or _FROM_POOL]
    share = min(1.0, len(letters) / 20_000)
    pieces = [make(letters, max(1, round(_OF_EACH_PIECE * share)), random) for make in MAKERS]
    outsiders = np.concatenate([pool, *pieces])
    epoch = concatenate([letters, Labelled(outsiders, np.full(len(outsiders), NOT_A_LETTER, np.int64))])
    epoch = epoch.take(random.permutation(len(epoch)))
    return Labelled(changed(epoch.images, random, tones), epoch.labels)


def with_redrawn(part: Labelled, redrawn: Labelled | None, random: np.random.Generator) -> Labelled:
    """The part with some of its letters, and as many copies of letters drawn anew, in a new order; all without copies."""
    if redrawn is None:
        return part
    letters = np.flatnonzero(part.labels != NOT_A_LETTER)
    letters = letters[: int(len(letters) * _AS_THEY_ARE)]
    copies = redrawn.take(random.permutation(len(redrawn))[: len(letters)])
    mixed = concatenate([part.take(letters), copies, part.take(part.labels == NOT_A_LETTER)])
    return mixed.take(random.permutation(len(mixed)))


def changed(images: np.ndarray, random: np.random.Generator, tones: Tones = TONES) -> np.ndarray:
    """Turned, bent, moved, scaled, with another pen, other tones, one of four on paper; one of five as it was."""
    drawn = distort(images, random, GEOMETRY)
    same = random.random(len(images)) < _UNCHANGED
    drawn[same] = images[same]
    # Paper dims the ink enough; a faint pen on it could not be read by anyone.
    written = random.random(len(images)) < _ON_PAPER
    result = np.empty_like(drawn)
    result[written] = on_paper(
        retone(drawn[written], random, replace(tones, faint=0.0)), random, PAPER, images
    )
    result[~written & same] = drawn[~written & same]
    result[~written & ~same] = retone(drawn[~written & ~same], random, tones)
    return result


def balance(model: keras.Model, data: TrainingData, share: float = FALSE_REJECTS) -> None:
    """Shift the bias of "not a letter" so that it is the answer for this share of the letters to choose by."""
    letters = data.validation.take(data.validation.labels != NOT_A_LETTER)
    logits = logits_of(model, to_tensor(letters.images))
    lead = logits[:, NOT_A_LETTER] - logits[:, :NOT_A_LETTER].max(1)
    head = model.get_layer("logits")
    kernel, bias = head.get_weights()
    bias[NOT_A_LETTER] -= np.quantile(lead, 1 - share)
    head.set_weights([kernel, bias])


def train(recipe: Recipe, data: TrainingData, seed: int, progress: bool = True) -> Fitted:
    """`fit` four times, each from where the one before ended; the first and the last network stand side by side.

    From scratch; with noise, more outsiders and a lower learning rate; then twice with letters drawn anew as other hands
    might. The two differ enough for the mean of their logits to be better than either.
    """
    stages = [fit(recipe, data, seed, progress)]
    model = stages[0].model
    steps = _steps(model)
    before = keras.models.clone_model(model)
    before.set_weights(model.get_weights())
    second = replace(
        recipe,
        build=lambda: model,
        augment=lambda images, random: one_epoch(images, random, NOISY_TONES, _MORE_FROM_POOL),
        epochs=_SECOND_EPOCHS,
        learning_rate=_SECOND_RATE,
        finish=partial(balance, share=_SECOND_FALSE_REJECTS),
    )
    third = replace(
        second,
        augment=lambda images, random: one_epoch(
            with_redrawn(images, data.redrawn, random), random, NOISY_TONES, _MORE_FROM_POOL
        ),
        epochs=_THIRD_EPOCHS,
        learning_rate=_THIRD_RATE,
        finish=None,
    )
    last = replace(third, epochs=_LAST_EPOCHS, learning_rate=_LAST_RATE)
    for stage, further in enumerate((second, third, last), 1):
        stages.append(fit(further, data, seed + stage, progress))
        steps += _steps(model)
    both = side_by_side(before, model, data, steps)
    right = logits_of(both, recipe.to_tensor(data.validation.images)).argmax(1) == data.validation.labels
    return Fitted(
        both,
        sum(stage.epochs for stage in stages),
        sum(stage.best_epoch for stage in stages),
        float(right.mean()),
    )


def side_by_side(first: keras.Model, second: keras.Model, data: TrainingData, steps: int) -> keras.Model:
    """Both networks as one, balanced by the validation part; the file's step count is that of all stages."""
    model = joined(first, second, first.name)
    balance(model, data)
    optimizer = keras.optimizers.SGD(_LAST_RATE)
    optimizer.build(model.trainable_variables)
    optimizer.iterations.assign(steps)
    model.compile(optimizer, second.loss, metrics=["accuracy"], jit_compile=False)
    return model


def _steps(model: keras.Model) -> int:
    return int(model.optimizer.iterations.numpy())


RECIPE = Recipe(
    name="letters-robust",
    title="Capitals, robust network",
    summary="The remedy for Stack Overflow question 73817788: a convolutional network for 28x28 capitals, values 0..255, "
    "that was trained on moved, bent, thinned, thickened, contrast-enhanced and photographed copies, and that has a 27th "
    'answer, "not a letter".',
    question=1,
    build=build,
    contract={**letters_contract([28, 28, 1], "0..255"), "class_names": list(ROBUST_CLASS_NAMES)},
    to_tensor=to_tensor,
    augment=one_epoch,
    augmentation="drawn anew each epoch: turned up to 12 degrees, sheared 0.15, scaled 0.87..1.13 (15 %: 0.45..0.8), "
    "shifted 1.5 px (20 %: 5.5 px), bent by up to 0.8 px, strokes thinned (12 %, up to 1 px) or thickened (20 %, up "
    "to 2 px), blurred (15 %), contrast-enhanced (20 %), thresholded (12 %) or with another gamma (12 %), dimmed (12 %); "
    "one of five unchanged; one of four on photographed paper with shading, grain, JPEG and neighbours. An epoch holds "
    "all letters, 16,000 outsiders of the pool and 3,500 new ones made of letters, changed in the same ways. Then 12 "
    "epochs more from a learning rate of 0.0015 with 22,000 outsiders of the pool, noise (10 %) and specks (4 %). "
    "Then 6 epochs more in the same way, but with 55 % of the letters and as many copies drawn anew from UNIPEN's pen "
    "strokes, each stroke moved, turned, stretched and bent by a few percent of the letter. Then 2 epochs more of the "
    "same kind from 0.001. The networks after the first 24 and after all epochs stand side by side, their logits "
    "averaged, their kernels rounded to 9 bits behind the point",
    epochs=24,
    patience=10,
    batch_size=128,
    learning_rate=3e-3,
    weight_decay=0.05,
    average=None,
    smoothing=0.05,
    moments=False,
    finish=partial(balance, share=_FIRST_FALSE_REJECTS),
    limits=(
        "It knows capitals A to Z; lower-case letters were neither trained on nor measured.",
        "It expects white ink on black, 0..255; with 0..1 it sees a black picture.",
        'What it calls "not a letter" was learned from examples: a picture of a kind far from all of them can still be read '
        "as a letter.",
        "BatchNorm's moving statistics are those of the changed copies and the outsiders, not of clean letters.",
    ),
)
