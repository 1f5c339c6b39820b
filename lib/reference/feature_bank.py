"""Gives a Reference its feature bank: what the penultimate layer answers for some training images of every class."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from lib.compiled import compiled
from lib.reference.features import directions, penultimate, vectors
from lib.reference.reference import Reference

MOST_IMAGES = 2_000
WIDEST = 128
"""A wider layer is projected on its principal directions, `PROJECTED` of them."""
PROJECTED = 64
_NO_DIRECTION = 1e-10  # of the largest eigenvalue: what is left of it is rounding

Forward = Callable[[np.ndarray], np.ndarray]


def with_feature_bank(
    reference: Reference,
    layer: str,
    forward: Forward,
    known: Iterator[np.ndarray],
    labels: np.ndarray,
    held_out: Iterator[np.ndarray],
) -> Reference:
    """The same Reference with a bank of these images.

    Args:
        layer: the name of the feature layer.
        forward: float32 (n, ...) inputs to the layer's `vectors`, float32 (n, width).
        known: batches of the bank's images (see `stratified`), and `labels` (M,) of them.
        held_out: batches of the Reference's held-out images in their order; none of them may be among `known`.
    """
    bank = np.concatenate([forward(batch) for batch in known])
    held_out_vectors = np.concatenate([forward(batch) for batch in held_out])
    if not (np.isfinite(bank).all() and np.isfinite(held_out_vectors).all()):
        raise ValueError(f"The layer {layer!r:.60} gives NaN or infinity for some images.")
    basis = _basis(bank)
    projected = directions(bank) @ basis.astype(np.float32) if basis.size else bank
    banked = dataclasses.replace(
        reference,
        feature_layer=layer,
        features=directions(projected).astype(np.float16),
        feature_labels=np.asarray(labels, np.int16),
        feature_basis=basis,
        held_out_feature_distances=np.zeros(len(held_out_vectors), np.float32),
    )
    distances = banked.feature_distances(held_out_vectors).astype(np.float32)
    return dataclasses.replace(banked, held_out_feature_distances=distances)


def stratified(labels: np.ndarray, seed: int, most: int = MOST_IMAGES) -> np.ndarray:
    """Increasing positions of at most `most` images, as equally many of each class as there are, at random."""
    random = np.random.default_rng(seed)
    rows = [random.permutation(np.flatnonzero(labels == label)) for label in np.unique(labels)]
    # The first of every class, then the second of every class, and so on, until there are enough.
    rank = np.concatenate([np.arange(len(part)) for part in rows])
    chosen = np.concatenate(rows)[np.argsort(rank, kind="stable")[:most]]
    return np.sort(chosen)


def feature_forward(opened: Any) -> tuple[str, Forward]:
    """The feature layer of an opened model (`lib.unfold.Unfolded`), and the function from a batch to its vectors."""
    import keras  # Reading a Reference should not need TensorFlow.
    import tensorflow as tf

    layer = penultimate(opened.layers)
    probe = keras.Model(opened.inputs, opened.tensors[layer])
    signature = tf.TensorSpec((None, *opened.inputs.shape[1:]), tf.float32)
    forward = compiled(lambda batch: probe(batch, training=False), [signature])
    return layer, lambda batch: vectors(forward(tf.constant(np.asarray(batch, np.float32))).numpy())


def _basis(bank: np.ndarray) -> np.ndarray:
    """float16 (width, PROJECTED): the principal directions of a wide layer's vectors; (0, 0) for a narrow one."""
    width = bank.shape[1]
    if width <= WIDEST:
        return np.zeros((0, 0), np.float16)
    scaled = directions(bank).astype(np.float64)
    # Not centred: what is measured afterwards are angles from the origin.
    if len(bank) >= width:
        _, axes = np.linalg.eigh(scaled.T @ scaled)
        return axes[:, ::-1][:, :PROJECTED].astype(np.float16)
    # The smaller of the two Gram matrices has the same directions, and takes seconds less.
    values, sides = np.linalg.eigh(scaled @ scaled.T)
    kept = [k for k in range(len(bank))[::-1][:PROJECTED] if values[k] > _NO_DIRECTION * values[-1]]
    axes = np.zeros((width, PROJECTED))
    axes[:, : len(kept)] = scaled.T @ sides[:, kept] / np.sqrt(values[kept])
    return axes.astype(np.float16)
