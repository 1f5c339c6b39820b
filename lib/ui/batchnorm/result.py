"""A finished training: the two columns first, then where it goes wrong, the arithmetic, the repairs and the neighbours."""

from __future__ import annotations

import numpy as np
import streamlit as st

from lib.batchnorm.statistics import first_diverging
from lib.batchnorm.trainings import FAILED, STOPPED, Experiment, Run, Trainings
from lib.html import text
from lib.ui.batchnorm.arithmetic import arithmetic
from lib.ui.batchnorm.bench import Bench
from lib.ui.batchnorm.columns import columns, inference_column, repaired_column, training_column
from lib.ui.batchnorm.layers import layers_view
from lib.ui.batchnorm.neighbours import neighbours_view
from lib.ui.batchnorm.progress import live_curves
from lib.ui.batchnorm.repairs import is_recalibrated, repairs_view
from lib.wording import share


def title(words: str, small: str = "") -> None:
    st.html(f'<h2 class="bn-title">{text(words)}<small>{text(small)}</small></h2>')


def result(bench: Bench, experiment: Experiment, all_trainings: Trainings) -> None:
    """Draws what there is of an experiment whose first training has ended."""
    run = experiment.base
    if run.state == FAILED:
        st.html(f'<div class="bn" role="alert"><p class="alarm">{text(run.error)}</p></div>')
    if not run.records:
        if run.state == STOPPED:
            st.html('<div class="bn"><p>The training was stopped before its first epoch was over.</p></div>')
        return
    repaired = is_recalibrated(experiment) and run.outcome is not None
    st.html(f'<div class="bn"><p class="lead" data-testid="bn-headline">{headline(run, repaired)}</p></div>')
    last = run.records[-1]
    shown = [inference_column(last.inference), training_column(last.training)]
    if repaired and run.outcome is not None:
        shown.append(repaired_column(run.outcome.inference))
    subject = run.subject
    targets = [int(t) for t in subject.targets]
    st.html(columns(shown, subject.pictures, targets, subject.class_names))
    st.html(_metric_trap(run))
    with st.expander("Loss and accuracy, epoch by epoch"):
        live_curves(run)
    if run.state == STOPPED:
        st.html(
            '<div class="bn"><p>The training was stopped: repairs need one that has ended by itself.</p></div>'
        )
    else:
        title("Repair it", "each way is applied and measured")
        repairs_view(bench, experiment, all_trainings)
    title("Where it goes wrong", "stored statistics against those of your pictures, layer by layer")
    moments = [(str(record.epoch), record.distances(run.layers)) for record in run.records]
    marked = first_diverging(moments[-1][1])
    layers_view("bn_layers", run.layers, moments, last.stored, last.batch, marked)
    title("The arithmetic", "why so few updates cannot be enough")
    arithmetic(run)
    if run.outcome is not None:
        title("The company decides", "why training=True is no way to predict")
        st.markdown(
            "In training mode a picture is normalised with its whole batch, so its answer depends on the pictures it "
            "happens to be with. That is why `predict()` uses stored statistics at all."
        )
        neighbours_view(
            "bn_neighbours",
            subject.pictures,
            subject.labels,
            targets,
            subject.strangers,
            run.outcome.neighbours,
            subject.class_names,
        )


def headline(run: Run, repaired: bool) -> str:
    """The result in one sentence, HTML."""
    last, targets = run.records[-1], run.subject.targets
    predicted = float(np.mean(last.inference.argmax(axis=1) == targets))
    batch = float(np.mean(last.training.argmax(axis=1) == targets))
    said = (
        f"fit() reported {share(last.fit_accuracy)} on these {len(targets)} pictures; predict() reads "
        f"{share(predicted)} of the very same ones"
    )
    if repaired and run.outcome is not None:
        after = float(np.mean(run.outcome.inference.argmax(axis=1) == targets))
        return text(f"{said}, and {share(after)} after recalibration: not one weight was changed.")
    if predicted == 1:
        return text(f"{said}: stored and batch statistics agree well enough.")
    if batch > predicted:
        return text(
            f"{said}. The weights are fine, as training=True shows: what is wrong is what BatchNorm has stored."
        )
    return text(f"{said}. It has not learnt them in either mode yet: train for more epochs.")


def _metric_trap(run: Run) -> str:
    last, targets = run.records[-1], run.subject.targets
    evaluated = float(np.mean(last.inference.argmax(axis=1) == targets))
    now = float(np.mean(last.training.argmax(axis=1) == targets))
    return (
        '<div class="bn traps"><div class="trap"><b>Three accuracies that are easily confused.</b> '
        f"fit()’s line says {share(last.fit_accuracy)}: averaged over the epoch while the weights were still changing, in "
        f"training mode. After the epoch, training mode gives {share(now)}, and evaluate() {share(evaluated)}: that "
        "is what users of the network get.</div>"
        '<div class="trap"><b>Dropout would blur this.</b> training=True also switches dropout on. This network has none, '
        "and the columns for other models leave it off, so that BatchNorm alone is compared.</div></div>"
    )
