"""A frozen TensorFlow graph from a SavedModel as one Keras layer, after every operation in it was found to only compute.

Used on both sides: the separate process makes the graph, the app's process checks it again and runs it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import keras
import tensorflow as tf

from lib.picture.guards import called
from lib.zoo.own.allowed import named
from lib.zoo.own.limits import ModelFileError, ModelLimits
from lib.zoo.own.refusals import shown_text, too_many_parameters

# Arithmetic on tensors; nothing that reads or writes files, runs Python, loops, or keeps state.
PURE = named("""
    Abs Add AddN AddV2 All Any ArgMax ArgMin AvgPool BatchMatMul BatchMatMulV2 BatchMatMulV3 BatchToSpaceND BiasAdd Cast
    Ceil Clip ClipByValue Concat ConcatV2 Const Conv2D Conv2DBackpropInput Cos DepthToSpace DepthwiseConv2dNative Div
    DivNoNan Einsum Elu Equal Erf Exp ExpandDims Expm1 Floor FloorDiv FloorMod FusedBatchNorm FusedBatchNormV2
    FusedBatchNormV3 Gather GatherNd GatherV2 Greater GreaterEqual Identity IdentityN LeakyRelu Less LessEqual Log Log1p
    LogSoftmax LogicalAnd LogicalNot LogicalOr MatMul Max MaxPool MaxPoolV2 Maximum Mean Min Minimum Mul Neg NoOp
    NotEqual OnesLike Pack Placeholder Pow Prod Rank RealDiv Reciprocal Relu Relu6 Reshape ReverseV2 Round Rsqrt Select
    SelectV2 Selu Shape ShapeN Sigmoid Sign Sin Size Slice Softmax Softplus Softsign SpaceToBatchND SpaceToDepth Split
    SplitV Sqrt Square SquaredDifference Squeeze StopGradient StridedSlice Sub Sum Tanh Transpose Unpack ZerosLike
    Acos AdjustContrastv2 Asin Atan Atan2 BitwiseAnd BitwiseOr BitwiseXor Cosh Cumsum FloorMod HSVToRGB InvertPermutation
    EnsureShape L2Loss LRN LeftShift MatrixDiagV3 Mod RGBToHSV RightShift Rint Roll Sinh Tan Where
    StatelessRandomGetAlg StatelessRandomGetKeyCounter StatelessRandomGetKeyCounterAlg
    PartitionedCall StatefulPartitionedCall
""")
# These make tensors as large as one of their inputs says, which must follow from constants and shapes: operation -> place.
GROWING = {
    "Pad": 1,
    "PadV2": 1,
    "MirrorPad": 1,
    "ResizeBilinear": 1,
    "ResizeNearestNeighbor": 1,
    "ResizeBicubic": 1,
    "ResizeArea": 1,
    "Tile": 1,
    "Fill": 0,
    "ImageProjectiveTransformV3": 2,
    "LinSpace": 2,
    "OneHot": 1,
    "Range": 1,
    "ScatterNd": 2,
    "StatelessRandomNormalV2": 0,
    "StatelessRandomUniformV2": 0,
    "StatelessTruncatedNormalV2": 0,
    "BroadcastTo": 1,
}
_SHAPES = named("Const Shape ShapeN Rank Size")
_ON_SHAPES = named("""
    Add AddV2 Cast ConcatV2 ExpandDims GatherV2 Identity Maximum Minimum Mul Pack Prod Reshape Slice Squeeze StridedSlice
    Sub
""")
_CALLS = ("PartitionedCall", "StatefulPartitionedCall")


def check_graph(graph: Any, name: str, limits: ModelLimits) -> int:
    """Refuses a GraphDef with any operation but plain arithmetic; gives how many numbers its constants hold.

    Raises:
        ModelFileError: the message names the operation.
    """
    _check_calls(graph, name)
    numbers = nodes = 0
    for function in (graph.node, *(found.node_def for found in graph.library.function)):
        by_name = {node.name: node for node in function}
        for node in function:
            nodes += 1
            _check_node(node, by_name, name)
            if node.op == "Const":
                numbers += math.prod(max(d.size, 0) for d in node.attr["value"].tensor.tensor_shape.dim)
    if numbers > limits.parameters:
        raise too_many_parameters(numbers, name, limits)
    if nodes > 50 * limits.layers:
        raise ModelFileError(f"{called(name)} has {nodes:,} operations: it is too large for this app.")
    return numbers


def _check_node(node: Any, others: dict[str, Any], name: str) -> None:
    place = GROWING.get(node.op)
    if place is None:
        if node.op not in PURE:
            raise refused_operation(node.op, name)
        return
    if len(node.input) <= place or not _follows_from_shapes(node.input[place], others):
        raise ModelFileError(
            f"{called(name)} uses the operation “{node.op}” with a size that depends on the picture, which may fill the "
            "memory. Save the model as .keras instead: model.save('model.keras')."
        )


def _follows_from_shapes(tensor: str, others: dict[str, Any]) -> bool:
    """Whether a number is computed from constants and from tensors' shapes alone, never from their values."""
    waiting, seen = [tensor], set()
    while waiting:
        node = others.get(waiting.pop().removeprefix("^").split(":")[0])
        if node is None or node.op not in _ON_SHAPES | _SHAPES:
            return False
        if node.name not in seen and node.op not in _SHAPES:
            seen.add(node.name)
            waiting.extend(node.input)
    return True


def refused_operation(operation: str, name: str) -> ModelFileError:
    return ModelFileError(
        f"{called(name)} uses the TensorFlow operation “{shown_text(operation)}”, which does more than compute with pixels "
        "(files, Python, loops, tables, memory) or is not known here. Save the model as .keras instead: "
        "model.save('model.keras')."
    )


def _check_calls(graph: Any, name: str) -> None:
    """Functions may call functions, but none itself, not even by way of others."""
    calls = {
        function.signature.name: [node.attr["f"].func.name for node in function.node_def if node.op in _CALLS]
        for function in graph.library.function
    }
    finished: set[str] = set()
    for start in calls:
        path: list[tuple[str, Iterator[str]]] = [(start, iter(calls[start]))]
        inside = {start}
        while path:
            current, rest = path[-1]
            following = next((n for n in rest if n in calls and n not in finished), None)
            if following is None:
                path.pop()
                inside.discard(current)
                finished.add(current)
            elif following in inside:
                raise ModelFileError(
                    f"{called(name)} holds a function that calls itself, which may never end. Save the model as .keras "
                    "instead: model.save('model.keras')."
                )
            else:
                inside.add(following)
                path.append((following, iter(calls[following])))


class GraphLayer(keras.layers.Layer):
    """A graph with one input and one output, both float32, as a layer without weights of its own.

    Args:
        shape: of the output, without batch axis.
    """

    def __init__(
        self, graph: Any, source: str, result: str, shape: tuple[int | None, ...], name: str = "saved_model"
    ) -> None:
        super().__init__(name=name, trainable=False)
        self._shape = shape
        wrapped = tf.compat.v1.wrap_function(lambda: tf.graph_util.import_graph_def(graph, name=""), [])
        self._run = wrapped.prune(
            wrapped.graph.as_graph_element(source), wrapped.graph.as_graph_element(result)
        )

    def call(self, inputs: Any) -> Any:
        return tf.ensure_shape(self._run(inputs), (None, *self._shape))

    def get_config(self) -> dict[str, Any]:
        """A name for people; the layer cannot be made again from it."""
        return {"name": self.name}

    def compute_output_shape(self, input_shape: Any) -> Any:
        return (input_shape[0], *self._shape)


def model_of(
    graph: Any, source: str, result: str, shape: tuple[int | None, ...], scores: tuple[int | None, ...]
) -> keras.Model:
    """The graph as a functional model of one layer.

    Args:
        source, result: names of the tensors for the picture and for the scores.
        shape, scores: theirs, without batch axis.
    """
    inputs = keras.Input(shape, name="picture")
    return keras.Model(inputs, GraphLayer(graph, source, result, scores)(inputs), name="saved_model")
