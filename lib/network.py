"""A Keras model behind one compiled call that returns logits, probabilities and every layer's activation."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import keras
import numpy as np
import tensorflow as tf

from lib.compiled import compiled
from lib.contract import Contract
from lib.layer import Layer
from lib.probabilities import softmax
from lib.unfold import Unfolded, logits_from, unfold

if TYPE_CHECKING:
    from lib.reference import Reference

_MOST_COMPILED = 8


class NetworkError(ValueError):
    """A batch that does not fit the network, or a contract that does not fit the model."""


@dataclass(frozen=True)
class Trace:
    """What one pass gave for N pictures and K classes.

    Attributes:
        logits: float32 (N, K), before softmax or sigmoid. A binary network's one logit z stands as (0, z), whose softmax
            is (1 - p, p) with p = sigmoid(z).
        probabilities: float64 (N, K); they sum to 1 for a single label and in the binary case, and are independent of each
            other for a multi-label network.
        activations: layer name -> float32 (N, ...), in the order of the computation.
    """

    logits: np.ndarray
    probabilities: np.ndarray
    activations: Mapping[str, np.ndarray]

    def top(self, k: int, row: int = 0) -> tuple[int, ...]:
        """The indices of the k most probable classes of one picture, most probable first; ties by index."""
        order = np.argsort(-self.logits[row], kind="stable")
        return tuple(int(i) for i in order[:k])


class Network:
    """A model with its contract. Thread-safe: one network serves every session.

    Args:
        model: Sequential or functional, nested or not, one picture in, one vector out; it is shared, not copied.
        contract: what it expects.
        reference: the memory of its training data, or None.
        name: how messages call it.

    Raises:
        UnsupportedModelError: the model cannot be opened up.
        NetworkError: the contract says another input shape, number of classes or kind of output than the model has.
    """

    def __init__(
        self, model: keras.Model, contract: Contract, reference: Reference | None = None, name: str = ""
    ) -> None:
        self._set_up(unfold(model), model, contract, reference, name or model.name)

    def _set_up(
        self, opened: Unfolded, model: keras.Model, contract: Contract, reference: Reference | None, name: str
    ) -> None:
        self._open, self.model, self.contract, self.reference, self.name = (
            opened,
            model,
            contract,
            reference,
            name,
        )
        self.layers: tuple[Layer, ...] = opened.layers
        self._check_contract()
        self._logits = self._open.logits
        if not self._open.ending and contract.output != "logits":
            # Only the contract knows that these are probabilities: a layer of the user's own ends the model, say.
            self._logits = logits_from(self._open.output, contract.output)
        self._compiled: dict[tuple[Any, bool], Any] = {}
        self._lock = threading.Lock()

    def with_contract(self, contract: Contract, reference: Reference | None = None) -> Network:
        """The same opened model under another contract; nothing is loaded or opened again.

        Raises:
            NetworkError: the contract does not fit the model.
        """
        other = Network.__new__(Network)
        other._set_up(self._open, self.model, contract, reference, self.name)
        if (contract.input_shape, contract.output) == (self.contract.input_shape, self.contract.output):
            other._compiled, other._lock = self._compiled, self._lock
        return other

    def source(self, layer: str) -> Any:
        """The Keras layer behind a name in `layers`: its weights and settings are to be read, it is not to be called."""
        return self._open.sources[layer]

    def _check_contract(self) -> None:
        wanted = tuple(self.model.inputs[0].shape[1:])
        given = self.contract.input_shape
        if len(wanted) != len(given) or any(w not in (None, g) for w, g in zip(wanted, given, strict=True)):
            raise NetworkError(f"{self.name} takes inputs of shape {wanted}, its contract says {given}.")
        outputs = tuple(self._open.output.shape[1:])
        if len(outputs) != 1 or outputs[0] != self.contract.outputs:
            kind = " for a binary network" if self.contract.task == "binary" else ""
            raise NetworkError(
                f"{self.name} gives {outputs} scores, its contract names {len(self.contract.class_names)} classes{kind}."
            )
        ending = self._open.ending
        if ending and ending != self.contract.output:
            raise NetworkError(
                f"{self.name} gives {ending}, its contract says {self.contract.output}: the contract's output must "
                f"be {ending!r}."
            )

    def trace(self, batch: np.ndarray, training: bool = False, layers: Sequence[str] | None = None) -> Trace:
        """One pass.

        Args:
            batch: (N, *input_shape) in the contract's value range; a single tensor without batch axis also passes.
            training: True runs the layers as fit() does (BatchNorm on the batch's own statistics, dropout active)
                without changing the model: its moving averages stay as they are.
            layers: the activations to fetch; None means all.

        Raises:
            NetworkError: the batch has another shape, or a layer of that name does not exist.
        """
        inputs = np.asarray(batch, np.float32)
        if inputs.shape == self.contract.input_shape:
            inputs = inputs[None]
        if inputs.shape[1:] != self.contract.input_shape:
            raise NetworkError(
                f"{self.name} takes batches of shape (N, {', '.join(map(str, self.contract.input_shape))}); "
                f"this one has the shape {inputs.shape}."
            )
        names = tuple(self._open.tensors) if layers is None else tuple(layers)
        outputs = self._call(names, training)(tf.constant(inputs))
        logits, output, *activations = (tensor.numpy() for tensor in outputs)
        logits, probabilities = self.as_classes(logits, output)
        return Trace(logits, probabilities, dict(zip(names, activations, strict=True)))

    def as_classes(self, logits: np.ndarray, output: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """One logit and one probability per class name, from what the model gives before and after its last activation."""
        task, given = self.contract.task, output.astype(np.float64)
        if task == "binary":
            positive = sigmoid(logits) if self.contract.output == "logits" else given
            return np.concatenate([np.zeros_like(logits), logits], 1), np.concatenate(
                [1 - positive, positive], 1
            )
        if self.contract.output != "logits":
            return logits, given
        return logits, sigmoid(logits) if task == "multi-label" else softmax(logits)

    def warm_up(self) -> Network:
        """Compiles the call that the Lab uses, so that the first picture does not wait for it."""
        self.trace(np.zeros((1, *self.contract.input_shape), np.float32))
        return self

    def _call(self, names: tuple[str, ...], training: bool) -> Any:
        """The compiled function for these layers; a bounded number of them is kept."""
        key = (names, training)
        with self._lock:
            call = self._compiled.pop(key, None) or self._compile(names, training)
            self._compiled[key] = call  # at the end: the first is the one that was not used for longest
            if len(self._compiled) > _MOST_COMPILED:
                self._compiled.pop(next(iter(self._compiled)))
            return call

    def _compile(self, names: tuple[str, ...], training: bool) -> Any:
        unknown = [name for name in names if name not in self._open.tensors]
        if unknown:
            known = ", ".join(list(self._open.tensors)[:20])
            raise NetworkError(f"{self.name} has no layer {unknown[0]!r:.60}; its layers are {known}.")
        wanted = [self._logits, self._open.output, *(self._open.tensors[name] for name in names)]
        extractor = keras.Model(self._open.inputs, wanted)

        def forward(inputs: Any) -> list[Any]:
            if training:
                # Stateless: BatchNorm would otherwise update its moving averages by looking at a picture.
                outputs, _ = extractor.stateless_call(
                    [v.value for v in extractor.trainable_variables],
                    [v.value for v in extractor.non_trainable_variables],
                    inputs,
                    training=True,
                )
            else:
                outputs = extractor(inputs, training=False)
            return [tf.cast(tensor, tf.float32) for tensor in outputs]

        signature = tf.TensorSpec((None, *self.contract.input_shape), tf.float32)
        return compiled(forward, [signature])


def sigmoid(logits: np.ndarray) -> np.ndarray:
    """float64 logistic function, without overflow for any finite logits."""
    return 0.5 * (1.0 + np.tanh(0.5 * logits.astype(np.float64)))
