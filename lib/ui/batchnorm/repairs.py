"""The repairs: each can be applied, and what it gave stands beside what was before, in both modes."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np
import streamlit as st

from lib.batchnorm import initial_weight
from lib.batchnorm.repairs import Repair, repairs
from lib.batchnorm.settings import SettingsError
from lib.batchnorm.trainings import REPAIRED, TRAINED, Experiment, Run, Trainings
from lib.html import text
from lib.ui.batchnorm.bench import Bench
from lib.wording import share

RECALIBRATION = "recalibration"


def repairs_view(bench: Bench, experiment: Experiment, all_trainings: Trainings) -> None:
    """Draws them."""
    run = experiment.base
    busy = experiment.active is not None
    cards = st.columns(2, gap="medium")
    with cards[0].container(border=True, height="stretch"):
        _recalibration(experiment)
    found = repairs(
        run.settings,
        len(run.subject.pictures),
        run.outcome.recovery if run.outcome else None,
        all_trainings.limits,
    )
    for place, repair in enumerate(found, 1):
        with cards[place % 2].container(border=True, height="stretch"):
            _training(bench, experiment, all_trainings, repair, busy)
    st.html(table(experiment, is_recalibrated(experiment)))
    if is_recalibrated(experiment):
        _downloads(run)


def is_recalibrated(experiment: Experiment) -> bool:
    return experiment.token in st.session_state.setdefault("bn_recalibrated", set())


def _recalibration(experiment: Experiment) -> None:
    run = experiment.base
    st.markdown("**Recalibrate the statistics**")
    st.caption(
        "No training at all: pass the pictures through the network once in training mode and store the exact mean and "
        "variance of what arrives at every BatchNorm layer. No weight changes."
    )
    done = is_recalibrated(experiment)
    if st.button(
        "Recalibrated" if done else "Recalibrate",
        key="bn_recalibrate",
        type="secondary" if done else "primary",
        icon=":material/check:" if done else ":material/build:",
        disabled=done or run.outcome is None,
    ):
        st.session_state["bn_recalibrated"].add(experiment.token)
        st.rerun()


def _training(
    bench: Bench, experiment: Experiment, all_trainings: Trainings, repair: Repair, busy: bool
) -> None:
    st.markdown(f"**{repair.name.capitalize()}**")
    st.caption(repair.says)
    settings = repair.settings
    if settings is None:
        return

    def start() -> None:
        try:
            all_trainings.repair(experiment, repair.name, settings)
            bench.error = ""
        except SettingsError as error:
            bench.error = str(error)

    seconds = _estimate(experiment.base, settings.epochs)
    st.button(
        f"Train with {repair.name}",
        key=f"bn_repair_{repair.name}",
        icon=":material/play_arrow:",
        on_click=start,
        disabled=busy,
        help=f"About {seconds:.0f} seconds, judging by the first training." if seconds else None,
    )


def _estimate(run: Run, epochs: int) -> float:
    """Seconds that a training of so many epochs takes, by those of this run."""
    if run.outcome is None or len(run.records) < 2:
        return 0.0
    spans = np.diff([record.seconds for record in run.records])
    return float(run.outcome.seconds + np.median(spans) * max(0, epochs - len(run.records)))


def table(experiment: Experiment, recalibrated: bool) -> str:
    """What was tried and what it gave, HTML."""
    run = experiment.base
    rows = [_row("as trained", run, "base")]
    if recalibrated and run.outcome is not None:
        rows.append(_recalibrated_row(run))
    rows += [_row(name, repair, "") for name, repair in experiment.repairs.items() if repair.records]
    head = "".join(
        f"<th>{cell}</th>"
        for cell in (
            "",
            "epochs",
            "momentum",
            "batch",
            "updates",
            "initial 0/1 left",
            "fit() reported",
            "training=True",
            "predict()",
            "seconds",
        )
    )
    return (
        f'<div class="bn scroll"><table data-testid="bn-repairs"><thead><tr>{head}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table></div>"
    )


def _row(name: str, run: Run, css: str) -> str:
    last, settings = run.records[-1], run.settings
    unfinished = "" if run.outcome else " (stopped)" if not run.active else " …"
    cells = [
        f"{last.epoch}",
        f"{settings.momentum:g}",
        f"{min(settings.batch_size, len(run.subject.pictures))}",
        f"{last.updates:,}",
        share(initial_weight(settings.momentum, last.updates)),
        f"{share(last.fit_accuracy)}",
    ]
    seconds = run.outcome.seconds if run.outcome else last.seconds
    return _as_row(name + unfinished, cells, run, last.training, last.inference, f"{seconds:.0f}", css)


def _recalibrated_row(run: Run) -> str:
    last, outcome = run.records[-1], run.outcome
    assert outcome is not None
    cells = [f"{last.epoch}", f"{run.settings.momentum:g}", "all", f"{last.updates:,}", "0 %", "–"]
    return _as_row(RECALIBRATION, cells, run, outcome.training, outcome.inference, "", "")


def _as_row(
    name: str, cells: list[str], run: Run, training: np.ndarray, inference: np.ndarray, seconds: str, css: str
) -> str:
    targets = run.subject.targets
    accuracies = [float(np.mean(p.argmax(axis=1) == targets)) for p in (training, inference)]
    shown = "".join(f"<td>{text(cell)}</td>" for cell in cells)
    for accuracy in accuracies:
        shown += f'<td class="{"good" if accuracy == 1 else "bad"}">{share(accuracy)}</td>'
    return f'<tr class="{css}"><td>{text(name)}</td>{shown}<td>{text(seconds)}</td></tr>'


def _downloads(run: Run) -> None:
    row = st.container(horizontal=True)
    for label, name, kind in (
        ("Download the repaired .keras", REPAIRED, "primary"),
        ("The network as trained", TRAINED, "secondary"),
    ):
        path = run.file(name)
        if path is not None:
            row.download_button(
                label,
                partial(_bytes, path),
                f"{run.settings.architecture}-{name}",
                "application/zip",
                key=f"bn_download_{name}",
                icon=":material/download:",
                on_click="ignore",
                type=kind,  # type: ignore[arg-type]
            )
    st.caption(
        f"Both expect {_input(run)} gray pixels, 0 to 255, and give the labels in the order "
        f"{', '.join(run.subject.class_names)[:120]}. Upload one on the Models page to look into it."
    )


def _input(run: Run) -> str:
    from lib.batchnorm.settings import ARCHITECTURES

    side = ARCHITECTURES[run.settings.architecture].side
    return f"{side} × {side}"


def _bytes(path: Path) -> bytes:
    return path.read_bytes()
