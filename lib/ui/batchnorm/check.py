"""Any model with BatchNorm, of the catalogue or the visitor's: its health from the file, and pictures in both modes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from lib.batchnorm.comparison import Comparison, compare, repaired_file
from lib.batchnorm.health import Health, health
from lib.html import text
from lib.picture import Picture
from lib.pipeline import PipelineError
from lib.samples import kind_for, samples
from lib.ui import lines
from lib.ui.batchnorm.bench import Bench
from lib.ui.batchnorm.columns import Column, columns, inference_column, training_column
from lib.ui.batchnorm.health import health_view
from lib.ui.batchnorm.layers import layers_view
from lib.ui.batchnorm.neighbours import neighbours_view
from lib.ui.job import Job, Say
from lib.ui.lab_state import LabState
from lib.ui.models.kept import kept_per_network
from lib.ui.server import engine, network_of, why_not
from lib.ui.session import visitor

if TYPE_CHECKING:
    from lib.network import Network

_START = "letters-cnn"
_MOST = 16
_AT_FIRST = 8


@dataclass(frozen=True, eq=False)
class Exhibit:
    """A picture that can be looked at with a model: what it is called, and what a person sees in it."""

    key: str
    title: str
    picture: Picture
    truth: str | None


@dataclass(frozen=True, eq=False)
class Look:
    """One look at a model with some pictures."""

    model: str
    exhibits: tuple[Exhibit, ...]
    job: Job[tuple[Comparison, np.ndarray]]


def check(lab: LabState, bench: Bench) -> None:
    """Draws the choice of the model, and what is known about it."""
    known = lab.models
    first = next(iter(lab.own), _START if _START in known else lab.model)
    if st.session_state.get("bn_model") not in known:
        st.session_state["bn_model"] = first
    choice, upload = st.columns([1.5, 1], gap="large", vertical_alignment="bottom")
    name = choice.selectbox("Model", list(known), format_func=lambda n: known[n].title, key="bn_model")
    upload.page_link("pages/models.py", label="Upload your own .keras or .h5", icon=":material/upload:")
    network = network_of(lab, name) if _is_wanted(lab, name) else None
    waiting = _is_wanted(lab, name) and network is None and not why_not(lab, name)
    st.fragment(_inside, run_every=0.5 if waiting else None)(lab, bench, name, waiting)


def _is_wanted(lab: LabState, name: str) -> bool:
    """Nobody downloads 100 MB by looking at a name."""
    wanted: set[str] = st.session_state.setdefault("models_wanted", set())
    return lab.models[name].origin != "keras.applications" or name in wanted or lab.model == name


def _inside(lab: LabState, bench: Bench, name: str, was_waiting: bool) -> None:
    network = network_of(lab, name) if _is_wanted(lab, name) else None
    if network is None:
        if was_waiting and why_not(lab, name):
            st.rerun()
        _loading(lab, name)
        return
    if was_waiting:
        st.rerun()  # once, to leave the polling fragment
    found = _health(network, updates_of(lab, name))
    if not found.layers:
        st.html(
            '<div class="bn"><p data-testid="bn-none">This network has no BatchNorm layer: it is the same in both modes, '
            "dropout aside.</p></div>"
        )
        return
    health_view(found, name)
    _pictures(lab, bench, name, network)


@kept_per_network
def _health(network: Network, updates: int | None) -> Health:
    return health(network, updates)


def updates_of(lab: LabState, name: str) -> int | None:
    """The optimizer's steps: from the visitor's file, or from the card of a model of the catalogue."""
    training = lab.card_of(name).training
    steps = training.get("iterations", training.get("steps"))
    return int(steps) if isinstance(steps, int) else None


def _loading(lab: LabState, name: str) -> None:
    failure = why_not(lab, name)
    if failure:
        st.html(f'<div class="bn" role="alert"><p class="alarm">{text(failure)}</p></div>')
        if st.button("Try again", key="bn_load_again"):
            engine().try_again(name)
            st.rerun()
    elif _is_wanted(lab, name):
        st.html(f'<div class="bn" role="status"><p>{text(engine().status())}</p></div>')
    elif st.button("Load its weights", key="bn_load", icon=":material/download:"):
        st.session_state["models_wanted"].add(name)
        st.rerun()


# ---- with pictures ------------------------------------------------------------------------------------------------------


def exhibits(lab: LabState, bench: Bench, network: Network) -> dict[str, Exhibit]:
    """What can be chosen: the samples that suit the network first, what the Lab shows, and what lies on the bench."""
    kind = kind_for(network.contract)
    found = [
        Exhibit(s.id, s.title, s.picture(), s.truth) for s in sorted(samples(), key=lambda s: s.suits != kind)
    ]
    found.append(Exhibit("lab", "What the Lab shows", lab.picture(), None))
    known = {e.picture for e in found}
    found += [
        Exhibit(f"bench {slot.id}", f"From the other tab: {slot.label}", slot.picture, slot.label)
        for slot in bench.slots
        if slot.picture not in known
    ]
    return {exhibit.key: exhibit for exhibit in found}


def _pictures(lab: LabState, bench: Bench, name: str, network: Network) -> None:
    st.markdown("##### With some pictures, in both modes")
    known = exhibits(lab, bench, network)
    kind = kind_for(network.contract)
    # Drawings before photos: what is wrong with a photo's paper is not BatchNorm's fault.
    suiting = [s for s in samples() if s.suits == kind and s.truth]
    at_first = [s.id for s in sorted(suiting, key=lambda s: s.path.suffix == ".jpg")][:_AT_FIRST]
    chosen = st.multiselect(
        "Pictures that together make the batch",
        list(known),
        at_first,
        format_func=lambda key: known[key].title,
        key=f"bn_pictures_{name}",
        max_selections=_MOST,
        help="They go through the model’s own preprocessing. To use pictures of your own, add them on the other tab.",
    )
    if st.button(
        "Look at both modes",
        key="bn_look",
        type="primary",
        icon=":material/compare:",
        disabled=len(chosen) < 2,
    ):
        _forget()
        st.session_state["bn_look_kept"] = _begin(lab, name, network, tuple(known[key] for key in chosen))
    look: Look | None = st.session_state.get("bn_look_kept")
    if look is not None and look.model == name:
        busy = not look.job.done.is_set()
        st.fragment(_outcome, run_every=0.5 if busy else None)(look, network, busy)


def _forget() -> None:
    known: Look | None = st.session_state.pop("bn_look_kept", None)
    if known is not None:
        known.job.cancel()


def _begin(lab: LabState, name: str, network: Network, shown: tuple[Exhibit, ...]) -> Look:
    pipeline = lab.default_of(name)

    def work(say: Say, cancelled: Callable[[], bool]) -> tuple[Comparison, np.ndarray]:
        say("preparing the pictures")
        tensors = np.stack([pipeline.run(exhibit.picture).final for exhibit in shown])
        return compare(network, tensors, say), tensors

    return Look(
        name,
        shown,
        Job(
            work,
            "The look at both modes",
            (ValueError, PipelineError),
            line=lines.examinations(),
            owner=visitor(),
        ),
    )


def _outcome(look: Look, network: Network, was_busy: bool) -> None:
    job = look.job
    if not job.done.is_set():
        st.html(f'<div class="bn" role="status"><p>{text(job.status)}</p></div>')
        return
    if was_busy:
        st.rerun()  # once, to leave the polling fragment
    if job.result is None:
        st.html(f'<div class="bn" role="alert"><p class="alarm">{text(job.error)}</p></div>')
        return
    found, tensors = job.result
    names = network.contract.class_names
    pictures = [exhibit.picture for exhibit in look.exhibits]
    targets = [target_of(exhibit.truth, names) for exhibit in look.exhibits]
    st.html(f'<div class="bn"><p class="lead" data-testid="bn-agreement">{text(agreement(found))}</p></div>')
    shown = [inference_column(found.inference), training_column(found.training)]
    if st.toggle("And predict() with the statistics of these pictures alone", key="bn_trial"):
        shown.append(
            Column("predict() after recalibration", "training=False", "repaired", found.recalibrated)
        )
    st.html(columns(shown, pictures, targets, names))
    layers_view(
        "bn_check",
        found.layers,
        [("", found.distances)],
        found.stored,
        found.batch,
        found.diverging,
        found.allowance,
    )
    st.markdown("##### The company decides")
    labels = [exhibit.title for exhibit in look.exhibits][: len(found.neighbours)]
    neighbours_view("bn_check_company", pictures, labels, targets, (), found.neighbours, names)
    _download(network, tensors)


def target_of(truth: str | None, class_names: tuple[str, ...]) -> int | None:
    """The class that a person sees, where the network has it."""
    names = [name.strip().casefold() for name in class_names]
    wanted = (truth or "").strip().casefold()
    return names.index(wanted) if wanted and wanted in names else None


def agreement(found: Comparison) -> str:
    """What the columns say together."""
    count, differ = len(found.inference), found.disagreeing
    far = found.diverging
    if not differ and far is None:
        return f"Both modes give all {count} pictures the same class: nothing to repair."
    said = (
        f"Both modes give all {count} pictures the same class"
        if not differ
        else f"{differ} of {count} pictures are given another class in training mode"
    )
    if far is None:
        return (
            f"{said}. The stored statistics fit these pictures as well as so few can tell: it is the batch of "
            f"{count} that is "
            "a rough estimate, and predict() that is to be trusted."
        )
    return (
        f"{said}, and from layer {far + 1} on the stored statistics are further from these pictures than chance explains: "
        "either the statistics are stale, or these pictures do not look like the training data to this network."
    )


def _download(network: Network, tensors: np.ndarray) -> None:
    st.download_button(
        "Download it recalibrated on these pictures (.keras)",
        partial(repaired_file, network, tensors),
        "recalibrated.keras",
        "application/zip",
        key="bn_check_download",
        icon=":material/download:",
        on_click="ignore",
    )
    st.caption(
        "Recalibrate on pictures of all classes, the more the better: a handful makes a rough estimate. It "
        "replaces BatchNorm’s moving statistics, and no weight; frozen layers keep theirs."
    )
