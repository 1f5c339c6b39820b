"""Only graphs that compute, and whose size does not depend on the picture, are run."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tensorflow as tf

from lib.zoo.own import ModelFileError, check_file
from lib.zoo.own.graph import check_graph, model_of
from lib.zoo.own.limits import DEFAULT_MODEL_LIMITS


def graph_of(function: Any, *shape: int | None) -> Any:
    """The GraphDef of a Python function on a float32 picture."""
    specification = tf.TensorSpec((None, *shape), tf.float32, name="picture")
    return tf.function(function).get_concrete_function(specification).graph.as_graph_def()


def test_arithmetic_runs_as_a_layer() -> None:
    graph = graph_of(lambda x: tf.identity(tf.reshape(x, (-1, 4)) * 2.0 + 1.0, name="scores"), 2, 2)
    assert check_graph(graph, "m.zip", DEFAULT_MODEL_LIMITS) >= 4
    model = model_of(graph, "picture:0", "scores:0", (2, 2), (4,))
    np.testing.assert_array_equal(model(np.ones((3, 2, 2), np.float32)), np.full((3, 4), 3.0))


@pytest.mark.parametrize(
    ("function", "says"),
    [
        (lambda x: x + tf.strings.to_number(tf.io.read_file("/etc/passwd")), "“(ReadFile|StringToNumber)”"),
        (lambda x: tf.py_function(lambda y: y, [x], tf.float32), "“EagerPyFunc”"),
        (lambda x: x + tf.random.normal((2,)), "“RandomStandardNormal”"),
        (lambda x: tf.while_loop(lambda y: True, lambda y: y, [x])[0], "“(Stateless)?While”"),
        (lambda x: tf.fill((tf.cast(x[0, 0], tf.int32),), 1.0), "“Fill” with a size that depends"),
        (lambda x: tf.tile(x, (1, tf.cast(x[0, 0], tf.int32))), "“Tile” with a size that depends"),
        (lambda x: tf.pad(x, ((0, 0), (0, tf.cast(x[0, 0], tf.int32)))), "“Pad.*with a size that depends"),
    ],
)
def test_anything_else_is_refused_by_name(function: Any, says: str) -> None:
    with pytest.raises(ModelFileError, match=says):
        check_graph(graph_of(function, 2), "m.zip", DEFAULT_MODEL_LIMITS)


def test_an_operation_hidden_in_a_function_is_found() -> None:
    @tf.function
    def inner(x: Any) -> Any:
        return x + tf.cast(tf.timestamp(), tf.float32)

    with pytest.raises(ModelFileError, match="“Timestamp”"):
        check_graph(graph_of(lambda x: inner(x), 2), "m.zip", DEFAULT_MODEL_LIMITS)


def test_a_constant_that_declares_more_than_it_holds_is_counted_as_declared() -> None:
    graph = tf.compat.v1.GraphDef()
    node = graph.node.add(name="huge", op="Const")
    node.attr["value"].tensor.dtype = tf.float32.as_datatype_enum
    node.attr["value"].tensor.float_val.append(1.0)
    for size in (100_000, 100_000):
        node.attr["value"].tensor.tensor_shape.dim.add(size=size)
    with pytest.raises(ModelFileError, match="10,000,000,000 parameters"):
        check_graph(graph, "m.zip", DEFAULT_MODEL_LIMITS)


@pytest.mark.parametrize("names", [("a", "a"), ("a", "b")])
def test_functions_that_call_themselves_are_refused(names: tuple[str, str]) -> None:
    graph = tf.compat.v1.GraphDef()
    for name, other in zip(names, reversed(names), strict=True):
        function = graph.library.function.add()
        function.signature.name = name
        call = function.node_def.add(name="call", op="PartitionedCall")
        call.attr["f"].func.name = other
    with pytest.raises(ModelFileError, match="calls itself"):
        check_graph(graph, "m.zip", DEFAULT_MODEL_LIMITS)


def zipped(folder: Path) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for path in folder.rglob("*"):
            archive.write(path, f"model/{path.relative_to(folder).as_posix()}")
    return stream.getvalue()


class Spy(tf.Module):
    """Writes a file when it is called, and adds what is in another one."""

    @tf.function(input_signature=[tf.TensorSpec((None, 16, 16, 1), tf.float32)])
    def __call__(self, x: Any) -> Any:
        tf.io.write_file("/tmp/misread-was-here", "boom")
        return tf.reduce_mean(x, (1, 2))


class Tables(tf.Module):
    """Keeps a vocabulary file."""

    def __init__(self, path: str) -> None:
        super().__init__()
        self.file = tf.saved_model.Asset(path)

    @tf.function(input_signature=[tf.TensorSpec((None, 16, 16, 1), tf.float32)])
    def __call__(self, x: Any) -> Any:
        return tf.reduce_mean(x, (1, 2))


class Text(tf.Module):
    @tf.function(input_signature=[tf.TensorSpec((None,), tf.string)])
    def __call__(self, x: Any) -> Any:
        return tf.strings.length(x)


@pytest.mark.usefixtures("in_process")
def test_hostile_saved_models_are_refused_before_they_are_loaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def loaded(*arguments: object) -> None:
        raise AssertionError("TensorFlow was asked to load it")

    monkeypatch.setattr(tf.compat.v1.saved_model, "load", loaded)
    asset = tmp_path / "words.txt"
    asset.write_text("a\nb")
    for module, says in (
        (Spy(), "“WriteFile”"),
        (Tables(str(asset)), "asset files or tables"),
        (Text(), "string instead of float32"),
    ):
        folder = tmp_path / type(module).__name__
        tf.saved_model.save(module, str(folder))
        with pytest.raises(ModelFileError, match=says):
            check_file(zipped(folder), "m.zip")


@pytest.mark.usefixtures("in_process")
def test_a_saved_model_that_is_none_is_said_to_be_damaged(tmp_path: Path) -> None:
    for content, says in ((b"not a protobuf \xff\xff", "is damaged|holds 0 graphs"), (b"", "holds 0 graphs")):
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as archive:
            archive.writestr("saved_model.pb", content)
        with pytest.raises(ModelFileError, match=says):
            check_file(stream.getvalue(), "m.zip")
