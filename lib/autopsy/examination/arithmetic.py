"""Slips of arithmetic on the way: 1 - x on bytes and on floats, the sigmoid in 0..1, another range than the contract's."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from lib.autopsy.examination.clue import Clue, View
from lib.autopsy.finding import Witness
from lib.autopsy.own_code import own_code
from lib.autopsy.thinned import thinned
from lib.contract import Contract
from lib.pipeline import ValueRange
from lib.pipeline.ink import ink_mask
from lib.statistics import bounds
from lib.wording import number, share

# A pixel of 0 or 1 is what the wrap ruins: it becomes 1 or 0 instead of 255.
_RUINED_INK = 0.25
_ENOUGH_CONTRAST = 30.0
_LITTLE, _MUCH = 0.05, 20.0


def wrap_around(view: View) -> Iterator[Clue]:
    """`uint8-wrap`: nearly all is 0, 1 or 2 after 1 - x on bytes, and the ink was black enough to vanish.

    On gray paper with gray ink the same line computes 257 - x, which is a right inversion: then this stays silent.
    """
    found = view.acting("invert")
    if found is not None and getattr(found[0], "method", "") == "1 - x as uint8":
        before, after = np.rint(found[1]), found[2]
        ink = ink_mask(before)
        ruined = float((before[ink] <= 1).mean()) if ink.any() else 0.0
        where = "after 1 - x"
        line = f"{share(ruined)} of the ink is pure black, which 1 - x on bytes turns into 1 instead of 255."
    else:
        after = thinned(view.stages.source)
        after = after[..., :3].mean(axis=2) if after.ndim == 3 else after
        # In a file that was saved after the wrap, white has become 2 and the ink 1.
        white, ruined = float((after == 2).mean()), float((after == 1).mean())
        if white < 0.5 or ruined < 0.002:
            return
        ruined = 1.0
        where = "in the picture"
        line = (
            "The picture was saved after 1 - x on bytes: its white has the value 2 and its ink the value 1."
        )
    tiny = float((after <= 2).mean())
    yield Clue(
        "uint8-wrap",
        (
            Witness(f"share of the values 0, 1 and 2 {where}", tiny),
            Witness("share of the ink that wrapped around", ruined, 0.0, 0.0),
        ),
        (line, f"{share(tiny)} of all values are 0, 1 or 2 {where}: the ink is gone, only edges remain."),
        "1 - img was computed on bytes, modulo 256: black became 1 and white 2, so the ink has vanished but for its edges."
        if ruined >= _RUINED_INK and tiny >= 0.5
        else "",
        "proof",
        1.0,
        "img = 255 - img",
    )


def one_minus_float(view: View) -> Iterator[Clue]:
    """`one-minus-float`: the values after the inversion reach down to -254."""
    found = view.acting("invert")
    if found is None:
        return
    before, after = found[1], found[2]
    low, high = float(after.min()), float(after.max())
    slipped = low < -1 and high <= 1 and before.max() > 1.5
    if slipped or getattr(found[0], "method", "") == "1 - x as float":
        yield Clue(
            "one-minus-float",
            (
                Witness("smallest value after the inversion", low, 0.0, 255.0),
                Witness("largest value after the inversion", high, 0.0, 255.0),
            ),
            (f"Before it the values lie from {number(before.min())} to {number(before.max())}.",),
            f"1 - img was computed on floats from 0 to 255: the values now lie from {number(low)} to {number(high)}."
            if slipped
            else "",
            "proof",
            1.0,
            "img = 255 - img",
        )


def sigmoid_range(view: View) -> Iterator[Clue]:
    """`contrast-range`: the curve gave 0..1 and what follows does not make the network's range of it."""
    found = view.acting("sigmoid")
    if found is None:
        return
    before, after = found[1], found[2]
    low, high = bounds(view.contract.value_range)
    reached = float(np.ptp(view.tensor)) / (high - low)
    slipped = (
        float(after.max()) <= 1 and float(before.max()) > 1.5 and np.ptp(after) > 0.1 and reached < _LITTLE
    )
    yield Clue(
        "contrast-range",
        (
            Witness("largest value after the curve", float(after.max()), 200.0, 255.0),
            Witness("share of the network's range that is used", reached, 0.5, 1.0),
        ),
        (f"The tensor lies from {number(view.tensor.min())} to {number(view.tensor.max())}.",),
        f"The contrast curve gives 0 to {number(after.max())}, and the network gets only {share(reached)} of its range "
        f"{view.contract.value_range}."
        if slipped
        else "",
        "proof",
        1.0,
        "img = img * 255  # after the sigmoid",
    )


def value_range(view: View) -> Iterator[Clue]:
    """The tensor against what the contract's range makes of the same image: one of the causes of range, at most."""
    contract, tensor = view.contract, view.tensor
    if float(np.ptp(view.meant)) < _ENOUGH_CONTRAST:
        return
    levels = view.levels
    if levels.max() <= 1 and view.acting("sigmoid") is not None:
        levels = levels * 255
    wanted = ValueRange(mode=contract.value_range).apply(levels)
    low, high = float(tensor.min()), float(tensor.max())
    cause = _range_cause(contract, tensor, wanted)
    step = view.acting("value_range")
    if cause and step is not None and getattr(step[0], "times", "once") == "twice":
        cause = "preprocess-twice"
    if cause and next((c for c in sigmoid_range(view) if c.sentence), None) is not None:
        return  # that explains it
    excess = 0.0
    if view.reference is not None:
        excess = max(
            float(view.reference.excess(name, value)) for name, value in (("max", high), ("min", low))
        )
    shown = f"{number(wanted.min())} to {number(wanted.max())}"
    yield Clue(
        cause or "range-too-large",
        (
            Witness("smallest number of the tensor", low, float(wanted.min()), float(wanted.max())),
            Witness("largest number of the tensor", high, float(wanted.min()), float(wanted.max())),
        ),
        (f"With the range {contract.value_range} the same image would lie from {shown}.",),
        f"The network gets numbers from {number(low)} to {number(high)}; its contract, {contract.value_range}, would give "
        f"{shown}."
        if cause
        else "",
        "training sample" if excess > 0 else "model card",
        1.0,
        own_code(cause, contract),
    )


def _range_cause(contract: Contract, tensor: np.ndarray, wanted: np.ndarray) -> str:
    """The cause's id, or "" when the tensor is what it should be."""
    low, high = bounds(contract.value_range)
    near = 0.02 * (high - low)
    ends = np.array([tensor.min() - wanted.min(), tensor.max() - wanted.max()], np.float64)
    if np.abs(ends).max() <= near:
        return ""
    standardised = abs(float(tensor.mean())) < 1e-2 and abs(float(tensor.std()) - 1) < 1e-2
    if standardised != (contract.value_range == "standardise"):
        return "row-normalised"
    ratio = float(np.ptp(tensor)) / max(float(np.ptp(wanted)), 1e-9)
    if contract.channels == 3 and (
        (contract.value_range in ("caffe", "torch") and _LITTLE < ratio < _MUCH) or _from_imagenet(tensor)
    ):
        return "imagenet-mode"
    if ratio > _MUCH:
        return "range-too-large"
    if ratio < _LITTLE:
        return "range-too-small" if contract.value_range in ("0..255", "caffe") else "preprocess-twice"
    return "range-signed-expected" if {contract.value_range} <= {"0..1", "-1..1"} else ""


def _from_imagenet(tensor: np.ndarray) -> bool:
    """Whether these are pixels minus ImageNet's means: caffe's reach far below 0, torch's to about -2 and 2.6."""
    low, high = float(tensor.min()), float(tensor.max())
    return low < -30 or (-2.2 < low < -1.1 and high < 2.7)
