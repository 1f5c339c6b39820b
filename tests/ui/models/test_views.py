"""What the tables, the graph, the histograms and the wall of filters are given."""

from __future__ import annotations

import keras
import numpy as np

from lib.architecture import Graph, Node, graph, table
from lib.filters import Filters
from lib.ui.models.architecture import table_columns, totals
from lib.ui.models.filters import filters_message
from lib.ui.models.graph import family, graph_message
from lib.ui.models.weights import figure, overview_columns
from lib.ui.wire import unpack
from lib.unfold import Layer, unfold
from lib.weights import describe
from tests.keras_models import branches, functional_convolution, layer_used_twice

EVIL = "<script>alert(1)</script>\n"


def layers_of(model: keras.Model) -> tuple[Layer, ...]:
    return unfold(model).layers


# ---- the layer table ------------------------------------------------------------------------------------------------------


def test_the_layer_tables_columns() -> None:
    layers = table(layers_of(functional_convolution()[0]))
    columns = table_columns(layers)
    assert columns["layer"] == ["conv", "bn", "relu", "pool", "flat", "out"]
    assert columns["kind"][:4] == ["Conv2D 3×3", "BatchNormalization", "ReLU", "MaxPooling2D 4×4"]
    assert columns["output"][0] == "26 × 26 × 4"
    assert columns["parameters"] == [40, 16, None, None, None, 435]
    assert columns["training"] == ["trained", "8 of 16", "", "", "", "trained"]
    assert "activation" not in columns, "no layer has one"
    assert totals(layers) == "6 layers, 491 parameters, 8 of them not trained by gradients."


def test_frozen_and_repeated_layers_say_so() -> None:
    model, _ = layer_used_twice()
    model.get_layer("shared").trainable = False
    columns = table_columns(table(layers_of(model)))
    assert columns["training"] == ["frozen", "counted above", "trained"]
    assert columns["activation"] == ["relu", "relu", ""]


def test_a_hostile_layer_name_is_one_line_of_text() -> None:
    layers = table([Layer(EVIL, "Dense", "", (2,), 4)])
    assert table_columns(layers)["layer"] == ["<script>alert(1)</script>␣"]


# ---- the graph ------------------------------------------------------------------------------------------------------------


def test_the_graphs_message() -> None:
    layers = layers_of(branches()[0])
    header, arrays = unpack(graph_message(graph(layers), (32, 32, 3)))
    assert arrays == {}
    assert [node["title"] for node in header["nodes"]] == [
        "The picture",
        "Conv2D 3×3, stride 4",
        "Conv2D 5×5, stride 4 → relu",
        "Add",
        "Concatenate",
        "GlobalAveragePooling2D",
        "Dense",
    ]
    assert header["nodes"][0]["shape"] == "32 × 32 × 3"
    assert [node["parameters"] for node in header["nodes"]] == [0, 112, 304, 0, 0, 0, 27]
    assert [node["bar"] for node in header["nodes"]][:3] == [0, 112 / 304, 1]
    assert header["edges"] == [[0, 1], [0, 2], [1, 3], [1, 4], [2, 3], [3, 4], [4, 5], [5, 6]]
    assert header["rails"] == [1, 2, 0, 0, 0, 0, 0]
    assert header["nodes"][1]["layers"] == [["left", "Conv2D 3×3, stride 4", "8 × 8 × 4", 112]]


def test_families_colour_the_nodes() -> None:
    kinds = [
        "Conv2D",
        "DepthwiseConv2D",
        "Dense",
        "MaxPooling2D",
        "GlobalAveragePooling2D",
        "Concatenate",
        "Flatten",
    ]
    nodes = [Node(()), *(Node((Layer(kind, kind, "", (1,), 0),)) for kind in kinds)]
    assert [family(node) for node in nodes] == [
        *("picture", "convolution", "convolution", "dense", "pooling", "pooling", "joining", "other")
    ]


def test_a_network_without_parameters_has_empty_bars() -> None:
    header, _ = unpack(graph_message(Graph((Node(()),), ()), (4,)))
    assert header["nodes"][0]["bar"] == 0


# ---- the weights ----------------------------------------------------------------------------------------------------------


def test_the_histogram_shows_every_number_and_no_name() -> None:
    array = describe(np.array([0.0, 1.0, 1.0]), EVIL, "Dense", EVIL)
    plot = figure(array, logarithmic=True)
    (bars,) = plot.data
    assert sum(bars.y) == 3 and bars.x[0] == 1 / 120 and bars.width[0] == 1 / 60
    assert plot.layout.yaxis.type == "log"
    assert "script" not in plot.to_json()


def test_the_overviews_columns() -> None:
    plain, broken = (
        describe(np.array([1.0, 2.0]), "a", "Dense", "bias"),
        describe(np.array([np.nan, 0.0]), "b"),
    )
    columns = overview_columns((plain, broken))
    assert columns["layer"] == ["a", "b"]
    assert [sum(bars) for bars in columns["histogram"]] == [2, 1] and len(columns["histogram"][0]) == 30
    assert columns["zeros"] == [None, 0.5]
    assert columns["note"] == ["", "1 NaN, 0 infinite"]
    assert set(overview_columns((plain,))) == {
        *("layer", "weight", "shape", "histogram", "mean", "sd", "low", "high")
    }


# ---- the filters ----------------------------------------------------------------------------------------------------------


def wall(count: int) -> Filters:
    return Filters(
        "x", "Dense", np.arange(count, dtype=np.float32)[:, None, None] * np.ones((1, 2, 3), np.float32)
    )


def test_the_walls_message() -> None:
    header, arrays = unpack(filters_message(wall(5)))
    assert header["units"] == [0, 1, 2, 3, 4] and header["word"] == "unit"
    assert header["bound"] == 4 and header["colour"] is False
    assert arrays["pictures"].shape == (5, 2, 3, 3) and arrays["ramp"].shape == (52, 3)


def test_the_strongest_come_first_with_their_own_numbers_and_pictures() -> None:
    plain, pictures = unpack(filters_message(wall(5)))
    header, arrays = unpack(filters_message(wall(5), strongest_first=True))
    assert header["units"] == [4, 3, 2, 1, 0] and header["sizes"] == [4, 3, 2, 1, 0]
    np.testing.assert_array_equal(arrays["pictures"], pictures["pictures"][::-1])
    assert plain["sizes"] == [0, 1, 2, 3, 4]


def test_own_scales_have_no_common_bound_and_colours_no_table() -> None:
    header, _ = unpack(filters_message(wall(2), one_scale=False))
    assert header["bound"] is None
    colour = Filters("x", "Conv2D", np.ones((2, 1, 1, 3), np.float32))
    header, arrays = unpack(filters_message(colour))
    assert header["colour"] is True and header["word"] == "filter" and "ramp" not in arrays


def test_at_most_256_pictures_are_sent_at_once() -> None:
    header, arrays = unpack(filters_message(wall(600), first=512))
    assert header["units"] == list(range(512, 600)) and len(arrays["pictures"]) == 88
    assert len(unpack(filters_message(wall(600)))[0]["units"]) == 256
