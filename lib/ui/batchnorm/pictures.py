"""The pictures on the bench: thumbnails with their labels; more of them from samples, uploads or the Lab's canvas."""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np
import streamlit as st

from lib.picture import Picture, PictureError, decode
from lib.picture.guards import DEFAULT_LIMITS
from lib.samples import sample
from lib.ui.batchnorm.bench import Bench, Slot, clean_label, further_samples, sample_slot
from lib.ui.lab_state import LabState
from lib.ui.plain import plain

SIDE = 132
_BUTTON = 36
_TYPES = ["png", "jpg", "jpeg", "webp", "bmp", "tif", "tiff", "gif", "heic", "heif"]


def pictures(bench: Bench, lab: LabState, most: int, locked: bool) -> None:
    """Draws them."""
    row = st.container(horizontal=True, gap="small", key="bn_slots")
    for slot in bench.slots:
        with row.container(border=True, gap="small", key=f"bn_slot_{slot.id}", width=SIDE + 34):
            _slot(bench, slot, locked)
    if not locked:
        _more(bench, lab, most)


def _slot(bench: Bench, slot: Slot, locked: bool) -> None:
    st.image(thumbnail(slot.picture), width=SIDE)
    key = f"bn_label_{slot.id}"
    line = st.container(horizontal=True, gap=None, vertical_alignment="center")

    def named() -> None:
        slot.label = clean_label(st.session_state[key]) or slot.label

    line.text_input(
        "Label",
        slot.label,
        key=key,
        on_change=named,
        label_visibility="collapsed",
        disabled=locked,
        max_chars=40,
        width=SIDE - _BUTTON,
    )
    line.button(
        "",
        key=f"bn_away_{slot.id}",
        icon=":material/close:",
        type="tertiary",
        help="Take this picture away",
        on_click=lambda: bench.remove(slot.id),
        disabled=locked or len(bench.slots) <= 2,
    )


def _more(bench: Bench, lab: LabState, most: int) -> None:
    full = len(bench.slots) >= most
    with st.popover("Add a picture", icon=":material/add:", disabled=full):
        chosen = st.selectbox(
            "A sample", further_samples(bench), format_func=lambda id: sample(id).title, key="bn_sample"
        )
        if chosen:
            shown, button = st.columns([1, 2], vertical_alignment="center")
            shown.image(thumbnail(sample(chosen).picture()), width=72)
            button.button(
                "Add this sample",
                key="bn_add_sample",
                on_click=lambda: bench.slots.append(sample_slot(chosen)),
            )
        files = st.file_uploader(
            "Or your own",
            type=_TYPES,
            accept_multiple_files=True,
            key="bn_files",
            max_upload_size=DEFAULT_LIMITS.bytes // 1_000_000,
        )
        if files and st.button(f"Add {len(files)} of your own", key="bn_add_files"):
            _add_files(bench, [(file.getvalue(), file.name) for file in files[: most - len(bench.slots)]])
        st.button(
            "Add what the Lab shows",
            key="bn_add_lab",
            help="Your drawing, upload or photo from the Lab page.",
            on_click=lambda: bench.add(lab.picture(), ""),
        )


def _add_files(bench: Bench, files: list[tuple[bytes, str]]) -> None:
    for data, name in files:
        try:
            bench.add(decode(data, name), name.rsplit(".", 1)[0])
        except PictureError as error:
            st.error(plain(str(error)))
            return
    st.rerun()


@lru_cache(maxsize=128)
def thumbnail(picture: Picture, side: int = SIDE) -> np.ndarray:
    """uint8 (side, side, 3): the picture squashed to a square, as the networks here get it."""
    return cv2.resize(picture.pixels, (side, side), interpolation=cv2.INTER_AREA)
