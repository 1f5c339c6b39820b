"""The live view of what the network answers: the first k classes as bars, and every class on demand.

Python ranks and words the numbers; `frontend/predictions.js` only draws them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from functools import lru_cache

import numpy as np

from lib.ui.view_options import compact_json, settings, whole_number
from lib.ui.wire import pack
from lib.wording import number, probability

_MOST_ROWS = 1000
_MEANING = {
    ("single label", "logits"): "Probability: softmax of the logits",
    ("single label", "softmax"): "Probability: the network's softmax output",
    ("single label", "sigmoid"): "Probability: a sigmoid per class; they need not add up to 100 %",
    ("multi-label", "logits"): "Probability: sigmoid of each logit; every class is a question of its own",
    ("multi-label", "sigmoid"): "Probability: a sigmoid per class; every class is a question of its own",
    ("binary", "logits"): "Probability: sigmoid of the one logit; the other class gets what is left",
    ("binary", "sigmoid"): "Probability: the network's one sigmoid unit; the other class gets what is left",
}


@dataclass(frozen=True)
class PredictionOptions:
    """How predictions are drawn; what a link keeps.

    Attributes:
        k: how many classes are listed.
        full: whether the chart of all classes is open.
    """

    k: int = 5
    full: bool = False

    @classmethod
    def from_json(cls, value: object) -> PredictionOptions:
        """Options out of a link or a browser's report (JSON text or mapping); what is unknown falls back to the default."""
        given = settings(value)
        return cls(whole_number(given.get("k"), 1, _MOST_ROWS, cls.k), given.get("full") is True)

    def to_json(self) -> str:
        """What differs from the defaults, as short JSON: "{}" if nothing does."""
        return compact_json(
            {f.name: getattr(self, f.name) for f in fields(self) if getattr(self, f.name) != f.default}
        )


def predictions_message(
    class_names: Sequence[str],
    probabilities: np.ndarray,
    options: PredictionOptions,
    *,
    logits: np.ndarray | None = None,
    previous: np.ndarray | None = None,
    pinned: np.ndarray | None = None,
    pinned_label: str = "A",
    output: str = "logits",
    task: str = "single label",
    message: str | None = None,
) -> bytes:
    """The packed message for `frontend/predictions.js`: rows ranked by probability, arrays `now`, `previous`, `pinned`.

    Args:
        class_names: K names, shown as plain text whatever they contain.
        probabilities: (K,), 0..1. An empty array shows only the message.
        logits: (K,), if the network gives them.
        previous: (K,) probabilities, drawn as outlines.
        pinned: (K,) probabilities of the pinned input, drawn as thin bars named `pinned_label`.
        output: "logits", "softmax" or "sigmoid": what the network's last layer gives.
        task: "single label", "multi-label" or "binary": what it is asked.
        message: a sentence above the bars (why they are not to be trusted, or why there are none).

    Raises:
        ValueError: the arrays do not agree in length with the class names, or no network has that output for that task.
    """
    if (task, output) not in _MEANING:
        raise ValueError(f"no network gives {output!r} for the task {task!r}")
    given = {"probabilities": probabilities, "logits": logits, "previous": previous, "pinned": pinned}
    vectors = {name: np.asarray(a, np.float32).ravel() for name, a in given.items() if a is not None}
    classes = len(class_names)
    for name, vector in vectors.items():
        if vector.size != classes and not (name == "probabilities" and vector.size == 0):
            raise ValueError(f"{name} has {vector.size} values for {classes} class names; give one per class")
    now = vectors["probabilities"]
    # Probabilities saturate where logits still differ.
    rank_by = vectors["logits"] if "logits" in vectors and now.size else now
    order = np.argsort(-np.nan_to_num(rank_by, nan=-np.inf), kind="stable")[: options.k].tolist()
    total = float(np.nansum(now, dtype=np.float64))
    adds_up = (
        (task, output) != ("single label", "sigmoid")
        and task != "multi-label"
        and classes > 1
        and abs(total - 1) < 1e-3
    )
    rows = [_row(index, now, vectors, adds_up) for index in order]
    header = {
        "channel": "predictions",
        "options": asdict(options),
        "names": _as_text(tuple(class_names)),
        "classes": classes if now.size else 0,
        "rows": rows,
        "meaning": _MEANING[task, output],
        "message": message or "",
        "pinned": pinned_label if pinned is not None else None,
        "words": "\n".join(probability(p) for p in now.tolist()) if options.full else None,
    }
    arrays = {"now": now} | {name: vectors[name] for name in ("previous", "pinned") if name in vectors}
    return pack(header, arrays)


def _row(index: int, now: np.ndarray, vectors: Mapping[str, np.ndarray], adds_up: bool) -> dict[str, object]:
    p = float(now[index])
    others = float(np.delete(now, index).sum(dtype=np.float64)) if adds_up and p > 0.99999 else None
    row: dict[str, object] = {"class": index, "words": probability(p, others)}
    if "logits" in vectors:
        row["logit"] = number(vectors["logits"][index])
    if "pinned" in vectors:
        row["pinned"] = probability(vectors["pinned"][index])
    return row


@lru_cache(maxsize=64)
def _as_text(class_names: tuple[str, ...]) -> str:
    """Names as one JSON text: the browser parses it again only when it changes."""
    return json.dumps([str(name) for name in class_names], separators=(",", ":"))
