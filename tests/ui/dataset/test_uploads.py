"""Claims about uploads: once taken over, the server's manager does not hold them; what is gone is not taken again."""

import io
from types import SimpleNamespace

from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.uploaded_file_manager import DeletedFile, UploadedFileRec

from lib.ui.dataset import uploads


class Upload(io.BytesIO):
    file_id = "one"


def test_streamlits_manager_lets_go_of_what_is_taken_over_and_keeps_the_rest(monkeypatch):
    manager = MemoryUploadedFileManager("/upload")
    for name in ("one", "two"):
        manager.add_file("session", UploadedFileRec(name, f"{name}.csv", "text/csv", b"A,1\n"))
    context = SimpleNamespace(session_id="session", uploaded_file_mgr=manager)
    monkeypatch.setattr(uploads, "get_script_run_ctx", lambda: context)
    file = Upload(b"A,1\n")
    # What was taken before is still named by a form that the browser has not replaced yet.
    assert uploads.take_over([DeletedFile("zero"), file]) == [file]
    assert [found.name for found in manager.get_files("session", ["one", "two"])] == ["two.csv"]


def test_without_a_page_or_such_a_manager_nothing_breaks(monkeypatch):
    for context in (None, SimpleNamespace(session_id="s", uploaded_file_mgr=object())):
        monkeypatch.setattr(uploads, "get_script_run_ctx", lambda context=context: context)
        assert len(uploads.take_over([Upload()])) == 1
