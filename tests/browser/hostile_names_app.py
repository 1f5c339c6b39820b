"""A page for test_models_page.py: the Models page's views with names that try to become markup. No test lives here."""

from pathlib import Path
from types import SimpleNamespace

import streamlit as st

from lib import ui
from lib.architecture import graph
from lib.contract import Contract
from lib.ui.component import mount_runtime, view
from lib.ui.models.about import about
from lib.ui.models.cards import cards
from lib.ui.models.graph import graph_message
from lib.zoo import Card

EVIL = (
    "<img src=x onerror=\"document.title='broken in'\"><script>document.title='broken in'</script> "
    "**b** [link](javascript:document.title='broken in')"
)


def layer(name: str, *inputs: str) -> SimpleNamespace:
    return SimpleNamespace(
        name=name, kind="Dense", settings="", activation="relu", shape=(2,), parameters=3, inputs=inputs,
        nested=False, repeated=False,
    )  # fmt: skip


def hostile_card() -> Card:
    source = dict.fromkeys(("name", "source", "licence", "used_for"), EVIL)
    contract = Contract((8, 8, 1), (8, 8), [EVIL, "other"])
    scores = {EVIL: {"accuracy": 0.5, "n": 1}}
    return Card(
        "own", EVIL, EVIL, None, contract, scores, (source,), {"command": EVIL}, (EVIL,), origin="own"
    )


st.html(Path(ui.__file__).parent / "models" / "models.css")
mount_runtime()
cards([hostile_card()], lambda name: None, lambda name: None)
about(hostile_card())
view("graph")(key="graph", data=graph_message(graph([layer(EVIL, ""), layer("second", EVIL, "")]), (2,)))
