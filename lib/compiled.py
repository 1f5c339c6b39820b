"""One compiled call: a forward pass as a TensorFlow graph. What goes into the pass is the business of its callers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any


def compiled(forward: Callable[..., Any], signature: Sequence[Any]) -> Callable[..., Any]:
    """`forward` traced once for tensors of `signature` (`tf.TensorSpec`s or nests of them), ready to be called.

    Without AutoGraph: our passes choose in Python, before they are traced, so there is nothing for it to convert. What it
    would do all the same is parse their source, and in CPython 3.11 and 3.12 two threads that parse at one moment can
    raise "AST constructor recursion depth mismatch" (github.com/python/cpython/issues/106905): one visitor's model would
    then fail another visitor's page, which Streamlit parses too.

    Raises whatever tracing raises, and TensorFlow's own error for a pass that lets Python decide on a tensor's value.
    """
    import tensorflow as tf  # Whoever only names this function does not wait for TensorFlow.

    return tf.function(forward, input_signature=signature, autograph=False).get_concrete_function()
