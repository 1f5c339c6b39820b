"""A forward pass is traced once, without AutoGraph."""

import ast
import threading
from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf

from lib.compiled import compiled

ROW = [tf.TensorSpec((None, 2), tf.float32)]


def test_the_call_gives_what_the_function_gives() -> None:
    double = compiled(lambda batch: 2 * batch, ROW)
    assert double(tf.constant([[1.0, 3.0]])).numpy().tolist() == [[2.0, 6.0]]


def test_python_runs_once_for_batches_of_every_size() -> None:
    traced: list[int] = []

    def forward(batch: tf.Tensor) -> tf.Tensor:
        traced.append(1)
        return tf.reduce_sum(batch, axis=0)

    call = compiled(forward, ROW)
    for rows in (1, 2, 5):
        np.testing.assert_allclose(call(tf.ones((rows, 2))).numpy(), [rows, rows])
    assert traced == [1]


def test_no_source_is_parsed_while_a_pass_is_traced(monkeypatch: pytest.MonkeyPatch) -> None:
    here = threading.get_ident()
    original = ast.parse

    def parse(*args: object, **kwargs: object) -> ast.AST:
        assert threading.get_ident() != here, "tracing parsed Python source: AutoGraph is at work"
        return original(*args, **kwargs)

    def forward(batch: tf.Tensor) -> tf.Tensor:
        if batch.shape[-1] == 2:
            batch = batch + 1
        return batch

    monkeypatch.setattr(ast, "parse", parse)
    assert compiled(forward, ROW)(tf.zeros((1, 2))).numpy().tolist() == [[1.0, 1.0]]


def test_python_cannot_decide_on_a_value() -> None:
    def forward(batch: tf.Tensor) -> tf.Tensor:
        return batch if tf.reduce_sum(batch) > 0 else -batch

    with pytest.raises(tf.errors.OperatorNotAllowedInGraphError):
        compiled(forward, ROW)


def test_every_compiled_call_of_the_project_is_made_here() -> None:
    places = [
        path for path in Path("lib").rglob("*.py") if "tf.function(" in path.read_text(encoding="utf-8")
    ]
    assert places == [Path("lib/compiled.py")]
