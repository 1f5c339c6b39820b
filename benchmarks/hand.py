"""A visitor's hand, for load tests: letters and slider drags at a human pace, and the one channel that reports them.

The hand moves on whether the page answers or not, as hands do. What is reported is what `frontend/runtime.js` would report:
one message in flight, the newest state wins, the last one of a gesture always goes.
"""

from __future__ import annotations

import asyncio
import base64
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from benchmarks.visitor import Visitor
from lib.drawing import Drawing, Stroke

EVENT = 0.033  # seconds between two movements of the hand, and the least between two reports
_POINTS_A_SECOND = 40
# Seconds, uniform between the two: of a stroke, between strokes, of a drag, and of a look at what came of it.
STROKE, BETWEEN, DRAG, LOOK = (0.4, 0.9), (0.15, 0.5), (0.8, 1.6), (1.0, 4.0)
_STROKES = (2, 3)


@dataclass(frozen=True)
class Reported:
    """One report that was answered.

    Attributes:
        view, event, value: as the browser sends them.
        milliseconds: from the report to its answer.
    """

    view: str
    event: str
    value: dict[str, Any]
    milliseconds: float


@dataclass
class Timings:
    """Milliseconds of many reports.

    Attributes:
        answers: from each report to its answer: the server, and the network between.
        repaints: from each movement of the hand to the answer that holds it, the wait for the report before it included:
            what the visitor sees, but for the painting.
    """

    answers: list[float] = field(default_factory=list)
    repaints: list[float] = field(default_factory=list)


class Hand:
    """One visitor's hand; `heard` is told every answered report before the next one is sent."""

    def __init__(
        self, visitor: Visitor, seed: int, timings: Timings, heard: Callable[[Visitor, Reported], None]
    ) -> None:
        self._visitor, self._timings, self._heard = visitor, timings, heard
        self._random = random.Random(seed)

    async def play(self, seconds: float) -> None:
        """Draws and drags until the time is over; a gesture that has begun is ended."""
        until = time.monotonic() + seconds
        await asyncio.sleep(self._random.uniform(0, LOOK[1]))
        while time.monotonic() < until:
            await (self._letter() if self._random.random() < 0.6 else self._drag())
            await asyncio.sleep(self._random.uniform(*LOOK))

    async def _letter(self) -> None:
        """A few straight strokes, each growing with the hand's movement."""
        before: tuple[Stroke, ...] = ()
        for _ in range(self._random.randint(*_STROKES)):
            line = self._line(self._random.uniform(*STROKE))
            events = max(2, round(len(line.points) / _POINTS_A_SECOND / EVENT))
            states = []
            for number in range(1, events + 1):
                points = line.points[: max(2, len(line.points) * number // events)]
                states.append(_drawn((*before, Stroke(line.tool, line.size, points)), number == events))
            await self.gesture("sketchpad", "drawing", states)
            before = (*before, line)
            await asyncio.sleep(self._random.uniform(*BETWEEN))

    def _line(self, seconds: float) -> Stroke:
        count = max(4, round(seconds * _POINTS_A_SECOND))
        (x0, y0), (x1, y1) = ((self._random.randint(150, 850), self._random.randint(150, 850)) for _ in "ab")
        steps = [index / (count - 1) for index in range(count)]
        return Stroke(
            "brush", 90, tuple((round(x0 + (x1 - x0) * s), round(y0 + (y1 - y0) * s), 255) for s in steps)
        )

    async def _drag(self) -> None:
        """The sigmoid's slope, there and half-way back."""
        revision = self._visitor.views["steps"][0]["revision"]
        events = round(self._random.uniform(*DRAG) / EVENT)
        start, end = self._random.uniform(2, 10), self._random.uniform(12, 25)
        states = []
        for number in range(events):
            share = min(1.5 * number / events, 2 - 1.5 * number / events)
            values = {"sigmoid": {"on": True, "slope": round(start + (end - start) * share, 2)}}
            states.append({"revision": revision, "steps": values, "final": number == events - 1})
        await self.gesture("steps", "values", states)

    async def gesture(self, view: str, event: str, states: Sequence[dict[str, Any]]) -> None:
        """Moves through the states, one every EVENT seconds, and reports the newest as often as the page answers."""
        started, last = time.perf_counter(), -1
        while last < len(states) - 1:
            sent = time.perf_counter()
            newest = min(len(states) - 1, int((sent - started) / EVENT))
            if newest == last:
                await asyncio.sleep(started + (last + 1) * EVENT - sent)
                continue
            value = states[newest]
            milliseconds = await self._visitor.report(view, event, value)
            answered = time.perf_counter()
            self._timings.answers.append(milliseconds)
            self._timings.repaints += [
                1000 * (answered - started - EVENT * moved) for moved in range(last + 1, newest + 1)
            ]
            self._heard(self._visitor, Reported(view, event, value, milliseconds))
            last = newest
            # The last state of a gesture does not wait for the pace.
            next_one = min(sent + max(EVENT, self._visitor.pace), started + (len(states) - 1) * EVENT)
            await asyncio.sleep(max(0.0, next_one - answered))


def _drawn(strokes: tuple[Stroke, ...], final: bool) -> dict[str, Any]:
    return {"strokes": base64.b64encode(Drawing(strokes).to_bytes()).decode(), "final": final}
