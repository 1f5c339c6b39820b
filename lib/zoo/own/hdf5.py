"""Looks through an HDF5 file before anything is read from it. Runs only in the separate process: it needs h5py's C code."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import h5py
import numpy as np

from lib.picture.guards import called
from lib.zoo.hdf5_walk import Hdf5Problem, declared_and_stored, objects
from lib.zoo.own.limits import ModelFileError, ModelLimits, in_units
from lib.zoo.own.refusals import shown_text

_MOST_OBJECTS = 100_000
_MOST_ATTRIBUTES = 1_000
_DEEPEST = 100
_MOST_EXPANSION = 200
_SMALL = 1_000_000
# A weight, its two moments in Adam, and a copy of it.
_COPIES = 4
_NOT_WEIGHTS = ("/optimizer", "/seed_generator", "/metrics", "/top_level_model_weights")
_AGAIN = "Save the model again with model.save('model.keras')."


@dataclass(frozen=True)
class Hdf5Facts:
    """What the file is and says besides weights.

    Attributes:
        whole_model: it describes the layers, too.
        weights: "keras 3", "legacy" or "": which way of storing weights it uses.
        model_config, training_config: JSON text or "".
        keras_version: as the file says it, or "".
        iterations: optimizer steps, or None.
        shapes: of the arrays outside the optimizer.
    """

    whole_model: bool
    weights: str
    model_config: str = ""
    training_config: str = ""
    keras_version: str = ""
    iterations: int | None = None
    shapes: tuple[tuple[int, ...], ...] = field(default=(), repr=False)


def inspect(path: Path, name: str, limits: ModelLimits) -> Hdf5Facts:
    """Walks through all objects of the file.

    Raises:
        ModelFileError: it is damaged, refers to other files, or declares more than it holds or than is allowed.
    """
    try:
        with h5py.File(path, "r") as file:
            declared, shapes = 0, []
            for where, item in objects(file, _MOST_OBJECTS, _DEEPEST):
                _check_attributes(item, where, name, limits)
                if isinstance(item, h5py.Dataset):
                    declared += _check_dataset(item, where, name)
                    if not where.startswith(_NOT_WEIGHTS):
                        shapes.append(tuple(item.shape or ()))
                    _check_total(declared, path.stat().st_size, name, limits)
            return _facts(file, tuple(shapes))
    except Hdf5Problem as problem:
        raise _refusal(problem, name) from None
    except (OSError, RuntimeError, KeyError, ValueError, TypeError, OverflowError) as error:
        if isinstance(error, ModelFileError):
            raise
        raise ModelFileError(
            f"{called(name)} begins like an HDF5 file but is cut off or damaged ({shown_text(error)}). "
            "Download it again, or save the model again."
        ) from error


def _refusal(problem: Hdf5Problem, name: str) -> ModelFileError:
    """The sentence about what is never followed or opened."""
    shown = shown_text(problem.where)
    if problem.kind == "too many":
        return ModelFileError(f"{called(name)} holds more groups and arrays than any model. {_AGAIN}")
    if problem.kind in ("link", "external link"):
        target = "to another file" if problem.kind == "external link" else "inside the file"
        return ModelFileError(
            f"{called(name)} holds a link {target} (“{shown}”) instead of data; links are not followed. {_AGAIN}"
        )
    if problem.kind == "type":
        return ModelFileError(f"{called(name)} holds a type of its own (“{shown}”). {_AGAIN}")
    if problem.kind == "elsewhere":
        return ModelFileError(f"The array “{shown}” in {called(name)} lies in another file. {_AGAIN}")
    return ModelFileError(
        f"The array “{shown}” in {called(name)} is packed in a way that needs a plug-in; plug-ins are programs and are "
        f"not loaded. {_AGAIN}"
    )


def _check_attributes(item: Any, where: str, name: str, limits: ModelLimits) -> None:
    if len(item.attrs) > _MOST_ATTRIBUTES:
        raise ModelFileError(
            f"“{shown_text(where)}” in {called(name)} has {len(item.attrs):,} attributes. {_AGAIN}"
        )
    for key in item.attrs:
        stored = item.attrs.get_id(key)
        size = int(np.prod(stored.shape, dtype=np.float64)) * stored.dtype.itemsize
        if size > limits.config_bytes:
            raise ModelFileError(
                f"The attribute “{shown_text(key)}” in {called(name)} has {in_units(size)}; the limit is "
                f"{in_units(limits.config_bytes)}. {_AGAIN}"
            )


def _check_dataset(dataset: h5py.Dataset, where: str, name: str) -> int:
    """The bytes that the array declares."""
    shown = shown_text(where)
    declared, stored = declared_and_stored(dataset, where)
    if dataset.dtype.kind not in "fiubS" and not _is_short_text(dataset) and not _is_bfloat16(dataset):
        raise ModelFileError(
            f"The array “{shown}” in {called(name)} holds {shown_text(dataset.dtype)} instead of numbers. {_AGAIN}"
        )
    if declared > _SMALL and declared > _MOST_EXPANSION * stored:
        raise ModelFileError(
            f"The array “{shown}” in {called(name)} declares {in_units(declared)} but holds {in_units(stored)}: the "
            f"file is cut off, or made to fill the memory. {_AGAIN}"
        )
    return declared


def _is_bfloat16(dataset: h5py.Dataset) -> bool:
    """Two bytes without a type, as Keras writes bfloat16."""
    return dataset.dtype.kind == "V" and dataset.dtype.itemsize == 2 and dataset.dtype.names is None


def _is_short_text(dataset: h5py.Dataset) -> bool:
    """Scalars of text of any length, such as a note on the format; Keras itself writes them."""
    return (
        h5py.check_string_dtype(dataset.dtype) is not None
        and dataset.size is not None
        and dataset.size <= 1_000
    )


def _check_total(declared: int, on_disk: int, name: str, limits: ModelLimits) -> None:
    most = min(_COPIES * 8 * limits.parameters, limits.unpacked_bytes * _COPIES)
    if declared > most or (declared > _SMALL and declared > _MOST_EXPANSION * on_disk):
        raise ModelFileError(
            f"{called(name)} declares more than {in_units(declared)} of weights in {in_units(on_disk)}; the limit is "
            f"{in_units(most)}. If it is a real model, it is too large for this app."
        )


def _facts(file: h5py.File, shapes: tuple[tuple[int, ...], ...]) -> Hdf5Facts:
    groups = tuple(file)
    legacy = "layer_names" in file.attrs or "model_weights" in groups
    modern = "layers" in groups or "_layer_checkpoint_dependencies" in groups or "vars" in groups
    return Hdf5Facts(
        whole_model="model_config" in file.attrs,
        weights="legacy" if legacy else "keras 3" if modern else "",
        model_config=_text(file.attrs.get("model_config")),
        training_config=_text(file.attrs.get("training_config")),
        keras_version=_text(file.attrs.get("keras_version"))[:40],
        iterations=_iterations(file),
        shapes=shapes,
    )


def _text(value: Any) -> str:
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return value if isinstance(value, str) else ""


def _iterations(file: h5py.File) -> int | None:
    """The optimizer's step count: its only whole number without shape."""
    for group in ("optimizer", "optimizer_weights"):
        if not isinstance(file.get(group), h5py.Group):
            continue
        for _, item in objects(file[group], _MOST_OBJECTS, _DEEPEST):
            if isinstance(item, h5py.Dataset) and item.shape == () and item.dtype.kind in "iu":
                number = int(item[()])
                return number if 0 <= number < 2**53 else None
    return None
