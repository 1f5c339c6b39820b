"""Opens a zipped SavedModel: takes the graph of its serving signature, with the variables as constants, and nothing else.

Runs in the separate process. Layers cannot be seen in such a file: it is shown as one.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tensorflow as tf

from lib.picture.guards import called
from lib.zoo.own import archive
from lib.zoo.own.allowed import named
from lib.zoo.own.graph import GROWING, PURE, check_graph, refused_operation
from lib.zoo.own.limits import ModelFileError, ModelLimits
from lib.zoo.own.refusals import several_ends, shown_text

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
    _check_executed(found, result.name, name)
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


def _check_executed(found: Any, result: str, name: str) -> None:
    """Everything that loading and running executes is arithmetic, or fills variables from the file."""
    initial = found.signature_def.get("__saved_model_init_op")
    starts = [result, found.saver_def.restore_op_name]
    starts += [end.name for end in initial.outputs.values()] if initial is not None else []
    starts += [key for collection in found.collection_def.values() for key in collection.node_list.value]
    for node in _executed(found.graph_def, starts):
        if node.op not in PURE | _VARIABLES and node.op not in GROWING:
            raise refused_operation(node.op, name)


def _executed(graph: Any, starts: list[str]) -> Iterator[Any]:
    """The nodes that these ones need, and all nodes of every function that is called on the way."""
    nodes = {node.name: node for node in graph.node}
    functions = {function.signature.name: function for function in graph.library.function}
    waiting = [nodes[found] for start in starts if (found := _node_name(start)) in nodes]
    seen = {node.name for node in waiting}
    while waiting:
        node = waiting.pop()
        yield node
        for needed in map(_node_name, node.input):
            if needed in nodes and needed not in seen:
                seen.add(needed)
                waiting.append(nodes[needed])
        for function in _called(node, functions):
            if f"function {function}" not in seen:
                seen.add(f"function {function}")
                # Their inputs are names inside the function: the nodes are taken as they are, all of them.
                yield from functions[function].node_def
                waiting.extend(_callers(functions[function].node_def, functions))


def _callers(nodes: Any, functions: dict[str, Any]) -> list[Any]:
    """Copies of those nodes that call functions, without their inputs."""
    found = []
    for node in nodes:
        if _called(node, functions):
            copy = type(node)()
            copy.CopyFrom(node)
            del copy.input[:]
            found.append(copy)
    return found


def _called(node: Any, functions: dict[str, Any]) -> list[str]:
    values = [
        name for value in node.attr.values() for name in (value.func.name, *(f.name for f in value.list.func))
    ]
    return [name for name in values if name in functions]


def _node_name(tensor: str) -> str:
    return tensor.removeprefix("^").split(":")[0]


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
            f"{called(name)} cannot be read as a SavedModel: {shown_text(str(error).splitlines()[0], 200)} Export it with "
            "model.export(), or save it as .keras: model.save('model.keras')."
        ) from error


def _without_unused_functions(graph: Any) -> Any:
    """The graph with only those functions that its nodes call, directly or by way of others."""
    functions = {function.signature.name: function for function in graph.library.function}
    used = {
        name
        for node in _executed(graph, [node.name for node in graph.node])
        for name in _called(node, functions)
    }
    kept = type(graph)()
    kept.CopyFrom(graph)
    del kept.library.function[:]
    kept.library.function.extend(functions[key] for key in sorted(used))
    return kept
