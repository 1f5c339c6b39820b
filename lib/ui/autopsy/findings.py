"""The result on the page: verdict and fix, the findings as cards, and beside them what else was tried."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from lib.autopsy import Autopsy, Finding
from lib.autopsy.report import Exhibit, Subject, pieces, readings, words
from lib.autopsy.report.behaviour import behaviour_html
from lib.autopsy.report.charts import waterfall
from lib.pipeline import Pipeline
from lib.ui.autopsy.behaviour import known_behaviour, measured_behaviour
from lib.ui.autopsy.examination import Examination, Result
from lib.ui.autopsy.treatment import apply
from lib.ui.batchnorm.link import show_check
from lib.ui.lab_state import LabState

if TYPE_CHECKING:
    from lib.network import Network


def result_view(lab: LabState, network: Network, examined: Examination, result: Result) -> None:
    """Everything below the page's head."""
    autopsy, subject = result.autopsy, examined.subject
    st.html(readings.path(autopsy, subject))
    st.html(pieces.verdict(autopsy))
    if autopsy.fix is not None and autopsy.verdict in ("fixable", "undecided"):
        _fix_button(lab, autopsy.fix, _titles(autopsy), "Apply this fix", "autopsy_apply", primary=True)
    pictures = readings.together(autopsy, subject)
    if pictures:
        st.html(pictures)
    aside = _aside(autopsy)
    if autopsy.findings and aside:
        left, right = st.columns([1.7, 1.0], gap="large")
    else:
        left = right = st.container()
    with left:
        finding_cards(lab, autopsy, result.exhibits)
    with right:
        for part in aside:
            st.html(part)
    whole_code(autopsy, subject)
    noticed_view("Also worth knowing about the picture", autopsy.also)
    about_model(autopsy.model_findings, lab.model)
    behaviour_view(network)
    tried = readings.gallery(autopsy.others, subject.contract)
    if tried:
        st.html(tried)


def _aside(autopsy: Autopsy) -> list[str]:
    """What stands beside the findings."""
    before, after = (words.answer(reading) for reading in (autopsy.current, autopsy.best))
    chart = waterfall(autopsy.findings, before, after) if words.shares(autopsy) else ""
    return [part for part in (chart, pieces.ties(autopsy.ties)) if part]


def finding_cards(lab: LabState, autopsy: Autopsy, exhibits: tuple[Exhibit | None, ...]) -> None:
    """The findings about the picture, the most important first; of a hopeless picture, guesses at a cause are folded."""
    if not autopsy.findings:
        return
    told, guessed = words.told_and_guessed(autopsy)
    for number, place in enumerate(told, 1):
        _card(lab, autopsy, number, autopsy.findings[place], exhibits[place])
    if guessed:
        with st.expander("What comes closest to a cause"):
            for number, place in enumerate(guessed, len(told) + 1):
                _card(lab, autopsy, number, autopsy.findings[place], exhibits[place])


def _card(lab: LabState, autopsy: Autopsy, number: int, found: Finding, exhibit: Exhibit | None) -> None:
    several = sum(other.fix is not None for other in autopsy.findings) > 1
    with st.container(border=True, gap="small", key=f"autopsy_finding_{number}"):
        st.html(pieces.finding(found, number, exhibit, words.shares(autopsy)))
        if found.code:
            st.caption("In your own code")
            st.code(found.code, language="python", wrap_lines=True)
        if found.fix is not None and (several or autopsy.verdict == "unlike training"):
            _fix_button(lab, found.fix, found.entry.title, "Put only this right", f"autopsy_apply_{number}")


def whole_code(autopsy: Autopsy, subject: Subject) -> None:
    """All changes of a fix as one function: lines from several cards need an order, which nobody should have to guess."""
    if autopsy.fix is None or autopsy.verdict != "fixable":
        return
    with st.expander("The right preprocessing as one Python function", icon=":material/code:"):
        st.caption("With numpy and OpenCV alone; it gives the network the same numbers as the fix above.")
        st.code(autopsy.fix.to_python(subject.picture.background), language="python", wrap_lines=True)


def waiting_view(examined: Examination) -> None:
    """The picture, how far the work is, and what is known already."""
    st.html(readings.waiting(examined.subject, examined.job.status))
    # Each in a place of its own from the beginning: what comes later must not land in what was shown before.
    picture, model = st.container(), st.container()
    with picture:
        noticed_view("What stands out in the picture", tuple(examined.noticed), expanded=True)
    with model:
        about_model(tuple(examined.about_model), examined.name)


def noticed_view(title: str, findings: tuple[Finding, ...], expanded: bool = False) -> None:
    """What stands out in a picture without being to blame for the answer, or before it is known to be."""
    if not findings:
        return
    with st.expander(f"{title} ({len(findings)})", icon=":material/search:", expanded=expanded):
        for found in findings:
            st.html(pieces.plain_finding(found))


def about_model(findings: tuple[Finding, ...], name: str) -> None:
    """What is the matter with the model, whatever the picture: open when it is a fault, folded when it is good to know.

    Args:
        name: of the model in the Lab.
    """
    faults = [found for found in findings if found.weight > 0]
    notes = [found for found in findings if found.weight <= 0]
    for title, group in (("The model has a fault", faults), ("About the model", notes)):
        if not group:
            continue
        with st.expander(
            f"{title} ({len(group)})", icon=":material/deployed_code:", expanded=group is faults
        ):
            for found in group:
                st.html(pieces.plain_finding(found))
                if found.code:
                    st.code(found.code, language="python", wrap_lines=True)
                if found.cause.startswith("batchnorm"):
                    _batchnorm_button(found.cause, name)


def _batchnorm_button(cause: str, name: str) -> None:
    if st.button(
        "See its statistics, and repair them",
        icon=":material/balance:",
        key=f"autopsy_{cause}",
        help="Opens the BatchNorm page with this model.",
    ):
        show_check(name)


def behaviour_view(network: Network) -> None:
    """The model on noise and at other scales: measured when somebody asks, because it takes a moment."""
    with st.expander("How the model behaves at large", icon=":material/query_stats:"):
        known = known_behaviour(network)
        if known is None:
            st.caption(
                "A softmax names a class for anything. Which one swallows noise, and what becomes of the answers when all "
                "numbers are 255 times too large or too small?"
            )
            if not st.button("Probe it with noise", icon=":material/blur_on:", key="autopsy_probe"):
                return
            with st.spinner("Asking the network about noise …"):
                known = measured_behaviour(network)
        st.html(behaviour_html(known))


def _fix_button(
    lab: LabState, fix: Pipeline, title: str, label: str, key: str, primary: bool = False
) -> None:
    if st.button(
        label,
        icon=":material/build:",
        key=key,
        type="primary" if primary else "secondary",
        help="Opens the Lab with it.",
    ):
        apply(lab, fix, title)
        st.switch_page("pages/lab.py")


def _titles(autopsy: Autopsy) -> str:
    return (
        ", ".join(found.entry.title for found in autopsy.findings if found.fix is not None)
        or "the best pipeline"
    )
