"""All that a model's card says, in words and small tables: contract, accuracy, data with licences, training, limits."""

from __future__ import annotations

import math
from typing import Any

import streamlit as st

from lib import html
from lib.contract_words import in_words
from lib.zoo.card import Card

_TRAINING = {
    "command": "Command",
    "seed": "Seed",
    "epochs_run": "Epochs",
    "images": "Pictures",
    "augmentation": "Augmentation",
    "optimizer": "Optimizer",
    "seconds": "Seconds",
    "versions": "Made with",
}


def about(card: Card) -> None:
    """The whole card."""
    left, right = st.columns(2, gap="medium")
    left.html(
        f'<div class="mr"><p>{html.text(card.summary)}</p><h4>What it wants</h4>{html.points(in_words(card.contract))}'
        f"{_training(card)}</div>"
    )
    right.html(f'<div class="mr">{score_table(card)}{data_and_limits(card)}</div>')


def accuracies(card: Card) -> list[tuple[str, str, str]]:
    """What was measured: (set, accuracy, number of pictures). A card is a file: what is no number there is left out."""
    rows = []
    for name, score in card.scores.items():
        accuracy = score.get("accuracy") if isinstance(score, dict) else None
        if accuracy is not None and _is_number(accuracy):
            n = score.get("n")
            rows.append((name, f"{100 * accuracy:.1f} %", f"{n:,}" if _is_number(n) else "?"))
    return rows


def score_table(card: Card) -> str:
    """The accuracies as HTML; empty without any."""
    rows = accuracies(card)
    if not rows:
        return "<p>Nothing was measured.</p>"
    return f'<h4>Accuracy</h4><div class="scores">{html.table(("measured on", "accuracy", "n"), rows)}</div>'


def data_and_limits(card: Card) -> str:
    """Where it comes from, under which licence, and what it cannot do, as HTML."""
    parts = []
    if card.provenance:
        parts.append("<h4>Made from</h4>" + "".join(_source(entry) for entry in card.provenance))
    if card.limits:
        parts.append(f"<h4>Limits</h4>{html.bullets(card.limits)}")
    return "".join(parts)


def size_in_words(card: Card) -> str:
    """Parameters and file size, as far as the card knows them."""
    parts = []
    if card.parameters is not None:
        parts.append(f"{card.parameters:,} parameters")
    if card.size_bytes is not None:
        megabytes = card.size_bytes / 1e6
        parts.append(f"{megabytes:.0f} MB" if megabytes >= 10 else f"{megabytes:.1f} MB")
    return " · ".join(parts)


def _source(entry: Any) -> str:
    if not isinstance(entry, dict):
        return f"<p>{html.text(entry)}</p>"
    name = html.text(entry.get("name", "a source without a name"))
    lines = [
        f"<b>{name}</b>",
        *(html.text(entry[key]) for key in ("source", "paper", "used_for") if entry.get(key)),
    ]
    if entry.get("licence"):
        lines.append(f"Licence: {html.text(entry['licence'])}")
    return f'<p class="source">{"<br>".join(lines)}</p>'


def _training(card: Card) -> str:
    entries = [
        (title, _plain(card.training[key])) for key, title in _TRAINING.items() if key in card.training
    ]
    return f"<h4>How it was trained</h4>{html.points(entries)}" if entries else ""


def _plain(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key.replace('_', ' ')} {_plain(item)}" for key, item in value.items())
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
