"""Further pictures that were preprocessed like the Lab's, to be examined together with it: kept, shown, taken away again."""

from __future__ import annotations

import streamlit as st

from lib.autopsy.report.readings import image
from lib.autopsy.report.subject import shrunk
from lib.picture import Picture, PictureError, decode
from lib.picture.guards import DEFAULT_LIMITS
from lib.ui.lab_state import LabState
from lib.ui.plain import plain

MOST = 8
"""Pictures at once, the Lab's own included: more would tell little more and take longer."""

_KEPT_AS = "autopsy_more_pictures"
_UPLOADS = "autopsy_more_uploads"
_ROUND = "autopsy_more_round"
_TYPES = ["png", "jpg", "jpeg", "webp", "bmp", "tif", "tiff", "gif", "heic", "heif"]


def more_pictures(lab: LabState) -> tuple[Picture, ...]:
    """What is kept beside the Lab's own picture."""
    kept: tuple[Picture, ...] = st.session_state.get(_KEPT_AS, ())
    shown = lab.picture()
    return tuple(picture for picture in kept if picture != shown)[: MOST - 1]


def keep(pictures: tuple[Picture, ...]) -> None:
    """Adds pictures; one that is there already is not added again."""
    kept: tuple[Picture, ...] = st.session_state.get(_KEPT_AS, ())
    for picture in pictures:
        if picture not in kept:
            kept = (*kept, picture)
    st.session_state[_KEPT_AS] = kept[:MOST]


def forget_more() -> None:
    """Only the Lab's picture is left, and the uploader is empty."""
    st.session_state.pop(_KEPT_AS, None)
    st.session_state[_ROUND] = st.session_state.get(_ROUND, 0) + 1


def picture_bar(lab: LabState) -> None:
    """Adds pictures, shows what is there, and takes them away."""
    more = more_pictures(lab)
    title = f"{len(more) + 1} pictures together" if more else "Add another picture"
    with st.expander(title, icon=":material/add_photo_alternate:", expanded=bool(more)):
        st.caption(
            "Pictures that went the same way into the network, and were misread like this one: what one leaves open, "
            f"several often decide. At most {MOST}."
        )
        if more:
            tags = "".join(f"<li>{image(shrunk(one.pixels), one.name or 'a picture')}</li>" for one in more)
            st.html(f'<div class="au"><ul class="thumbs" aria-label="Further pictures">{tags}</ul></div>')
        _uploader()
        with st.container(horizontal=True):
            if st.button(
                "Keep this one and show another in the Lab",
                icon=":material/draw:",
                key="autopsy_keep_picture",
            ):
                keep((lab.picture(),))
                st.switch_page("pages/lab.py")
            if more:
                st.button(
                    "Only the Lab's picture",
                    icon=":material/close:",
                    key="autopsy_only_one",
                    on_click=forget_more,
                )


def _uploader() -> None:
    key = f"{_UPLOADS}_{st.session_state.get(_ROUND, 0)}"
    files = st.file_uploader(
        "Pictures",
        type=_TYPES,
        accept_multiple_files=True,
        key=key,
        max_upload_size=DEFAULT_LIMITS.bytes // 1_000_000,
        label_visibility="collapsed",
    )
    if not files:
        return
    pictures = []
    for file in files:
        try:
            pictures.append(decode(file.getvalue(), file.name))
        except PictureError as error:
            st.error(plain(str(error)), icon=":material/broken_image:")
    before = st.session_state.get(_KEPT_AS, ())
    keep(tuple(pictures))
    if st.session_state[_KEPT_AS] != before:
        st.rerun()  # what is above this widget counts the pictures, too
