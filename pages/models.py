"""The Models page: the catalogue as cards, and one model from inside: its card, layers, graph, weights and filters."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from lib import html, ui
from lib.ui.entry import through_app
from lib.ui.models.about import about
from lib.ui.models.architecture import architecture
from lib.ui.models.cards import cards
from lib.ui.models.filters import filter_wall
from lib.ui.models.graph import network_graph
from lib.ui.models.weights import weight_histograms
from lib.ui.own.contract_form import contract_form
from lib.ui.own.sample import training_sample
from lib.ui.own.upload import upload_section
from lib.ui.page_link import copy_link, link_notes, page_options, write_address
from lib.ui.server import engine, network_of, why_not
from lib.ui.session import lab_of_this_session
from lib.ui.view_options import one_of
from lib.zoo import Card

_TABS = {
    "Card": None,
    "Architecture": architecture,
    "Graph": network_graph,
    "Weights": weight_histograms,
    "First filters": filter_wall,
}
# A visitor's own model has no card yet: it has a contract to be checked, and may be given a sample of its training data.
_OWN_TABS = {"Contract": contract_form, "Training sample": training_sample}

through_app("pages/models.py")
lab = lab_of_this_session()
known = lab.models


def use_in_lab(name: str) -> None:
    """Takes the visitor's picture to the Lab with this model."""
    lab.choose_model(name)
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
    # On a phone models.css puts the form below the cards; this line is there only then.
    with st.container(key="models_to_upload"):
        st.markdown("[Your own model: upload it below ↓](#your-own-model)")
    upload_section(lab, look_inside)
    cards(list(known.values()), look_inside, use_in_lab)


def one_model(card: Card) -> None:
    """The bar above one model, and its tabs."""
    bar = st.container(horizontal=True, key="models_bar")
    if bar.button("All models", icon=":material/arrow_back:", key="models_back"):
        st.query_params.clear()
        st.rerun()
    st.session_state["models_choice"] = card.name
    bar.selectbox(
        "Model",
        list(known),
        format_func=lambda name: known[name].title,
        key="models_choice",
        on_change=lambda: st.query_params.update(model=st.session_state["models_choice"]),
        label_visibility="collapsed",
        width=420,
    )
    if bar.button("Use in the Lab", icon=":material/science:", type="primary", key="models_use"):
        use_in_lab(card.name)
    with bar:
        copy_link(lab, "models")
    waiting = is_wanted(card) and not network_of(lab, card.name) and not why_not(lab, card.name)
    st.fragment(inside, run_every=0.5 if waiting else None)(card, waiting)


def inside(card: Card, was_waiting: bool) -> None:
    """The tabs; only the open one is computed."""
    own = lab.own.get(card.name)
    views = {**_OWN_TABS, **{name: draw for name, draw in _TABS.items() if draw}} if own else _TABS
    key = "models_own_tab" if own else "models_tab"
    usual = next(iter(views))
    wanted = one_of(page_options(lab, "models").get("tab"), views, usual)
    first = st.session_state.setdefault(f"{key}_first", wanted)
    shown = st.session_state.get(key, first)
    write_address(lab, "models", {"tab": shown} if shown != usual else {}, more={"model": card.name})
    tabs = st.tabs(list(views), default=first, key=key, on_change="rerun")
    for tab, (name, draw) in zip(tabs, views.items(), strict=True):
        if not tab.open:
            continue
        with tab:
            if draw is None:
                about(card)
                continue
            if own and name in _OWN_TABS:
                _OWN_TABS[name](lab, own)
                continue
            network = network_of(lab, card.name) if is_wanted(card) else None
            if network is None:
                loading(card)
            else:
                draw(network)
    if was_waiting and (network_of(lab, card.name) or why_not(lab, card.name)):
        st.rerun()  # once, to leave the polling fragment


def is_wanted(card: Card) -> bool:
    """Whether the network may be loaded: nobody downloads 100 MB by looking at a card."""
    wanted: set[str] = st.session_state.setdefault("models_wanted", set())
    return card.origin != "keras.applications" or card.name in wanted or lab.model == card.name


def loading(card: Card) -> None:
    """What a visitor sees instead of a network."""
    failure = why_not(lab, card.name)
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
link_notes(lab, "models")
chosen = known.get(st.query_params.get("model", ""))
if chosen is None:
    overview()
else:
    one_model(chosen)
