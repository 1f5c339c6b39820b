"""Any network with BatchNorm and some pictures: both modes, the statistics, recalibration on trial, the neighbours."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import numpy as np

from lib.batchnorm.statistics import BatchNormLayer, Distance, Statistics, distances

if TYPE_CHECKING:
    from lib.network import Network

FEWEST = 4
"""With fewer pictures nothing can be said about how far a batch's mean is off by chance."""
_SPREAD = 3.0
_MOST_AMONG_NEIGHBOURS = 8


@dataclass(frozen=True, eq=False)
class Comparison:
    """What N pictures showed. It holds no network.

    Attributes:
        inference, training, recalibrated: float64 (N, K) probabilities: on the stored statistics, on the batch's, and on
            the pictures' own in predict().
        stored, batch: statistics of every layer.
        allowance: for each layer, how many standard deviations its mean over so few pictures may be off by chance (three
            standard errors); empty with fewer than FEWEST pictures.
        neighbours: float64 (n, N, K): the first pictures' answers in training mode among 0, 1, ... of the others.
    """

    layers: tuple[BatchNormLayer, ...]
    inference: np.ndarray
    training: np.ndarray
    recalibrated: np.ndarray
    stored: Statistics
    batch: Statistics
    allowance: tuple[float, ...]
    neighbours: np.ndarray

    @property
    def distances(self) -> tuple[Distance, ...]:
        return distances(self.layers, self.stored, self.batch)

    @property
    def diverging(self) -> int | None:
        """The first layer whose stored mean is far from the pictures', and further than chance explains."""
        if not self.allowance:
            return None
        found = zip(self.distances, self.allowance, strict=True)
        return next((i for i, (d, allowed) in enumerate(found) if d.mean >= max(0.5, allowed)), None)

    @property
    def disagreeing(self) -> int:
        """How many pictures are given another class in training mode."""
        return int((self.inference.argmax(axis=1) != self.training.argmax(axis=1)).sum())


def compare(
    network: Network, pictures: np.ndarray, say: Callable[[str], None] = lambda stage: None
) -> Comparison:
    """Looks at a network in both modes; it is shared and stays as it is.

    Args:
        pictures: float32 (N, *input shape), preprocessed.

    Raises:
        NoBatchNormError: there is nothing to look at.
    """
    from lib.batchnorm.neighbours import among_neighbours
    from lib.batchnorm.recalibration import recalibrated
    from lib.batchnorm.two_modes import TwoModes

    def classes(output: np.ndarray) -> np.ndarray:
        return network.as_classes(output, output)[1]

    say("opening the network")
    modes = TwoModes(network.model)
    say("predicting on the stored statistics")
    inference = modes.run(pictures, training=False)
    say("predicting on the batch’s statistics")
    training = modes.run(pictures, training=True)
    say("recalibrating a copy of the statistics")
    own = modes.run(pictures, training=False, statistics=recalibrated(modes, pictures))
    say("trying every company")
    neighbours = [
        classes(among_neighbours(modes, pictures[i], np.delete(pictures, i, 0)))
        for i in range(min(len(pictures), _MOST_AMONG_NEIGHBOURS))
    ]
    return Comparison(
        modes.layers,
        classes(inference.output),
        classes(training.output),
        classes(own.output),
        modes.stored,
        training.batch,
        _allowance(modes.layers, training.batch, training.picture_means),
        np.stack(neighbours),
    )


def _allowance(
    layers: tuple[BatchNormLayer, ...], batch: Statistics, picture_means: tuple[np.ndarray, ...]
) -> tuple[float, ...]:
    count = len(picture_means[0])
    if count < FEWEST:
        return ()
    found = []
    for layer, variance, means in zip(layers, batch.variances, picture_means, strict=True):
        error = means.astype(np.float64).var(axis=0, ddof=1) / count
        found.append(float(_SPREAD * np.sqrt(np.mean(error / (variance + layer.epsilon)))))
    return tuple(found)


def repaired_file(network: Network, pictures: np.ndarray) -> bytes:
    """A `.keras` file of the network with the statistics of these pictures; the network itself stays as it is.

    A copy has no optimizer, whose count of steps would say nothing about these statistics.
    """
    import keras

    from lib.batchnorm.recalibration import recalibrated
    from lib.batchnorm.two_modes import TwoModes

    copy = keras.models.clone_model(network.model)
    copy.set_weights(network.model.get_weights())
    modes = TwoModes(copy)
    modes.store(recalibrated(modes, pictures))
    with TemporaryDirectory(prefix="misread-") as folder:
        path = Path(folder) / "repaired.keras"
        copy.save(path)
        return path.read_bytes()
