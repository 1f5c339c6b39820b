"""`aspect-ratio`: width and height were changed by different factors."""

from __future__ import annotations

from collections.abc import Iterator

from lib.autopsy.causes import Cause
from lib.autopsy.examination.clue import Clue, View
from lib.autopsy.finding import Witness

CAUSE = Cause(
    "aspect-ratio",
    "Squashed",
    "Width and height were changed by different factors.",
    "Pad to a square before resizing, as in training.",
)
_SQUASHED = 1.2  # times more than the other side


def examine(view: View) -> Iterator[Clue]:
    """Where the resize shrinks one side more than the other, though the contract keeps the shape."""
    found = view.acting("resize")
    if found is None or view.contract.frame == "squash":
        return
    (height, width), (new_height, new_width) = found[1].shape[:2], found[2].shape[:2]
    factor = (new_width / width) / (new_height / height)
    ratio = max(factor, 1 / factor)
    narrower = "width" if factor < 1 else "height"
    yield Clue(
        CAUSE.id,
        (Witness("shrinking of one side against the other", ratio, 1.0, 1.05, "times"),),
        (f"{width} × {height} pixels become {new_width} × {new_height}.",),
        f"The resize makes {new_width} × {new_height} of {width} × {height} pixels: the {narrower} shrinks {ratio:.1f} "
        f"times more than the other side, and the training pictures kept their shape ({view.contract.frame})."
        if ratio > _SQUASHED
        else "",
        "model card",
        0.7,
        "img = cv2.copyMakeBorder(img, ...)  # pad to a square before the resize",
    )
