"""Uploads that are taken over: the server keeps every uploaded file until its session ends, unless it is told to let go."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from streamlit.runtime.scriptrunner import get_script_run_ctx


def take_over(files: Sequence[Any]) -> list[Any]:
    """The same files, of which nobody else holds the bytes any more; to be called in a run of the page.

    The form must be another one (of another key) from the next run on. Streamlit has no public call for this, only its own
    forms of chat and audio do it; where its manager of uploads has no `remove_file`, the bytes stay until the session ends.
    """
    context = get_script_run_ctx()
    manager = getattr(context, "uploaded_file_mgr", None)
    remove = getattr(manager, "remove_file", None)
    for file in files:
        file_id = getattr(file, "file_id", None)
        if context is not None and remove is not None and file_id:
            remove(session_id=context.session_id, file_id=file_id)
    return list(files)
