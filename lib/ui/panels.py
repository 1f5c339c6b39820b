"""The Lab's panels: what each live view is sent about an analysis, and what its events do to the state."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from lib.analysis import Analysis
from lib.drawing import Drawing
from lib.ui import wire
from lib.ui.feed import Handler
from lib.ui.lab_state import LabState
from lib.ui.layer_choice import usual_layers
from lib.ui.layers import LayerOptions, LayerView, layers_message
from lib.ui.predictions import PredictionOptions, predictions_message
from lib.ui.readout import HistogramBand, readout_message
from lib.ui.sketchpad import SketchpadOptions, drawn, given_file, sketchpad_message
from lib.ui.steps import StepsOptions, moved, steps_message
from lib.ui.verdict import SurenessOptions
from lib.ui.verdict_parts import verdict_parts
from lib.ui.view_options import sequence_number

if TYPE_CHECKING:
    from lib.layer import Layer
    from lib.network import Network, Trace

_UPLOAD_NOTE = (
    "The uploaded picture itself is not in the link, only the settings: send the file along, or a bundle (.zip), which "
    "holds everything."
)


def parts(state: LabState, analysis: Analysis, pinned: Analysis | None, waiting: str) -> dict[str, bytes]:
    """Every live view's message. `waiting`: what to say while the network is not there, else empty."""
    both = pinned if pinned and pinned.trace and analysis.trace else None
    # Bars of two networks can be compared when they know the same classes, maps only within one network.
    same_classes = (
        both and both.network and both.network.contract.class_names == state.card.contract.class_names
    )
    same_model = state.pinned is not None and state.pinned.model == state.model
    return {
        "sketchpad": _sketchpad(state),
        "notes": _notes(state),
        **verdict_parts(analysis, state.view.get("sureness")),
        "predictions": _predictions(state, analysis, both if same_classes else None, waiting),
        "compare": wire.pack({"pinned": state.pinned is not None, "changes": state.changes_since_pinned()}),
        "share": wire.pack({"note": _UPLOAD_NOTE if state.source_is_upload else "", "lost": state.link_note}),
        "steps": _steps(state, analysis),
        "readout": readout_message(analysis.stages.final, band=_band(analysis)),
        "layers": _layers(state, analysis, both if same_model else None, waiting),
    }


def handlers(state: LabState) -> dict[str, Handler]:
    """What each view's events do to the state. Every value may be anybody's."""

    def on_drawing(value: Any) -> None:
        report = drawn(value)
        if report:
            state.draw(*report)

    def on_values(value: Any) -> None:
        report = moved(value, state.pipeline, state.pipeline_revision)
        if report:
            state.change_pipeline(*report)

    def on_compare(value: Any) -> None:
        actions = {"pin": state.pin, "unpin": state.unpin, "back": state.back_to_pinned}
        if isinstance(value, str) and value in actions:
            actions[value]()

    return {
        "sketchpad_drawing": on_drawing,
        "sketchpad_file": lambda value: state.show_upload(*given_file(value)),
        # The two views' channels carry drawings and values; their options are events of their own, without a number.
        "sketchpad_view": lambda value: _keep_view(
            state, "sketchpad", SketchpadOptions.from_json(value).to_json()
        ),
        "steps_view": lambda value: _keep_view(state, "steps", StepsOptions.from_json(value).to_json()),
        "steps_values": on_values,
        "steps_preset": lambda value: state.choose_preset(str(value)),
        "predictions_view": lambda value: _set_view(
            state, "predictions", PredictionOptions.from_json(value).to_json(), value
        ),
        "sureness_view": lambda value: _set_view(
            state, "sureness", SurenessOptions.from_json(value).to_json(), value
        ),
        "layers_view": lambda value: _set_view(
            state, "layers", LayerOptions.from_json(value).to_json(), value
        ),
        "compare_do": on_compare,
        "share_code": lambda _: state.ask_for("code"),
        "share_modes": lambda _: state.ask_for("modes"),
    }


# ---- one view each -------------------------------------------------------------------------------------------------------


def _sketchpad(state: LabState) -> bytes:
    backdrop = None if isinstance(state.source, Drawing) else state.picture()
    options = SketchpadOptions.from_json(state.view.get("sketchpad"))
    grid = state.card.contract.size[0]
    return sketchpad_message(state.drawing, state.drawing_revision, grid, backdrop, options)


def _notes(state: LabState) -> bytes:
    """Decoding's notes; a drawing has none worth reading."""
    notes = () if isinstance(state.source, Drawing) else state.picture().notes
    switch = (state.switch_note,) if state.switch_note else ()
    errors = [text for text in (state.error, state.stand_in) if text]
    return wire.pack({"errors": errors, "notes": (*switch, *notes)})


def _steps(state: LabState, analysis: Analysis) -> bytes:
    gray = state.card.contract.channels == 1
    return steps_message(
        analysis.stages,
        state.default,
        state.presets,
        state.pipeline_revision,
        locked=frozenset({"grayscale"} if gray else ()),
        options=StepsOptions.from_json(state.view.get("steps")),
    )


def _band(analysis: Analysis) -> HistogramBand | None:
    reference = analysis.network.reference if analysis.network else None
    if reference is None:
        return None
    low, mid, high = reference.histogram_quantiles
    return HistogramBand(reference.histogram_edges, low, mid, high)


def _predictions(state: LabState, analysis: Analysis, compared: Analysis | None, waiting: str) -> bytes:
    trace = analysis.trace
    return predictions_message(
        state.card.contract.class_names,
        trace.probabilities[0] if trace else np.zeros(0),
        PredictionOptions.from_json(state.view.get("predictions")),
        logits=trace.logits[0] if trace else None,
        previous=state.settled if trace else None,
        pinned=compared.trace.probabilities[0] if compared and compared.trace else None,
        output=state.card.contract.output,
        task=state.card.contract.task,
        message=analysis.problem or waiting or _blank(analysis) or None,
    )


def _blank(analysis: Analysis) -> str:
    """A sentence for a picture without anything in it."""
    source = analysis.stages.source
    if source.min() < source.max():
        return ""
    return "The picture is of one colour: there is nothing to read, and the network answers all the same."


def _layers(state: LabState, analysis: Analysis, compared: Analysis | None, waiting: str) -> bytes:
    trace, network = analysis.trace, analysis.network
    views = []
    if trace is not None and network is not None:
        usual = usual_layers(network.layers)
        views = [_layer_view(layer, network, trace, layer.name in usual) for layer in network.layers]
    other = None
    if compared and compared.trace:
        other = {name: values[0] for name, values in compared.trace.activations.items()}
    options = LayerOptions.from_json(state.view.get("layers"))
    return layers_message(views, options, pinned=other, empty=analysis.problem or waiting)


def _layer_view(layer: Layer, network: Network, trace: Trace, usual: bool) -> LayerView:
    values = trace.activations.get(layer.name)
    # The one output of a binary network stands for two classes and has the name of neither.
    of_classes = layer is network.layers[-1] and layer.shape == (len(network.contract.class_names),)
    return LayerView(
        layer.name,
        layer.kind,
        values[0] if values is not None else None,
        labels=network.contract.class_names if of_classes else None,
        function=layer.activation,
        usual=usual,
    )


def _set_view(state: LabState, name: str, options: str, value: Any) -> None:
    """Keeps a view's options for the link, and the number of its report."""
    if isinstance(value, Mapping):
        state.acks[name] = sequence_number(value)
    _keep_view(state, name, options)


def _keep_view(state: LabState, name: str, options: str) -> None:
    state.set_view(**{name: "" if options == "{}" else options})
