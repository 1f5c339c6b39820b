"""What of the BatchNorm page stands in its link: the training's settings, the samples on the bench, tab, checked model.

The training itself is named by `run`, as long as the server has it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import streamlit as st

from lib.batchnorm.settings import ARCHITECTURES, TrainingSettings
from lib.samples import sample, samples
from lib.ui.batchnorm.bench import START, Bench, Slot, clean_label, sample_slot
from lib.ui.batchnorm.setup import MOMENTA
from lib.ui.lab_state import LabState
from lib.ui.page_link import page_options
from lib.ui.view_options import one_of, whole_number

TABS = ("Reproduce it", "Check a model")
PICTURES_NOTE = "Pictures of your own on the bench are not in the link."
_TAKEN, _MODEL = "bn_link_taken", "bn_model"
_SHORT = ("net", "epochs", "momentum", "batch", "seed")  # the fields of TrainingSettings in a link
_MOST_EPOCHS, _MOST_BATCH, _MOST_SEED = 400, 64, 9999


def take_link(bench: Bench, lab: LabState, most_pictures: int) -> None:
    """Begins where a link says, once."""
    if st.session_state.get(_TAKEN):
        return
    st.session_state[_TAKEN] = True
    given = page_options(lab, "batchnorm")
    bench.start = bench.settings = settings_of(given)
    listed = given.get("pictures")
    pairs = [_pair(entry) for entry in listed[:most_pictures]] if isinstance(listed, list) else []
    slots = [Slot(sample(pair[0]).picture(), pair[1]) for pair in pairs if pair]
    if len(slots) >= 2:
        bench.slots = slots
    model = one_of(given.get("model"), lab.models, "")
    if model:
        st.session_state[_MODEL] = model


def tab_of(lab: LabState) -> str:
    """The tab that a link wants open."""
    return one_of(page_options(lab, "batchnorm").get("tab"), TABS, TABS[0])


def settings_of(given: Mapping[str, Any]) -> TrainingSettings:
    """The settings in a link; what makes no sense falls back to the usual one of that network."""
    net = ARCHITECTURES[one_of(given.get("net"), ARCHITECTURES, "small")]
    momentum = given.get("momentum")
    return TrainingSettings(
        net.name,
        whole_number(given.get("epochs"), 1, _MOST_EPOCHS, net.epochs),
        momentum if isinstance(momentum, float) and momentum in MOMENTA else TrainingSettings.momentum,
        whole_number(given.get("batch"), 1, _MOST_BATCH, TrainingSettings.batch_size),
        whole_number(given.get("seed"), 0, _MOST_SEED, TrainingSettings.seed),
    )


def options(bench: Bench, tab: str) -> dict[str, Any]:
    """What differs from what a visitor without a link sees."""
    settings = bench.settings
    usual = TrainingSettings(epochs=ARCHITECTURES[settings.architecture].epochs)
    given: dict[str, Any] = {
        short: value
        for (name, value), short in zip(asdict(settings).items(), _SHORT, strict=True)
        if value != getattr(usual, name)
    }
    pictures = _on_the_bench(bench)
    if pictures != _usual_bench():
        given["pictures"] = pictures
    if tab != TABS[0]:
        given |= {"tab": tab, "model": st.session_state.get(_MODEL, "")}
    return given


def show_check(model: str) -> None:
    """Goes to this page, to the check of one model of the Lab: for other pages' buttons."""
    st.session_state.pop("bn_tab", None)
    st.session_state["bn_first_tab"], st.session_state[_MODEL] = TABS[1], model
    st.switch_page("pages/batchnorm.py")


def missing(bench: Bench) -> str:
    """What of the bench no link carries, as a sentence; empty if it carries all."""
    return "" if len(_on_the_bench(bench)) == len(bench.slots) else PICTURES_NOTE


def _on_the_bench(bench: Bench) -> list[list[str]]:
    """[sample, label] of every picture that is a sample."""
    known = {one.picture().digest: one.id for one in samples()}
    return [[known[slot.picture.digest], slot.label] for slot in bench.slots if slot.picture.digest in known]


def _usual_bench() -> list[list[str]]:
    return [[id, sample_slot(id).label] for id in START]


def _pair(value: Any) -> tuple[str, str] | None:
    """(sample, label), where there is such a sample."""
    if not isinstance(value, list) or len(value) != 2 or not all(isinstance(text, str) for text in value):
        return None
    id, label = value
    return (id, clean_label(label) or id) if id in {one.id for one in samples()} else None
