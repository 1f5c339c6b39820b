"""The pipeline: an ordered, immutable list of steps that runs, prints, serialises, compares and exports itself."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from lib.picture import Picture
from lib.pipeline import export
from lib.pipeline.source import Transparency, transparency
from lib.pipeline.step import PipelineError, Step

_VERSION = 1
_MOST_STEPS = 64


@dataclass(frozen=True)
class Stages:
    """Every image that one run made.

    Attributes:
        source: float32 (H, W, 3 or 4), 0..255: the picture as it went in.
        images: the image after each step, in the pipeline's order; a step that is off repeats its input.
        digest: names the picture that went in.
    """

    pipeline: Pipeline
    source: np.ndarray
    images: tuple[np.ndarray, ...]
    digest: str = ""

    @property
    def final(self) -> np.ndarray:
        """float32: the tensor that the network gets, without batch axis."""
        return self.images[-1] if self.images else self.source

    def before(self, index: int) -> np.ndarray:
        """The image that step `index` got."""
        return self.images[index - 1] if index else self.source


@dataclass(frozen=True)
class Change:
    """One difference between two pipelines; `str()` says it in words."""

    step: str
    parameter: str
    before: Any
    after: Any
    sentence: str

    def __str__(self) -> str:
        return self.sentence


@dataclass(frozen=True, repr=False)
class Pipeline:
    """An ordered list of steps. Equal pipelines compute equal tensors."""

    steps: tuple[Step, ...] = field(default=())

    def __post_init__(self) -> None:
        object.__setattr__(self, "steps", tuple(self.steps))
        for step in self.steps:
            if not isinstance(step, Step):
                raise PipelineError(f"A pipeline consists of steps; {step!r:.60} is none.")

    def run(self, picture: Picture | np.ndarray, previous: Stages | None = None) -> Stages:
        """Runs every step and keeps every image.

        Args:
            picture: a Picture, or uint8 (H, W), (H, W, 3) RGB or (H, W, 4) RGBA.
            previous: an earlier run; of the same picture, what did not change is taken from it.

        Raises:
            PipelineError: the steps do not fit together, for example a colour picture meets a one-channel layout.
        """
        if not isinstance(picture, Picture):
            picture = Picture.from_array(picture)
        known: tuple[tuple[Step, np.ndarray], ...] = ()
        if previous is not None and previous.digest == self.source_name(picture):
            source = previous.source
            known = tuple(zip(previous.pipeline.steps, previous.images, strict=True))
        else:
            source = self.source(picture)
        image, images = source, []
        fresh = False
        for index, step in enumerate(self.steps):
            fresh = fresh or index >= len(known) or known[index][0] != step
            image = step.apply(image) if fresh else known[index][1]
            images.append(image)
        return Stages(self, source, tuple(images), self.source_name(picture))

    def source(self, picture: Picture) -> np.ndarray:
        """Raw pixels when a step decides about transparency, else the picture on its own background."""
        raw = picture.raw if self._decides_transparency else transparency(picture.raw, picture.background)
        return np.ascontiguousarray(raw, np.float32)

    def source_name(self, picture: Picture) -> str:
        return f"{picture.digest} on {'itself' if self._decides_transparency else picture.background}"

    @property
    def _decides_transparency(self) -> bool:
        return any(isinstance(step, Transparency) and step.on for step in self.steps)

    # ---- access ----------------------------------------------------------------------------------------------------

    def __iter__(self) -> Iterator[Step]:
        return iter(self.steps)

    def __len__(self) -> int:
        return len(self.steps)

    def __getitem__(self, name: str) -> Step:
        """The first step of that name."""
        for step in self.steps:
            if step.name == name:
                return step
        raise PipelineError(f"This pipeline has no step {name!r:.60}.")

    def with_step(self, name: str, /, **values: Any) -> Pipeline:
        """A copy in which the first step of that name has the given values, e.g. `with_step("invert", on=True)`.

        Raises:
            PipelineError: there is no such step, or it has no such parameter or value.
        """
        old = self[name]
        known = {"on": old.on, **old.values()}
        unknown = [key for key in values if key not in known]
        if unknown:
            raise PipelineError(
                f"{old.title} has no such parameter as {unknown[0]!r:.60}; it has {', '.join(known)}."
            )
        new = replace(old, **values)
        place = self.steps.index(old)
        return Pipeline((*self.steps[:place], new, *self.steps[place + 1 :]))

    # ---- writing and reading -----------------------------------------------------------------------------------------

    def to_json(self) -> str:
        return json.dumps({"version": _VERSION, "steps": [step.to_dict() for step in self.steps]})

    @staticmethod
    def from_json(text: str) -> Pipeline:
        """Reads what `to_json` wrote.

        Raises:
            PipelineError: the text is not JSON, or names a step or value that does not exist.
        """
        try:
            entries = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise PipelineError(f"The pipeline is not valid JSON: {error}.") from error
        if not isinstance(entries, dict) or not isinstance(entries.get("steps"), list):
            raise PipelineError("The pipeline's JSON must be an object with a list of 'steps'.")
        if entries.get("version") != _VERSION:
            raise PipelineError(
                f"This is pipeline format {entries.get('version')!r:.20}; {_VERSION} is supported."
            )
        if len(entries["steps"]) > _MOST_STEPS:
            raise PipelineError(
                f"A pipeline has at most {_MOST_STEPS} steps, this one {len(entries['steps'])}."
            )
        return Pipeline(tuple(Step.from_dict(entry) for entry in entries["steps"]))

    def to_python(self, background: str = "white") -> str:
        """Stand-alone source with `preprocess(path)`; numpy and cv2 only, equal to `run(...).final` bit for bit.

        Args:
            background: what transparent pictures lie on when no transparency step decides it.
        """
        return export.to_python(self.steps, background)

    def __repr__(self) -> str:
        """Valid Python: `from lib.pipeline import *` and paste."""
        lines = "".join(f"    {step!r},\n" for step in self.steps)
        return f"Pipeline((\n{lines}))" if lines else "Pipeline()"

    def __str__(self) -> str:
        """The steps that act, on one line."""
        return " > ".join(repr(step) for step in self.steps if step.on) or "nothing"

    # ---- comparing -----------------------------------------------------------------------------------------------------

    def diff(self, other: Pipeline) -> tuple[Change, ...]:
        """What changes from this pipeline to `other`, step by step; steps are matched by name and occurrence."""
        mine, theirs = _by_occurrence(self), _by_occurrence(other)
        changes: list[Change] = []
        for key in list(mine) + [key for key in theirs if key not in mine]:
            changes += _step_changes(mine.get(key), theirs.get(key))
        shared = [key for key in mine if key in theirs]
        if shared != [key for key in theirs if key in mine]:
            order = " > ".join(theirs[key].title for key in theirs if key in mine)
            changes.append(Change("", "order", None, None, f"The steps' order becomes {order}."))
        return tuple(changes)


def _by_occurrence(pipeline: Pipeline) -> dict[tuple[str, int], Step]:
    keyed: dict[tuple[str, int], Step] = {}
    for step in pipeline:
        keyed[step.name, sum(name == step.name for name, _ in keyed)] = step
    return keyed


def _step_changes(before: Step | None, after: Step | None) -> list[Change]:
    """The changes of one step. Values of a step that stays off do not act and are not reported."""
    was, now = bool(before and before.on), bool(after and after.on)
    if not was and not now:
        return []
    step = after if now else before
    assert step is not None
    if was != now:
        values = ", ".join(f"{step.parameters()[k].label} {_shown(v)}" for k, v in step.values().items())
        words = f"off → on ({values})" if now else "on → off"
        return [Change(step.name, "on", was, now, f"{step.title}: {words}")]
    assert before is not None and after is not None
    return [
        Change(
            step.name,
            k,
            old,
            new,
            f"{step.title}: {step.parameters()[k].label} {_shown(old)} → {_shown(new)}",
        )
        for (k, old), new in zip(before.values().items(), after.values().values(), strict=True)
        if old != new
    ]


def _shown(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)
