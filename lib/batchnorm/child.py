"""The separate process that trains: reads its task from a folder, writes records there, and ends.

Started by `process`; nothing in the app's process imports this. Here TensorFlow may take all the memory and time that the
training needs: both go back to the machine when the process ends.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from dataclasses import asdict
from pathlib import Path

import numpy as np

from lib.batchnorm.settings import TrainingSettings

LAYERS, OUTCOME, TRAINED, REPAIRED = "layers.json", "outcome.npz", "trained.keras", "repaired.keras"
_SMALL = 5_000_000  # weights


def main() -> None:
    """Does what request.json in the folder of the first argument says."""
    folder = Path(sys.argv[1])
    threading.Thread(target=_end_with_parent, daemon=True).start()
    request = json.loads((folder / "request.json").read_text(encoding="utf-8"))
    if hasattr(os, "nice"):
        os.nice(request["nice"])  # whoever draws in the Lab comes first; on Windows the parent sees to it
    say(folder, "starting TensorFlow")
    import tensorflow as tf

    tf.config.threading.set_intra_op_parallelism_threads(request["threads"])
    tf.config.threading.set_inter_op_parallelism_threads(1)
    tf.config.set_visible_devices([], "GPU")
    with np.load(folder / "pictures.npz", allow_pickle=False) as entries:
        pictures, labels, strangers = entries["pictures"], entries["labels"], entries["strangers"]
    train(folder, TrainingSettings(**request["settings"]), pictures, labels, strangers, request["classes"])
    os._exit(
        0
    )  # at once: an interpreter that tidies up first trips over the thread that waits for the app's end


def _end_with_parent() -> None:
    """Nobody wants the result when the app is gone: its end of the pipe closes then."""
    os.read(sys.stdin.fileno(), 1)
    os._exit(1)


def say(folder: Path, stage: str) -> None:
    """Tells the app what is being done."""
    (folder / "stage").write_text(stage, encoding="utf-8")


def train(
    folder: Path,
    settings: TrainingSettings,
    pictures: np.ndarray,
    labels: np.ndarray,
    strangers: np.ndarray,
    classes: int,
) -> None:
    """Trains, records every epoch, then measures recalibration, the way to it, and the neighbours' influence.

    Args:
        pictures: float32 (N, *input shape); labels: int64 (N,).
        strangers: float32 (M, *input shape): pictures that are not trained on and only join a batch.
    """
    import keras

    from lib.batchnorm.neighbours import among_neighbours
    from lib.batchnorm.networks import build
    from lib.batchnorm.recalibration import recalibrated
    from lib.batchnorm.record import EpochRecord, Outcome
    from lib.batchnorm.recovery import recovery
    from lib.batchnorm.two_modes import TwoModes

    began = time.monotonic()
    say(folder, "building the network")
    model = build(settings, classes)
    modes = TwoModes(model)
    (folder / LAYERS).write_text(json.dumps([asdict(layer) for layer in modes.layers]), encoding="utf-8")
    per_epoch = settings.updates_per_epoch(len(pictures))

    class Recorder(keras.callbacks.Callback):
        """Looks at the network in both modes after every epoch."""

        def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
            reported = logs or {}
            on_batch = modes.run(pictures, training=True)
            record = EpochRecord(
                epoch + 1,
                (epoch + 1) * per_epoch,
                float(reported.get("loss", np.nan)),
                float(reported.get("accuracy", np.nan)),
                modes.run(pictures, training=False).output,
                on_batch.output,
                modes.stored,
                on_batch.batch,
                time.monotonic() - began,
            )
            record.write(folder / f"epoch-{epoch + 1:05d}.npz")
            say(folder, "training")

    say(folder, "compiling the network")
    model.fit(
        pictures,
        labels,
        batch_size=settings.batch_size,
        epochs=settings.epochs,
        shuffle=True,
        verbose=0,
        callbacks=[Recorder()],
    )
    say(folder, "looking at the batch's neighbours")
    neighbours = np.stack(
        [
            among_neighbours(modes, pictures[i], np.concatenate([np.delete(pictures, i, 0), strangers]))
            for i in range(len(pictures))
        ]
    )
    say(folder, "recalibrating")
    target = recalibrated(modes, pictures)
    found = recovery(modes, pictures, labels, target)
    # Without the optimizer, Keras's format has to be given a model that was never compiled.
    bare = keras.Model(model.inputs[0], model.outputs[0], name=model.name)
    # As trained, with the optimizer, which counts its steps; but Adam's memory triples a large network.
    (model if model.count_params() < _SMALL else bare).save(folder / TRAINED)
    modes.store(target)
    outcome = Outcome(
        modes.run(pictures, training=False).output,
        modes.run(pictures, training=True).output,
        found,
        neighbours,
        time.monotonic() - began,
    )
    # The optimizer's count of steps would say that these statistics are still the initial ones.
    bare.save(folder / REPAIRED)
    outcome.write(folder / OUTCOME)


if __name__ == "__main__":
    main()
