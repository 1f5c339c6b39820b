"""The wrong modes side by side: what the network takes each one for, what it answers, and whether that is still right."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING

import cv2
import numpy as np
import streamlit as st

from lib.contract import Contract
from lib.picture import Picture
from lib.pipeline import Pipeline, PipelineError
from lib.wording import probability, share
from lib.wrong_modes import ModeAnswer, as_seen, compare_modes

if TYPE_CHECKING:
    from lib.network import Network

_SIDE, _TOP = 168, 3
_LINE = "color-mix(in srgb, currentColor 22%, transparent)"
_SOFT = "color-mix(in srgb, currentColor 68%, transparent)"
_FILL = "color-mix(in srgb, currentColor 26%, transparent)"
_AGREES, _DIFFERS = "#2e8b57", "#d2553f"


def wrong_modes_view(network: Network, picture: Picture, pipeline: Pipeline | None = None) -> None:
    """Draws the comparison.

    Args:
        pipeline: the visitor's; of it only what a mode is about is changed. None is the network's own.
    """
    from lib.network import (
        NetworkError,  # it brings TensorFlow, which the page that only imports this must not wait for
    )

    try:
        answers = compare_modes(network, picture, pipeline)
    except (PipelineError, NetworkError) as error:
        st.warning(f"These steps cannot be compared: {error}")
        return
    st.markdown(summary(answers))
    st.html(wrong_modes_html(answers, network.contract, pipeline))
    st.caption(
        "Each picture is the tensor as the network takes it: read back through the range it was trained on, cut off at "
        "black and white. The share is how many numbers lie outside of that range."
    )


def summary(answers: Sequence[ModeAnswer]) -> str:
    """How many of the mistakes change the answer, as a sentence."""
    mistakes = [answer for answer in answers[1:] if not answer.same_input]
    changed = sum(not answer.agrees for answer in mistakes)
    if not mistakes:
        return "None of the usual mistakes changes anything about this picture."
    return (
        f"The same picture, the same network: **{changed} of {len(mistakes)}** mistakes change the answer. One that does "
        "not change it here may do so with the next picture."
    )


def wrong_modes_html(
    answers: Sequence[ModeAnswer], contract: Contract, current: Pipeline | None = None
) -> str:
    """The grid; class names are shown as plain text whatever they contain.

    Args:
        current: the visitor's pipeline: the mode that it is carries a note.
    """
    cells = "".join(_cell(answer, answers[0], contract, current) for answer in answers)
    columns = "repeat(auto-fill, minmax(min(100%, 13.5rem), 1fr))"
    return f'<div role="list" style="display:grid;gap:0.9rem;grid-template-columns:{columns}">{cells}</div>'


def _cell(answer: ModeAnswer, right: ModeAnswer, contract: Contract, current: Pipeline | None) -> str:
    mode, names = answer.mode, contract.class_names
    seen, outside = as_seen(answer.tensor, contract)
    top = answer.trace.top(min(_TOP, len(names)))
    bars = "".join(_bar(names[k], float(answer.trace.probabilities[0, k])) for k in top)
    verdict, colour = _verdict(answer, right, names)
    now = " · your setting now" if mode.pipeline == current else ""
    picture = (
        f'<img src="{_data_uri(seen)}" alt="{escape(f"What the network sees: {mode.name}", quote=True)}" '
        f'style="width:100%;max-width:{_SIDE}px;aspect-ratio:{contract.size[1]}/{contract.size[0]};border-radius:4px;'
        f'border:1px solid {_LINE};image-rendering:{"pixelated" if min(contract.size) < 96 else "auto"}">'
    )
    return (
        f'<div role="listitem" style="border:1px solid {_LINE};border-top:3px solid {colour};border-radius:8px;'
        f'padding:0.6rem;font-size:0.82rem;line-height:1.35;display:flex;flex-direction:column;gap:0.35rem">'
        f'<div style="font-weight:600;font-size:0.95rem">{escape(mode.name)}</div>{picture}'
        f'<div style="color:{_SOFT};font-size:0.72rem">{share(outside)} outside the trained range</div>'
        f'<div>{bars}</div><div style="font-weight:600">{verdict}{now}</div>'
        f'<div style="color:{_SOFT}">{escape(mode.sentence)}</div></div>'
    )


def _verdict(answer: ModeAnswer, right: ModeAnswer, names: Sequence[str]) -> tuple[str, str]:
    """Words and a colour; the words say all that the colour says."""
    if answer is right:
        return "The right way", "currentColor"
    if answer.same_input:
        return "✓ Same tensor: here it changes nothing", _AGREES
    if answer.agrees:
        return "✓ Same answer, by luck", _AGREES
    kept = answer.trace.probabilities[0, right.trace.top(1)[0]]
    return f"✗ {escape(names[right.trace.top(1)[0]])} is at {escape(probability(kept))}", _DIFFERS


def _bar(name: str, p: float) -> str:
    width = 100 * min(max(p, 0.0), 1.0) if np.isfinite(p) else 0.0
    return (
        f'<div style="position:relative;display:flex;justify-content:space-between;gap:0.5rem;padding:0.1rem 0.3rem;'
        f'margin-bottom:2px"><span style="position:absolute;left:0;top:0;bottom:0;width:{width:.1f}%;background:{_FILL};'
        f'border-radius:3px"></span><span style="position:relative;overflow:hidden;text-overflow:ellipsis;'
        f'white-space:nowrap">{escape(name)}</span><span style="position:relative;white-space:nowrap;'
        f'font-variant-numeric:tabular-nums">{escape(probability(p))}</span></div>'
    )


def _data_uri(image: np.ndarray) -> str:
    """A small picture as a data address; what is larger than shown is shrunk first."""
    scale = 2 * _SIDE / max(image.shape[:2])  # two pixels a point, for dense screens
    if scale < 1:
        size = (max(1, round(image.shape[1] * scale)), max(1, round(image.shape[0] * scale)))
        image = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
    stored = image[..., ::-1] if image.ndim == 3 else image
    kind, options = ("jpeg", [cv2.IMWRITE_JPEG_QUALITY, 85]) if min(image.shape[:2]) >= 96 else ("png", [])
    _, data = cv2.imencode(".jpg" if kind == "jpeg" else ".png", np.ascontiguousarray(stored), options)
    return f"data:image/{kind};base64,{base64.b64encode(data.tobytes()).decode()}"
