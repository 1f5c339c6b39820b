"""The layer table adds up, the graph shows who takes from whom, and nobody's name becomes markup."""

from __future__ import annotations

import math
import random

import keras
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.architecture import PICTURE, Graph, Node, graph, one_line, shape_text, table, to_dot
from lib.unfold import PICTURE as PICTURE_OF_UNFOLD
from lib.unfold import Layer, unfold
from tests.keras_models import (
    BUILDS,
    branches,
    functional_convolution,
    layer_used_twice,
    nested_used_twice,
    two_levels,
)

L = keras.layers


def layers_of(model: keras.Model) -> tuple[Layer, ...]:
    return unfold(model).layers


def links(drawn: Graph) -> set[tuple[str, str]]:
    return {(drawn.nodes[a].name, drawn.nodes[b].name) for a, b in drawn.edges}


def residual() -> keras.Model:
    """Two residual blocks, the first with a convolution on its shortcut, in the manner of ResNet."""
    i = keras.Input((8, 8, 3))
    stem = L.ReLU(name="stem_relu")(L.BatchNormalization(name="stem_bn")(L.Conv2D(4, 3, name="stem")(i)))
    a = L.ReLU(name="a1_relu")(L.Conv2D(4, 3, padding="same", name="a1")(stem))
    a = L.BatchNormalization(name="a2_bn")(L.Conv2D(8, 3, padding="same", name="a2")(a))
    short = L.BatchNormalization(name="short_bn")(L.Conv2D(8, 1, name="short")(stem))
    x = L.ReLU(name="a_out")(L.Add(name="a_add")([short, a]))
    b = L.BatchNormalization(name="b1_bn")(L.Conv2D(8, 3, padding="same", name="b1")(x))
    x = L.ReLU(name="b_out")(L.Add(name="b_add")([x, b]))
    return keras.Model(i, L.Dense(2, name="out")(L.GlobalAveragePooling2D(name="mean")(x)))


# ---- the table ----------------------------------------------------------------------------------------------------------


def test_each_row_has_its_parameters_and_its_share() -> None:
    found = table(layers_of(functional_convolution()[0]))
    assert [(row.layer.name, row.parameters, row.trainable) for row in found.rows] == [
        ("conv", 4 * 9 + 4, 40),
        ("bn", 4 * 4, 8),
        ("relu", 0, 0),
        ("pool", 0, 0),
        ("flat", 0, 0),
        ("out", 144 * 3 + 3, 435),
    ]
    assert (found.parameters, found.trainable) == (491, 483)
    assert [row.share for row in found.rows] == [40 / 491, 16 / 491, 0, 0, 0, 435 / 491]


@pytest.mark.parametrize("build", BUILDS)
def test_the_total_is_keras_own_count_and_the_shares_sum_to_one(build: str) -> None:
    model, _ = BUILDS[build]()
    found = table(layers_of(model))
    assert found.parameters == model.count_params()
    assert found.trainable == sum(math.prod(w.shape) for w in model.trainable_weights)
    assert sum(row.share for row in found.rows) == pytest.approx(1)


def test_nested_models_are_listed_by_their_layers_and_a_second_use_counts_nothing() -> None:
    assert [row.layer.name for row in table(layers_of(two_levels()[0])).rows] == [
        "outer/inner/conv",
        "outer/inner/bn",
        "outer/relu",
        "flat",
        "out",
    ]
    counted = {row.layer.name: row.parameters for row in table(layers_of(nested_used_twice()[0])).rows}
    assert counted == {"base/step": 90, "base/step#2": 0, "out": 20}
    assert table(layers_of(layer_used_twice()[0])).rows[1].share == 0


def test_a_network_without_parameters_has_no_shares() -> None:
    i = keras.Input((4,))
    found = table(layers_of(keras.Model(i, L.Softmax()(i))))
    assert (found.parameters, [row.share for row in found.rows]) == (0, [0.0])


def test_shapes_are_written_as_people_write_them() -> None:
    assert [shape_text(s) for s in ((28, 28, 3), (1000,), (None, 64), ())] == [
        "28 × 28 × 3",
        "1,000",
        "? × 64",
        "one number",
    ]


# ---- the graph ----------------------------------------------------------------------------------------------------------


def test_the_picture_has_the_same_name_in_both_files() -> None:
    assert PICTURE == PICTURE_OF_UNFOLD


def test_branches_and_skips_are_edges() -> None:
    assert links(graph(layers_of(branches()[0]))) == {
        (PICTURE, "left"),
        (PICTURE, "right"),
        ("left", "sum"),
        ("right", "sum"),
        ("sum", "join"),
        ("left", "join"),
        ("join", "mean"),
        ("mean", "out"),
    }


def test_edges_lead_through_nested_models() -> None:
    assert links(graph(layers_of(two_levels()[0]))) == {
        (PICTURE, "outer/inner/conv"),
        ("outer/inner/conv", "outer/inner/bn"),
        ("outer/inner/bn", "outer/relu"),
        ("outer/relu", "flat"),
        ("flat", "out"),
    }


def test_chains_are_drawn_as_one_and_skips_stay() -> None:
    drawn = graph(layers_of(residual()), folded=True)
    assert [[layer.name for layer in node.layers] for node in drawn.nodes] == [
        [],
        ["stem", "stem_bn", "stem_relu"],
        ["short", "short_bn"],
        ["a1", "a1_relu"],
        ["a2", "a2_bn"],
        ["a_add", "a_out"],
        ["b1", "b1_bn"],
        ["b_add", "b_out"],
        ["mean"],
        ["out"],
    ]
    assert set(drawn.edges) == {
        (0, 1),
        (1, 2),
        (1, 3),
        (3, 4),
        (2, 5),
        (4, 5),
        (5, 6),
        (5, 7),
        (6, 7),
        (7, 8),
        (8, 9),
    }
    assert drawn.rails == {1: 1, 2: 2, 5: 1}, "the shortcut's rail passes beside the one that ends inside it"


def test_what_two_layers_take_is_not_folded_away() -> None:
    i = keras.Input((4,))
    x = L.Dense(4, name="dense")(i)
    y = L.ReLU(name="relu")(x)
    drawn = graph(layers_of(keras.Model(i, L.Add(name="add")([x, y]))), folded=True)
    assert [node.name for node in drawn.nodes] == [PICTURE, "dense", "relu", "add"]
    assert links(drawn) == {(PICTURE, "dense"), ("dense", "relu"), ("dense", "add"), ("relu", "add")}


def test_a_nodes_title_tells_what_it_computes() -> None:
    i = keras.Input((28, 28, 1))
    x = L.Conv2D(4, 3, strides=2, activation="relu", name="conv")(L.ZeroPadding2D(name="pad")(i))
    x = L.MaxPooling2D(2, name="pool")(L.Activation("silu", name="act")(L.BatchNormalization(name="bn")(x)))
    picture, node, *_ = graph(layers_of(keras.Model(i, L.Dense(2)(L.Flatten()(x)))), folded=True).nodes
    assert picture.title == ""
    assert (
        node.title == "ZeroPad → Conv2D 3×3, stride 2 → relu → BatchNorm → silu → MaxPooling2D 2×2 → Flatten"
    )
    assert node.main is not None and node.main.name == "conv"
    assert node.parameters == 4 * 9 + 4 + 16


def test_resnet50_is_readable() -> None:
    layers = layers_of(keras.applications.ResNet50(weights=None))
    drawn = graph(layers, folded=True)
    assert table(layers).parameters == 25_636_712
    assert len(layers) == 176 and len(drawn.nodes) == 73
    assert max(drawn.rails.values()) == 2
    joins = [b for b, node in enumerate(drawn.nodes) if node.main and node.main.kind == "Add"]
    assert len(joins) == 16
    assert all(sum(target == join for _, target in drawn.edges) == 2 for join in joins)


@st.composite
def random_layers(draw: st.DrawFn) -> list[Layer]:
    """Any acyclic network: each layer takes from some of those before it."""
    count = draw(st.integers(1, 14))
    rng = random.Random(draw(st.integers(0, 10**6)))
    kinds = ["Conv2D", "BatchNormalization", "ReLU", "Add", "ZeroPadding2D", "MaxPooling2D"]
    layers = []
    for index in range(count):
        known = [PICTURE, *(layer.name for layer in layers)]
        inputs = tuple(rng.sample(known, rng.randint(1, min(3, len(known)))))
        layers.append(Layer(f"l{index}", rng.choice(kinds), "", (1,), 1, inputs))
    return layers


@given(random_layers(), st.booleans())
def test_any_network_is_drawn_completely_and_downwards(layers: list[Layer], folded: bool) -> None:
    drawn = graph(layers, folded)
    assert sorted(layer.name for node in drawn.nodes for layer in node.layers) == sorted(
        x.name for x in layers
    )
    assert all(source < target for source, target in drawn.edges)
    row = {layer.name: index for index, node in enumerate(drawn.nodes) for layer in node.layers} | {
        PICTURE: 0
    }
    wanted = {(row[given], row[layer.name]) for layer in layers for given in layer.inputs}
    assert set(drawn.edges) == {(a, b) for a, b in wanted if a != b}


@given(random_layers())
def test_no_two_rails_overlap(layers: list[Layer]) -> None:
    drawn = graph(layers)
    past_others = {a for a, b in drawn.edges if b > a + 1}
    assert set(drawn.rails) == past_others
    spans = [(rail, a, max(b for s, b in drawn.edges if s == a)) for a, rail in drawn.rails.items()]
    for i, (rail, start, stop) in enumerate(spans):
        for other, begin, end in spans[:i]:
            assert rail != other or stop <= begin or end <= start


# ---- hostile names --------------------------------------------------------------------------------------------------------

HOSTILE = ['"];evil[label="x', "<b>bold</b>", "a\nb\\", "{record|x}", "\u202egnp.exe", "\\"]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_stays_text_in_the_graphviz_file(name: str) -> None:
    node = Node((Layer(name, "Dense", "", (2,), 0),))
    text = to_dot(Graph((Node(()), node), ((0, 1),)))
    lines = text.splitlines()
    assert len(lines) == 6, "no line of its own"
    label = lines[3].removeprefix("  n1 [label=").removesuffix("];")
    inner = label[1:-1].replace("\\\\", "").replace('\\"', "")
    assert label[0] == label[-1] == '"' and '"' not in inner
    assert not inner.endswith("\\"), "the closing quote is not escaped"


def test_names_are_one_short_line() -> None:
    assert one_line("a\nb\t\u202ec\u2028") == "a␣b␣␣c␣"
    assert one_line("x" * 100, 10) == "x" * 9 + "…"
    assert one_line("größer × 2") == "größer × 2"
