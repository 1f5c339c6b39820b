"""The page's Plotly figures: distances by layer over the epochs, one layer's channels, the way back, the batch's neighbours.

No text of anybody's model is in a figure unless it is made of letters, digits and a few harmless signs: Plotly reads markup.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np

from lib.batchnorm.recovery import Recovery
from lib.batchnorm.statistics import FAR, BatchNormLayer, Distance, Statistics

STORED, BATCH, RIGHT, SCALE = "#d9822b", "#3b82c4", "#2f9e6e", "#8f6bb8"
LINES = ("#3b82c4", "#d9822b", "#2f9e6e", "#8f6bb8", "#c2528b", "#7a7a2e")
_GRAY = "rgba(128,128,128,0.65)"
_HARMLESS = re.compile(r"[\w ./#:-]{1,60}", re.ASCII)
_MOST_FRAMES = 60


def harmless(name: str, otherwise: str) -> str:
    """A name for a figure: as it is if it cannot be markup."""
    return name if _HARMLESS.fullmatch(name) else otherwise


def layers_figure(
    layers: Sequence[BatchNormLayer],
    over_time: Sequence[tuple[str, Sequence[Distance]]],
    marked: int | None,
    allowance: Sequence[float] = (),
) -> Any:
    """How far every layer's stored statistics are from the batch's, with a frame for each moment.

    Args:
        over_time: what the moment is called, and the distances then; the last one is shown first.
        marked: the layer that is pointed at.
        allowance: how far off each layer's mean may be by chance with so few pictures; none when empty.
    """
    import plotly.graph_objects as go

    over_time = _thinned(over_time)
    places = list(range(1, len(layers) + 1))
    names = [harmless(layer.name, f"layer {n}") for n, layer in zip(places, layers, strict=True)]

    def traces(found: Sequence[Distance]) -> list[Any]:
        factors = [d.factor for d in found]
        return [
            go.Bar(
                x=places,
                y=[d.mean for d in found],
                name="mean: standard deviations off",
                marker_color=STORED,
                customdata=names,
                hovertemplate="%{customdata}<br>stored mean off by %{y:.2f} standard deviations<extra></extra>",
            ),
            go.Bar(
                x=places,
                y=[d.scale for d in found],
                name="standard deviation: ln of the factor",
                marker_color=SCALE,
                customdata=list(zip(names, factors, strict=True)),
                hovertemplate="%{customdata[0]}<br>stored standard deviation off by a factor of %{customdata[1]:.2f}"
                "<extra></extra>",
            ),
        ]

    plot = go.Figure(traces(over_time[-1][1]))
    if allowance:
        plot.add_trace(
            go.Scatter(
                x=places, y=list(allowance), mode="markers", name="mean: expected by chance", marker=_DASH
            )
        )
    if len(over_time) > 1:
        plot.frames = [go.Frame(data=traces(found), name=name, traces=[0, 1]) for name, found in over_time]
        plot.update_layout(**_player([name for name, _ in over_time]))
    highest = max((max(d.mean, d.scale) for _, found in over_time for d in found), default=1.0)
    top = 1.18 * max(highest, 1.2 * FAR, *(allowance or (0,)))
    plot.add_hline(y=FAR, line_dash="dot", line_color=_GRAY, line_width=1)
    if marked is not None:
        plot.add_vrect(marked + 0.5, marked + 1.5, fillcolor=STORED, opacity=0.13, line_width=0)
        right = marked > 0.7 * len(layers)
        plot.add_annotation(
            x=marked + 1,
            y=top,
            text="first to diverge",
            showarrow=False,
            yanchor="top",
            xanchor="right" if right else "left",
            xshift=12 if right else -12,
        )
    plot.update_layout(
        height=400 if len(over_time) > 1 else 320,
        margin={"l": 0, "r": 8, "t": 34, "b": 0},
        barmode="group",
        bargap=0.25,
        clickmode="event+select",
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
        xaxis={
            "title": "BatchNorm layer, in the order of the network",
            "dtick": 1 if len(layers) <= 20 else 5,
            "tick0": 1,
        },
        yaxis={"range": [0, top], "title": "distance"},
    )
    return plot


_DASH = {"symbol": "line-ew", "size": 14, "line": {"width": 2, "color": _GRAY}, "color": _GRAY}


def _thinned(over_time: Sequence[tuple[str, Sequence[Distance]]]) -> list[tuple[str, Sequence[Distance]]]:
    """At most so many moments that the browser gets a figure of reasonable size; first and last are among them."""
    if len(over_time) <= _MOST_FRAMES:
        return list(over_time)
    kept = np.unique(np.linspace(0, len(over_time) - 1, _MOST_FRAMES).astype(int))
    return [over_time[index] for index in kept]


def _player(names: Sequence[str]) -> dict[str, Any]:
    """A play button and a slider over the frames."""
    at_once = {"frame": {"duration": 0, "redraw": True}, "mode": "immediate", "transition": {"duration": 0}}
    playing = {
        "frame": {"duration": max(60, min(500, 5000 // len(names))), "redraw": True},
        "fromcurrent": False,
        "transition": {"duration": 0},
        "mode": "immediate",
    }
    return {
        "updatemenus": [
            {
                "type": "buttons",
                "direction": "left",
                "showactive": False,
                "x": 0,
                "y": -0.27,
                "xanchor": "left",
                "yanchor": "top",
                "pad": {"t": 8, "r": 8},
                "bgcolor": "rgba(128,128,128,0.15)",
                "bordercolor": _GRAY,
                "buttons": [{"label": "▶ Play", "method": "animate", "args": [None, playing]}],
            }
        ],
        "sliders": [
            {
                "active": len(names) - 1,
                "x": 0.22,
                "len": 0.78,
                "y": -0.24,
                "pad": {"t": 4, "b": 4},
                "currentvalue": {"prefix": "after epoch ", "xanchor": "left", "font": {"size": 12}},
                "bgcolor": "rgba(128,128,128,0.3)",
                "bordercolor": "rgba(0,0,0,0)",
                "steps": [{"label": n, "method": "animate", "args": [[n], at_once]} for n in names],
            }
        ],
    }


def channels_figure(index: int, stored: Statistics, batch: Statistics) -> Any:
    """One layer: what is stored against what the pictures have, a point for each channel; on the line they agree."""
    import plotly.graph_objects as go
    from plotly.subplots import make_subplots

    plot = make_subplots(1, 2, subplot_titles=("Means", "Standard deviations"), horizontal_spacing=0.12)
    pairs = (
        (batch.means[index], stored.means[index]),
        (np.sqrt(np.maximum(batch.variances[index], 0)), np.sqrt(np.maximum(stored.variances[index], 0))),
    )
    for column, (there, here) in enumerate(pairs, 1):
        low, high = float(min(there.min(), here.min())), float(max(there.max(), here.max()))
        room = 0.06 * (high - low or 1.0)
        ends = [low - room, high + room]
        plot.add_trace(
            go.Scatter(
                x=ends,
                y=ends,
                mode="lines",
                line={"color": _GRAY, "dash": "dot", "width": 1},
                hoverinfo="skip",
            ),
            row=1,
            col=column,
        )
        plot.add_trace(
            go.Scatter(
                x=there,
                y=here,
                mode="markers",
                marker={"color": (STORED, SCALE)[column - 1], "size": 7, "opacity": 0.75},
                customdata=list(range(len(there))),
                hovertemplate="channel %{customdata}<br>pictures %{x:.4g}<br>stored %{y:.4g}<extra></extra>",
            ),
            row=1,
            col=column,
        )
        plot.update_xaxes(title="of these pictures", nticks=5, row=1, col=column)
        plot.update_yaxes(title="stored", nticks=5, row=1, col=column)
    plot.update_layout(height=300, margin={"l": 0, "r": 8, "t": 34, "b": 0}, showlegend=False)
    return plot


def recovery_figure(
    measured: tuple[Sequence[int], np.ndarray],
    found: Recovery,
    momentum: float,
    chosen: int,
    labels: Sequence[str],
) -> Any:
    """The right classes' probabilities in predict(): measured while training, and what further updates will give.

    Args:
        measured: updates, and float (epochs, N).
        chosen: further updates that are marked.
    """
    import plotly.graph_objects as go

    updates, probabilities = measured
    last = updates[-1] if len(updates) else 0
    until = found.updates(momentum)
    reach = int(max(chosen * 1.15, 2.2 * (until or 10), 2 * last, 10))
    further = np.unique(np.linspace(0, reach, 121).astype(int))
    predicted = np.stack([found.after(momentum, int(n))[0] for n in further])
    plot = go.Figure()
    for row, label in enumerate(labels):
        colour, name = LINES[row % len(LINES)], harmless(label, f"picture {row + 1}")
        plot.add_trace(
            go.Scatter(
                x=list(updates),
                y=probabilities[:, row],
                name=name,
                mode="lines+markers",
                line={"color": colour, "width": 3},
                marker={"size": 5},
                hovertemplate=f"{name}: %{{y:.1%}} after %{{x}} updates, measured<extra></extra>",
            )
        )
        plot.add_trace(
            go.Scatter(
                x=last + further,
                y=predicted[:, row],
                name=f"{name}, predicted",
                mode="lines",
                showlegend=False,
                line={"color": colour, "width": 2, "dash": "dash"},
                hovertemplate=f"{name}: %{{y:.1%}} after %{{x}} updates, predicted<extra></extra>",
            )
        )
    plot.add_vline(x=last, line_color=_GRAY, line_width=1)
    plot.add_annotation(x=last, y=1.07, yref="paper", text="now", showarrow=False)
    if chosen:
        plot.add_vline(x=last + chosen, line_color=BATCH, line_width=2)
    if until is not None and until <= reach:
        plot.add_vline(x=last + until, line_color=RIGHT, line_dash="dot", line_width=2)
        plot.add_annotation(
            x=last + until, y=1.07, yref="paper", text="all right", showarrow=False, font={"color": RIGHT}
        )
    plot.update_layout(
        height=330,
        margin={"l": 0, "r": 8, "t": 28, "b": 0},
        legend={"orientation": "h", "y": -0.22, "yanchor": "top", "x": 0},
        yaxis={"range": [-0.03, 1.03], "tickformat": ".0%", "title": "right class in predict()"},
        xaxis={"title": "updates of the moving statistics", "rangemode": "tozero"},
    )
    return plot


def neighbours_figure(answers: np.ndarray, class_names: Sequence[str], chosen: int) -> Any:
    """One picture's probabilities in training mode, over the number of its neighbours.

    Args:
        answers: float (M, K).
    """
    import plotly.graph_objects as go

    plot = go.Figure()
    shown = np.argsort(-answers.max(axis=0), kind="stable")[:5]
    for place, k in enumerate(sorted(int(k) for k in shown)):
        name = harmless(str(class_names[k]), f"class {k}")
        plot.add_trace(
            go.Scatter(
                x=list(range(len(answers))),
                y=answers[:, k],
                name=name,
                mode="lines+markers",
                line={"color": LINES[place % len(LINES)], "width": 2},
                hovertemplate=f"{name}: %{{y:.1%}} among %{{x}} neighbours<extra></extra>",
            )
        )
    plot.add_vline(x=chosen, line_color=_GRAY, line_width=2)
    plot.update_layout(
        height=240,
        margin={"l": 0, "r": 8, "t": 8, "b": 0},
        legend={"orientation": "h", "y": -0.3, "yanchor": "top", "x": 0},
        yaxis={"range": [-0.03, 1.03], "tickformat": ".0%"},
        xaxis={"title": "other pictures in the batch", "dtick": 1},
    )
    return plot
