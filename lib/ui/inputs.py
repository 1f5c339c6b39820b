"""Where the picture comes from: canvas, samples, upload or camera. One is shown at a time; the others keep their content."""

from __future__ import annotations

import streamlit as st

from lib.case import SampleSource, UploadSource
from lib.picture.guards import DEFAULT_LIMITS
from lib.ui.feed import place
from lib.ui.gallery import gallery
from lib.ui.lab_state import START_SAMPLE, LabState

_DRAW, _SAMPLES, _UPLOAD, _CAMERA = "Draw", "Samples", "Upload", "Camera"
_TYPES = ["png", "jpg", "jpeg", "webp", "bmp", "tif", "tiff", "gif", "heic", "heif", "zip"]


def inputs(state: LabState) -> None:
    """The switch between the four sources, and the chosen one."""

    def switched() -> None:
        # Going back to the canvas or to the upload shows what is there; the other kinds wait for a choice.
        if st.session_state["input_kind"] == _DRAW and state.drawing.strokes:
            state.show_drawing()
        elif st.session_state["input_kind"] == _UPLOAD and state.upload is not None:
            state.show_kept_upload()

    if "input_kind" not in st.session_state:  # the Lab's first showing, or the visitor was on another page
        st.session_state["first_input_kind"] = _kind_of(state)
    kind = st.segmented_control(
        "Input",
        [_DRAW, _SAMPLES, _UPLOAD, _CAMERA],
        default=st.session_state["first_input_kind"],
        key="input_kind",
        on_change=switched,
        label_visibility="collapsed",
        required=True,
    )
    if kind == _SAMPLES:
        chosen = state.source.id if isinstance(state.source, SampleSource) else ""
        gallery("samples", chosen, state.card.contract, state.show_sample)
    elif kind == _UPLOAD:
        _upload(state)
    elif kind == _CAMERA:
        _camera(state)
    else:
        place("sketchpad")
    place("notes")


def _kind_of(state: LabState) -> str:
    """The canvas for a visitor who comes without a link; it shows the sample until somebody draws."""
    if isinstance(state.source, SampleSource) and state.source.id != START_SAMPLE:
        return _SAMPLES
    return _UPLOAD if isinstance(state.source, UploadSource) else _DRAW


def _upload(state: LabState) -> None:
    def uploaded() -> None:
        file = st.session_state.get("upload")
        if file is not None:
            state.show_upload(file.getvalue(), file.name)

    st.file_uploader(
        "A picture: a photo, a scan, a screenshot; or a bundle",
        type=_TYPES,
        key="upload",
        on_change=uploaded,
        max_upload_size=DEFAULT_LIMITS.bytes // 1_000_000,
    )
    if state.upload is not None:
        st.image(state.upload.pixels, caption="As it was decoded: upright, on white", width="stretch")


def _camera(state: LabState) -> None:
    def taken() -> None:
        file = st.session_state.get("camera")
        if file is not None:
            state.show_upload(file.getvalue(), "camera.jpg")

    st.camera_input("Hold it into the camera", key="camera", on_change=taken)
