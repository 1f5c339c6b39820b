"""How a view of ours gets into the browser: a thin stub per component, and one runtime that holds all the JavaScript.

Streamlit sends a component's inline script along with every data change. The views' code therefore travels once, in a
runtime component that every page mounts, and each view is declared with a stub of a few lines that asks the runtime to
show it. A live view is only placed, without data: what it shows comes from the page's feed (feed.py), because a rerun
costs by the element. `frontend/runtime.js` is the other half.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

_FRONTEND = Path(__file__).parent / "frontend"

# Waits for the runtime if the view is mounted first; later calls are idempotent because views keep their state on the root.
_STUB = """
export default function (component) {
  const host = (globalThis.misreadHost ??= { waiting: [] });
  if (host.show) return host.show(NAME, component);
  host.waiting.push([NAME, component]);
  return () => host.dispose?.(component.parentElement);
}
"""


def view(name: str) -> Any:
    """A mountable component that shows `frontend/<name>.js` styled by `frontend/<name>.css`.

    Call the result as `mount(key=..., data=..., on_<event>_change=...)`, as Streamlit's own components are; without data
    it is a place that the feed fills.
    """
    return st.components.v2.component(
        f"misread_{name}", html='<div class="view"></div>', js=_STUB.replace("NAME", json.dumps(name))
    )


def reported(key: str, event: str) -> Any:
    """What the component `key` sent as `event`, None if nothing. To be called in the event's callback; never trusted."""
    state = st.session_state.get(key)
    return state.get(event) if isinstance(state, Mapping) else getattr(state, event, None)


@cache
def runtime_source() -> str:
    """The JavaScript of the runtime and of every view in `frontend/`, as one module."""
    views = []
    for script in sorted(_FRONTEND.glob("*.js")):
        if script.stem == "runtime" or "-" in script.stem:
            continue
        # A long view is cut into parts, `<name>-<part>.js`, that share its scope and come before it.
        parts = [*sorted(_FRONTEND.glob(f"{script.stem}-*.js")), script]
        source = "\n".join(part.read_text(encoding="utf-8") for part in parts)
        style = script.with_suffix(".css")
        css = style.read_text(encoding="utf-8") if style.exists() else ""
        views.append(
            f"views[{json.dumps(script.stem)}] = {{ css: {json.dumps(css)}, show: (() => {{\n"
            f"{source}\nreturn show; }})() }};"
        )
    base_css = (_FRONTEND / "base.css").read_text(encoding="utf-8")
    runtime = (_FRONTEND / "runtime.js").read_text(encoding="utf-8")
    return f"{runtime}\nbaseStyle = {json.dumps(base_css)};\n" + "\n".join(views)


_runtime = st.components.v2.component("misread_runtime", html="<span hidden></span>", js=runtime_source())


def mount_runtime() -> None:
    """Sends the views' code. Once per full run, outside every fragment."""
    # The event does nothing but run the page: the runtime asks for it when the connection was lost.
    _runtime(key="misread_runtime", on_again_change=lambda: None)
