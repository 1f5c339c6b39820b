"""A model in both modes of BatchNorm: on its stored statistics as in predict(), on the batch's own as in fit().

Only BatchNorm changes between the two modes. Dropout stays off in both, so that the difference has one cause; and
looking changes nothing: the model's moving averages stay as they are.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from lib.batchnorm.statistics import BatchNormLayer, Statistics
from lib.compiled import compiled


class NoBatchNormError(ValueError):
    """A model without any BatchNormalization layer that could be looked into."""


@dataclass(frozen=True, eq=False)
class Pass:
    """What one pass of N pictures gave.

    Attributes:
        output: float32 (N, K), as the model's last layer gives it.
        batch: the statistics of every BatchNorm layer's input over these pictures, whatever statistics the layer used.
        picture_means: float32 (N, channels) for each layer: the mean of every picture by itself.
    """

    output: np.ndarray
    batch: Statistics
    picture_means: tuple[np.ndarray, ...]


@dataclass(eq=False)
class _Use:
    """One use of a BatchNorm layer: its name, the layer, and symbolic moments of its input."""

    name: str
    source: Any
    moments: list[Any]


class TwoModes:
    """Runs a model in either mode, also with other statistics than it has stored. Thread-safe.

    Args:
        model: Sequential or functional, nested or not, one picture in, one vector out; it is shared and not changed.

    Raises:
        NoBatchNormError: there is no BatchNorm layer.
    """

    def __init__(self, model: keras.Model) -> None:
        uses: list[_Use] = []
        inputs, output = _rebuilt(model, "", None, uses)
        # A layer that is used twice has one pair of stored statistics.
        self._indices: dict[int, int] = {}
        for use in uses:
            self._indices.setdefault(id(use.source), len(self._indices))
        first = {id(use.source): use for use in reversed(uses)}
        self._uses = [first[key] for key in self._indices]
        if not uses:
            raise NoBatchNormError(f"The network {model.name!r:.60} has no BatchNorm layer.")
        self.layers = tuple(_described(use) for use in self._uses)
        self._model, self._graphs = model, {False: (inputs, output, uses)}
        self._compiled: dict[bool, Any] = {}
        self._lock = threading.Lock()

    @property
    def stored(self) -> Statistics:
        """The moving statistics as the model has them now."""
        return Statistics(
            tuple(np.asarray(use.source.moving_mean, np.float32) for use in self._uses),
            tuple(np.asarray(use.source.moving_variance, np.float32) for use in self._uses),
        )

    def store(self, statistics: Statistics) -> None:
        """Makes these the model's moving statistics: the one method that changes the model. Never for a shared one."""
        for use, mean, variance in zip(self._uses, statistics.means, statistics.variances, strict=True):
            use.source.moving_mean.assign(mean)
            use.source.moving_variance.assign(variance)

    def run(self, batch: np.ndarray, training: bool, statistics: Statistics | None = None) -> Pass:
        """One pass.

        Args:
            batch: float32 (N, *input shape).
            training: True: BatchNorm normalises with the statistics of this batch, frozen layers excepted.
            statistics: what to normalise with otherwise; the stored ones when None.
        """
        given = statistics or self.stored
        with self._lock:
            if training not in self._compiled:
                self._compiled[training] = self._compile(training, np.shape(batch)[1:])
            compiled, uses = self._compiled[training]
        output, *moments = compiled(
            tf.constant(np.asarray(batch, np.float32)),
            tuple(tf.constant(m) for m in given.means),
            tuple(tf.constant(v) for v in given.variances),
        )
        return self._as_pass(output.numpy(), [m.numpy() for m in moments], uses)

    def _as_pass(self, output: np.ndarray, moments: list[np.ndarray], uses: list[_Use]) -> Pass:
        found: list[list[list[np.ndarray]]] = [[] for _ in self._uses]
        for place, use in enumerate(uses):
            found[self._indices[id(use.source)]].append(moments[3 * place : 3 * place + 3])
        means, variances, pictures = [], [], []
        for layer in found:
            mean = np.mean([m for m, _, _ in layer], axis=0)
            squares = np.mean([v + m * m for m, v, _ in layer], axis=0)
            means.append(mean.astype(np.float32))
            several = len(layer) > 1
            variances.append((squares - mean * mean if several else layer[0][1]).astype(np.float32))
            pictures.append(np.mean([p for _, _, p in layer], axis=0).astype(np.float32))
        return Pass(output, Statistics(tuple(means), tuple(variances)), tuple(pictures))

    def _compile(self, training: bool, shape: tuple[int, ...]) -> tuple[Any, list[_Use]]:
        if training not in self._graphs:
            uses: list[_Use] = []
            self._graphs[training] = (*_rebuilt(self._model, "", True, uses), uses)
        inputs, output, uses = self._graphs[training]
        graph = keras.Model(inputs, [output, *(moment for use in uses for moment in use.moments)])
        places = {
            id(variable): (index, kind)
            for index, use in enumerate(self._uses)
            for kind, variable in enumerate((use.source.moving_mean, use.source.moving_variance))
        }

        def forward(batch: Any, means: Any, variances: Any) -> list[Any]:
            def value(variable: Any) -> Any:
                place = places.get(id(variable))
                if place is None:
                    return variable.value
                return tf.cast((means, variances)[place[1]][place[0]], variable.dtype)

            # Stateless: BatchNorm would otherwise update its moving averages by looking at a picture. `False` overrides what
            # the graph says, as in predict(); with None, BatchNorm's own True counts and dropout stays off.
            outputs, _ = graph.stateless_call(
                [v.value for v in graph.trainable_variables],
                [value(v) for v in graph.non_trainable_variables],
                batch,
                training=None if training else False,
            )
            return [tf.cast(tensor, tf.float32) for tensor in outputs]

        channels = tuple(tf.TensorSpec((layer.channels,), tf.float32) for layer in self.layers)
        signature = [tf.TensorSpec((None, *shape), tf.float32), channels, channels]
        return compiled(forward, signature), uses


def _described(use: _Use) -> BatchNormLayer:
    source = use.source
    return BatchNormLayer(
        use.name,
        int(source.moving_mean.shape[0]),
        float(source.momentum),
        float(source.epsilon),
        bool(source.trainable),
    )


def _rebuilt(
    model: keras.Model, prefix: str, training: bool | None, uses: list[_Use]
) -> tuple[list[Any], Any]:
    """The model called again with its own layers, BatchNorm with `training`: symbolic inputs and output."""

    def call(layer: Any, *args: Any, **kwargs: Any) -> Any:
        if isinstance(layer, keras.Model):
            return _nested(layer, call_as=(prefix, training, uses), args=args, kwargs=kwargs)
        if isinstance(layer, keras.layers.BatchNormalization):
            uses.append(_Use(prefix + layer.name, layer, _moments(args[0], layer.axis)))
            if training is not None:
                kwargs["training"] = training
        return layer(*args, **kwargs)

    return _called_again(model, call)


def _called_again(model: keras.Model, call: Callable[..., Any]) -> tuple[list[Any], Any]:
    """Runs `call` in the place of every layer of the model."""
    if isinstance(model, keras.Sequential):
        source = model.inputs[0]
        inputs = keras.Input(batch_shape=source.shape, dtype=source.dtype)
        output = inputs
        for layer in model.layers:
            output = call(layer, output)
        return [inputs], output
    # The same graph without the user's class and training configuration, which cloning would try to copy.
    plain = keras.Model(model.inputs, model.outputs)
    again = keras.models.clone_model(plain, clone_function=lambda layer: layer, call_function=call)
    return list(again.inputs), again.outputs[0]


def _nested(
    model: Any, call_as: tuple[str, bool | None, list[_Use]], args: Sequence[Any], kwargs: dict[str, Any]
) -> Any:
    """A nested model, whose moments become outputs of their own."""
    prefix, training, uses = call_as
    if not getattr(model, "inputs", None) or len(model.inputs) != 1 or len(model.outputs) != 1:
        return model(*args, **kwargs)  # it cannot be opened: its BatchNorm layers stay unseen
    inner: list[_Use] = []
    inputs, output = _rebuilt(model, f"{prefix}{model.name}/", training, inner)
    opened = keras.Model(inputs, [output, *(moment for use in inner for moment in use.moments)])
    output, *moments = opened(*args)
    for place, use in enumerate(inner):
        uses.append(_Use(use.name, use.source, moments[3 * place : 3 * place + 3]))
    return output


def _moments(tensor: Any, axis: int) -> list[Any]:
    """Symbolic mean (C,), variance (C,), biased as BatchNorm's own, and means by picture (N, C) of a layer's input."""
    rank = len(tensor.shape)
    channel = axis % rank
    wide = keras.ops.cast(tensor, "float32")
    everything_else = [a for a in range(rank) if a != channel]
    mean, variance = keras.ops.moments(wide, axes=everything_else)
    inside = [a for a in everything_else if a != 0]
    return [mean, variance, keras.ops.mean(wide, axis=inside) if inside else wide]
