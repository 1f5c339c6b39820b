"""Plotly figures with curves and histograms: reliability, two sets under one score, sweeps. Colours and labels: `charts`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from lib.evaluate.axis import Value
from lib.evaluate.counts import share
from lib.evaluate.reliability import Calibrated
from lib.evaluate.sweep import Sweep, grid_of
from lib.evaluate.unknown import Separation
from lib.ui.dataset.charts import BLUE, COLOURS, GRAY, ORANGE, bare, label

_LEGEND = {"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0}


def reliability_figure(found: Calibrated) -> Any:
    """Accuracy over confidence, before and after; below the diagonal is overconfidence. The bars are counts."""
    import plotly.graph_objects as go

    figure = go.Figure()
    figure.add_scatter(
        x=[0, 1],
        y=[0, 1],
        mode="lines",
        line={"color": GRAY, "dash": "dot"},
        name="as it should be",
        hoverinfo="skip",
    )
    for name, figures, colour in (("before", found.before, ORANGE), ("after", found.after, BLUE)):
        bins = [entry for entry in figures.bins if entry.right.n]
        figure.add_scatter(
            x=[entry.confidence for entry in bins],
            y=[entry.right.value for entry in bins],
            error_y={
                "type": "data",
                "symmetric": False,
                "array": [entry.right.high - entry.right.value for entry in bins],
                "arrayminus": [entry.right.value - entry.right.low for entry in bins],
                "width": 0,
                "thickness": 1,
            },
            mode="lines+markers",
            line={"color": colour, "width": 2},
            marker={"size": [5 + 9 * (entry.right.n / figures.n) ** 0.5 for entry in bins]},
            name=name,
            customdata=[[entry.right.n, entry.right.count] for entry in bins],
            hovertemplate="sure %{x:.1%}: %{customdata[1]:,} of %{customdata[0]:,} right (%{y:.1%})<extra></extra>",
        )
    figure.update_xaxes(title="how sure", range=[0, 1.02], tickformat=".0%", zeroline=False)
    figure.update_yaxes(title="how often right", range=[0, 1.02], tickformat=".0%", zeroline=False)
    return bare(figure, 420, legend=_LEGEND)


def separation_figure(found: Separation, threshold: float) -> Any:
    """Both histograms over one score, each as a share of its set, and the threshold."""
    import plotly.graph_objects as go

    both = np.concatenate([found.inside, found.outside])
    low, high = np.quantile(both, (0.005, 0.995))
    edges = np.linspace(low, high if high > low else low + 1, 41)
    figure = go.Figure()
    for name, values, colour in (("this data set", found.inside, BLUE), ("outsiders", found.outside, ORANGE)):
        counts, _ = np.histogram(np.clip(values, edges[0], edges[-1]), edges)
        figure.add_bar(
            x=(edges[:-1] + edges[1:]) / 2,
            y=counts / len(values),
            width=np.diff(edges),
            marker={"color": colour, "line_width": 0},
            opacity=0.6,
            name=name,
            hovertemplate="%{y:.1%} near %{x:.3g}<extra>" + name + "</extra>",
        )
    figure.add_vline(x=float(np.clip(threshold, edges[0], edges[-1])), line={"color": GRAY, "dash": "dash"})
    figure.update_yaxes(tickformat=".0%", title="share of the set")
    figure.update_xaxes(title=label(found.name, 40))
    return bare(figure, 320, barmode="overlay", bargap=0, legend=_LEGEND)


def sweep_figure(sweeps: Sequence[Sweep], here: Value | None) -> Any:
    """Accuracy (full line, with its interval) and mean confidence (dotted) of each network over one parameter.

    Args:
        here: the value that the visitor's own picture has in the Lab, marked; None without.
    """
    import plotly.graph_objects as go

    figure = go.Figure()
    for sweep, colour in zip(sweeps, COLOURS * 4, strict=False):
        x = [entry.values[0] for entry in sweep.points]
        shares = [share(entry.point.right, entry.point.n) for entry in sweep.points]
        name = label(sweep.title, 40)
        own = [
            "" if entry.own is None else f"<br>your picture: {label(entry.own[0])}, {entry.own[1]:.1%}"
            for entry in sweep.points
        ]
        figure.add_scatter(
            x=[*x, *x[::-1]],
            y=[*(s.high for s in shares), *(s.low for s in shares[::-1])],
            mode="lines",
            fill="toself",
            fillcolor=colour,
            opacity=0.12,
            line={"width": 0},
            hoverinfo="skip",
            showlegend=False,
        )
        figure.add_scatter(
            x=x,
            y=[s.value for s in shares],
            mode="lines+markers",
            line={"color": colour, "width": 2},
            name=name,
            customdata=[
                [f"{e.point.confidence:.1%}", said] for e, said in zip(sweep.points, own, strict=True)
            ],
            hovertemplate="%{x}: %{y:.1%} right, %{customdata[0]} sure%{customdata[1]}<extra>"
            + name
            + "</extra>",
        )
        figure.add_scatter(
            x=x,
            y=[entry.point.confidence for entry in sweep.points],
            mode="lines",
            line={"color": colour, "width": 1.5, "dash": "dot"},
            name=f"{name}: how sure",
            showlegend=len(sweeps) == 1,
            hoverinfo="skip",
        )
    axis = sweeps[0].axes[0]
    if here is not None:
        figure.add_vline(
            x=here,
            line={"color": GRAY, "dash": "dash"},
            annotation={"text": "your picture is here", "font": {"color": GRAY}},
        )
    unit = f" ({axis.unit})" if axis.unit else ""
    figure.update_xaxes(title=f"{axis.title}{unit}", zeroline=False)
    figure.update_yaxes(
        range=[0, 1.02], tickformat=".0%", title="right (solid), sure (dotted)", zeroline=False
    )
    return bare(figure, 440, legend=_LEGEND)


def map_figure(sweep: Sweep, here: tuple[Value, Value] | None, sure: bool = False) -> Any:
    """Accuracy (or, `sure`, how much surer the network is than right) over two parameters."""
    import plotly.graph_objects as go

    first, second = sweep.axes
    table = np.full((len(first.values), len(second.values)), np.nan)
    for place, entry in grid_of(sweep):
        gap = entry.point.confidence - entry.point.accuracy
        table[place] = gap if sure else entry.point.accuracy
    words = "surer than right" if sure else "right"
    figure = go.Figure(
        go.Heatmap(
            x=[str(v) for v in second.values],
            y=[str(v) for v in first.values],
            z=table,
            zmin=-1 if sure else 0,
            zmax=1,
            colorscale="RdBu_r" if sure else "Viridis",
            colorbar={"tickformat": ".0%", "title": words, "thickness": 12},
            hovertemplate=f"{first.title} %{{y}}<br>{second.title} %{{x}}<br>%{{z:.1%}} {words}<extra></extra>",
        )
    )
    if here is not None:
        figure.add_scatter(
            x=[str(_nearest(second.values, here[1]))],
            y=[str(_nearest(first.values, here[0]))],
            mode="markers",
            marker={"symbol": "x", "size": 13, "color": ORANGE, "line": {"width": 1, "color": "white"}},
            name="your picture is here",
            hovertemplate="your picture is here<extra></extra>",
        )
    figure.update_xaxes(title=second.title, type="category")
    figure.update_yaxes(title=first.title, type="category")
    return bare(figure, 460, showlegend=here is not None, legend=_LEGEND)


def _nearest(values: Sequence[Value], wanted: Value) -> Value:
    if isinstance(wanted, str):
        return wanted
    return min(values, key=lambda value: abs(float(value) - float(wanted)))
