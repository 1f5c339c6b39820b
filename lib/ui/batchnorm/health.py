"""What a model's file says about its BatchNorm layers, in a newcomer's words."""

from __future__ import annotations

import streamlit as st

from lib.batchnorm.health import Health, LayerHealth
from lib.html import text
from lib.ui.batchnorm.arithmetic import gauge
from lib.wording import number, share

_ROW_HEIGHT, _MOST_ROWS = 35, 12


def health_view(found: Health, key: str) -> None:
    """Draws it."""
    st.html(summary(found))
    if found.residual is not None and found.updates is not None and found.momentum is not None:
        st.html(gauge(found.residual, found.momentum, found.updates))
    asides = traps(found)
    if asides:
        st.html(asides)
    with st.expander(f"All {len(found.layers)} BatchNorm layers"):
        st.dataframe(
            rows(found),
            hide_index=True,
            height=_ROW_HEIGHT * (min(len(found.layers), _MOST_ROWS) + 1) + 3,
            key=f"bn_health_{key}",
            alt="Stored statistics of every BatchNorm layer",
        )


def summary(found: Health) -> str:
    """The verdict and the facts, HTML."""
    if found.alarms:
        verdict = "".join(
            f'<p class="alarm" data-testid="bn-alarm">{text(alarm)}</p>' for alarm in found.alarms
        )
    else:
        known = (
            "The moving statistics have left their initial values behind."
            if found.residual is None
            else f"After {found.updates:,} updates, {_left(found.residual)} is left of the initial 0 and 1."
        )
        verdict = f'<p class="fine" data-testid="bn-fine">Nothing is wrong with the stored statistics. {text(known)}</p>'
    facts = [
        (f"{len(found.layers)}", "BatchNorm layers"),
        (
            f"{found.updates:,}" if found.updates is not None else "not in the file",
            "updates of the statistics (the optimizer’s steps)",
        ),
        (f"{found.momentum:g}" if found.momentum is not None else "–", "momentum"),
        (f"{len(found.untouched)}", "layers still at mean 0, variance 1"),
        (f"{len(found.frozen)}", "frozen layers"),
    ]
    cells = "".join(f"<div><b>{text(value)}</b><span>{text(name)}</span></div>" for value, name in facts)
    return f'<div class="bn">{verdict}<div class="facts">{cells}</div></div>'


def _left(residual: float) -> str:
    return share(residual) if residual > 1e-6 else "nothing"


def traps(found: Health) -> str:
    """What else about these layers is easily misunderstood, HTML; only what concerns this model."""
    sentences = []
    if found.frozen:
        which = "All of its" if len(found.frozen) == len(found.layers) else f"{len(found.frozen)} of its"
        sentences.append(
            (
                "Frozen BatchNorm.",
                f"{which} BatchNorm layers have trainable=False. In Keras 3 (as in every Keras since 2.2) that "
                "means more than "
                "for other layers: a frozen BatchNorm runs in inference mode even inside fit(): it normalises with "
                "what it has "
                "stored, and neither γ and β nor the statistics change. That is what fine-tuning wants, as long as "
                "your pictures "
                "look like those it was trained on. Before 2.2, and with training=True in the call, frozen layers "
                "still used the "
                "batch.",
            )
        )
    if found.dropout:
        several = f"{len(found.dropout)} dropout layers" if len(found.dropout) > 1 else "A dropout layer"
        sentences.append(
            (
                "Dropout.",
                f"{several} would make training=True random as well. It stays off in both columns here, so that "
                "only BatchNorm "
                "differs. A network whose answers change from call to call has been left in training mode.",
            )
        )
    if found.updates is None:
        sentences.append(
            (
                "No optimizer in the file.",
                "Without it nobody can say how many updates the statistics have had: save with model.save() from "
                "the compiled "
                "model to keep the count. Pictures tell, too: look below.",
            )
        )
    inner = "".join(f'<div class="trap"><b>{text(a)}</b> {text(b)}</div>' for a, b in sentences)
    return f'<div class="bn traps">{inner}</div>' if inner else ""


def rows(found: Health) -> dict[str, list[object]]:
    """The table's columns."""

    def spread(low_high: tuple[float, float]) -> str:
        return f"{number(low_high[0])} to {number(low_high[1])}"

    def state(entry: LayerHealth) -> str:
        said = ["as before training"] if entry.untouched else []
        said += ["NaN or infinite"] if entry.broken else []
        said += ["frozen"] if not entry.layer.trainable else []
        said += [f"{entry.dead} constant channels"] if entry.dead else []
        return ", ".join(said)

    return {
        "layer": [entry.layer.name for entry in found.layers],
        "channels": [entry.layer.channels for entry in found.layers],
        "momentum": [entry.layer.momentum for entry in found.layers],
        "stored means": [spread(entry.mean_range) for entry in found.layers],
        "stored standard deviations": [spread(entry.deviation_range) for entry in found.layers],
        "remark": [state(entry) for entry in found.layers],
    }
