"""The catalogue as cards: what each model is for, what it wants, how well it was measured, with two ways on from there."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from lib import html
from lib.contract_words import in_short
from lib.ui.models.about import accuracies, data_and_limits, score_table, size_in_words
from lib.ui.models.card_picture import before_and_after
from lib.zoo.card import Card

_COLUMNS = 3
QUESTIONS = {
    1: "Every letter I draw is an A",
    2: "100 % sure of a digit where there is none",
    3: "100 % in training, 33 % when predicting",
}
_GROUPS = {
    "own": ("Yours", "They live in this session only."),
    "bundled": ("In this project", ""),
    "keras.applications": ("From keras.applications", "Their ImageNet weights are downloaded on first use."),
}


def cards(
    catalogue: Sequence[Card], look_inside: Callable[[str], None], use_in_lab: Callable[[str], None]
) -> None:
    """All cards, by where the models come from. The callbacks get the name of a card whose button was clicked."""
    for origin, (title, remark) in _GROUPS.items():
        group = [card for card in catalogue if card.origin == origin]
        if not group:
            continue
        st.html(f'<h2 class="mr-group">{title} <small>{remark}</small></h2>')
        for start in range(0, len(group), _COLUMNS):
            for place, card in zip(
                st.columns(_COLUMNS, gap="medium"), group[start : start + _COLUMNS], strict=False
            ):
                with place.container(border=True, height="stretch"):
                    _card(card, look_inside, use_in_lab)


def _card(card: Card, look_inside: Callable[[str], None], use_in_lab: Callable[[str], None]) -> None:
    with st.container(height="stretch", key=f"card_body_{card.name}"):
        st.html(card_html(card))
    with st.container(horizontal=True, gap="small"):
        if st.button("Look inside", key=f"look_{card.name}", icon=":material/schema:"):
            look_inside(card.name)
        if st.button("Use in the Lab", key=f"use_{card.name}", icon=":material/science:"):
            use_in_lab(card.name)


def card_html(card: Card) -> str:
    """A card's body."""
    small, seen, title = before_and_after(card.contract, card.question)
    pictures = html.picture(small, title)
    if seen is not None:
        height, width = card.contract.size
        alt = f"{title}, as the network sees it: {height} × {width} pixels"
        pictures += '<span aria-hidden="true">→</span>' + html.picture(seen, alt, "seen")
    question = (
        f'<div class="question">Question {card.question}: “{QUESTIONS[card.question]}”</div>'
        if card.question in QUESTIONS
        else ""
    )
    best = _headline(card)
    score = (
        f'<div class="score"><b>{html.text(best[1])}</b> <span>{html.text(best[0])}, n = {html.text(best[2])}</span></div>'
        if best
        else ""
    )
    facts = " · ".join(part for part in (in_short(card.contract), size_in_words(card)) if part)
    return (
        f'<div class="mr mr-card"><div class="pair">{pictures}</div>'
        f"<h3>{html.text(card.title, 120)}</h3>{question}"
        f'<p class="summary">{html.text(card.summary)}</p>{score}<div class="facts">{html.text(facts)}</div>'
        f"<details><summary>Accuracy, data and limits</summary>{score_table(card)}{data_and_limits(card)}</details></div>"
    )


def _headline(card: Card) -> tuple[str, str, str] | None:
    """The first measurement on pictures that took no part in the training."""
    rows = accuracies(card)
    tests = [row for row in rows if not row[0].lower().startswith(("validation", "held out"))]
    return next(iter(tests or rows), None)
