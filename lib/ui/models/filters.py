"""The first layer's filters as a wall of pictures (frontend/filters.js)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from lib import html
from lib.filters import Filters, coloured, diverging, first_filters
from lib.ui import wire
from lib.ui.component import view
from lib.ui.models.kept import kept_per_network

if TYPE_CHECKING:
    from lib.network import Network

_view = view("filters")
_MOST = 256  # pictures at once
_SHARED, _OWN = "One scale for all", "Each its own"
_BY_INDEX, _BY_STRENGTH = "In their order", "Strongest first"


def filter_wall(network: Network) -> None:
    """How to read them, the options, and the wall; or why there is none."""
    filters, sentence = _filters(network)
    st.html(f'<div class="mr"><p>{html.text(sentence)}</p></div>')
    if filters is None:
        return
    with st.container(horizontal=True):
        scale = st.segmented_control(
            "Scale",
            [_SHARED, _OWN],
            default=_SHARED,
            required=True,
            key="filters_scale",
            label_visibility="collapsed",
        )
        order = st.segmented_control(
            "Order",
            [_BY_INDEX, _BY_STRENGTH],
            default=_BY_INDEX,
            required=True,
            key="filters_order",
            label_visibility="collapsed",
        )
    first = _page(network.name, len(filters.values))
    _view(
        key=f"filters_{network.name}",
        data=_message(network, scale == _SHARED, order == _BY_STRENGTH, first),
    )


def _page(name: str, count: int) -> int:
    """The first of the pictures to be shown, where there are more than fit."""
    if count <= _MOST:
        return 0
    starts = list(range(0, count, _MOST))
    return st.selectbox(
        "Which",
        starts,
        format_func=lambda start: f"{start:,} to {min(start + _MOST, count) - 1:,} of {count:,}",
        key=f"filters_page_{name}",
    )


@kept_per_network
def _filters(network: Network) -> tuple[Filters | None, str]:
    return first_filters(network)


@kept_per_network
def _message(network: Network, one_scale: bool, strongest_first: bool, first: int) -> bytes:
    filters, _ = _filters(network)
    assert filters is not None
    return filters_message(filters, one_scale, strongest_first, first)


def filters_message(
    filters: Filters, one_scale: bool = True, strongest_first: bool = False, first: int = 0
) -> bytes:
    """What the browser is sent: at most 256 pictures from the one in place `first`, with their units' numbers."""
    count = len(filters.values)
    order = np.argsort(-filters.strengths, kind="stable") if strongest_first else np.arange(count)
    chosen = order[first : first + _MOST]
    header = {
        "units": chosen.tolist(),
        "sizes": filters.sizes[chosen].tolist(),
        "bound": float(filters.sizes.max(initial=0.0)) if one_scale else None,
        "colour": filters.in_colour,
        "word": "unit" if filters.kind == "Dense" else "filter",
    }
    arrays = {"pictures": coloured(filters, one_scale)[chosen]}
    if not filters.in_colour:
        arrays["ramp"] = diverging()[::5]
    return wire.pack(header, arrays)
