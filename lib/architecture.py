"""A network's layers as a table with shares of the parameters, and as a graph that can be drawn in one column.

Plain data about lib/layer.py's layers: no Keras, no browser. lib/ui/models/ shows it.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from lib.layer import PICTURE, Layer

# What follows a layer in a chain without giving the graph another shape: drawn together with the layer before.
_FOLLOWERS = frozenset(
    (
        *("BatchNormalization", "LayerNormalization", "GroupNormalization", "UnitNormalization"),
        *("Activation", "ReLU", "LeakyReLU", "PReLU", "ELU", "Softmax", "Sigmoid", "Relu", "Relu6", "Silu"),
        *("Dropout", "SpatialDropout2D", "AlphaDropout", "GaussianDropout", "GaussianNoise"),
        *("MaxPooling2D", "AveragePooling2D", "Flatten"),
    )
)
# What only prepares the next layer: drawn together with the layer after it.
_PREPARING = frozenset(("ZeroPadding2D", "Rescaling", "Normalization", "Reshape"))
_SHORT = {"BatchNormalization": "BatchNorm", "LayerNormalization": "LayerNorm", "ZeroPadding2D": "ZeroPad"}


# ---- the table ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Row:
    """A layer in the table.

    Attributes:
        parameters, trainable: those that belong to this row alone; a layer's second use has none.
        share: of all parameters, 0..1; 0 everywhere in a network without parameters.
    """

    layer: Layer
    parameters: int
    trainable: int
    share: float


@dataclass(frozen=True)
class Table:
    """All layers in the order of the computation, and what they add up to."""

    rows: tuple[Row, ...]
    parameters: int
    trainable: int


def table(layers: Sequence[Layer]) -> Table:
    """The layer table. Nested models have no row of their own: their layers have."""
    listed = [layer for layer in layers if not layer.nested]
    counts = [(0, 0) if layer.repeated else (layer.parameters, layer.trainable) for layer in listed]
    total = sum(parameters for parameters, _ in counts)
    rows = (
        Row(layer, parameters, trainable, parameters / total if total else 0.0)
        for layer, (parameters, trainable) in zip(listed, counts, strict=True)
    )
    return Table(tuple(rows), total, sum(trainable for _, trainable in counts))


def shape_text(shape: Sequence[int | None]) -> str:
    """A shape as people write it: "28 × 28 × 3", "200", "? × 64" where a size varies, "one number" without axes."""
    return " × ".join("?" if n is None else f"{n:,}" for n in shape) or "one number"


# ---- the graph ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Node:
    """One or several layers in a chain, or the picture (which has no layers)."""

    layers: tuple[Layer, ...]

    @property
    def name(self) -> str:
        """The last layer's name; PICTURE for the picture."""
        return self.layers[-1].name if self.layers else PICTURE

    @property
    def parameters(self) -> int:
        return sum(0 if layer.repeated else layer.parameters for layer in self.layers)

    @property
    def main(self) -> Layer | None:
        """The layer that the node is about: the first with parameters of its own kind, not what prepares or follows it."""
        for layer in self.layers:
            if layer.kind not in _FOLLOWERS | _PREPARING:
                return layer
        return self.layers[0] if self.layers else None

    @property
    def title(self) -> str:
        """What the node computes: "Conv2D 3×3, stride 2 → BatchNorm → relu"."""
        return " → ".join(part for layer in self.layers for part in _words(layer))


def _words(layer: Layer) -> list[str]:
    activation = "" if layer.activation == "linear" else layer.activation
    if layer.kind == "Activation":
        return [activation or "linear"]
    name = _SHORT.get(layer.kind, layer.kind)
    return [f"{name} {layer.settings}".strip(), *([activation] if activation else [])]


@dataclass(frozen=True)
class Graph:
    """Nodes in the order of the computation, the picture first.

    Attributes:
        edges: (from, to) indices of nodes; from < to.
    """

    nodes: tuple[Node, ...]
    edges: tuple[tuple[int, int], ...]

    @cached_property
    def rails(self) -> dict[int, int]:
        """Source node -> the rail, 1, 2, .., on which its output travels past other nodes.

        All nodes stand below each other in one column. An edge to the next node runs straight down; every other edge of a
        node leaves by the node's rail. Two rails overlap nowhere; short ones lie closest to the column.
        """
        ends: dict[int, int] = {}
        for source, target in self.edges:
            if target > source + 1:
                ends[source] = max(target, ends.get(source, 0))
        taken: list[list[tuple[int, int]]] = []
        found = {}
        for source, end in sorted(ends.items(), key=lambda span: (span[1] - span[0], span[0])):
            free = (
                rail
                for rail, spans in enumerate(taken)
                if all(end <= start or stop <= source for start, stop in spans)
            )
            rail = next(free, len(taken))
            if rail == len(taken):
                taken.append([])
            taken[rail].append((source, end))
            found[source] = rail + 1
        return found


def graph(layers: Sequence[Layer], folded: bool = False) -> Graph:
    """The graph of a network.

    Args:
        folded: draws chains such as padding, convolution, BatchNorm, activation, pooling as one node.
    """
    inner = {layer.name: layer.inputs for layer in layers if layer.nested}

    def behind(name: str) -> list[str]:
        """Nested models stand for the layer that gives their output."""
        return [source for given in inner[name] for source in behind(given)] if name in inner else [name]

    shown = [layer for layer in layers if not layer.nested]
    inputs = {
        layer.name: list(dict.fromkeys(source for given in layer.inputs for source in behind(given)))
        for layer in shown
    }
    chains = _chains(shown, inputs) if folded else [[layer] for layer in shown]
    chain_of = {layer.name: index for index, chain in enumerate(chains) for layer in chain} | {PICTURE: -1}
    sources = [
        {chain_of[source] for layer in chain for source in inputs[layer.name]} - {index}
        for index, chain in enumerate(chains)
    ]
    order = _branch_by_branch(sources)
    place = {chain: row + 1 for row, chain in enumerate(order)} | {-1: 0}
    nodes = (Node(()), *(Node(tuple(chains[index])) for index in order))
    edges = ((place[source], place[index]) for index, given in enumerate(sources) for source in given)
    return Graph(nodes, tuple(sorted(edges)))


def _chains(layers: Sequence[Layer], inputs: Mapping[str, list[str]]) -> list[list[Layer]]:
    """The layers in chains: a layer joins the one before it when it alone takes its output and only prepares or follows."""
    uses = Counter(source for sources in inputs.values() for source in sources)
    chain_of: dict[str, list[Layer]] = {}
    for layer in layers:
        before = inputs[layer.name]
        chain = chain_of.get(before[0]) if len(before) == 1 and uses[before[0]] == 1 else None
        if chain is not None and (layer.kind in _FOLLOWERS or all(one.kind in _PREPARING for one in chain)):
            chain.append(layer)
        else:
            chain = [layer]
        chain_of[layer.name] = chain
    return list({id(chain): chain for chain in chain_of.values()}.values())


def _branch_by_branch(sources: Sequence[set[int]]) -> list[int]:
    """Nodes in an order of computation that finishes a branch before it begins the next, short branches first.

    Args:
        sources: for each node those that it takes from, which may contain -1, the picture.
    """
    targets: dict[int, list[int]] = {index: [] for index in range(-1, len(sources))}
    for index, given in enumerate(sources):
        for source in given:
            targets[source].append(index)
    order, placed, height = [], {-1}, _heights(sources, targets)
    ready = sorted((i for i, given in enumerate(sources) if given <= placed), key=lambda i: (-height[i], -i))
    while ready:
        index = ready.pop()
        order.append(index)
        placed.add(index)
        freed = [target for target in targets[index] if sources[target] <= placed]
        # The last is next: of several branches the one that is shortest.
        ready += sorted(freed, key=lambda i: (-height[i], -i))
    return order


def _heights(sources: Sequence[set[int]], targets: Mapping[int, list[int]]) -> dict[int, int]:
    """Node -> how many nodes follow it on the longest way to the output."""
    waiting = {index: len(targets[index]) for index in range(len(sources))}
    height = dict.fromkeys(waiting, 0)
    done = [index for index, count in waiting.items() if count == 0]
    while done:
        index = done.pop()
        for source in sources[index] - {-1}:
            height[source] = max(height[source], height[index] + 1)
            waiting[source] -= 1
            if waiting[source] == 0:
                done.append(source)
    return height


# ---- names that people chose ----------------------------------------------------------------------------------------------


def one_line(text: str, longest: int = 80) -> str:
    """Somebody's text on one line: control, direction and line characters become visible, long texts are cut."""
    shown = "".join("␣" if unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp", "Cs") else c for c in text)
    return shown if len(shown) <= longest else shown[: longest - 1] + "…"


def to_dot(drawn: Graph) -> str:
    """The graph for Graphviz. Names are quoted: nothing in a layer's name becomes markup or an attribute."""
    lines = ["digraph network {", '  node [shape=box, style=rounded, fontname="sans-serif"];']
    for index, node in enumerate(drawn.nodes):
        last = node.layers[-1] if node.layers else None
        label = (
            "picture" if last is None else f"{node.title}\n{one_line(last.name)}\n{shape_text(last.shape)}"
        )
        lines.append(f"  n{index} [label={_dot_text(label)}];")
    lines += [f"  n{source} -> n{target};" for source, target in drawn.edges]
    return "\n".join([*lines, "}", ""])


def _dot_text(text: str) -> str:
    """A quoted string of the DOT language, which stays text: an HTML label would begin with "<" outside quotes."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
