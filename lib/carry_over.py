"""What of a pipeline stays when the picture goes through another model: the visitor's own changes that still apply."""

from __future__ import annotations

from dataclasses import dataclass

from lib.contract import Contract
from lib.pipeline import Pipeline, Step


@dataclass(frozen=True)
class CarriedOver:
    """The pipeline for the new model.

    Attributes:
        kept: titles of the steps whose changed settings stayed.
        dropped: titles of the steps whose changed settings gave way to what the new model was trained on.
        changes: everything that differs from the pipeline before, as sentences.
    """

    pipeline: Pipeline
    kept: tuple[str, ...]
    dropped: tuple[str, ...]
    changes: tuple[str, ...]

    def sentence(self, title: str) -> str:
        """What happened, for the visitor; `title` is the new model's."""
        words = [f"Now {title}, with the same picture."]
        if self.kept:
            words.append(f"Your settings of {_listed(self.kept)} were kept.")
        if self.dropped:
            words.append(
                f"Yours of {_listed(self.dropped)} were not: this network was trained differently there."
            )
        if self.changes:
            words.append(f"What changed: {'; '.join(self.changes)}.")
        return " ".join(words)


def carry_over(pipeline: Pipeline, before: Contract, after: Contract) -> CarriedOver:
    """The pipeline that was set for a model of contract `before`, for one of contract `after`.

    A step that the visitor changed is kept when both models start from the same setting of it: then the change means the
    same to both. Every other step becomes what the new model was trained with.
    """
    steps: list[Step] = []
    kept: list[str] = []
    dropped: list[str] = []
    for step, was, becomes in zip(pipeline, before.pipeline(), after.pipeline(), strict=True):
        changed = step != was
        stays = changed and (was == becomes or not (was.on or becomes.on))
        steps.append(step if stays else becomes)
        if changed and step != becomes:
            (kept if stays else dropped).append(step.title)
    carried = Pipeline(tuple(steps))
    changes = tuple(str(change).rstrip(".") for change in pipeline.diff(carried))
    return CarriedOver(carried, tuple(kept), tuple(dropped), changes)


def _listed(titles: tuple[str, ...]) -> str:
    return titles[0] if len(titles) == 1 else f"{', '.join(titles[:-1])} and {titles[-1]}"
