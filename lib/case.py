"""A case: all that reproduces a screen, and how it travels in a link.

Links are made by people's browsers and edited by hand: whatever is unknown or impossible in one falls back to the default,
with a note, and never raises.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import parse_qsl, urlencode

from lib.drawing import Drawing, DrawingError
from lib.pipeline import Number, Pipeline, PipelineError, Step

VERSION = "1"
LONGEST_LINK = 8_000
"""Characters. Longer links are cut by some mail programs and proxies."""
# The parts of a link that may make it too long, by their parameters.
_LEFT_OUT = {"a": "the pinned state A", "drawing": "the drawing"}
_MOST_NOTES = 6
_MOST_VIEWS, _LONGEST_VIEW = 16, 2_000
_LONGEST_PINNED = 200_000  # characters; no link is as long, but a bundle may hold two large drawings


@dataclass(frozen=True)
class SampleSource:
    """One of the pictures in sample_images/, by its id."""

    id: str


@dataclass(frozen=True)
class UploadSource:
    """A picture that only its owner has; a link carries its name, not its pixels."""

    name: str


Source = SampleSource | UploadSource | Drawing


@dataclass(frozen=True)
class Case:
    """What a screen shows.

    Attributes:
        view: options of the views, as short texts, e.g. {"k": "5"}.
        pinned: state A of a comparison, or None.
    """

    model: str
    source: Source
    pipeline: Pipeline
    view: Mapping[str, str] = field(default_factory=dict)
    pinned: Case | None = None


def to_query(case: Case, default: Callable[[str], Pipeline]) -> dict[str, str]:
    """The link's parameters. `default` gives a model's own pipeline: only what differs from it is written."""
    query = {"v": VERSION, "model": case.model, **_source_to_query(case.source)}
    steps = steps_to_text(case.pipeline, default(case.model))
    if steps:
        query["steps"] = steps
    query |= {f"view.{key}": value for key, value in sorted(case.view.items()) if value}
    if case.pinned:
        inner = to_query(replace(case.pinned, view={}, pinned=None), default)
        del inner["v"]
        query["a"] = urlencode(inner)
    return query


def short_enough(query: Mapping[str, str]) -> tuple[dict[str, str], str]:
    """The parameters of a link of at most LONGEST_LINK characters, and a sentence about what it had to do without, if any.

    The link itself says so in its parameter `without`: who opens it must not take another picture for the one meant.
    """
    for without in ((), ("a",), ("drawing",), ("a", "drawing")):
        kept = {name: value for name, value in query.items() if name not in without}
        if without:
            kept["without"] = " ".join(without)
        if len(urlencode(kept)) <= LONGEST_LINK:
            break
    if not without:
        return kept, ""
    return kept, (
        f"The link would be longer than {LONGEST_LINK:,} characters, so it does not carry "
        f"{' and '.join(_LEFT_OUT[name] for name in without)}. A bundle (.zip) holds everything."
    )


def from_query(
    query: Mapping[str, str],
    start: Case,
    default: Callable[[str], Pipeline],
    models: Collection[str],
    samples: Collection[str],
) -> tuple[Case, tuple[str, ...]]:
    """The case that a link describes, and sentences about what in it could not be used.

    Args:
        query: the link's parameters, hostile or not.
        start: what a visitor without a link sees; also the fallback for every part.
        default: a model's own pipeline; called with names from `models` only.
        models, samples: the names that exist.
    """
    notes: list[str] = []
    if query.get("v", VERSION) != VERSION:
        notes.append(
            "This link was made by another version of Misread; what it shares with this one is shown."
        )
    missing = [words for name, words in _LEFT_OUT.items() if name in query.get("without", "").split()]
    if missing:
        notes.append(
            f"This link came without {' and '.join(missing)}, which would have made it too long: ask the sender for the "
            "bundle (.zip), which holds everything."
        )
    model = query.get("model", start.model)
    if model not in models:
        notes.append(_missing_model(model, start.model))
        model = start.model
    source = _source_from_query(query, start.source, samples, notes)
    pipeline = text_to_steps(query.get("steps", ""), default(model), notes)
    views = [(key[5:], value) for key, value in query.items() if key.startswith("view.")]
    view = {k: text for k, text in views[:_MOST_VIEWS] if text and len(k) + len(text) <= _LONGEST_VIEW}
    if len(view) < sum(bool(text) for _, text in views):
        notes.append(
            "The link has more options of views than are read; the usual ones stand in for the rest."
        )
    pinned = None
    if query.get("a"):
        inner = dict(parse_qsl(query["a"][:_LONGEST_PINNED], keep_blank_values=True))
        inner.pop("a", None)
        pinned, more = from_query(inner, replace(start, view={}, pinned=None), default, models, samples)
        pinned = replace(pinned, view={})
        notes += [f"Pinned state A: {note}" for note in more]
    if len(notes) > _MOST_NOTES:
        notes[_MOST_NOTES:] = [f"{len(notes) - _MOST_NOTES} more parts of the link could not be used."]
    return Case(model, source, pipeline, view, pinned), tuple(notes)


OWN_MODEL = "upload:"
"""What the name of a visitor's own model begins with; the name of its file follows."""


def _missing_model(model: str, instead: str) -> str:
    if not model.startswith(OWN_MODEL):
        return f"The link names the model {model!r:.40}, which is not here; {instead} is shown instead."
    name = "".join(c for c in model.removeprefix(OWN_MODEL) if c.isprintable())[:80]
    return (
        f"This link was made with a model of the sender's own ({name}). The model itself is not in the link: ask for the "
        f"file and upload it on the Models page; {instead} is shown instead."
    )


def _source_to_query(source: Source) -> dict[str, str]:
    if isinstance(source, SampleSource):
        return {"sample": source.id}
    if isinstance(source, UploadSource):
        return {"upload": source.name[:80]}
    return {"drawing": source.encode()}


def _source_from_query(
    query: Mapping[str, str], start: Source, samples: Collection[str], notes: list[str]
) -> Source:
    if "drawing" in query:
        try:
            return Drawing.decode(query["drawing"])
        except DrawingError as error:
            notes.append(str(error))
    elif "upload" in query:
        name = "".join(c for c in query["upload"] if c.isprintable())[:80]
        notes.append(
            f"This link was made with an uploaded picture ({name}). The picture itself is not in the link: "
            "ask for the file and upload it; the settings are already in place."
        )
        return UploadSource(name)
    elif "sample" in query:
        if query["sample"] in samples:
            return SampleSource(query["sample"])
        notes.append(f"The link names the sample {query['sample']!r:.40}, which is not here.")
    return start


# ---- steps as text: "sigmoid:on,slope=12;invert:off" --------------------------------------------------------------------


def steps_to_text(pipeline: Pipeline, default: Pipeline) -> str:
    """What differs from `default`, which has the same steps in the same order."""
    parts = []
    for step, usual in zip(pipeline, default, strict=True):
        words = [] if step.on == usual.on else ["on" if step.on else "off"]
        words += [
            f"{name}={_text(value)}" for name, value in step.values().items() if value != getattr(usual, name)
        ]
        if words:
            parts.append(f"{step.name}:{','.join(words)}")
    return ";".join(parts)


def _text(value: Any) -> str:
    """A value as short as it can be read back exactly: 12.0 is written 12."""
    return repr(value).removesuffix(".0") if isinstance(value, float) else str(value)


def text_to_steps(text: str, default: Pipeline, notes: list[str]) -> Pipeline:
    """`default` with what `steps_to_text` wrote; what cannot be is left out and noted."""
    pipeline = default
    for part in filter(None, text[:LONGEST_LINK].split(";")):
        name, _, words = part.partition(":")
        try:
            pipeline = pipeline.with_step(name, **_values(pipeline[name], words))
        except PipelineError as error:
            notes.append(f"A setting in the link was left out. {error}")
    return pipeline


def _values(step: Step, words: str) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for word in filter(None, words.split(",")):
        name, equals, text = word.partition("=")
        parameter = step.parameters().get(name)
        if not equals:
            values["on"] = {"on": True, "off": False}.get(word, word)
        elif isinstance(parameter, Number):
            try:
                values[name] = float(text)
            except ValueError:
                values[name] = text
        else:
            values[name] = text
    return values
