"""The same pictures in two modes, side by side: what is answered, how surely, and how often it is right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lib.html import picture as image
from lib.html import text
from lib.picture import Picture
from lib.ui.batchnorm.pictures import thumbnail
from lib.wording import probability

_BARS = 3
_SMALL = 104


@dataclass(frozen=True, eq=False)
class Column:
    """One mode.

    Attributes:
        title, call, css_class: how it is headed: in words, in Keras's, and its colour.
        probabilities: float (N, K).
    """

    title: str
    call: str
    css_class: str
    probabilities: np.ndarray


def inference_column(probabilities: np.ndarray, title: str = "predict() and evaluate()") -> Column:
    return Column(title, "training=False", "stored", probabilities)


def training_column(probabilities: np.ndarray) -> Column:
    return Column("The same in fit()’s mode", "training=True", "batch", probabilities)


def repaired_column(probabilities: np.ndarray) -> Column:
    return Column("predict() after recalibration", "training=False", "repaired", probabilities)


def columns(
    shown: Sequence[Column],
    pictures: Sequence[Picture],
    targets: Sequence[int | None],
    class_names: Sequence[str],
) -> str:
    """HTML.

    Args:
        targets: every picture's class, None where nobody says it.
    """
    sections = "".join(_column(column, pictures, targets, class_names) for column in shown)
    return f'<div class="bn"><div class="says">{sections}</div></div>'


def accuracy(probabilities: np.ndarray, targets: Sequence[int | None]) -> tuple[int, int]:
    """How many of the pictures with a known class are read right, and how many there are."""
    known = [(row, target) for row, target in zip(probabilities, targets, strict=True) if target is not None]
    return sum(int(np.argmax(row)) == target for row, target in known), len(known)


def _column(
    column: Column, pictures: Sequence[Picture], targets: Sequence[int | None], class_names: Sequence[str]
) -> str:
    right, known = accuracy(column.probabilities, targets)
    score = ""
    if known:
        css = "right" if right == known else "wrong"
        score = (
            f'<div class="score"><b class="{css}" data-testid="bn-score">{100 * right / known:.0f} %</b>'
            f"<span>{right} of {known} right</span></div>"
        )
    answers = "".join(
        _answer(row, picture, target, class_names)
        for row, picture, target in zip(column.probabilities, pictures, targets, strict=True)
    )
    return (
        f'<section class="mode {column.css_class}" data-testid="bn-{column.css_class}"><h3>{text(column.title)} '
        f"<code>{text(column.call)}</code></h3>{score}{answers}</section>"
    )


def _answer(row: np.ndarray, picture: Picture, target: int | None, class_names: Sequence[str]) -> str:
    best = int(np.argmax(row))
    names = [str(name) for name in class_names]
    said = f'says “<span data-testid="bn-said">{text(names[best], 60)}</span>”'
    verdict = (
        ""
        if target is None
        else '<span class="right">✓ right</span>'
        if best == target
        else '<span class="wrong">✗ wrong</span>'
    )
    title = f"<b>{text(names[target], 60)}</b> · {said}" if target is not None else said
    alt = f"Picture of {names[target]}" if target is not None else picture.name or "picture"
    return (
        f'<div class="answer">{image(thumbnail(picture, _SMALL), alt)}'
        f'<div><div class="head"><span>{title}</span>{verdict}</div>{bars(row, names, target)}</div></div>'
    )


def bars(row: np.ndarray, class_names: Sequence[str], target: int | None, most: int = _BARS) -> str:
    """The most probable classes as bars, HTML; green is right, red a wrong one in front."""
    order = [int(k) for k in np.argsort(-row, kind="stable")[:most]]
    best = order[0]
    if len(row) <= most:
        order = list(range(len(row)))  # few classes keep their places, which makes columns comparable
    elif target is not None and target not in order:
        order = [*order[:-1], target]
    lines = []
    for k in order:
        css = "truth" if k == target else "mistake" if k == best and target is not None else ""
        width = 100 * float(np.clip(row[k], 0, 1))
        lines.append(
            f'<div class="bar {css}"><span class="name">{text(class_names[k], 60)}</span>'
            f'<span class="track"><span class="fill" style="width:{width:.1f}%"></span></span>'
            f'<span class="value">{probability(row[k])}</span></div>'
        )
    return f'<div class="bars">{"".join(lines)}</div>'
