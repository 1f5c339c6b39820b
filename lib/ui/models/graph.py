"""The network as a drawn graph: one column of layers with rails for what skips some of them (frontend/graph.js)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from lib.architecture import Graph, Node, graph, one_line, shape_text, to_dot
from lib.ui import wire
from lib.ui.component import view
from lib.ui.models.kept import kept_per_network

if TYPE_CHECKING:
    from lib.network import Network

_view = view("graph")
# Up to so many layers are drawn one by one unless the visitor wants chains.
_FEW = 16
_CHAINS, _EVERY = "Chains as one", "Every layer"
_FAMILIES = {
    "convolution": ("Conv", "Depthwise", "Separable"),
    "dense": ("Dense", "EinsumDense"),
    "pooling": ("MaxPool", "AveragePool", "GlobalAverage", "GlobalMax"),
    "joining": ("Add", "Concatenate", "Multiply", "Subtract", "Average", "Maximum", "Minimum", "Dot"),
}


def network_graph(network: Network) -> None:
    """The switch between folded and full, and the drawing."""
    layers = [layer for layer in network.layers if not layer.nested]
    usual = _CHAINS if len(layers) > _FEW else _EVERY
    with st.container(horizontal=True, vertical_alignment="center"):
        chosen = st.segmented_control(
            "Draw",
            [_CHAINS, _EVERY],
            default=usual,
            required=True,
            key=f"graph_folding_{network.name}",
            label_visibility="collapsed",
        )
        folded = chosen == _CHAINS
        drawn = _graph(network, folded)  # the button keeps it, and must not keep the network
        st.download_button(
            "Graphviz file",
            lambda: to_dot(drawn),
            f"{one_line(network.name)}.dot",
            "text/vnd.graphviz",
            on_click="ignore",
            icon=":material/download:",
            type="tertiary",
        )
    _view(key=f"graph_{network.name}", data=_message(network, folded))


@kept_per_network
def _graph(network: Network, folded: bool) -> Graph:
    return graph(network.layers, folded)


@kept_per_network
def _message(network: Network, folded: bool) -> bytes:
    return graph_message(_graph(network, folded), network.contract.input_shape)


def graph_message(drawn: Graph, input_shape: tuple[int, ...]) -> bytes:
    """What the browser is sent. All names are text there, never markup."""
    largest = max((node.parameters for node in drawn.nodes), default=0) or 1
    nodes = [
        {
            "title": node.title or "The picture",
            "name": one_line(node.name) or "input",
            "family": family(node),
            "shape": shape_text(node.layers[-1].shape if node.layers else input_shape),
            "parameters": node.parameters,
            "bar": node.parameters / largest,
            "layers": [
                [
                    one_line(layer.name),
                    f"{layer.kind} {layer.settings}".strip(),
                    shape_text(layer.shape),
                    0 if layer.repeated else layer.parameters,
                ]
                for layer in node.layers
            ],
        }
        for node in drawn.nodes
    ]
    rails = [drawn.rails.get(index, 0) for index in range(len(drawn.nodes))]
    return wire.pack({"nodes": nodes, "edges": drawn.edges, "rails": rails})


def family(node: Node) -> str:
    """What a node's colour tells: "picture", one of the families, or "other"."""
    main = node.main
    if main is None:
        return "picture"
    for name, beginnings in _FAMILIES.items():
        if main.kind.startswith(beginnings):
            return name
    return "other"
