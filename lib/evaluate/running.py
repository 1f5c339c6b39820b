"""answer(): a whole data set through a pipeline and a network, in batches. The answers are counted elsewhere."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from lib.contract import Contract
from lib.dataset import Dataset
from lib.dataset.class_match import match_classes
from lib.dataset.tensors import Tensors, training_pipeline
from lib.evaluate.ahead import ahead
from lib.evaluate.answers import Answers
from lib.evaluate.errors import Cancelled, EvaluationError, Progress, check
from lib.pipeline import Pipeline, PipelineError

if TYPE_CHECKING:
    from lib.network import Network

# One call's worth. Larger batches leave the processor's caches and are slower (letters-cnn: 512 takes twice as long as 256).
_AT_ONCE = 256
_VALUES = 4_000_000


def as_stored(dataset: Dataset, contract: Contract) -> Pipeline:
    """The pipeline that repairs nothing: images that have the network's size go in as they are.

    See `lib.dataset.tensors.training_pipeline`; what is written here can also be shown, changed and opened in the Lab.
    """
    pipeline = training_pipeline(contract)
    return pipeline.with_step("frame", mode="squash") if dataset.size == contract.size else pipeline


def matched(network: Network, dataset: Dataset) -> tuple[np.ndarray, np.ndarray, tuple[str, ...]]:
    """int64 (N,) rows of the images whose class the network has, int64 (N,) that class, and notes.

    Raises:
        DatasetError: the classes cannot be matched.
        EvaluationError: no image is left.
    """
    match = match_classes(dataset.class_names, dataset.counts, network.contract.class_names)
    labels = match.index[dataset.labels]
    rows = np.flatnonzero(labels >= 0)
    if len(rows) == 0:
        raise EvaluationError(
            f"The data set has no image of {network.name}’s classes. Load one that has its classes, or choose another model."
        )
    return rows, labels[rows], match.notes


def answer(
    network: Network,
    dataset: Dataset,
    pipeline: Pipeline | None = None,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> Answers:
    """Read every image whose class the network has.

    Args:
        pipeline: what is done to each image; None means `as_stored`.
        progress: called with (images done, images in all) after each batch.
        cancelled: asked before each batch.

    Raises:
        DatasetError: the classes of the data set are not the network's.
        EvaluationError: there is nothing to read, or the pipeline gives what the network cannot take.
        EvaluationCancelled: `cancelled` said so.
    """
    rows, labels, notes = matched(network, dataset)
    logits = logits_of(network, dataset, rows, pipeline, progress, cancelled)
    finite = np.isfinite(logits).all(1)
    if not finite.all():
        notes = (*notes, f"{int((~finite).sum()):,} images got no finite answer (NaN) and were left out.")
        if not finite.any():
            raise EvaluationError(
                f"{network.name} answers every image with NaN: its weights are damaged, or the values far too large."
            )
    independent = network.contract.task == "multi-label"
    return Answers(
        logits[finite], labels[finite], rows[finite], network.contract.class_names, independent, notes
    )


def logits_of(
    network: Network,
    dataset: Dataset,
    rows: np.ndarray,
    pipeline: Pipeline | None = None,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> np.ndarray:
    """float32 (n, K): what the network answers for these rows, labelled or not.

    Raises:
        EvaluationError, EvaluationCancelled: as `answer`.
    """
    tensors = Tensors(dataset, network.contract, pipeline or as_stored(dataset, network.contract))
    size = batch_size(network.contract)
    parts = [np.zeros((0, len(network.contract.class_names)), np.float32)]
    batches = [rows[first : first + size] for first in range(0, len(rows), size)]
    done = 0
    for batch in ahead(lambda part: prepared(tensors, part, network), batches):
        check(cancelled, "The evaluation")
        parts.append(network.trace(batch, layers=()).logits)
        done += len(batch)
        if progress is not None:
            progress(done, len(rows))
    return np.concatenate(parts)


def batch_size(contract: Contract) -> int:
    """How many images of a contract's size are read at once."""
    return max(1, min(_AT_ONCE, _VALUES // math.prod(contract.input_shape)))


def prepared(tensors: Tensors, rows: np.ndarray, network: Network) -> np.ndarray:
    """float32 (n, *input shape).

    Raises:
        EvaluationError: the pipeline does not fit the images or the network.
    """
    try:
        batch = tensors[rows]
    except (PipelineError, ValueError) as error:
        raise EvaluationError(f"The pipeline cannot run over these images. {error}") from error
    if batch.shape[1:] != network.contract.input_shape:
        raise EvaluationError(
            f"The pipeline gives tensors of shape {batch.shape[1:]}, {network.name} takes {network.contract.input_shape}: "
            "set the steps Resize and Flatten back."
        )
    return batch
