"""Uploads that are taken over: the server keeps every uploaded file until its session ends, unless it is told to let go."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from streamlit.runtime.scriptrunner import get_script_run_ctx


def take_over(files: Sequence[Any]) -> list[Any]:
    """Those of the files that are there, of which nobody else holds the bytes any more; to be called in a run of the page.

    A form that the browser has not replaced yet may name files again that were taken before: these are left out.

    The form must be another one (of another key) from the next run on. Only that does not free the bytes, nor does deleting
    the form's state or leaving it out: a file goes when the visitor takes it back, or with the session (Streamlit's issues
    9218 and 12607). There is no public call, so this is the one place that asks the run's context, which Streamlit's own
    form of chat does as well; where it has no such manager of uploads any more, the bytes stay until the session ends.
    """
    there = [file for file in files if isinstance(file, io.BytesIO)]  # what st.file_uploader promises to give
    context = get_script_run_ctx()
    manager = getattr(context, "uploaded_file_mgr", None)
    remove = getattr(manager, "remove_file", None)
    for file in there:
        file_id = getattr(file, "file_id", None)
        if context is not None and remove is not None and file_id:
            remove(session_id=context.session_id, file_id=file_id)
    return there
