"""A sample of the training data of a visitor's model: it tests the contract, and gives the model a Reference."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from lib.dataset import DatasetLimits, read_dataset
from lib.html import points, text
from lib.ui import lines
from lib.ui.job import Job, Say
from lib.ui.lab_state import LabState
from lib.ui.session import visitor
from lib.ui.visitor_models import VisitorModel

if TYPE_CHECKING:
    from collections.abc import Callable

    from lib.contract import Contract
    from lib.network import Network
    from lib.reference import Reference
    from lib.training_sample import SampleReport

_MOST_IMAGES = 3_000


@dataclass(frozen=True)
class Sampled:
    """What a sample gave.

    Attributes:
        name: of the file.
        notes: about reading it.
        contract: under which the Reference was made.
    """

    name: str
    notes: tuple[str, ...]
    contract: Contract
    report: SampleReport
    reference: Reference


def training_sample(lab: LabState, model: VisitorModel) -> None:
    """Draws the upload and what it gave."""
    st.caption(
        "Some thousand of the images that the model was trained on: CSV rows of label and pixels, IDX, .npz, or a zip with "
        "a folder of pictures for each class. They test the contract and give the model a Reference: what training data "
        "look like to it. Nothing is stored."
    )
    key = f"own_sample_job {model.card.name}"
    job: Job[Sampled] | None = st.session_state.get(key)
    busy = job is not None and not job.done.is_set()

    def taken() -> None:
        files = st.session_state.get("own_sample") or []
        network = model.network
        if job:
            job.cancel()
        if files and network is not None:
            sources = [(file, file.name) for file in files]
            st.session_state[key] = Job(
                lambda say, cancelled: _sample(network, sources, say, cancelled),
                f"Reading {sources[0][1]}",
                line=lines.datasets(),
                owner=visitor(),
            )
        else:
            st.session_state.pop(key, None)

    st.file_uploader(
        "Training images",
        accept_multiple_files=True,
        key="own_sample",
        on_change=taken,
        max_upload_size=DatasetLimits.from_environment().bytes // 1_000_000,
        label_visibility="collapsed",
    )
    st.fragment(_outcome, run_every=0.5 if busy else None)(lab, model, key, busy)


def _sample(network: Network, sources: list[tuple], say: Say, cancelled: Callable[[], bool]) -> Sampled:
    from lib.training_sample import reference_from_sample

    def reading(done: int, total: int) -> None:
        say(f"reading, {done / max(total, 1):.0%}")

    def measuring(done: int, total: int) -> None:
        say(f"asking the network, {done / max(total, 1):.0%}")

    files = [file for file, _ in sources]
    name = sources[0][1]
    dataset = read_dataset(
        files, name, most=_MOST_IMAGES, balanced=True, progress=reading, cancelled=cancelled
    )
    reference, report = reference_from_sample(network, dataset, progress=measuring)
    return Sampled(dataset.name, (*dataset.notes, *dataset.bad_rows), network.contract, report, reference)


def _outcome(lab: LabState, model: VisitorModel, key: str, was_busy: bool) -> None:
    job: Job[Sampled] | None = st.session_state.get(key)
    if job is None:
        return
    if not job.done.is_set():
        words, stop = st.columns([4, 1], vertical_alignment="center")
        words.html(f'<div class="mr" role="status"><p>{text(job.status)}</p></div>')
        if stop.button("Stop", key="own_sample_stop", icon=":material/stop:"):
            job.cancel()
            del st.session_state[key]
            st.rerun()
        return
    if was_busy:
        st.rerun()  # once, to leave the polling fragment
    if job.error:
        st.html(
            f'<div class="mr" role="alert" data-testid="sample-refusal"><p class="hint">{text(job.error)}</p></div>'
        )
    elif job.result is not None:
        _take(model, job.result)
        _report(lab, model, job.result)


def _take(model: VisitorModel, found: Sampled) -> None:
    """The Reference belongs to the contract that it was made under."""
    network = model.network
    if (
        network is not None
        and network.contract == found.contract
        and network.reference is not found.reference
    ):
        model.network = network.with_contract(found.contract, found.reference)


def _report(lab: LabState, model: VisitorModel, found: Sampled) -> None:
    report = found.report
    st.html(f'<div class="mr" data-testid="sample-report"><p><b>{text(report.sentence)}</b></p></div>')
    evidence = report.evidence
    suggestion = evidence.suggestion if evidence else None
    if suggestion is not None and model.form.contract == found.contract:
        if st.button("Use that contract", type="primary", key="own_sample_contract"):
            model.form.replace(suggestion.contract)
            if model.network is not None:
                model.network = model.network.with_contract(suggestion.contract)
            model.card = model.brought.card(suggestion.contract)
            lab.add_model(model)
            st.rerun()
    elif model.form.contract != found.contract:
        st.caption("The contract has changed since: load the sample again for a Reference that fits.")
    rows = [(entry.name, f"{entry.right:,} of {entry.n:,} right") for entry in report.classes[:60]]
    others = evidence.others[:8] if evidence else ()
    colour = found.contract.channels == 3
    ways = [(reading.words(colour), f"{reading.accuracy:.1%} of {reading.n:,}") for reading in others]
    left, right = st.columns(2, gap="large")
    left.html(f'<div class="mr"><h4>The same images under other contracts</h4>{points(ways)}</div>')
    right.html(f'<div class="mr"><h4>By class</h4>{points(rows)}</div>')
    notes = "".join(f"<li>{text(note)}</li>" for note in (*found.notes, *report.notes))
    st.html(f'<div class="mr"><ul>{notes}</ul></div>')
