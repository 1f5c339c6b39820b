"""Where it goes wrong: every BatchNorm layer's stored statistics against the batch's, and one layer channel by channel."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from lib.batchnorm.statistics import BatchNormLayer, Distance, Statistics
from lib.html import text
from lib.ui.batchnorm.figures import channels_figure, layers_figure
from lib.wording import number

NO_BAR = {"displayModeBar": False}


def layers_view(
    key: str,
    layers: Sequence[BatchNormLayer],
    over_time: Sequence[tuple[str, Sequence[Distance]]],
    stored: Statistics,
    batch: Statistics,
    marked: int | None,
    allowance: Sequence[float] = (),
) -> None:
    """Draws both.

    Args:
        key: of the widgets.
        over_time: the distances at every recorded moment.
        marked: the first layer that diverges, or None.
    """
    now = over_time[-1][1]
    st.html(f'<div class="bn"><p>{sentence(layers, now, marked)}</p></div>')
    choice = f"{key}_layer"

    def clicked() -> None:
        points = st.session_state[f"{key}_chart"].selection.points
        place = int(points[0]["point_index"]) if points else None
        if place is not None and 0 <= place < len(layers):
            st.session_state[choice] = place

    st.plotly_chart(
        layers_figure(layers, over_time, marked, allowance),
        key=f"{key}_chart",
        config=NO_BAR,
        on_select=clicked,
        selection_mode="points",
        alt=f"Distance of stored and batch statistics by layer. {sentence(layers, now, marked, plain=True)}",
    )
    if choice not in st.session_state or st.session_state[choice] >= len(layers):
        st.session_state[choice] = marked if marked is not None else 0
    chosen = st.selectbox(
        "One layer, channel by channel (or click a bar)",
        range(len(layers)),
        format_func=lambda n: f"{n + 1} · {layers[n].name[:60]} · {layers[n].channels} channels",
        key=choice,
    )
    st.plotly_chart(
        channels_figure(chosen, stored, batch),
        key=f"{key}_channels_{chosen}",
        config=NO_BAR,
        alt="Every channel's stored mean and standard deviation against those of the pictures",
    )
    st.html(
        '<div class="bn"><p class="small">Every point is one channel. On the dotted line, what the layer has stored '
        "is what "
        "these pictures have; a flat row of points near 0 (means) or 1 (standard deviations) is a layer that still "
        "believes in its initial statistics.</p></div>"
    )


def sentence(
    layers: Sequence[BatchNormLayer], found: Sequence[Distance], marked: int | None, plain: bool = False
) -> str:
    """What the chart shows, as HTML or as plain text."""
    if marked is None:
        return "No layer's stored statistics are far from those of these pictures."
    name = layers[marked].name[:60]
    shown = name if plain else f"<b>{text(name)}</b>"
    distance = found[marked]
    far = sum(d.total >= 0.5 for d in found)
    return (
        f"Layer {marked + 1} of {len(layers)}, {shown}, is the first to diverge: its stored mean is off by "
        f"{number(distance.mean)} standard deviations of what really arrives, its stored standard deviation by a factor "
        f"of {number(distance.factor)}. {far} of {len(layers)} layers are that far off; in predict() their errors pass "
        "through all layers behind them."
    )
