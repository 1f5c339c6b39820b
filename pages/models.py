"""The Models page: the catalogue as cards, and one model from inside: its card, layers, graph, weights and filters."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from lib import ui
from lib.ui.models import html
from lib.ui.models.about import about
from lib.ui.models.architecture import architecture
from lib.ui.models.cards import cards
from lib.ui.models.filters import filter_wall
from lib.ui.models.graph import network_graph
from lib.ui.models.weights import weight_histograms
from lib.ui.server import engine
from lib.ui.session import lab_of_this_session
from lib.zoo import Card, catalogue

_TABS = {
    "Card": None,
    "Architecture": architecture,
    "Graph": network_graph,
    "Weights": weight_histograms,
    "First filters": filter_wall,
}
known = {card.name: card for card in catalogue()}


def use_in_lab(name: str) -> None:
    """Takes the visitor's picture to the Lab with this model."""
    lab_of_this_session().choose_model(name)
    st.switch_page("pages/lab.py")


def look_inside(name: str) -> None:
    """Opens one model."""
    st.query_params["model"] = name
    st.rerun()


def overview() -> None:
    """What there is."""
    st.markdown("### Models")
    st.caption(
        "What the Lab can look into. Each card says what its network wants to see and how well it was measured."
    )
    cards(list(known.values()), look_inside, use_in_lab)


def one_model(card: Card) -> None:
    """The bar above one model, and its tabs."""
    back, choice, lab = st.columns([1.0, 2.2, 1.0], vertical_alignment="bottom")
    if back.button("All models", icon=":material/arrow_back:", key="models_back"):
        st.query_params.clear()
        st.rerun()
    st.session_state["models_choice"] = card.name
    choice.selectbox(
        "Model",
        list(known),
        format_func=lambda name: known[name].title,
        key="models_choice",
        on_change=lambda: st.query_params.update(model=st.session_state["models_choice"]),
        label_visibility="collapsed",
    )
    if lab.button("Use in the Lab", icon=":material/science:", type="primary", key="models_use"):
        use_in_lab(card.name)
    waiting = is_wanted(card) and not engine().network(card.name) and not engine().failure(card.name)
    st.fragment(inside, run_every=0.5 if waiting else None)(card, waiting)


def inside(card: Card, was_waiting: bool) -> None:
    """The tabs; only the open one is computed."""
    tabs = st.tabs(list(_TABS), key="models_tab", on_change="rerun")
    for tab, draw in zip(tabs, _TABS.values(), strict=True):
        if not tab.open:
            continue
        with tab:
            if draw is None:
                about(card)
                continue
            network = engine().network(card.name) if is_wanted(card) else None
            if network is None:
                loading(card)
            else:
                draw(network)
    if was_waiting and engine().network(card.name):
        st.rerun()  # once, to leave the polling fragment


def is_wanted(card: Card) -> bool:
    """Whether the network may be loaded: nobody downloads 100 MB by looking at a card."""
    wanted: set[str] = st.session_state.setdefault("models_wanted", set())
    return (
        card.origin != "keras.applications" or card.name in wanted or lab_of_this_session().model == card.name
    )


def loading(card: Card) -> None:
    """What a visitor sees instead of a network."""
    failure = engine().failure(card.name)
    if failure:
        st.html(f'<div class="mr" role="alert"><p class="hint">{html.text(failure)}</p></div>')
        if st.button("Try again", key="models_again"):
            engine().try_again(card.name)
            st.rerun()
    elif is_wanted(card):
        st.html(f'<div class="mr" role="status"><p>{html.text(engine().status())}</p></div>')
    else:
        size = f" ({card.size_bytes / 1e6:.0f} MB)" if card.size_bytes else ""
        st.html(
            f'<div class="mr"><p>The weights{size} are downloaded once, when somebody asks for them.</p></div>'
        )
        if st.button("Load the weights", key="models_load", icon=":material/download:"):
            st.session_state["models_wanted"].add(card.name)
            st.rerun()


st.html(Path(ui.__file__).parent / "models" / "models.css")
chosen = known.get(st.query_params.get("model", ""))
if chosen is None:
    overview()
else:
    one_model(chosen)
