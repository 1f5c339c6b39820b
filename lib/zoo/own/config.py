"""Reads the JSON in which a Keras file describes its layers, and refuses what no image classifier needs to say.

Nothing here imports Keras: what passes is still built in a separate process first.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lib.picture.guards import called
from lib.zoo.own import allowed
from lib.zoo.own.limits import ModelFileError, ModelLimits, in_units
from lib.zoo.own.refusals import (
    DEEPEST,
    SAVE_AGAIN,
    refused_class,
    several_ends,
    shown_text,
    subclassed,
    too_deep,
    too_many_parameters,
)

_LONGEST_NAME = 200
_LAYERS_AND_MODELS = allowed.LAYERS | allowed.MODELS
_ALLOWED = _LAYERS_AND_MODELS | allowed.PARTS


@dataclass(frozen=True)
class _Place:
    """Where in the description a search is: how deep, and the names of the models and layers around it."""

    depth: int = 0
    names: tuple[str, ...] = ()

    @property
    def shown(self) -> str:
        return "/".join(shown_text(name) for name in self.names[1:]) or (
            shown_text(self.names[0]) if self.names else "?"
        )


def parse(text: bytes | str, name: str, limits: ModelLimits) -> dict[str, Any]:
    """The description as a dict.

    Raises:
        ModelFileError: it is too large, no JSON, nested too deeply, or no description of a model.
    """
    if len(text) > limits.config_bytes:
        raise ModelFileError(
            f"The description of the layers in {called(name)} has {in_units(len(text))}; the limit is "
            f"{in_units(limits.config_bytes)}. A real one is much smaller: {SAVE_AGAIN}."
        )
    try:
        config = json.loads(text)
    except RecursionError as error:
        raise too_deep(name) from error
    except ValueError as error:
        raise ModelFileError(
            f"The description of the layers in {called(name)} is damaged: it is no JSON. Download the file again, or "
            f"{SAVE_AGAIN}."
        ) from error
    if not isinstance(config, dict) or not isinstance(config.get("class_name"), str):
        raise ModelFileError(f"{called(name)} does not describe a Keras model. {SAVE_AGAIN.capitalize()}.")
    return config


def without_training(config: Any) -> Any:
    """The description without what `compile()` was given, at any level: losses and optimizers are never built here."""
    if isinstance(config, dict):
        return {key: without_training(value) for key, value in config.items() if key != "compile_config"}
    if isinstance(config, list):
        return [without_training(value) for value in config]
    return config


def check(config: Mapping[str, Any], name: str, limits: ModelLimits) -> None:
    """Refuses a description that names anything but Keras's own computing layers, or that is absurdly large.

    Args:
        config: as `parse` gives it, `without_training`.

    Raises:
        ModelFileError: the message names the layer and says how to save the model again.
    """
    if config["class_name"] not in allowed.MODELS:
        raise subclassed(shown_text(config["class_name"]), name)
    layers = 0
    for entry, place in _objects(config, name):
        if _is_layer(entry):
            layers += 1
            _check_sizes(entry, place, name, limits)
        _check_class(entry, place, name)
    if layers > limits.layers:
        raise ModelFileError(
            f"{called(name)} has {layers:,} layers; the limit is {limits.layers:,}. If it is a real model, it is too "
            "large for this app."
        )
    _check_ends(config, name, limits)


def _objects(config: Mapping[str, Any], name: str) -> Iterator[tuple[Mapping[str, Any], _Place]]:
    """Every dict that Keras would make an object of, outermost first."""
    waiting: list[tuple[Any, _Place]] = [(config, _Place())]
    while waiting:
        value, place = waiting.pop()
        if place.depth > DEEPEST:
            raise too_deep(name)
        if isinstance(value, list):
            inside = _Place(place.depth + 1, place.names)
            waiting.extend((item, inside) for item in reversed(value) if isinstance(item, dict | list))
        elif isinstance(value, dict):
            names = place.names
            if "class_name" in value:
                names = (*names, _name_of(value)) if _is_layer(value) else names
                yield value, _Place(place.depth, names)
            inside = _Place(place.depth + 1, names)
            waiting.extend(
                (item, inside) for item in reversed(value.values()) if isinstance(item, dict | list)
            )


def _is_layer(entry: Mapping[str, Any]) -> bool:
    inner, kind = entry.get("config"), entry.get("class_name")
    if "inbound_nodes" in entry or (isinstance(kind, str) and kind in _LAYERS_AND_MODELS):
        return True
    return isinstance(inner, dict) and "name" in inner and "trainable" in inner


def _name_of(entry: Mapping[str, Any]) -> str:
    inner = entry.get("config")
    named = inner.get("name") if isinstance(inner, dict) else None
    return str(named or entry.get("name") or entry.get("class_name"))


def _check_class(entry: Mapping[str, Any], place: _Place, name: str) -> None:
    kind, module = entry.get("class_name"), entry.get("module")
    registered = entry.get("registered_name")
    if (
        not isinstance(kind, str)
        or not isinstance(module, str | None)
        or not isinstance(registered, str | None)
    ):
        raise ModelFileError(
            f"{called(name)} names a class by something that is no text (layer “{place.shown}”): it is damaged or made "
            f"up. {SAVE_AGAIN.capitalize()}."
        )
    if _is_layer(entry):
        _check_name(_name_of(entry), name)
    if kind in allowed.VALUES and module is None:
        return
    if kind == "function":
        _check_function(entry, place, name)
        return
    ours = module is None or module == "keras" or module.startswith("keras.")
    if ours and registered in (None, kind) and _is_allowed(kind, module):
        return
    raise refused_class(kind, module, place.shown, name)


def _is_allowed(kind: str, module: str | None) -> bool:
    if module in allowed.OPERATION_MODULES:
        if module.endswith(("core", "keras.ops")) and kind in allowed.REFUSED_OPERATIONS:
            return False
        return not module.endswith(".core") or kind in allowed.CORE_OPERATIONS
    if kind in allowed.FAMILY_LAYERS:
        return module == allowed.FAMILY_LAYERS[kind]
    return kind in _ALLOWED


def _check_function(entry: Mapping[str, Any], place: _Place, name: str) -> None:
    """Functions can only be Keras's activations."""
    function, module = entry.get("config"), entry.get("module")
    fine = module in (None, "builtins", "keras.activations", "keras.src.activations.activations")
    if fine and isinstance(function, str) and function in allowed.ACTIVATIONS:
        return
    raise ModelFileError(
        f"The layer “{place.shown}” in {called(name)} uses the function “{shown_text(function)}”, which is none of "
        f"Keras's activations; no code can come with a file. Use one of Keras's own and {SAVE_AGAIN}."
    )


def _check_name(layer: str, name: str) -> None:
    if len(layer) > _LONGEST_NAME or any(unicodedata.category(sign) == "Cc" for sign in layer):
        what = (
            f"{len(layer):,} characters long" if len(layer) > _LONGEST_NAME else "made of control characters"
        )
        raise ModelFileError(
            f"A layer's name in {called(name)} is {what} (“{shown_text(layer, 30)}”). Give it a short, plain name and "
            f"{SAVE_AGAIN}."
        )


# The arguments of layers that decide how large weights and activations become.
_SIZES = allowed.named("""
    units filters output_dim input_dim depth_multiplier num_heads key_dim kernel_size size padding
    target_shape n height width batch_shape batch_input_shape pool_size strides output_size num_tokens
    groups dilation_rate
""")


def _check_sizes(entry: Mapping[str, Any], place: _Place, name: str, limits: ModelLimits) -> None:
    """What can be refused without building: absurd sizes, and weights that follow from the layer's own shapes."""
    inner = entry.get("config")
    if not isinstance(inner, dict):
        return
    for key in _SIZES:
        largest = max(_whole_numbers(inner.get(key)), default=0)
        if largest > limits.parameters:
            raise ModelFileError(
                f"The layer “{place.shown}” in {called(name)} says {key} = {shown_text(inner[key], 30)}; no layer that "
                f"fits into {limits.parameters:,} parameters can. Save a smaller model."
            )
    if inner.get("stateful") is True:
        raise ModelFileError(
            f"The layer “{place.shown}” in {called(name)} is stateful: it remembers earlier pictures, so that the "
            f"same picture gets different answers. Build it with stateful=False, copy the weights and {SAVE_AGAIN}."
        )
    activation = inner.get("activation")
    if isinstance(activation, str) and activation not in allowed.ACTIVATIONS:
        _check_function({"config": activation}, place, name)
    declared = _dense_parameters(entry, inner)
    if declared > limits.parameters:
        raise too_many_parameters(declared, name, limits, f"the layer “{place.shown}” alone")


def _dense_parameters(entry: Mapping[str, Any], inner: Mapping[str, Any]) -> int:
    """Units times inputs, as far as the file says both; at least that many weights are built."""
    built = entry.get("build_config")
    shape = built.get("input_shape") if isinstance(built, dict) else None
    wide = max(_whole_numbers(inner.get("units")), default=0) or max(
        _whole_numbers(inner.get("filters")), default=0
    )
    if not isinstance(shape, list) or not shape or not isinstance(shape[-1], int):
        return wide
    kernel = 1
    for number in _whole_numbers(inner.get("kernel_size")):
        kernel *= max(number, 1)
    return wide * shape[-1] * kernel


def _whole_numbers(value: object) -> list[int]:
    if isinstance(value, list):
        return [number for item in value for number in _whole_numbers(item)]
    return [value] if isinstance(value, int) and not isinstance(value, bool) else []


def _check_ends(config: Mapping[str, Any], name: str, limits: ModelLimits) -> None:
    """One picture in, one vector out, of a model whose layers are visible."""
    inner = config.get("config")
    if not isinstance(inner, dict) or not isinstance(inner.get("layers"), list):
        raise subclassed(shown_text(config["class_name"]), name)
    for which, what in (("input_layers", "inputs"), ("output_layers", "outputs")):
        ends = inner.get(which)
        number = 1 if _is_end(ends) else len(ends) if isinstance(ends, list | dict) else 1
        if number != 1:
            raise several_ends(number, what, name)
    for layer in inner["layers"]:
        if (
            isinstance(layer, dict)
            and layer.get("class_name") == "InputLayer"
            and isinstance(layer.get("config"), dict)
        ):
            shape = layer["config"].get("batch_shape") or layer["config"].get("batch_input_shape") or []
            check_input_size(_whole_numbers(shape[1:]) if isinstance(shape, list) else [], name, limits)


def _is_end(value: object) -> bool:
    """Whether it is one end, ["layer", 0, 0], rather than a list of them."""
    return isinstance(value, list) and len(value) == 3 and isinstance(value[0], str)


def check_input_size(shape: list[int], name: str, limits: ModelLimits) -> None:
    """Refuses an input that no picture of the app fills."""
    values = 1
    for number in shape:
        values *= max(number, 1)
    if values > limits.input_values:
        raise ModelFileError(
            f"{called(name)} takes pictures of {' x '.join(map(str, shape))} = {values:,} values; the limit is "
            f"{limits.input_values:,}. Supported are pictures of up to 1024 x 1024 pixels."
        )
