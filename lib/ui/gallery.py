"""The wall of samples to choose from."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import cv2

from lib.contract import Contract
from lib.samples import kind_for, samples
from lib.ui import wire
from lib.ui.component import reported, view

_view = view("gallery")
_SIDE = 72


def gallery(key: str, chosen: str, contract: Contract, on_choose: Callable[[str], None]) -> None:
    """Mounts the wall, the samples that suit the model's contract first.

    `chosen` is the id of the sample that is shown; `on_choose` is called with another one's id.
    """

    def clicked() -> None:
        wanted = reported(key, "choose")
        if isinstance(wanted, str) and wanted in {sample.id for sample in samples()}:
            on_choose(wanted)

    _view(key=key, data=_message(chosen, kind_for(contract)), on_choose_change=clicked)


@lru_cache(maxsize=64)
def _message(chosen: str, kind: str) -> bytes:
    items, arrays = [], {}
    for index, sample in enumerate(sorted(samples(), key=lambda sample: sample.suits != kind)):
        pixels = sample.picture().pixels
        scale = _SIDE / max(pixels.shape[:2])
        size = (round(pixels.shape[1] * scale), round(pixels.shape[0] * scale))
        arrays[f"p{index}"] = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
        items.append({"id": sample.id, "title": sample.title, "shows": sample.shows})
    return wire.pack({"items": items, "chosen": chosen}, arrays)
