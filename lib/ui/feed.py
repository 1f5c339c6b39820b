"""The one message that a live page sends: everything its views show, in one element.

A rerun costs by the element, in Streamlit's server and in the browser. The views of a live page are therefore placed once,
outside the live fragment, and the fragment holds a single component: it brings every view its part of the message, and it
takes back what the views report.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from lib.ui import wire
from lib.ui.component import reported, view

LIVE_VIEWS = (
    "sketchpad",
    "notes",
    "verdict",
    "predictions",
    "sureness",
    "compare",
    "share",
    "steps",
    "readout",
    "layers",
)

_KEY = "feed"

_STUB = """
export default function (component) {
  const host = (globalThis.misreadHost ??= { waiting: [] });
  if (host.feed) host.feed(component); else host.waiting.push([null, component]);
}
"""

_feed = st.components.v2.component("misread_feed", html="<span hidden></span>", js=_STUB)
_places = {name: view(name) for name in LIVE_VIEWS}

Handler = Callable[[Any], None]


def place(name: str) -> None:
    """Puts a live view here; the feed fills it. Outside the live fragment."""
    _places[name](key=f"place_{name}")


def feed(
    parts: Mapping[str, bytes],
    acks: Mapping[str, int],
    handlers: Mapping[str, Handler],
    address: str,
    pace: int = 0,
    waiting: bool = False,
) -> None:
    """Sends every view its part.

    Args:
        parts: view -> its message, as `wire.pack` makes it.
        acks: channel -> the last number that was answered with this run.
        address: the query string of the link to what is shown. The browser puts it into its address bar in place of the
            one before: a drawing must not fill the history that the Back button walks through.
        waiting: that the page asks for itself until it has what is still being loaded. The browser asks for the whole page
            when nothing comes for long: on a busy server Streamlit can lose a fragment's timer, and with it the page.
        handlers: "<view>_<event>" -> what to do with the value that the view reports; the value is anybody's.
    """
    callbacks: dict[str, Any] = {
        f"on_{event}_change": _callback(event, handler) for event, handler in handlers.items()
    }
    _feed(
        key=_KEY,
        data=wire.pack({"acks": acks, "address": address, "pace": pace, "waiting": waiting}, parts),
        **callbacks,
    )


def _callback(event: str, handler: Handler) -> Callable[[], None]:
    def call() -> None:
        value = reported(_KEY, event)
        if value is not None:  # Streamlit calls it for every event of the component
            handler(value)

    return call
