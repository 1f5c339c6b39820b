"""What one visitor's Lab holds between reruns, and what each event does to it. It draws nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import numpy as np

from lib import zoo
from lib.analysis import Analysis, analyse
from lib.bundle import BundleError, Opened, is_bundle, open_bundle
from lib.carry_over import carry_over
from lib.case import Case, SampleSource, Source, UploadSource, from_query, short_enough, to_query
from lib.contract import Contract
from lib.drawing import Drawing
from lib.picture import Picture, PictureError, decode
from lib.pipeline import Pipeline
from lib.presets import Preset, presets
from lib.samples import sample, samples
from lib.ui.layer_choice import fetched_layers, usual_layers
from lib.ui.layers import LayerOptions
from lib.ui.view_options import unreadable
from lib.ui.visitor_models import VisitorModel
from lib.zoo.card import Card

if TYPE_CHECKING:
    from lib.layer import Layer
    from lib.network import Network

START_MODEL = "letters-mlp"
START_SAMPLE = "r-clean"
# Their options stand in `LabState.view` beside those of the Lab's own views, and only in the links to them.
OTHER_PAGES = frozenset({"autopsy", "batchnorm", "dataset", "models"})


@cache
def cards() -> dict[str, Card]:
    """The catalogue's models by name."""
    return {card.name: card for card in zoo.catalogue()}


@lru_cache(maxsize=32)
def pipeline_of(contract: Contract) -> Pipeline:
    """A contract's own pipeline; built once, since every rerun asks for it several times."""
    return contract.pipeline()


def default_pipeline(model: str) -> Pipeline:
    """The own pipeline of a model of the catalogue."""
    return pipeline_of(cards()[model].contract)


@dataclass
class LabState:
    """The state of one session's Lab. Events are its methods; `analyse` gives what the views show.

    Attributes:
        source: which picture is shown; the drawing and the upload are kept when another one is looked at.
        own: this visitor's own models by name, in the order in which they came.
        drawing_revision, pipeline_revision: grow when the server, not the browser, replaces what they count.
        acks: view -> the last number it sent, to be acknowledged after the work.
        settled: probabilities before the current gesture, shown as a ghost.
        notes: what the link that was opened could not give.
        switch_note: what the last change of the model did to the pipeline.
        dialog: that the visitor has asked for and the page has not opened yet.
        address, link_note: the present link's query string, and what it does not carry.
    """

    model: str
    source: Source
    pipeline: Pipeline
    own: dict[str, VisitorModel] = field(default_factory=dict)
    drawing: Drawing = field(default_factory=Drawing)
    upload: Picture | None = None
    drawing_revision: int = 1
    pipeline_revision: int = 1
    acks: dict[str, int] = field(default_factory=dict)
    view: dict[str, str] = field(default_factory=dict)
    pinned: Case | None = None
    pinned_upload: Picture | None = None
    settled: np.ndarray | None = None
    notes: tuple[str, ...] = ()
    switch_note: str = ""
    error: str = ""
    analysis: Analysis | None = None
    pinned_analysis: Analysis | None = None
    link_is_due: bool = True
    link_note: str = ""
    address: str = ""
    dialog: str = ""
    _gesture_ended: bool = True

    # ---- begin ------------------------------------------------------------------------------------------------------

    @staticmethod
    def from_link(query: Mapping[str, str]) -> LabState:
        """The state that a link describes; without one, the first sample in the first model."""
        start = Case(START_MODEL, SampleSource(START_SAMPLE), default_pipeline(START_MODEL))
        case, notes = from_query(query, start, default_pipeline, cards().keys(), {s.id for s in samples()})
        notes += unreadable(case.view)
        state = LabState(
            case.model, case.source, case.pipeline, view=dict(case.view), pinned=case.pinned, notes=notes
        )
        if isinstance(case.source, Drawing):
            state.drawing = case.source
        return state

    # ---- what is ----------------------------------------------------------------------------------------------------

    @property
    def models(self) -> dict[str, Card]:
        """Every model that this visitor can choose, by name: the own ones first."""
        return {name: own.card for name, own in self.own.items()} | cards()

    def card_of(self, model: str) -> Card:
        return self.own[model].card if model in self.own else cards()[model]

    @property
    def card(self) -> Card:
        return self.card_of(self.model)

    def default_of(self, model: str) -> Pipeline:
        """A model's own pipeline."""
        return pipeline_of(self.card_of(model).contract)

    @property
    def default(self) -> Pipeline:
        return self.default_of(self.model)

    @property
    def presets(self) -> tuple[Preset, ...]:
        return _presets(self.card.contract)

    @property
    def case(self) -> Case:
        return Case(self.model, self.source, self.pipeline, self.view, self.pinned)

    @property
    def source_is_upload(self) -> bool:
        return isinstance(self.source, UploadSource)

    @property
    def stand_in(self) -> str:
        """A sentence when a sample stands in for an upload that only its owner has; else empty."""
        if isinstance(self.source, UploadSource) and self.upload is None:
            return f"{self.source.name} is not here: the sample R stands in for it until you upload the file."
        return ""

    def picture(self) -> Picture:
        """The picture that is looked at."""
        return picture_of(self.source, self.upload)

    def query(self, page: str = "") -> tuple[dict[str, str], str]:
        """The link's parameters, and a sentence when something had to be left out because it is too long.

        Args:
            page: one of OTHER_PAGES, for a link that leads there.
        """
        view = {name: text for name, text in self.view.items() if name not in OTHER_PAGES - {page}}
        return short_enough(to_query(replace(self.case, view=view), self.default_of))

    def write_link(self) -> None:
        """Brings `address` up to date when a gesture has ended or an option has changed."""
        if self.link_is_due:
            query, self.link_note = self.query()
            self.address = urlencode(query)
            self.link_is_due = False

    # ---- events -----------------------------------------------------------------------------------------------------

    def draw(self, drawing: Drawing, final: bool, seq: int) -> None:
        """A stroke grew or ended on the canvas."""
        self.acks["sketchpad"] = seq
        self.drawing = drawing
        self._look_at(drawing, final)

    def show_drawing(self) -> None:
        """Back to what was drawn on the canvas."""
        self._look_at(self.drawing)

    def show_sample(self, id: str) -> None:
        self._look_at(SampleSource(id))

    def show_kept_upload(self) -> None:
        """Back to the picture that was uploaded last."""
        if self.upload is not None:
            self._look_at(UploadSource(self.upload.name))

    def show_upload(self, data: bytes, name: str) -> None:
        """A file was uploaded, pasted, dropped or photographed. A bad one changes nothing but the message."""
        try:
            if is_bundle(data):
                self._restore(open_bundle(data, name))
                return
            self.upload = decode(data, name)
        except (PictureError, BundleError) as error:
            self.error = str(error)
            return
        self._look_at(UploadSource(self.upload.name))

    def _restore(self, opened: Opened) -> None:
        """The case of a bundle instead of what is shown; its picture stands in for whatever its link does not give."""
        start = Case(self.model, UploadSource(opened.picture.name), self.default)
        query = {key: value for key, value in opened.query.items() if key != "upload"}
        case, notes = from_query(query, start, self.default_of, self.models.keys(), {s.id for s in samples()})
        if isinstance(case.source, UploadSource):
            self.upload = opened.picture
        self.model, self.view, self.settled = case.model, dict(case.view), None
        self.pinned, self.pinned_analysis, self.pinned_upload = case.pinned, None, None
        self.replace_pipeline(case.pipeline)
        self._look_at(case.source)
        if isinstance(case.source, Drawing):
            self.drawing = case.source
            self.drawing_revision += 1
        notes = notes or opened.doubts(self.picture(), self.pipeline, self.card)
        self.switch_note = " ".join(("The bundle's picture, model, steps and views are shown.", *notes))

    def change_pipeline(self, pipeline: Pipeline, final: bool, seq: int) -> None:
        """A slider moved in the browser."""
        self.acks["steps"] = seq
        self._gesture(final)
        self.pipeline = pipeline

    def choose_preset(self, name: str) -> None:
        for preset in self.presets:
            if preset.name == name:
                self.replace_pipeline(preset.pipeline)

    def replace_pipeline(self, pipeline: Pipeline) -> None:
        """The server sets the pipeline; the sliders in the browser follow."""
        self._gesture(True)
        self.pipeline = pipeline
        self.pipeline_revision += 1

    def choose_model(self, name: str) -> None:
        """Another model for the same picture; of the pipeline stays what makes sense, and the note says what."""
        if name not in self.models or name == self.model:
            return
        before, after = self.card.contract, self.card_of(name).contract
        carried = carry_over(self.pipeline, before, after)
        self.replace_pipeline(carried.pipeline)
        self.model = name
        self.settled = None
        self.switch_note = carried.sentence(self.card.title)

    def add_model(self, own: VisitorModel) -> None:
        """A model that this visitor brought, or one of theirs under another contract; it becomes the chosen one."""
        before = self.card.contract
        self.own[own.card.name] = own
        if own.card.name == self.model:
            self.replace_pipeline(carry_over(self.pipeline, before, own.card.contract).pipeline)
            self.settled = self.analysis = self.pinned_analysis = None
        else:
            self.choose_model(own.card.name)

    def remove_model(self, name: str) -> None:
        """Forgets one of the visitor's own models."""
        if name not in self.own:
            return
        if self.pinned and self.pinned.model == name:
            self.unpin()
        if self.model == name:
            self.choose_model(START_MODEL)
            self.analysis = None
        del self.own[name]

    def set_view(self, **options: str) -> None:
        self.view |= options
        self.link_is_due = True

    def pin(self) -> None:
        """Keeps the present state as A."""
        self.pinned = replace(self.case, view={}, pinned=None)
        self.pinned_upload = self._shown_upload
        self.pinned_analysis = None  # what is on the screen may be of a moment ago
        self.link_is_due = True

    def ask_for(self, dialog: str) -> None:
        """The page opens that dialog once, after this: "code" or "modes"."""
        self.dialog = dialog

    def unpin(self) -> None:
        self.pinned = self.pinned_analysis = self.pinned_upload = None
        self.link_is_due = True

    def back_to_pinned(self) -> None:
        """Makes state A the present one."""
        if self.pinned is None:
            return
        self.choose_model(self.pinned.model)
        self.replace_pipeline(self.pinned.pipeline)
        self._look_at(self.pinned.source)
        if isinstance(self.source, Drawing):
            self.drawing = self.source
            self.drawing_revision += 1
        if self.pinned_upload is not None:
            self.upload = self.pinned_upload

    def changes_since_pinned(self) -> list[str]:
        """What differs between A and now, as sentences."""
        if self.pinned is None:
            return []
        changes = []
        if self.pinned.model != self.model:
            changes.append(f"model {self.pinned.model} → {self.model}")
        if self.pinned.source != self.source or self.pinned_upload != self._shown_upload:
            changes.append("another picture")
        return changes + [str(change) for change in self.pinned.pipeline.diff(self.pipeline)]

    @property
    def _shown_upload(self) -> Picture | None:
        return self.upload if self.source_is_upload else None

    def _look_at(self, source: Source, final: bool = True) -> None:
        """Another picture; what was wrong with a file before it no longer matters."""
        self._gesture(final)
        self.error = ""
        self.source = source

    def _gesture(self, final: bool) -> None:
        """Before the first event of a gesture, what is shown becomes the ghost; after the last one, the link is due."""
        shown = self.analysis
        if (
            self._gesture_ended
            and shown
            and shown.trace
            and shown.network
            and shown.network.name == self.model
        ):
            self.settled = shown.trace.probabilities[0]
        self.switch_note = ""
        self._gesture_ended = final
        self.link_is_due = self.link_is_due or final

    # ---- work -------------------------------------------------------------------------------------------------------

    def analyse(self, network: Network | None) -> Analysis:
        """The present picture through the present pipeline; what did not change since the last call is not redone."""
        layers = self.fetched(network) if network else None
        self.analysis = analyse(self.picture(), self.pipeline, network, self.default, self.analysis, layers)
        return self.analysis

    def fetched(self, network: Network) -> tuple[str, ...] | None:
        """The layers whose activations the screen needs; None for all of them."""
        options = LayerOptions.from_json(self.view.get("layers"))
        usual = usual_layers(network.layers)

        def shows(layer: Layer) -> bool:
            return not options.hides(layer.name, layer.name in usual)

        # The verdict on the picture reads the Reference's feature layer, whether it is on the screen or not.
        also = network.reference.feature_layer if network.reference else ""
        return fetched_layers(network.layers, lambda layer: layer.name == also or shows(layer))

    def analyse_pinned(self, network: Network | None) -> Analysis | None:
        """State A, computed once."""
        if self.pinned is None:
            return None
        layers = self.fetched(network) if network else None
        known = self.pinned_analysis.trace if self.pinned_analysis else None
        if known is None or not set(layers or ()) <= known.activations.keys():
            picture = picture_of(self.pinned.source, self.pinned_upload)
            default = self.default_of(self.pinned.model)
            self.pinned_analysis = analyse(
                picture, self.pinned.pipeline, network, default, self.pinned_analysis, layers
            )
        return self.pinned_analysis


@lru_cache(maxsize=32)
def _presets(contract: Contract) -> tuple[Preset, ...]:
    return presets(contract)


def picture_of(source: Source, upload: Picture | None) -> Picture:
    """The pixels of a source; of an upload that is not here (it came as a link), the first sample's."""
    if isinstance(source, Drawing):
        return source.picture()
    if isinstance(source, UploadSource) and upload is not None:
        return upload
    return sample(source.id if isinstance(source, SampleSource) else START_SAMPLE).picture()
