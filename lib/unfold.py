"""Opens a Keras model up: one flat model whose outputs are every layer's output, nested models included.

Only the public functional API is used: a Functional model is re-run symbolically with its own layers
(`keras.models.clone_model` with an identity clone function), so weights are shared, never copied.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import keras

from lib.layer import PICTURE, Layer


class UnsupportedModelError(ValueError):
    """A model that cannot be opened up; the message says why and what is supported."""


@dataclass(frozen=True)
class Unfolded:
    """The opened model.

    Attributes:
        inputs: the symbolic input.
        output: the model's own output, a symbolic tensor.
        logits: what goes into the final softmax or sigmoid; the output itself when the graph shows none.
        ending: what the output is, "logits", "softmax" or "sigmoid"; "" when the last layer does not tell.
        tensors: layer name -> symbolic output, in the order of the computation.
        sources: layer name -> the Keras layer itself, or the bare operation that stands in the graph like one.
    """

    inputs: Any
    output: Any
    logits: Any
    ending: str
    layers: tuple[Layer, ...]
    tensors: dict[str, Any]
    sources: dict[str, Any]


def unfold(model: keras.Model) -> Unfolded:
    """Opens `model` up.

    Raises:
        UnsupportedModelError: the model has several inputs or outputs, or is neither Sequential nor functional.
    """
    if isinstance(model, keras.Sequential) and not model.built:
        raise UnsupportedModelError(
            f"The model {model.name!r} has no input shape yet: build it or call it once."
        )
    if not getattr(model, "inputs", None):
        raise UnsupportedModelError(
            f"{type(model).__name__} is a subclassed model without a layer graph. Supported are Sequential and "
            "functional models: wrap the call in keras.Model(inputs, outputs) and save again."
        )
    if len(model.inputs) != 1 or len(model.outputs) != 1:
        raise UnsupportedModelError(
            f"The model has {len(model.inputs)} inputs and {len(model.outputs)} outputs; supported is one picture in "
            "and one vector of class scores out."
        )
    # The same graph without the user's class and training configuration, which cloning would try to copy.
    plain = keras.Model(model.inputs, model.outputs, name=model.name)
    if type(model).call not in (keras.Sequential.call, type(plain).call):
        raise UnsupportedModelError(
            f"{type(model).__name__} has a call() of its own, which may do more than its layers show. Supported are "
            "Sequential and functional models: save keras.Model(inputs, outputs) instead."
        )
    recorder = _Recorder()
    if isinstance(model, keras.Sequential):
        source = model.inputs[0]
        inputs = keras.Input(batch_shape=source.shape, dtype=source.dtype, name="input")
        output = inputs
        for layer in model.layers:
            output = recorder.call(layer, output)
    else:
        again = keras.models.clone_model(
            plain, clone_function=lambda layer: layer, call_function=recorder.call
        )
        (inputs,), (output,) = again.inputs, again.outputs
    logits, ending = recorder.before_activation(output)
    return Unfolded(
        inputs, output, logits, ending, recorder.listed(), dict(recorder.tensors), dict(recorder.sources)
    )


class _Recorder:
    """Calls layers on symbolic tensors and remembers every output and where it came from."""

    def __init__(self) -> None:
        self.layers: list[Layer] = []
        self.tensors: dict[str, Any] = {}
        self.sources: dict[str, Any] = {}
        self._name_of: dict[int, str] = {}  # id of a symbolic tensor -> the layer that gave it
        self._origin: dict[int, Callable[[], tuple[Any, str]]] = {}

    def call(self, layer: Any, *args: Any, **kwargs: Any) -> Any:
        if isinstance(layer, keras.Model):
            return self._call_nested(layer, *args, **kwargs)
        inputs = self._names_of((args, kwargs))
        output = layer(*args, **kwargs)
        for index, tensor in enumerate(_tensors(output)):
            self._record(layer, layer.name if index == 0 else f"{layer.name}:{index}", tensor, inputs)
        if args:
            self._origin[id(output)] = lambda: _before_activation(layer, args[0], output)
        return output

    def _call_nested(self, model: keras.Model, *args: Any, **kwargs: Any) -> Any:
        inputs = self._names_of((args, kwargs))
        try:
            inner = unfold(model)
        except UnsupportedModelError:
            inner = None
        if inner is None:
            # A nested model that cannot be opened is shown as one layer.
            output = model(*args, **kwargs)
            for tensor in _tensors(output):
                self._record(model, model.name, tensor, inputs)
            return output
        names = list(inner.tensors)
        opened = keras.Model(inner.inputs, [*inner.tensors.values(), inner.logits, inner.output])
        *found, logits, output = opened(*args, **kwargs)
        ends_with = [name for name, tensor in inner.tensors.items() if tensor is inner.output][-1:]
        renamed = {PICTURE: inputs}
        for layer, name, tensor in zip(inner.layers, names, found, strict=True):
            placed = replace(layer, inputs=_renamed(layer.inputs, renamed))
            renamed[name] = (self._record_as(placed, f"{model.name}/{name}", tensor, inner.sources[name]),)
        self._record(model, model.name, output, _renamed(ends_with or [PICTURE], renamed), nested=True)
        ending = inner.ending
        self._origin[id(output)] = lambda: (logits, ending)
        return output

    def _record(
        self, layer: Any, name: str, tensor: Any, inputs: tuple[str, ...], nested: bool = False
    ) -> None:
        activation = getattr(getattr(layer, "activation", None), "__name__", "")
        # A bare operation such as keras.ops.multiply stands in the graph like a layer but has no weights.
        has_weights = isinstance(layer, keras.layers.Layer)
        described = Layer(
            name,
            type(layer).__name__,
            activation,
            tuple(tensor.shape[1:]),
            layer.count_params() if has_weights else 0,
            inputs,
            sum(math.prod(weight.shape) for weight in layer.trainable_weights) if has_weights else 0,
            "" if nested else _settings(layer),
            nested,
        )
        self._record_as(described, name, tensor, layer)

    def _record_as(self, layer: Layer, name: str, tensor: Any, source: Any) -> str:
        """Keeps it under a name that nothing else has, and gives that name."""
        use = 1
        unique = name
        while unique in self.tensors:
            use += 1
            unique = f"{name}#{use}"
        self.tensors[unique] = tensor
        self.sources[unique] = source
        self._name_of[id(tensor)] = unique
        self.layers.append(replace(layer, name=unique))
        return unique

    def _names_of(self, arguments: Any) -> tuple[str, ...]:
        """The layers that gave the tensors among the arguments; a tensor that none gave is the model's input."""
        return tuple(dict.fromkeys(self._name_of.get(id(t), PICTURE) for t in _tensors(arguments)))

    def listed(self) -> tuple[Layer, ...]:
        """The layers, with those marked whose Keras layer has occurred before."""
        seen: set[int] = set()
        marked = []
        for layer in self.layers:
            source = id(self.sources[layer.name])
            marked.append(replace(layer, repeated=source in seen))
            seen.add(source)
        return tuple(marked)

    def before_activation(self, output: Any) -> tuple[Any, str]:
        origin = self._origin.get(id(output))
        return origin() if origin else (output, "")


def _renamed(names: Iterable[str], renamed: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """A nested model's names as the model around it calls them, each once."""
    return tuple(dict.fromkeys(new for name in names for new in renamed[name]))


def _settings(layer: Any) -> str:
    """What distinguishes a layer from others of its kind, where people would say it; else empty."""
    parts = []
    for attribute in ("kernel_size", "pool_size"):
        window = getattr(layer, attribute, None)
        if isinstance(window, tuple):
            parts.append("×".join(map(str, window)))
    for attribute, word in (("strides", "stride"), ("dilation_rate", "dilation")):
        steps = getattr(layer, attribute, None)
        if isinstance(steps, tuple) and set(steps) != {1} and steps != getattr(layer, "pool_size", None):
            parts.append(
                f"{word} {'×'.join(map(str, sorted(set(steps)) if len(set(steps)) == 1 else steps))}"
            )
    rate = getattr(layer, "rate", None)
    if isinstance(rate, float):
        parts.append(f"rate {rate:g}")
    return ", ".join(parts)


# What an activation calls itself -> which of the two it is; the last is tf.nn.softmax.
_PROBABILITIES = {"softmax": "softmax", "sigmoid": "sigmoid", "softmax_v2": "softmax"}


def _before_activation(layer: Any, source: Any, output: Any) -> tuple[Any, str]:
    """The layer's output before its softmax or sigmoid, as a symbolic tensor, and the model's ending."""
    # Either a layer of its own, or a bare operation of the same name, such as keras.ops.softmax.
    if type(layer).__name__ in ("Softmax", "Sigmoid"):
        return source, type(layer).__name__.lower()
    activation = getattr(layer, "activation", None)
    if activation is None:
        return output, ""
    ending = _PROBABILITIES.get(getattr(activation, "__name__", ""), "logits")
    if isinstance(layer, keras.layers.Activation):
        # Activation("linear") often stands last in mixed precision; what came before it decides.
        return (source, ending) if ending != "logits" else (output, "")
    if ending == "logits":
        return output, ending
    if type(layer) is keras.layers.Dense and layer.quantization_mode is None:
        linear = keras.ops.matmul(source, layer.kernel)
        return (linear + layer.bias if layer.use_bias else linear), ending
    return logits_from(output, ending), ending


def logits_from(probabilities: Any, kind: str) -> Any:
    """Symbolic logits of symbolic "softmax" or "sigmoid" probabilities, as far as their precision has kept them.

    Softmax does not keep the logits' common offset: these have a logsumexp of 0.
    """
    tiny = 1e-37
    probabilities = keras.ops.cast(probabilities, "float32")
    logarithm = keras.ops.log(probabilities + tiny)
    return logarithm if kind == "softmax" else logarithm - keras.ops.log(1 - probabilities + tiny)


def _tensors(output: Any) -> Iterator[Any]:
    """The symbolic tensors in a layer's output, whatever structure it has."""
    yield from (t for t in keras.tree.flatten(output) if isinstance(t, keras.KerasTensor))
