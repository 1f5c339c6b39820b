"""A visitor without a browser: speaks Streamlit's websocket protocol as its JavaScript does, draws and waits for answers.

Hundreds of them fit into one process, so that what is measured is the server. The protocol is Streamlit's own business and
may change with any version; only benchmarks and fault tests use it.
"""

from __future__ import annotations

import asyncio
import base64
import itertools
import json
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import numpy as np
import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection

from lib.drawing import Drawing
from lib.ui import wire

_FEED = "misread_feed"
_MOST_BYTES = 64_000_000


@dataclass
class Visitor:
    """One session.

    Attributes:
        views: view -> (header, arrays) of the last message that the page sent for it.
        feed_id, fragment: what Streamlit calls the page's feed and its live fragment.
        pace: the least seconds between two reports that the page asks for.
        link: the query string that the page puts into the browser's address bar.
        exceptions: tracebacks or sentences that Streamlit showed instead of the page.
    """

    address: str
    query: dict[str, str] = field(default_factory=dict)
    page: str = ""
    socket: ClientConnection | None = None
    views: dict[str, tuple[dict[str, Any], dict[str, Any]]] = field(default_factory=dict)
    feed_id: str = ""
    fragment: str = ""
    script: str = ""
    session: str = ""
    pace: float = 0.0
    link: str = ""
    exceptions: list[str] = field(default_factory=list)
    _acks: dict[str, int] = field(default_factory=dict)
    _answered: float = 0.0
    _heard: asyncio.Event = field(default_factory=asyncio.Event)
    _listener: asyncio.Task[None] | None = None
    _numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    async def come(self, session: str = "") -> None:
        """Opens the page; `session` is the id of an earlier visit that is to be taken up again."""
        protocols = ["streamlit", "PLACEHOLDER_AUTH_TOKEN", *([session] if session else [])]
        self.socket = await websockets.connect(
            f"ws{self.address.removeprefix('http')}/_stcore/stream",
            subprotocols=[websockets.Subprotocol(name) for name in protocols],
            max_size=_MOST_BYTES,
            ping_interval=None,
        )
        self._listener = asyncio.create_task(self._listen())
        await self._send(fragment=False)

    async def until_answered(self, seconds: float) -> None:
        """Waits until the page shows predictions; while the network is being loaded it asks again, as the browser does."""
        deadline = time.monotonic() + seconds
        while self.answer is None:
            if time.monotonic() > deadline:
                raise TimeoutError(f"no prediction within {seconds:g} s")
            await asyncio.sleep(0.4)
            if self.feed_id and self.answer is None:
                await self._send()

    @property
    def answer(self) -> np.ndarray | None:
        """float32 (K,): the probabilities that the page shows, or None while it shows none."""
        shown = self.views.get("predictions", ({}, {}))[1].get("now")
        return None if shown is None or shown.size == 0 else np.array(shown)

    async def draw(self, drawing: Drawing, final: bool, seconds: float = 20.0) -> float:
        """One report of the canvas; returns the milliseconds until the server's answer was here.

        Raises:
            TimeoutError: there was none within `seconds`.
        """
        strokes = base64.b64encode(drawing.to_bytes()).decode()
        return await self.report("sketchpad", "drawing", {"strokes": strokes, "final": final}, seconds)

    async def report(self, view: str, event: str, value: dict[str, Any], seconds: float = 20.0) -> float:
        """A numbered report of a live view, see `draw`. The time ends when the answer is here, before it is unpacked."""
        number = next(self._numbers)
        started = time.perf_counter()
        await self._send({f"{view}_{event}": {**value, "seq": number}})
        await self._until(lambda: self._acks.get(view, 0) >= number, seconds)
        return 1000 * (self._answered - started)

    async def leave(self) -> None:
        """Closes the page."""
        if self._listener is not None:
            self._listener.cancel()
        if self.socket is not None:
            await self.socket.close()

    # ---- protocol -----------------------------------------------------------------------------------------------------

    async def _send(self, events: dict[str, Any] | None = None, fragment: bool = True) -> None:
        message = BackMsg()
        run = message.rerun_script
        run.query_string = urlencode(self.query)
        run.page_name = self.page
        if self.script:
            run.page_script_hash = self.script
        if fragment:
            run.fragment_id = self.fragment
        if events:
            # Without the component's (empty) state Streamlit does not show its callbacks what was triggered.
            own = run.widget_states.widgets.add()
            own.id, own.json_value = self.feed_id, "{}"
            state = run.widget_states.widgets.add()
            state.id = f"$$STREAMLIT_INTERNAL_KEY_{self.feed_id}__events"
            state.json_trigger_value = json.dumps(
                [{"event": name, "value": value} for name, value in events.items()]
            )
        assert self.socket is not None
        await self.socket.send(message.SerializeToString())

    async def _listen(self) -> None:
        assert self.socket is not None
        async for data in self.socket:
            arrived = time.perf_counter()
            self._hear(ForwardMsg.FromString(data if isinstance(data, bytes) else data.encode()), arrived)
            self._heard.set()

    def _hear(self, message: ForwardMsg, arrived: float) -> None:
        kind = message.WhichOneof("type")
        if kind == "new_session":
            self.script = message.new_session.page_script_hash
            self.session = message.new_session.initialize.session_id or self.session
        elif kind == "delta" and message.delta.WhichOneof("type") == "new_element":
            element = message.delta.new_element
            content = element.WhichOneof("type")
            if content == "exception":
                self.exceptions.append(f"{element.exception.type}: {element.exception.message}")
            elif content == "bidi_component" and element.bidi_component.component_name == _FEED:
                self.feed_id = element.bidi_component.id
                self.fragment = message.delta.fragment_id
                self._take(element.bidi_component.bytes)
                self._answered = arrived

    def _take(self, data: bytes) -> None:
        header, arrays = wire.unpack(data)
        self._acks = {key: int(value) for key, value in header.get("acks", {}).items()}
        self.pace = header.get("pace", 0) / 1000
        self.link = str(header.get("address", self.link))
        for name, part in arrays.items():
            self.views[name] = wire.unpack(part.tobytes())

    async def _until(self, condition: Any, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while not condition():
            self._heard.clear()
            await asyncio.wait_for(self._heard.wait(), max(deadline - time.monotonic(), 0.001))
