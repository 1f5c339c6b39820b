"""The tab "Outsiders": pictures that the network has no class for, the scores that tell them, and a threshold's cost."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import streamlit as st

from lib.dataset import Dataset
from lib.evaluate.outsiders import KINDS, unlabelled
from lib.evaluate.running import as_stored
from lib.evaluate.unknown import OF_REFERENCE, Comparison, Cost, compare, cost
from lib.html import table, text
from lib.ui.dataset.charts import CONFIG
from lib.ui.dataset.curves import separation_figure
from lib.ui.dataset.second import second_set
from lib.ui.dataset.state import STORED, DatasetState, Run
from lib.ui.dataset.work import Cancelled, Report, Work, progress_bar, refusal

if TYPE_CHECKING:
    from lib.network import Network

_OWN = "file"
_COUNT = 600
_NO_REFERENCE = (
    '<p class="soft">No score here compares the pictures with those of the training, because this model comes without a '
    "sample of them. Add one on the Models page, and there are more.</p>"
)


def strangers(state: DatasetState, dataset: Dataset, network: Network, run: Run) -> None:
    """Everything in the tab."""
    st.html(
        '<div class="ds"><p class="soft">Softmax must share 100 % among the classes, also for what belongs to none of them. '
        "Which number gives such a picture away?</p></div>"
    )
    digits = KINDS["other_script"].make(
        dataset, network.contract, 1
    )  # the one kind that depends on the classes
    choices = [id for id in KINDS if id != "other_script" or digits is not None]
    kind = st.segmented_control(
        "Outsiders",
        [*choices, _OWN],
        format_func=lambda id: KINDS[id].title if id in KINDS else "My own file",
        default=state.others.get("strangers_kind", choices[0]),
        key="dataset_strangers_kind",
        required=True,
        label_visibility="collapsed",
    )
    state.others["strangers_kind"] = kind
    outside: Dataset | None = None
    if kind == _OWN:
        second = second_set(state, "strangers")
        if second is None:
            return
        outside = unlabelled(second.images, second.name)
    else:
        st.caption(KINDS[str(kind)].says)
    work = _comparison(state, dataset, network, run, str(kind), outside)
    if work.busy:
        progress_bar(work, "dataset_strangers_stop")
    elif work.result is None:
        refusal(work.error or "The comparison was stopped.", "dataset-strangers-refusal")
    else:
        _shown(work.result, network.reference is not None)


def _comparison(
    state: DatasetState, dataset: Dataset, network: Network, run: Run, kind: str, outside: Dataset | None
) -> Work[Comparison]:
    """The comparison with these outsiders; begun if it is not known yet."""
    known = state.others.setdefault("strangers", {})
    images = None if outside is None else outside.images
    if kind in known:
        old_run, old_images, old_work = known[kind]
        if old_run is run and old_images is images:
            return old_work
    stored = state.prepared == STORED

    def do(report: Report, cancelled: Cancelled) -> Comparison:
        strange = outside if outside is not None else KINDS[kind].make(dataset, network.contract, _COUNT)
        if strange is None:
            raise ValueError("There are no such outsiders for this network. Choose another kind.")
        pipeline = as_stored(strange, network.contract) if stored else run.pipeline
        return compare(network, dataset, strange, run.pipeline, pipeline, report, cancelled)

    work = Work(do, "Scoring both sets")
    known[kind] = (run, images, work)
    return work


def _shown(found: Comparison, has_reference: bool) -> None:
    order = sorted(found.separations, key=lambda entry: -entry.auroc)
    names = [entry.name for entry in found.separations]
    best = order[0].name
    answers = ", ".join(f"“{text(name)}” {100 * share:.0f} %" for name, share in found.named)
    st.html(
        f'<div class="ds" data-testid="dataset-strangers"><p>What the network calls {text(found.outsiders)}: {answers}.</p>'
        "</div>"
    )
    worse = doubt(found)
    if worse:
        st.html(
            f'<div class="ds" data-testid="dataset-strangers-doubt"><p class="hint">{text(worse)}</p></div>'
        )
    left, right = st.columns([1.0, 1.2], gap="large")
    with left:
        rows = [
            (
                entry.name + (" (best)" if entry.name == best else ""),
                f"{entry.auroc:.3f}",
                f"{100 * entry.fpr95:.1f} %",
            )
            for entry in order
        ]
        st.html(
            f'<div class="ds">{table(("score", "AUROC", "FPR at 95 % TPR"), rows)}'
            '<p class="soft">AUROC: the chance that a random picture of yours scores higher than a random outsider. FPR: '
            "the outsiders that pass where 95 % of yours do.</p>"
            f"{'' if has_reference else _NO_REFERENCE}</div>"
        )
    with right:
        name = st.selectbox("Score", names, index=names.index(best), key="dataset_strangers_score")
        keep = st.slider(
            "Keep at least so many of mine", 50, 100, 95, key="dataset_strangers_keep", format="%d %%"
        )
        price = cost(found, name, keep / 100)
        entry = next(entry for entry in found.separations if entry.name == name)
        st.plotly_chart(
            separation_figure(entry, price.threshold),
            key="dataset_separation",
            config=CONFIG,
            alt=f"Histograms of {name} for this data set and for the outsiders",
        )
        st.html(
            f'<div class="ds" data-testid="dataset-cost"><p>{text(in_words(price))}</p>'
            f'<p class="soft">{text(entry.says)}</p></div>'
        )


def doubt(found: Comparison) -> str:
    """A sentence when a score that knows the training finds the outsiders more like it than the data set; else empty."""
    worse = [entry.name for entry in found.separations if entry.name in OF_REFERENCE and entry.auroc < 0.5]
    if not worse:
        return ""
    return (
        f"By {' and '.join(worse)} the outsiders look more like the training pictures than this data set does. So the data "
        "set itself is unlike the training: see “Train and serve”."
    )


def in_words(price: Cost) -> str:
    """What the threshold does."""
    parts = [
        f"Turning away what scores below {price.threshold:.4g} keeps {100 * price.kept:.1f} % of yours and lets "
        f"{100 * price.passed:.1f} % of the outsiders pass."
    ]
    if not math.isnan(price.errors_caught):
        parts.append(
            f"Of your pictures that are read wrong, {100 * price.errors_caught:.0f} % are turned away as well."
        )
    if not math.isnan(price.accuracy):
        parts.append(f"Of those that are kept, {100 * price.accuracy:.1f} % are read right.")
    return " ".join(parts)
