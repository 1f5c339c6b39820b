"""The button that copies the link to what is on the screen."""

from __future__ import annotations

from lib.ui import wire
from lib.ui.component import view

_view = view("copy")


def copy_link(key: str, note: str = "") -> None:
    """Mounts the button. `note` is said when it is pressed, for what the link cannot carry."""
    _view(key=key, data=wire.pack({"label": "Copy link", "note": note}))
