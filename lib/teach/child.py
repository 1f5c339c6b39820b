"""The separate process that teaches: reads model, pictures and settings from a folder, writes the taught model there.

Started by `lib.batchnorm.process.execute`; nothing in the app's process imports this but the names of the files.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from pathlib import Path
from typing import Any

import numpy as np

from lib.teach.lesson import LessonSettings, changed_copies

START, TAUGHT, PICTURES, REQUEST, EPOCHS = (
    "start.keras",
    "taught.keras",
    "pictures.npz",
    "request.json",
    "epochs.jsonl",
)
_PRIORITY = 10


def main() -> None:
    """Does what the folder of the first argument says."""
    folder = Path(sys.argv[1])
    if hasattr(os, "nice"):
        os.nice(_PRIORITY)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _say(folder, "starting TensorFlow")
    import tensorflow as tf

    request = json.loads((folder / REQUEST).read_text(encoding="utf-8"))
    tf.config.threading.set_intra_op_parallelism_threads(request["threads"])
    tf.config.threading.set_inter_op_parallelism_threads(1)
    tf.config.set_visible_devices([], "GPU")
    teach(folder, request)
    os._exit(
        0
    )  # at once: an interpreter that tidies up first trips over the thread that waits for the app's end


def teach(folder: Path, request: dict[str, Any]) -> None:
    """Trains the copy, an epoch at a time, and saves what it is in the end: no round is chosen by the check pictures.

    The last fifth of the time the learning rate falls to a tenth. BatchNorm goes on averaging over the new pictures.
    """
    import keras

    keras.utils.set_random_seed(request["settings"]["seed"])
    settings = LessonSettings(**request["settings"])
    with np.load(folder / PICTURES, allow_pickle=False) as entries:
        images, labels = entries["images"], entries["labels"]
        check_images, check_labels = entries["check_images"], entries["check_labels"]
    _say(folder, "building the network")
    model = keras.saving.load_model(folder / START, compile=False, safe_mode=True)
    optimizer = keras.optimizers.Adam(settings.learning_rate)
    logits = request["output"] == "logits"
    model.compile(
        optimizer, keras.losses.SparseCategoricalCrossentropy(from_logits=logits), jit_compile=False
    )
    random = np.random.default_rng(settings.seed)
    for epoch in range(settings.epochs + 1):
        loss = float("nan")
        if epoch:  # number 0 is the network as it was
            if epoch > 0.8 * settings.epochs:
                optimizer.learning_rate = settings.learning_rate / 10
            order = random.permutation(len(images))
            changed = altered(images[order], settings, random, request["inverted"])
            loss = _one_epoch(model, tensors(changed, request), labels[order], request["batch"])
        clean = _accuracy(model, tensors(check_images, request), check_labels)
        other = altered(check_images, settings, np.random.default_rng(1), request["inverted"])
        hard = _accuracy(model, tensors(other, request), check_labels)
        _record(folder, {"epoch": epoch, "loss": loss, "clean": clean, "changed": hard})
        _say(folder, f"epoch {epoch} of {settings.epochs}")
    model.save(folder / TAUGHT, include_optimizer=False)


def altered(
    images: np.ndarray, settings: LessonSettings, random: np.random.Generator, inverted: bool
) -> np.ndarray:
    """`changed_copies` of pictures of either polarity: what is moved in from outside, or specked, is ground, not ink.

    Args:
        images: uint8 (N, S, S).
        inverted: they are black on white.
    """
    if inverted:
        return 255 - changed_copies(255 - images, settings, random)
    return changed_copies(images, settings, random)


def tensors(images: np.ndarray, request: dict[str, Any]) -> np.ndarray:
    """uint8 (N, S, S) as the network takes them: its value range, and its shape.

    Only what changes numbers is left to do: the pictures were brought to the network's size before.
    """
    from lib.pipeline.value import value_range

    values = images.astype(np.float32)
    # One by one: a value range is of one picture, whose last axis may be its channels.
    if request["value_range"] != "0..255":
        values = np.stack([value_range(image, request["value_range"], "once") for image in values])
    return values.astype(np.float32).reshape(len(images), *request["input_shape"])


def _one_epoch(model: Any, inputs: np.ndarray, labels: np.ndarray, batch: int) -> float:
    losses = []
    for first in range(0, len(labels) - len(labels) % batch or len(labels), batch):
        rows = slice(first, first + batch)
        losses.append(float(model.train_on_batch(inputs[rows], labels[rows])))
    return float(np.mean(losses))


def _accuracy(model: Any, inputs: np.ndarray, labels: np.ndarray) -> float:
    named = [model(inputs[i : i + 256], training=False).numpy().argmax(1) for i in range(0, len(inputs), 256)]
    return float((np.concatenate(named) == labels).mean())


def _record(folder: Path, entry: dict[str, float]) -> None:
    with (folder / EPOCHS).open("a", encoding="utf-8") as file:
        file.write(json.dumps(entry) + "\n")


def _say(folder: Path, stage: str) -> None:
    (folder / "stage").write_text(stage, encoding="utf-8")


def _end_with_parent() -> None:
    """Nobody wants the result when the app is gone: its end of the pipe closes then."""
    os.read(sys.stdin.fileno(), 1)
    os._exit(1)


if __name__ == "__main__":
    main()
