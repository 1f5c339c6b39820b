"""Puts into today's words what Keras 2 wrote into HDF5 files and Keras 3 no longer takes, where both mean the same."""

from __future__ import annotations

from typing import Any

# Arguments that Keras 3 has dropped, with the value at which they did nothing.
_DROPPED: dict[str, dict[str, Any]] = {
    "DepthwiseConv2D": {"groups": 1},
    "DepthwiseConv1D": {"groups": 1},
    "LSTM": {"time_major": False, "implementation": 2},
    "GRU": {"time_major": False, "implementation": 2},
    "SimpleRNN": {"time_major": False},
    "BatchNormalization": {"renorm": False, "fused": None, "virtual_batch_size": None},
}


def in_todays_words(config: Any) -> Any:
    """The description with dropped arguments left out, lists of one axis as the axis, precision policies by name."""
    if isinstance(config, list):
        return [in_todays_words(item) for item in config]
    if not isinstance(config, dict):
        return config
    found = {key: in_todays_words(value) for key, value in config.items()}
    kind, inner = found.get("class_name"), found.get("config")
    if not isinstance(inner, dict):
        return found
    if kind == "Policy" and isinstance(inner.get("name"), str):
        return inner["name"]
    for argument, value in _DROPPED.get(str(kind), {}).items():
        if argument in inner and inner[argument] == value and type(inner[argument]) is type(value):
            del inner[argument]
    axis = inner.get("axis")
    if kind in ("BatchNormalization", "LayerNormalization") and isinstance(axis, list) and len(axis) == 1:
        inner["axis"] = axis[0]
    return found
