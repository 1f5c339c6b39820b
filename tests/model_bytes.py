"""Model files made without Keras, byte by byte: making them is quick, nothing of them runs, and they may say anything."""

from __future__ import annotations

import copy
import io
import json
import warnings
import zipfile
from collections.abc import Callable
from typing import Any

import h5py
import numpy as np

Config = dict[str, Any]


def layer(kind: str, name: str = "", module: str | None = "keras.layers", **config: Any) -> Config:
    """A layer as a .keras file describes it."""
    return {
        "module": module,
        "class_name": kind,
        "config": {"name": name or kind.lower(), "trainable": True, **config},
        "registered_name": None,
    }


def source(*shape: int | None, name: str = "picture") -> Config:
    return layer("InputLayer", name, batch_shape=[None, *shape], dtype="float32")


def sequential(*layers: Config) -> Config:
    return {
        "module": "keras",
        "class_name": "Sequential",
        "config": {"name": "model", "trainable": True, "layers": list(layers)},
        "registered_name": None,
    }


def tensor(name: str, *shape: int | None) -> Config:
    history = {"shape": [None, *shape], "dtype": "float32", "keras_history": [name, 0, 0]}
    return {"class_name": "__keras_tensor__", "config": history}


def functional(layers: list[Config], inputs: list[str], outputs: list[str]) -> Config:
    """Layers with `inbound_nodes`; one input or output is written as Keras does it, without a list around it."""

    def ends(names: list[str]) -> Any:
        return [names[0], 0, 0] if len(names) == 1 else [[name, 0, 0] for name in names]

    inner = {"name": "model", "trainable": True, "layers": layers}
    return {
        "module": "keras.src.models.functional",
        "class_name": "Functional",
        "config": {**inner, "input_layers": ends(inputs), "output_layers": ends(outputs)},
        "registered_name": "Functional",
    }


def called_on(what: Config, *tensors: Config) -> Config:
    """The layer with the tensors that it takes."""
    nodes = [{"args": list(tensors), "kwargs": {}}] if tensors else []
    return {**what, "name": what["config"]["name"], "inbound_nodes": nodes}


def hdf5(fill: Callable[[h5py.File], None] = lambda file: None, **options: Any) -> bytes:
    """An HDF5 file."""
    stream = io.BytesIO()
    with h5py.File(stream, "w", **options) as file:
        fill(file)
    return stream.getvalue()


def keras_file(config: Config | bytes, weights: bytes | None = None, **members: bytes) -> bytes:
    """A .keras archive around a description."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("metadata.json", '{"keras_version": "3.15.1", "date_saved": "2026-11-22@06:21:49"}')
        archive.writestr("config.json", config if isinstance(config, bytes) else json.dumps(config))
        archive.writestr("model.weights.h5", hdf5() if weights is None else weights)
        for name, data in members.items():
            archive.writestr(name, data)
    return stream.getvalue()


SMALL = sequential(source(8, 8, 1), layer("Flatten"), layer("Dense", "scores", units=3))


def archive_of(*members: tuple[zipfile.ZipInfo | str, bytes], packing: int = zipfile.ZIP_STORED) -> bytes:
    """A zip file; the same name may occur twice."""
    stream = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(stream, "w", packing) as archive:
        warnings.simplefilter("ignore")  # zipfile warns of duplicates
        for name, data in members:
            archive.writestr(name, data)
    return stream.getvalue()


def whole_hdf5(config: Config | str, **attributes: Any) -> bytes:
    """A legacy whole-model file around a description."""

    def fill(file: h5py.File) -> None:
        file.attrs["model_config"] = config if isinstance(config, str) else json.dumps(config)
        file.attrs["keras_version"] = "2.15.0"
        for name, value in attributes.items():
            file.attrs[name] = value
        file.create_group("model_weights").attrs["layer_names"] = np.array([], "S1")

    return hdf5(fill)


def legacy(*layers: Config) -> Config:
    """A Sequential model as Keras 2 wrote it, without modules."""
    plain = copy.deepcopy(list(layers))
    for entry in plain:
        entry.pop("module", None), entry.pop("registered_name", None)
    plain[0]["config"]["batch_input_shape"] = plain[0]["config"].pop("batch_shape", [None, 8, 8, 1])
    return {"class_name": "Sequential", "config": {"name": "model", "layers": plain}}


def with_layer(*layers: Config) -> bytes:
    """A small classifier with these layers in its middle."""
    return keras_file(
        sequential(source(8, 8, 1), *layers, layer("Flatten"), layer("Dense", "scores", units=3))
    )
