"""Opens a zipped SavedModel: takes the graph of its serving signature, with the variables as constants, and nothing else.

Runs in the separate process. Layers cannot be seen in such a file: it is shown as one.
"""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tensorflow as tf

from lib.picture.guards import called
from lib.zoo.own import archive
from lib.zoo.own.allowed import named
from lib.zoo.own.graph import GROWING, PURE, RANDOM, check_graph, refused_operation
from lib.zoo.own.limits import ModelFileError, ModelLimits
from lib.zoo.own.refusals import several_ends

# What loading needs besides arithmetic: variables that are filled from the file.
_VARIABLES = named("""
    VarHandleOp ReadVariableOp AssignVariableOp VarIsInitializedOp DisableCopyOnRead RestoreV2 SaveV2 MergeV2Checkpoints
    ShardedFilename StaticRegexFullMatch StringJoin Placeholder PlaceholderWithDefault Identity Const NoOp Pack Select
    AssignSubVariableOp AssignAddVariableOp
""")


@dataclass(frozen=True)
class ServingGraph:
    """A frozen graph.

    Attributes:
        graph: a GraphDef without variables.
        source, result: names of the tensors for the picture and for the scores.
        shape, scores: of a picture and of its scores, without batch axis.
        numbers: how many the constants hold.
    """

    graph: Any
    source: str
    result: str
    shape: tuple[int | None, ...]
    scores: tuple[int | None, ...]
    numbers: int


def open_saved_model(path: Path, folder: Path, name: str, limits: ModelLimits) -> ServingGraph:
    """The serving signature of a zipped SavedModel.

    Raises:
        ModelFileError: it is damaged, has no or several signatures, or does more than compute.
    """
    with archive.opened(path.read_bytes(), name, limits) as opened:
        root = _unpacked(opened, folder / "saved", name, limits)
    found = _parsed(root, name)
    signature = _signature(found, name)
    (source,), (result,) = signature.inputs.values(), signature.outputs.values()
    _check_dtype(source, name)
    _check_everything(found.graph_def, name)
    frozen = _frozen(root, result.name, name)
    numbers = check_graph(frozen, name, limits)
    return ServingGraph(
        frozen,
        source.name,
        result.name,
        _shape(source, "input", name),
        _shape(result, "output", name),
        numbers,
    )


def _shape(end: Any, what: str, name: str) -> tuple[int | None, ...]:
    """Without batch axis."""
    if end.tensor_shape.unknown_rank or len(end.tensor_shape.dim) < 2:
        raise ModelFileError(
            f"{called(name)} does not say the shape of its {what}. Save the model as .keras instead: "
            "model.save('model.keras')."
        )
    return tuple(d.size if d.size >= 0 else None for d in end.tensor_shape.dim[1:])


def _unpacked(opened: zipfile.ZipFile, folder: Path, name: str, limits: ModelLimits) -> Path:
    """Writes the files of the SavedModel, wherever it lies in the archive, under `folder`."""
    members = [member.filename for member in opened.infolist() if not member.is_dir()]
    descriptions = [member for member in members if member.rsplit("/", 1)[-1] == "saved_model.pb"]
    if len(descriptions) != 1:
        raise ModelFileError(
            f"{called(name)} holds {len(descriptions)} SavedModels. Pack the folder of one of them."
        )
    prefix = descriptions[0].removesuffix("saved_model.pb")
    for member in members:
        inside = member.removeprefix(prefix)
        if member.startswith(prefix) and (inside == "saved_model.pb" or inside.startswith("variables/")):
            target = folder / inside
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(archive.read(opened, member, name, limits.unpacked_bytes))
    return folder


def _parsed(root: Path, name: str) -> Any:
    """The MetaGraphDef for serving."""
    from tensorflow.core.protobuf import saved_model_pb2

    description = saved_model_pb2.SavedModel()
    try:
        description.ParseFromString((root / "saved_model.pb").read_bytes())
    except Exception as error:  # protobuf's own error type depends on its version
        raise ModelFileError(
            f"saved_model.pb in {called(name)} is damaged. Export the model again."
        ) from error
    graphs = [graph for graph in description.meta_graphs if "serve" in graph.meta_info_def.tags]
    if len(graphs) != 1:
        raise ModelFileError(
            f"{called(name)} holds {len(graphs)} graphs for serving, not one. Export the model again."
        )
    if any(node.WhichOneof("kind") in ("asset", "resource") for node in graphs[0].object_graph_def.nodes):
        raise ModelFileError(
            f"{called(name)} refers to asset files or tables, which an image classifier does not need. Save the model as "
            ".keras instead: model.save('model.keras')."
        )
    return graphs[0]


def _signature(found: Any, name: str) -> Any:
    signatures = {
        key: value for key, value in found.signature_def.items() if not key.startswith("__saved_model")
    }
    signature = signatures.get("serving_default") or next(iter(signatures.values()), None)
    if signature is None:
        raise ModelFileError(
            f"{called(name)} has no serving signature. Export it with model.export(), or save it as .keras."
        )
    for ends, what in ((signature.inputs, "inputs"), (signature.outputs, "outputs")):
        if len(ends) != 1:
            raise several_ends(len(ends), what, name)
    return signature


def _check_dtype(source: Any, name: str) -> None:
    if source.dtype != tf.float32.as_datatype_enum:
        raise ModelFileError(
            f"{called(name)} takes {tf.as_dtype(source.dtype).name} instead of float32 numbers: encoded pictures or text, "
            "perhaps. Save the model behind its decoder as .keras: model.save('model.keras')."
        )


def _check_everything(graph: Any, name: str) -> None:
    """Every operation in the file is arithmetic or fills variables, whether the signature needs it or not."""
    for nodes in (graph.node, *(function.node_def for function in graph.library.function)):
        for node in nodes:
            if node.op not in PURE | _VARIABLES | RANDOM and node.op not in GROWING:
                raise refused_operation(node.op, name)


def _frozen(root: Path, result: str, name: str) -> Any:
    """The graph of one tensor with the variables' values in it."""
    try:
        with tf.Graph().as_default(), tf.compat.v1.Session() as session:
            tf.compat.v1.saved_model.load(session, ["serve"], str(root))
            definition = session.graph.as_graph_def()
            last = result.split(":")[0]
            frozen = tf.compat.v1.graph_util.convert_variables_to_constants(session, definition, [last])
            return _without_unused_functions(frozen)
    except (ValueError, KeyError, OSError, tf.errors.OpError) as error:
        if isinstance(error, tf.errors.ResourceExhaustedError):
            raise
        raise ModelFileError(
            f"{called(name)} cannot be read as a SavedModel: {str(error)[:200]} Export the model again."
        ) from error


def _without_unused_functions(graph: Any) -> Any:
    """The graph with only those functions that its nodes call, directly or by way of others."""
    functions = {function.signature.name: function for function in graph.library.function}
    waiting, used = list(graph.node), set()
    while waiting:
        node = waiting.pop()
        for called_function in (value.func.name for value in node.attr.values() if value.func.name):
            if called_function in functions and called_function not in used:
                used.add(called_function)
                waiting.extend(functions[called_function].node_def)
    kept = type(graph)()
    kept.CopyFrom(graph)
    del kept.library.function[:]
    kept.library.function.extend(functions[key] for key in sorted(used))
    return kept
