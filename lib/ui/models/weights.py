"""The weights of a network: a layer's histograms, and all arrays in one table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import streamlit as st

from lib import html
from lib.architecture import one_line, shape_text
from lib.ui.models.kept import kept_per_network
from lib.weights import BINS, WeightArray, weights

if TYPE_CHECKING:
    from lib.network import Network

_BARS = 30  # of the small histograms in the table
_PLOT_HEIGHT = 210
_ROW_HEIGHT, _MOST_ROWS_AT_ONCE = 35, 18
_BLUE = "#3b82c4"  # of the convolutions in the graph; stands out in light and dark


def weight_histograms(network: Network) -> None:
    """A layer to choose, its histograms, and the table."""
    arrays = _weights(network)
    if not arrays:
        st.html('<div class="mr"><p>This network has no weights.</p></div>')
        return
    broken = sum(array.nans + array.infinities > 0 for array in arrays)
    if broken:
        st.error(
            f"{broken} of {len(arrays)} weight arrays hold NaN or infinite numbers: see the table below."
        )
    layers = list(dict.fromkeys(array.layer for array in arrays))
    kinds = {array.layer: array.kind for array in arrays}
    layer, scale = st.columns([3, 1], vertical_alignment="bottom")
    chosen = layer.selectbox(
        "Layer",
        layers,
        format_func=lambda name: f"{one_line(name)} ({kinds[name]})",
        key=f"weights_layer_{network.name}",
    )
    logarithmic = scale.toggle("Logarithmic counts", key="weights_logarithmic")
    shown = [array for array in arrays if array.layer == chosen]
    for start in range(0, len(shown), 2):
        for place, array in zip(st.columns(2, gap="medium"), shown[start : start + 2], strict=False):
            with place:
                _histogram(array, logarithmic, f"{network.name}_{start}_{array.name}")
    st.html(f'<div class="mr"><h4>All {len(arrays)} weight arrays</h4></div>')
    _overview(arrays)


@kept_per_network
def _weights(network: Network) -> tuple[WeightArray, ...]:
    return weights(network)


def _histogram(array: WeightArray, logarithmic: bool, key: str) -> None:
    note = f'<p class="hint">{html.text(array.note)}</p>' if array.note else ""
    st.html(
        f'<div class="mr"><h4>{html.text(array.name)} <small>{html.text(shape_text(array.shape))}</small></h4>'
        f'<div class="facts">{html.text(array.sentence())}</div>{note}</div>'
    )
    st.plotly_chart(
        figure(array, logarithmic),
        key=f"histogram_{key}",
        config={"displayModeBar": False},
        alt=f"Histogram of the weights: {array.sentence()}",
    )


def figure(array: WeightArray, logarithmic: bool = False) -> Any:
    """The histogram as a Plotly figure; no text of the model's is in it, for Plotly would read it as markup."""
    import plotly.graph_objects as go

    centres = (array.edges[:-1] + array.edges[1:]) / 2
    bars = go.Bar(
        x=centres,
        y=array.counts,
        width=np.diff(array.edges),
        marker={"color": _BLUE, "line_width": 0},
        hovertemplate="%{y:,} near %{x:.3g}<extra></extra>",
    )
    plot = go.Figure(bars)
    plot.update_layout(
        height=_PLOT_HEIGHT,
        margin={"l": 0, "r": 0, "t": 8, "b": 0},
        bargap=0,
        showlegend=False,
        yaxis={"type": "log" if logarithmic else "linear", "tickformat": ",", "nticks": 5},
        xaxis={"nticks": 7, "zeroline": True},
    )
    return plot


def _overview(arrays: tuple[WeightArray, ...]) -> None:
    st.dataframe(
        overview_columns(arrays),
        hide_index=True,
        height=_ROW_HEIGHT * (min(len(arrays), _MOST_ROWS_AT_ONCE) + 1) + 3,
        column_config={
            "layer": st.column_config.TextColumn("Layer", pinned=True),
            "weight": st.column_config.TextColumn("Weight"),
            "shape": st.column_config.TextColumn("Shape"),
            "histogram": st.column_config.BarChartColumn("Histogram", width="small", y_min=0),
            "mean": st.column_config.NumberColumn("Mean", format="%.3g", width="small"),
            "sd": st.column_config.NumberColumn("Sd", format="%.3g", width="small"),
            "low": st.column_config.NumberColumn("Lowest", format="%.3g", width="small"),
            "high": st.column_config.NumberColumn("Highest", format="%.3g", width="small"),
            "zeros": st.column_config.NumberColumn("Zeros", format="percent", width="small"),
            "note": st.column_config.TextColumn("Remark"),
        },
        alt="Statistics of every weight array",
    )


def overview_columns(arrays: tuple[WeightArray, ...]) -> dict[str, list[Any]]:
    """The table's columns; zeros and remarks only where there are any."""
    columns: dict[str, list[Any]] = {
        "layer": [one_line(array.layer) for array in arrays],
        "weight": [one_line(array.name) for array in arrays],
        "shape": [shape_text(array.shape) for array in arrays],
        "histogram": [array.counts.reshape(_BARS, BINS // _BARS).sum(axis=1).tolist() for array in arrays],
        "mean": [array.mean for array in arrays],
        "sd": [array.sd for array in arrays],
        "low": [array.low for array in arrays],
        "high": [array.high for array in arrays],
        "zeros": [array.zeros / array.count or None for array in arrays],
        "note": [_remark(array) for array in arrays],
    }
    return {
        name: column for name, column in columns.items() if any(value not in (None, "") for value in column)
    }


def _remark(array: WeightArray) -> str:
    if array.nans or array.infinities:
        return f"{array.nans:,} NaN, {array.infinities:,} infinite"
    return array.note
