"""Opens a visitor's model file, step by step, each step only after the one before found nothing wrong.

Runs in the separate process; the tests also call it directly on files of their own making.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np

from lib.network import Network
from lib.picture.guards import called
from lib.unfold import unfold
from lib.zoo.own import archive, hdf5, transfer
from lib.zoo.own.application import load_application
from lib.zoo.own.config import check, check_input_size, parse, without_training
from lib.zoo.own.evidence import activation_count, check_activations, check_ends, inspect_model
from lib.zoo.own.graph import model_of
from lib.zoo.own.inspection import Inspection
from lib.zoo.own.kind import HDF5, KERAS, SAVED_MODEL
from lib.zoo.own.layout import layout_of
from lib.zoo.own.legacy import in_todays_words
from lib.zoo.own.limits import ModelFileError, ModelLimits
from lib.zoo.own.output import output_count
from lib.zoo.own.probe import probe
from lib.zoo.own.refusals import shown_text, too_many_parameters
from lib.zoo.own.saved_model import open_saved_model
from lib.zoo.own.training_facts import TrainingFacts, training_facts

Say = Callable[[str], None]
Opened = tuple[keras.Model, TrainingFacts, str, tuple[str, ...]]
"""The model, what its file says about the training, what kind of file it was, and sentences for the visitor."""


def open_model(
    request: dict[str, Any], folder: Path, limits: ModelLimits, say: Say
) -> tuple[dict[str, Any], bytes]:
    """Builds the model in `folder`/model and runs it once.

    Args:
        request: "kind", "name", "sha256", "application", "notes".

    Returns:
        The answer for the app, JSON-serialisable, and the weights one after the other.

    Raises:
        ModelFileError: it is refused.
    """
    name, kind = str(request["name"]), str(request["kind"])
    data = (folder / "model").read_bytes()
    if hashlib.sha256(data).hexdigest() != request["sha256"]:
        raise ModelFileError(f"{called(name)} did not arrive whole. Load it again.")
    say("reading the file")
    if kind == KERAS:
        model, facts, shown, notes = _keras_archive(data, folder, name, limits, say)
    elif kind == SAVED_MODEL:
        return _saved_model(folder, name, limits, say, tuple(map(str, request.get("notes", ()))))
    elif kind == HDF5:
        model, facts, shown, notes = _hdf5_file(
            folder, name, limits, say, str(request.get("application", ""))
        )
    else:
        raise ModelFileError(f"{called(name)} is of a kind that is not supported.")
    say("first trace")
    notes = (*map(str, request.get("notes", ())), *notes)
    inspection = inspect_model(model, shown, facts, name, limits, notes)
    return _packed(model, inspection, name, limits)


def _keras_archive(data: bytes, folder: Path, name: str, limits: ModelLimits, say: Say) -> Opened:
    with archive.opened(data, name, limits) as opened:
        described = parse(archive.read(opened, "config.json", name, limits.config_bytes), name, limits)
        metadata = read_metadata(opened, name, limits)
        weights = folder / "model.weights.h5"
        weights.write_bytes(archive.read(opened, "model.weights.h5", name, limits.unpacked_bytes))
    found = hdf5.inspect(weights, name, limits)
    facts = training_facts(
        described.get("compile_config"),
        found.iterations,
        metadata.get("keras_version"),
        metadata.get("date_saved"),
    )
    model = built(without_training(described), name, limits, say)
    say("reading the weights")
    _load_weights(model, weights, name)
    return model, facts, ".keras", ()


def _load_weights(model: keras.Model, path: Path, name: str) -> None:
    try:
        model.load_weights(path)
    except (ValueError, KeyError, OSError) as error:
        raise ModelFileError(
            f"The weights in {called(name)} do not fit its layers: {shown_text(error, 200)} The file is damaged or was put "
            "together from two; save the model again with model.save('model.keras')."
        ) from error


def read_metadata(opened: Any, name: str, limits: ModelLimits) -> dict[str, Any]:
    """metadata.json, {} when it is missing or damaged: it only holds a version and a date."""
    if "metadata.json" not in opened.namelist():
        return {}
    try:
        found = json.loads(archive.read(opened, "metadata.json", name, limits.config_bytes))
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _hdf5_file(folder: Path, name: str, limits: ModelLimits, say: Say, application: str) -> Opened:
    path = folder / "model.h5"
    (folder / "model").rename(path)
    found = hdf5.inspect(path, name, limits)
    if not found.whole_model and application:
        if found.weights == "keras 3":
            path = path.rename(folder / "model.weights.h5")
        say(f"building {application}")
        model, notes = load_application(path, application, found.shapes, name)
        return model, TrainingFacts(iterations=found.iterations), f"weights for {application}", notes
    if not found.whole_model:
        raise ModelFileError(
            f"{called(name)} holds weights without the layers that they belong to. Name the keras.applications network "
            "that they are for, or save the whole model: model.save('model.keras')."
        )
    described = parse(found.model_config, name, limits)
    compiled = json.loads(found.training_config) if found.training_config else {}
    facts = training_facts(compiled, found.iterations, found.keras_version)
    model = built(in_todays_words(without_training(described)), name, limits, say)
    _load_weights(model, path, name)
    notes = (
        (f"The file holds the whole model; the name {application} was not needed.",) if application else ()
    )
    return model, facts, "whole-model HDF5", notes


def built(config: dict[str, Any], name: str, limits: ModelLimits, say: Say) -> keras.Model:
    """The model with fresh weights, after its outline was found small enough."""
    check_outline(config, name, limits, say)
    say("building the model")
    return transfer.build(config)


def check_outline(config: dict[str, Any], name: str, limits: ModelLimits, say: Say) -> None:
    """Builds the model without memory for its weights, and refuses what is too large or no image classifier."""
    check(config, name, limits)
    say("counting the parameters")
    model = transfer.outline(config)
    parameters = model.count_params() if getattr(model, "built", False) else 0
    if parameters > limits.parameters:
        raise too_many_parameters(parameters, name, limits)
    check_ends(model, name)
    check_input_size([n for n in model.inputs[0].shape[1:] if n is not None], name, limits)
    layout = layout_of(tuple(model.inputs[0].shape[1:]), name)
    opened = unfold(model)
    output_count(opened, name, limits)
    check_activations(activation_count(opened, layout.input_shape), name, limits)
    keras.utils.clear_session()


def _saved_model(
    folder: Path, name: str, limits: ModelLimits, say: Say, notes: tuple[str, ...]
) -> tuple[dict[str, Any], bytes]:
    """A SavedModel's serving graph, as the app will run it."""
    say("building the model")
    found = open_saved_model(folder / "model", folder, name, limits)
    check_input_size([n for n in found.shape if n is not None], name, limits)
    model = model_of(found.graph, found.source, found.result, found.shape, found.scores)
    say("first trace")
    note = "A SavedModel shows no layers: it is one layer here. Save the model as .keras to look inside."
    inspection = inspect_model(model, "SavedModel", TrainingFacts(), name, limits, (*notes, note))
    inspection = dataclasses.replace(inspection, parameters=found.numbers)
    logits = probe(Network(model, inspection.contract(), name=name), layers=None)
    return {
        "inspection": inspection.to_dict(),
        "graph": {
            "source": found.source,
            "result": found.result,
            "shape": list(found.shape),
            "scores": list(found.scores),
        },
        "probe": [float(value) for value in logits[0]],
    }, found.graph.SerializeToString()


def _packed(
    model: keras.Model, inspection: Inspection, name: str, limits: ModelLimits
) -> tuple[dict[str, Any], bytes]:
    """The model as the app will build it again, proven to answer like the original."""
    check_activations(inspection.activations, name, limits)
    contract = inspection.contract()
    logits = probe(Network(model, contract, name=name), layers=None)
    config = transfer.describe(model)
    weights = model.get_weights()
    again = probe(Network(transfer.rebuild(config, weights), contract, name=name))
    if not np.allclose(logits, again, rtol=1e-3, atol=1e-4, equal_nan=True):
        raise ModelFileError(
            f"{called(name)} answers differently after it was taken apart and built again: it does something that its "
            "description does not say. Save it again with model.save('model.keras')."
        )
    heads, packed = transfer.pack(weights)
    return {
        "inspection": inspection.to_dict(),
        "config": json.dumps(config),
        "weights": heads,
        "probe": [float(value) for value in logits[0]],
    }, packed
