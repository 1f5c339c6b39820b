"""What the training is told: network, epochs, momentum, batch size, seed; and the button that starts it."""

from __future__ import annotations

import streamlit as st

from lib.batchnorm import initial_weight
from lib.batchnorm.settings import ARCHITECTURES, SettingsError, TrainingSettings
from lib.batchnorm.trainings import Trainings
from lib.ui.batchnorm.bench import Bench
from lib.wording import share

MOMENTA = (0.999, 0.99, 0.95, 0.9, 0.7, 0.5, 0.1, 0.01)


def settings_form(all_trainings: Trainings, bench: Bench, locked: bool) -> TrainingSettings:
    """Draws the settings."""
    limits, start, pictures = all_trainings.limits, bench.start, len(bench.slots)
    architecture = st.segmented_control(
        "Network",
        list(ARCHITECTURES),
        format_func=lambda name: {"small": "Small residual net", "ResNet50": "ResNet50"}[name],
        default=start.architecture,
        key="bn_architecture",
        required=True,
        disabled=locked,
        help="The small net has 20,000 weights and seven BatchNorm layers and is trained in seconds. ResNet50 is the "
        "question's own: 23.5 million weights, 53 BatchNorm layers, 197 × 197 gray pixels; allow a minute or two.",
    )
    chosen = ARCHITECTURES[architecture or "small"]
    usual_epochs = start.epochs if chosen.name == start.architecture else chosen.epochs
    first, second = st.columns(2)
    epochs = first.number_input(
        "Epochs",
        1,
        limits.epochs,
        min(usual_epochs, limits.epochs),
        key=f"bn_epochs_{chosen.name}",
        disabled=locked,
    )
    momentum = second.selectbox(
        "BatchNorm’s momentum",
        MOMENTA,
        index=MOMENTA.index(start.momentum),
        key="bn_momentum",
        disabled=locked,
        help="How much of the stored statistics stays at each update. Keras’s default is 0.99.",
    )
    batch_size = first.number_input(
        "Batch size",
        1,
        64,
        start.batch_size,
        key="bn_batch_size",
        disabled=locked,
        help="Keras’s default is 32.",
    )
    seed = second.number_input("Seed", 0, 9999, start.seed, key="bn_seed", disabled=locked)
    settings = TrainingSettings(chosen.name, int(epochs), float(momentum), int(batch_size), int(seed))
    each = settings.updates_per_epoch(max(1, pictures))
    updates = each * settings.epochs
    st.caption(
        f"{pictures} pictures in batches of {batch_size}: {_several(each, 'update')} of the statistics per epoch, "
        f"{_several(updates, 'update')} in all. {momentum:g} to the power of {updates} is "
        f"{initial_weight(settings.momentum, updates):.3g}: {share(initial_weight(settings.momentum, updates))} of "
        "what BatchNorm stores will still be its initial 0 and 1."
    )
    return settings


def train_button(bench: Bench, all_trainings: Trainings, settings: TrainingSettings, locked: bool) -> None:
    """Starts the training."""

    def start() -> None:
        try:
            bench.token = all_trainings.begin(bench.subject(), settings, bench.owner).token
            bench.error = ""
        except SettingsError as error:
            bench.error = str(error)

    again = bool(bench.token)
    st.button(
        "Train again" if again else f"Train on these {len(bench.slots)} pictures",
        key="bn_train",
        type="secondary" if again else "primary",
        icon=":material/play_arrow:",
        on_click=start,
        disabled=locked or not all_trainings.limits.on,
        width="stretch",
    )
    if not all_trainings.limits.on:
        st.caption(
            "Training is switched off on this server (MISREAD_TRAINING_ON); checking a model still works."
        )


def _several(count: int, what: str) -> str:
    return f"{count} {what}" + ("" if count == 1 else "s")
