"""The layer table: every layer with its output's shape and its share of the parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from lib import html
from lib.architecture import Row, Table, one_line, shape_text, table
from lib.ui.models.kept import kept_per_network

if TYPE_CHECKING:
    from lib.network import Network

_ROW_HEIGHT = 35
_MOST_ROWS_AT_ONCE = 18


def architecture(network: Network) -> None:
    """The totals and the table."""
    layers = _table(network)
    st.html(f'<div class="mr"><p>{html.text(totals(layers))}</p></div>')
    st.dataframe(
        table_columns(layers),
        hide_index=True,
        height=_ROW_HEIGHT * (min(len(layers.rows), _MOST_ROWS_AT_ONCE) + 1) + 3,
        column_config={
            "layer": st.column_config.TextColumn("Layer", pinned=True),
            "kind": st.column_config.TextColumn("Kind"),
            "output": st.column_config.TextColumn("Output"),
            "activation": st.column_config.TextColumn("Activation"),
            "parameters": st.column_config.NumberColumn("Parameters", format="localized"),
            "share": st.column_config.ProgressColumn(
                "Share of all", format="percent", min_value=0.0, max_value=1.0, width="medium"
            ),
            "training": st.column_config.TextColumn(
                "Training",
                help="Whether fit() would change the parameters: BatchNorm's moving statistics follow the batches, but "
                "no gradient trains them.",
            ),
        },
        alt="The layers of the network in the order of the computation",
    )


@kept_per_network
def _table(network: Network) -> Table:
    return table(network.layers)


def totals(layers: Table) -> str:
    """How much there is, in a sentence."""
    frozen = layers.parameters - layers.trainable
    rest = f", {frozen:,} of them not trained by gradients" if frozen else ""
    return f"{len(layers.rows):,} layers, {layers.parameters:,} parameters{rest}."


def table_columns(layers: Table) -> dict[str, list[Any]]:
    """The table's columns; without that of the activations where no layer has one."""
    columns: dict[str, list[Any]] = {
        "layer": [one_line(row.layer.name) for row in layers.rows],
        "kind": [f"{row.layer.kind} {row.layer.settings}".strip() for row in layers.rows],
        "output": [shape_text(row.layer.shape) for row in layers.rows],
        # Nothing is easier to read than a column of zeros.
        "parameters": [row.parameters or None for row in layers.rows],
        "share": [row.share or None for row in layers.rows],
        "training": [_training(row) for row in layers.rows],
        "activation": [
            "" if row.layer.activation == "linear" else row.layer.activation for row in layers.rows
        ],
    }
    if not any(columns["activation"]):
        del columns["activation"]
    return columns


def _training(row: Row) -> str:
    if row.layer.repeated:
        return "counted above" if row.layer.parameters else ""
    if not row.parameters:
        return ""
    if row.trainable == row.parameters:
        return "trained"
    return "frozen" if not row.trainable else f"{row.trainable:,} of {row.parameters:,}"
