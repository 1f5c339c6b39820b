"""Plotly figures of the Data set page. Class names are anybody's text: they go through `label`, for Plotly reads markup."""

from __future__ import annotations

import html
from collections.abc import Sequence
from typing import Any

import numpy as np

BLUE, ORANGE, GREEN, GRAY = "#3b82c4", "#d9822b", "#3f9d6b", "#8a949e"
COLOURS = (BLUE, ORANGE, GREEN, "#a46bc4", "#c4506b", "#7a8f2a")
CONFIG = {"displayModeBar": False}
_TRANSPARENT = "rgba(0,0,0,0)"


def label(name: object, longest: int = 18) -> str:
    """Text that Plotly shows as it is."""
    words = " ".join(str(name).split())
    short = words if len(words) <= longest else f"{words[: longest - 1]}…"
    # Plotly formats what stands between $ signs as mathematics.
    return html.escape(short, quote=False).replace("$", "&#36;")


def bare(figure: Any, height: int, **layout: Any) -> Any:
    """A figure without a frame, in the page's own colours."""
    figure.update_layout(
        height=height,
        margin={"l": 0, "r": 0, "t": 8, "b": 0},
        paper_bgcolor=_TRANSPARENT,
        plot_bgcolor=_TRANSPARENT,
        hoverlabel={"align": "left"},
        **layout,
    )
    return figure


def confusion_figure(table: np.ndarray, names: Sequence[str], chosen: tuple[int, int] | None) -> Any:
    """The confusion matrix: what an image is downwards, what it was read as to the right.

    Right answers are blue and errors orange, each by its share of the row; a click hits one point per cell, row by row.

    Args:
        table: int (K, K).
        chosen: the cell with a frame around it.
    """
    import plotly.graph_objects as go

    classes = len(names)
    shares = table / np.maximum(table.sum(1, keepdims=True), 1)
    own = np.eye(classes, dtype=bool)
    strong = shares > np.where(own, 0.6, 0.15)
    shown = [label(name, 12) for name in names]
    figure = go.Figure()
    for mask, scale, top in (
        (own, [[0, "#c5dcf0"], [1, "#3474b0"]], 1.0),
        (~own, [[0, "#f6dcc2"], [1, "#cf5a1a"]], 0.25),
    ):
        figure.add_heatmap(
            z=np.where(mask & (table > 0), shares, np.nan),
            zmin=0,
            zmax=top,
            colorscale=scale,
            showscale=False,
            hoverinfo="skip",
            xgap=1,
            ygap=1,
        )
    row, column = np.divmod(np.arange(classes * classes), classes)
    numbers = [f"{n:,}" if n else "" for n in table.ravel()]
    size = 11 if classes <= 16 else 9 if classes <= 27 else 7
    figure.add_scatter(
        x=column,
        y=row,
        mode="markers+text",
        marker={
            "symbol": "square",
            "size": max(8, 460 // classes),
            "color": _TRANSPARENT,
            "line": {"width": 0},
        },
        text=numbers,
        textfont={"size": size, "color": ["#ffffff" if dark else "#1c2630" for dark in strong.ravel()]},
        customdata=[
            [shown[i], shown[j], f"{n:,}", f"{100 * s:.1f}"]
            for i, j, n, s in zip(row, column, table.ravel(), shares.ravel(), strict=True)
        ],
        hovertemplate="%{customdata[2]} of “%{customdata[0]}” read as “%{customdata[1]}”, %{customdata[3]} %<extra></extra>",
        selected={"marker": {"opacity": 1}},
        unselected={"marker": {"opacity": 1}},
        showlegend=False,
    )
    if chosen is not None:
        y, x = chosen
        figure.add_shape(
            type="rect", x0=x - 0.5, x1=x + 0.5, y0=y - 0.5, y1=y + 0.5, line={"color": ORANGE, "width": 2}
        )
    axis = {
        "tickmode": "array",
        "tickvals": list(range(classes)),
        "ticktext": shown,
        "showgrid": False,
        "zeroline": False,
    }
    figure.update_xaxes(**axis, side="top", title="read as", range=[-0.5, classes - 0.5], fixedrange=True)
    figure.update_yaxes(**axis, title="is", range=[classes - 0.5, -0.5], fixedrange=True)
    return bare(figure, min(760, 140 + 22 * classes), dragmode=False, clickmode="event+select")
