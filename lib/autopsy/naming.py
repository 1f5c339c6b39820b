"""From a changed step to the cause's name: what was wrong when putting a step right helps."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from lib.autopsy.own_code import own_code
from lib.autopsy.thinned import thinned
from lib.contract import Contract
from lib.picture import Picture
from lib.pipeline import Pipeline
from lib.pipeline.ink import ink_mask

# Steps that are put right together, because one of them alone says little. Every other step stands for itself.
_GROUPS = {
    "background": "paper",
    "tone": "paper",
    "frame": "geometry",
    "centre": "geometry",
    "move": "geometry",
}
_NEVER = frozenset({"working_size"})
_TALL = 1.25
_FEW = 0.002
_SMALL, _FLAT = 160, 12.0
# Of the longest side: how wide a halo may be, both sides together; and of all pixels, how many tell about the ground.
_HALO, _ENOUGH_GROUND = 0.25, 0.05


@dataclass(frozen=True)
class Difference:
    """Steps that differ between two pipelines and are put right together.

    Attributes:
        key: of the group.
        steps: their names.
        cause: the id of what was wrong.
        code: the remedy as lines of Python.
    """

    key: str
    steps: tuple[str, ...]
    cause: str
    code: str

    def apply(self, pipeline: Pipeline, right: Pipeline) -> Pipeline:
        """`pipeline` with these steps as in `right`."""
        return Pipeline(tuple(right[step.name] if step.name in self.steps else step for step in pipeline))


def differences(
    wrong: Pipeline, right: Pipeline, contract: Contract, picture: Picture
) -> tuple[Difference, ...]:
    """What has to be put right, group by group, in the order of the steps.

    On gray paper 1 - x on bytes never wraps around: it is 257 - x there, a right inversion, which needs another form only
    once the paper is white. It is then put right together with the paper, and not blamed.
    """
    harmless = _inverts_without_wrapping(wrong, picture)
    groups: dict[str, list[str]] = {}
    for step in wrong:
        if step.name not in _NEVER and step != right[step.name] and (step.on or right[step.name].on):
            key = "paper" if harmless and step.name == "invert" else _group(step.name, wrong, right)
            groups.setdefault(key, []).append(step.name)
    if groups.get("paper") == ["invert"]:
        groups["invert"] = groups.pop("paper")
    found = []
    for key, names in groups.items():
        cause = _cause(key, names, wrong, right, contract, picture)
        found.append(Difference(key, tuple(names), cause, own_code(cause, contract, right)))
    return tuple(found)


def _group(name: str, wrong: Pipeline, right: Pipeline) -> str:
    if name == "sigmoid":
        return "paper" if right["sigmoid"].on else "contrast"
    if name == "grayscale":
        # The darkest channel belongs to the treatment of paper, unless the recipe itself was odd.
        usual = getattr(wrong["grayscale"], "recipe", "luma") in ("luma", "mean")
        return "paper" if usual and right["background"].on else "grayscale"
    return _GROUPS.get(name, name)


def _inverts_without_wrapping(pipeline: Pipeline, picture: Picture) -> bool:
    """Whether 1 - x on bytes meets (almost) no pixel of 0 or 1 in this picture."""
    invert = pipeline["invert"]
    if not invert.on or getattr(invert, "method", "") != "1 - x as uint8":
        return False
    stages = pipeline.run(picture)
    before = stages.before([step.name for step in pipeline].index("invert"))
    return bool((np.rint(before) < 2).mean() < _FEW)


def _cause(
    key: str, names: list[str], wrong: Pipeline, right: Pipeline, contract: Contract, picture: Picture
) -> str:
    if key == "value_range":
        return _range_cause(wrong["value_range"], right["value_range"], contract)
    if key == "invert":
        method = getattr(wrong["invert"], "method", "") if wrong["invert"].on else ""
        return {"1 - x as uint8": "uint8-wrap", "1 - x as float": "one-minus-float"}.get(method, "polarity")
    if key == "contrast":
        return (
            "contrast-range" if getattr(wrong["sigmoid"], "output", "") == "0..1" else "background-not-flat"
        )
    if key == "paper":
        sigmoid = wrong["sigmoid"]
        if sigmoid.on and getattr(sigmoid, "output", "") == "0..1" and names == ["sigmoid"]:
            return "contrast-range"
        # On a flat page there is no paper to take away: a steep curve or a threshold only makes soft edges hard.
        method = getattr(right["background"], "method", "") if right["background"].on else ""
        sharpens = not wrong["background"].on and not sigmoid.on and set(names) <= {"sigmoid", "background"}
        sharpens = sharpens and (right["sigmoid"].on or method != "subtract")
        return "edge-softness" if sharpens and _on_flat_ground(picture) else "background-not-flat"
    if key == "orientation":
        turns = {getattr(p["orientation"], "turn", "") for p in (wrong, right) if p["orientation"].on}
        return "mirrored" if turns & {"mirror left-right", "flip top-bottom"} else "orientation"
    if key == "geometry":
        return _geometry_cause(wrong, picture)
    return {
        "transparency": "alpha-channel",
        "grayscale": "grayscale-recipe",
        "channel_order": "channel-order",
        "stroke": "stroke-width",
        "softness": "edge-softness",
        "resize": "resize-filter",
    }.get(key, "size-and-centring")


def _on_flat_ground(picture: Picture) -> bool:
    """Whether all that is far from ink lies within a few gray levels of black or of white.

    What is near does not count: the halo of ink that is out of focus is wide, and no paper.
    """
    gray = thinned(picture.pixels).astype(np.float32).mean(axis=2)
    scale = _SMALL / max(gray.shape)
    if scale < 1:
        size = (max(1, round(gray.shape[1] * scale)), max(1, round(gray.shape[0] * scale)))
        gray = np.asarray(cv2.resize(gray, size, interpolation=cv2.INTER_AREA))
    ink = ink_mask(gray).astype(np.uint8)
    for around in (max(3, round(_HALO * max(gray.shape)) | 1), 5):
        ground = gray[cv2.dilate(ink, np.ones((around, around), np.uint8)) == 0]
        if ground.size >= _ENOUGH_GROUND * gray.size:
            low, middle, high = np.percentile(ground, (5, 50, 95))
            return bool(high - low <= _FLAT and min(middle, 255 - middle) <= _FLAT)
    return False


def _range_cause(wrong: object, right: object, contract: Contract) -> str:
    if getattr(wrong, "times", "once") == "twice":
        return "preprocess-twice"
    given, wanted = getattr(wrong, "mode", ""), getattr(right, "mode", "")
    if "standardise" in (given, wanted):
        return "row-normalised"
    if contract.channels == 3 and {given, wanted} & {"caffe", "torch"}:
        return "imagenet-mode"
    if wanted in ("0..255", "caffe"):
        return "range-too-small"
    return "range-too-large" if given in ("0..255", "caffe") else "range-signed-expected"


def _geometry_cause(wrong: Pipeline, picture: Picture) -> str:
    """Squashing a picture that is not square changes its shape; anything else is about size and place."""
    height, width = picture.pixels.shape[:2]
    squashes = not wrong["frame"].on or getattr(wrong["frame"], "mode", "") == "squash"
    return (
        "aspect-ratio"
        if squashes and max(height, width) > _TALL * min(height, width)
        else "size-and-centring"
    )
