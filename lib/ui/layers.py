"""The live view of every layer's activation: what the page hands in, and the bytes that travel to `frontend/layers.js`.

Which layers a network has and what they compute is lib/network.py; how an activation becomes levels is lib/activations.py.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from functools import lru_cache
from typing import Any

import numpy as np

from lib.activations import Cells, Levels, cells, quantise, quantise_around_zero, statistics
from lib.ui.view_options import compact_json, names, one_of, ranges, settings
from lib.ui.wire import pack

PALETTES = ("viridis", "cividis", "gray")
SCALES = ("layer", "map", "locked")
SORTS = ("channel", "activity")
COMPARISONS = ("now", "beside", "difference")

# More cells of one layer than this are not sent: of such a layer the browser gets the most active channels.
_MOST_CELLS = 1 << 18
# Small layers also travel as the exact numbers, so that hovering reads them to the last digit that is shown.
_EXACT_CELLS = 4096
# More classes than this are drawn as a square of units; hovering still names them.
_MOST_LABELLED_CELLS = 64


@dataclass(frozen=True, eq=False)
class LayerView:
    """One layer as the page hands it in.

    Attributes:
        name: unique within the view.
        kind: the layer's class ("Dense", "Conv2D", ..).
        activation: without batch axis, or None if it was not fetched (a hidden layer).
        labels: class names, for the layer whose units are the classes.
        note: a sentence shown under the statistics.
        function: Keras name of the activation function ("relu", ..), "" if there is none or it is not known.
        usual: whether it is shown unless the visitor says otherwise.
    """

    name: str
    kind: str
    activation: np.ndarray | None
    labels: Sequence[str] | None = None
    note: str = ""
    function: str = ""
    usual: bool = True


@dataclass(frozen=True)
class LayerOptions:
    """How the layers are drawn; what a link keeps.

    Attributes:
        palette: one of PALETTES.
        scale: "layer" (one colour range for a layer), "map" (one for each map) or "locked" (the layer's range as it was
            when the person locked it).
        sort: "channel" order, or by "activity" (mean absolute value), strongest first.
        compare: "now", "beside" (the pinned input beside it) or "difference" (now minus pinned).
        hidden, shown: names of layers where the person departed from what is hidden by default.
        locked: (layer, low, high): the ranges of the "locked" scale.
    """

    palette: str = "viridis"
    scale: str = "layer"
    sort: str = "channel"
    compare: str = "now"
    hidden: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()
    locked: tuple[tuple[str, float, float], ...] = ()

    @classmethod
    def from_json(cls, value: object) -> LayerOptions:
        """Options out of a link or a browser's report (JSON text or mapping); what is unknown falls back to the default."""
        given = settings(value)
        scale = one_of(given.get("scale"), SCALES, cls.scale)
        return cls(
            one_of(given.get("palette"), PALETTES, cls.palette),
            scale,
            one_of(given.get("sort"), SORTS, cls.sort),
            one_of(given.get("compare"), COMPARISONS, cls.compare),
            names(given.get("hidden")),
            names(given.get("shown")),
            ranges(given.get("locked")) if scale == "locked" else (),
        )

    def to_json(self) -> str:
        """What differs from the defaults, as short JSON: "{}" if nothing does."""
        changed = {f.name: getattr(self, f.name) for f in fields(self) if getattr(self, f.name) != f.default}
        if self.locked:
            changed["locked"] = self.locked_ranges()
        return compact_json(changed)

    def locked_ranges(self) -> dict[str, list[float]]:
        """Layer -> [low, high] of the "locked" scale."""
        return {name: [low, high] for name, low, high in self.locked}

    def hides(self, name: str, usual: bool) -> bool:
        """Whether that layer is left out: such a layer need not be fetched from the network."""
        return name in self.hidden or (not usual and name not in self.shown)


def layers_message(
    layers: Sequence[LayerView],
    options: LayerOptions,
    *,
    pinned: Mapping[str, np.ndarray] | None = None,
    pinned_label: str = "A",
    empty: str = "",
) -> bytes:
    """The packed message for `frontend/layers.js`, the layers in the order given.

    Args:
        pinned: activations (without batch axis) of a pinned input by layer name, for comparison.
        empty: the text shown while `layers` is empty.

    For the i-th layer that is sent: `q{i}` uint8 (C, n) levels, `r{i}` float32 (2, C) lowest and highest value per map,
    `m{i}` float32 (C,) mean absolute values, `x{i}` float32 (C, n) the exact values of a small layer; `p{i}` and `s{i}` are
    levels and ranges of the pinned input. In "difference" q, r, m and x are about now minus pinned.
    """
    mode = options.compare if pinned else "now"
    arrays: dict[str, np.ndarray] = {}
    entries: list[dict[str, Any]] = []
    sent = 0
    for layer in layers:
        entry: dict[str, Any] = {
            "name": layer.name,
            "kind": layer.kind,
            "usual": layer.usual,
        }
        if layer.activation is not None and not options.hides(layer.name, layer.usual):
            entry |= _entry(layer, mode, (pinned or {}).get(layer.name), sent, arrays)
            sent += 1
        entries.append(entry)
    header = {
        "channel": "layers",
        "options": asdict(options) | {"locked": options.locked_ranges()},
        "mode": mode,
        "pinned": pinned_label if pinned else None,
        "empty": empty,
        "layers": entries,
    }
    return pack(header, arrays)


def _entry(
    layer: LayerView, mode: str, pinned: np.ndarray | None, index: int, arrays: dict[str, np.ndarray]
) -> dict[str, Any]:
    """The header entry of a layer that is sent; adds its arrays."""
    now = np.asarray(layer.activation)
    layout = cells(now)
    levels = quantise(layout.values) if layout.values.size else _no_levels()
    numbers = statistics(layout, layer.function, levels)
    notes = [layer.note] if layer.note else []
    side = "now"
    other: Levels | None = None
    values = layout.values
    if mode != "now" and values.size:
        if pinned is None or np.shape(pinned) != now.shape:
            notes.append("The pinned input has no activation of this shape; this is the current one.")
        elif mode == "difference":
            side = "difference"
            values = layout.values - cells(pinned).values
            levels = quantise_around_zero(values)
        else:
            side = "beside"
            other = quantise(cells(pinned).values)
    kept = _kept_channels(levels, layout)
    if kept is not None:
        notes.append(f"The {len(kept)} most active of {len(values)} channels are drawn.")
        values, levels = values[kept], _take(levels, kept)
        other = _take(other, kept) if other else None
    _add_arrays(arrays, index, levels, values, other)
    return {
        "at": index,
        "shape": " × ".join(str(n) for n in now.shape) or "1",
        "form": layout.form,
        "h": layout.height,
        "w": layout.width,
        "side": side,
        "channels": kept.tolist() if kept is not None else None,
        "labels": _as_text(tuple(layer.labels)) if layer.labels else None,
        "cells": bool(layer.labels) and values.size <= _MOST_LABELLED_CELLS and layout.form == "units",
        "top": numbers.strongest,
        "statistics": numbers.sentence(),
        "note": " ".join(notes),
    }


def _add_arrays(
    arrays: dict[str, np.ndarray], index: int, levels: Levels, values: np.ndarray, other: Levels | None
) -> None:
    arrays[f"q{index}"] = levels.levels
    arrays[f"r{index}"] = np.stack([levels.low, levels.high])
    arrays[f"m{index}"] = levels.strength
    if values.size <= _EXACT_CELLS:
        arrays[f"x{index}"] = values
    if other is not None:
        arrays[f"p{index}"] = other.levels
        arrays[f"s{index}"] = np.stack([other.low, other.high])


def _kept_channels(levels: Levels, layout: Cells) -> np.ndarray | None:
    """Indices (ascending) of the channels that are sent, None for all of them."""
    if levels.levels.size <= _MOST_CELLS or len(levels.levels) == 1:
        return None
    most = max(1, _MOST_CELLS // (layout.height * layout.width))
    return np.sort(np.argsort(-levels.strength, kind="stable")[:most])


def _take(levels: Levels, kept: np.ndarray) -> Levels:
    return Levels(
        levels.levels[kept], levels.low[kept], levels.high[kept], levels.strength[kept], levels.finite
    )


def _no_levels() -> Levels:
    none = np.zeros(1, np.float32)
    return Levels(np.zeros((1, 0), np.uint8), none, none, none, True)


@lru_cache(maxsize=64)
def _as_text(labels: tuple[str, ...]) -> str:
    """Labels as one JSON text: the browser parses it again only when it changes."""
    return json.dumps([str(label) for label in labels], separators=(",", ":"))
