"""The tab "Train and serve": do the pictures look like those of the training, and are the class names in the right order?"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from lib.autopsy.causes import CAUSES
from lib.dataset import Dataset
from lib.evaluate import Answers
from lib.evaluate.counts import accuracy
from lib.evaluate.drift import DriftReport, compare_sets, compare_with_reference
from lib.evaluate.label_order import LabelOrder, check_label_order
from lib.evaluate.running import as_stored
from lib.html import table, text
from lib.ui.dataset.second import second_set
from lib.ui.dataset.state import STORED, DatasetState, Run
from lib.ui.dataset.work import Cancelled, Report, Work, progress_bar, refusal
from lib.ui.lab_state import LabState

if TYPE_CHECKING:
    from lib.network import Network

REFERENCE, FILE, LAB = (
    "The training’s Reference, and this set",
    "This set, and another file",
    "This set, and what the Lab makes of it",
)
_DOZEN = 12
_WELL = 0.85


def serving(
    state: DatasetState, lab: LabState, dataset: Dataset, network: Network, run: Run, answers: Answers
) -> None:
    """Everything in the tab."""
    left, right = st.columns([1.4, 1.0], gap="large")
    with left:
        _drift(state, lab, dataset, network, run, answers)
    with right:
        _label_order(state, answers)
        _autopsies(state, dataset, network, run, answers)


def _drift(
    state: DatasetState, lab: LabState, dataset: Dataset, network: Network, run: Run, answers: Answers
) -> None:
    st.html('<div class="ds"><h4>Trained on, and served</h4></div>')
    ways = [*([REFERENCE] if network.reference is not None else []), FILE, LAB]
    kept = state.others.get("serving_way", ways[0])
    way = st.radio(
        "Compare",
        ways,
        index=ways.index(kept) if kept in ways else 0,
        key=f"dataset_serving_way_{len(ways)}",
        label_visibility="collapsed",
    )
    state.others["serving_way"] = way
    if network.reference is None:
        st.caption(
            "With a sample of its training pictures, added on the Models page, this set could be compared with them."
        )
    second = None
    if way == FILE:
        second = second_set(state, "serving")
        if second is None:
            return
    work = _comparison(state, lab, dataset, network, run, str(way), second)
    if work.busy:
        progress_bar(work, "dataset_serving_stop")
    elif work.result is None:
        refusal(work.error or "The comparison was stopped.", "dataset-serving-refusal")
    else:
        _report(work.result, accuracy(answers).value)


def _comparison(
    state: DatasetState,
    lab: LabState,
    dataset: Dataset,
    network: Network,
    run: Run,
    way: str,
    second: Dataset | None,
) -> Work[DriftReport]:
    about = (run, way, second, lab.pipeline if way == LAB else None, network)
    known = state.others.get("serving")
    if known is not None and known[0][:3] == about[:3] and known[0][3] == about[3] and known[0][4] is network:
        return known[1]
    own = as_stored(dataset, network.contract)
    stored = state.prepared == STORED
    labs = lab.pipeline if lab.model == run.model else run.pipeline

    def do(report: Report, cancelled: Cancelled) -> DriftReport:
        if way == REFERENCE:
            return compare_with_reference(network, dataset, run.pipeline, report, cancelled)
        if way == LAB:
            return compare_sets(network, dataset, dataset, own, labs, report, cancelled)
        assert second is not None
        served = as_stored(second, network.contract) if stored else run.pipeline
        return compare_sets(network, dataset, second, run.pipeline, served, report, cancelled)

    work = Work(do, "Measuring both sets")
    state.others["serving"] = (about, work)
    return work


def _report(found: DriftReport, right: float) -> None:
    """The causes and the table; `right` (0..1) is the share of this set that is read right."""
    if found.causes:
        parts = "".join(
            f'<p class="hint"><b>{text(CAUSES[entry.cause].title)}.</b> {text(entry.sentence)} '
            f"{text(CAUSES[entry.cause].remedy)}</p>"
            for entry in found.causes
        )
    else:
        parts = f'<p class="{"good" if right >= _WELL else "hint"}">{text(_no_cause(found, right))}</p>'
    rows = [
        (
            entry.name.replace("_", " "),
            _band(entry.train),
            _band(entry.serve),
            f"{entry.separation:.2f}{' ▲' if entry.higher and entry.clear else ' ▼' if entry.clear else ''}",
        )
        for entry in sorted(found.drifts, key=lambda entry: -entry.separation)
    ]
    st.html(
        f'<div class="ds" data-testid="dataset-drift">{parts}'
        f"{table(('in the tensors', 'training', 'served', 'told apart'), rows)}"
        '<p class="soft">Median, and in brackets where 90 % lie. “Told apart”: the chance that a picture of one set has '
        f"more of it than one of the other; 0.5 is no difference, from 0.8 it is marked. {found.train_n:,} and "
        f"{found.serve_n:,} pictures.</p></div>"
    )


def _no_cause(found: DriftReport, right: float) -> str:
    """What is said when the two sets' statistics give no cause; that is no all-clear where many pictures are misread."""
    differ = ", ".join(entry.name.replace("_", " ") for entry in found.drifts if entry.clear)
    said = (
        f"The sets differ in {differ}, which is no cause that the Autopsy knows."
        if differ
        else "Nothing that the Autopsy knows a cause for: the statistics of both sets are alike."
    )
    if right >= _WELL:
        return said
    return (
        f"{said} Yet only {100 * right:.1f} % of these pictures are read right: “Examine them” looks at errors one by one, "
        "also for what a statistic of the whole set cannot show, such as the place in the frame or which way is up."
    )


def _band(ends: tuple[float, float, float]) -> str:
    return f"{ends[1]:.3g} ({ends[0]:.3g} … {ends[2]:.3g})"


def _label_order(state: DatasetState, answers: Answers) -> None:
    known = state.others.get("label_order")
    if known is None or known[0] is not answers:
        known = state.others["label_order"] = (answers, check_label_order(answers))
    found: LabelOrder = known[1]
    title = CAUSES[found.cause].title if found.cause else found.title
    remedy = CAUSES[found.cause].remedy if found.cause else ""
    st.html(
        '<div class="ds" data-testid="dataset-label-order"><h4>The order of the class names</h4>'
        f'<p class="{"hint" if found.cause else "good"}"><b>{text(title)}.</b> {text(found.sentence)} {text(remedy)}</p>'
        '<p class="soft">The best renaming is found by the Hungarian method on half of the pictures and judged on the other '
        "half.</p></div>"
    )


def _autopsies(state: DatasetState, dataset: Dataset, network: Network, run: Run, answers: Answers) -> None:
    """The Autopsy of some errors, counted."""
    st.html(
        '<div class="ds"><h4>The Autopsy of a dozen</h4><p class="soft">Takes twelve wrongly read pictures at random and '
        "counts the causes that the Autopsy names for them.</p></div>"
    )
    known = state.others.get("autopsies")
    work: Work[Counter[str]] | None = known[1] if known is not None and known[0] is answers else None
    if work is None:
        if st.button("Examine them", key="dataset_autopsies", icon=":material/troubleshoot:"):
            state.others["autopsies"] = (answers, _examinations(dataset, network, run, answers))
            st.rerun()
        return
    if work.busy:
        progress_bar(work, "dataset_autopsies_stop")
        return
    if work.result is None:
        refusal(work.error or "Stopped.", "dataset-autopsies-refusal")
        return
    rows = [
        (CAUSES[cause].title if cause in CAUSES else cause, count)
        for cause, count in work.result.most_common()
    ]
    st.html(f'<div class="ds" data-testid="dataset-autopsies">{table(("cause", "pictures"), rows)}</div>')


def _examinations(dataset: Dataset, network: Network, run: Run, answers: Answers) -> Work[Counter[str]]:
    wrong = np.flatnonzero(~answers.right)
    rows = answers.rows[np.sort(np.random.default_rng(1).permutation(wrong)[:_DOZEN])]

    def do(report: Report, cancelled: Cancelled) -> Counter[str]:
        from lib.autopsy import examine

        counts: Counter[str] = Counter()
        for done, row in enumerate(rows.tolist()):
            if cancelled():
                break
            report(done, len(rows))
            found = examine(network, dataset.picture(row), run.pipeline)
            named = {finding.cause for finding in found.findings} or {"healthy-misread"}
            counts.update(named)
        return counts

    return Work(do, "Examining errors")
