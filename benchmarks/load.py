"""Many visitors at once: `python -m benchmarks.load [--visitors 1 5 20 50] [--seconds 20] [--churn 500] [--markdown FILE]`.

Starts the app, lets visitors without a browser (benchmarks/visitor.py) draw letters and drag a slider at a human pace, and
prints how long the server took from each report to its answer, its processor time, its memory per session, and whether
every visitor saw their own drawing. Then sessions come and go, to see that memory does not grow. All on loopback; the
visitors run in this process and share the machine with the server. Needs the development requirements.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs

import numpy as np
import psutil

from benchmarks.visitor import Visitor
from lib.drawing import Drawing, Stroke
from tests.browser.server import running_app

_MB = 1e6
_PAUSE = (0.5, 1.5)  # seconds between two gestures
_EVERY = 0.033  # the browser's own pace, see frontend/runtime.js
_POINTS = 30
_AT_A_TIME = 10
# Streamlit keeps a session that lost its connection for two minutes, in case the visitor comes back.
_SESSIONS_KEPT = 130


@dataclass
class Measured:
    """What one number of visitors gave.

    Attributes:
        milliseconds: from each report to its answer.
        errors: what went wrong, in words.
        cpu: processor time by time, 1 is one core.
        memory: resident bytes of the server at the end.
    """

    visitors: int
    milliseconds: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    cpu: float = 0.0
    memory: int = 0


async def visit(visitor: Visitor, seconds: float, seed: int, measured: Measured) -> None:
    """One visitor draws and drags until the time is over."""
    hand = random.Random(seed)
    until = time.monotonic() + seconds
    strokes: tuple[Stroke, ...] = ()
    try:
        await asyncio.sleep(hand.uniform(0, _PAUSE[1]))
        while time.monotonic() < until:
            if hand.random() < 0.6:
                strokes = (*strokes[-2:], await _stroke(visitor, strokes[-2:], hand, measured))
                _check_own(visitor, Drawing(strokes), measured)
            else:
                await _drag(visitor, hand, measured)
            await asyncio.sleep(hand.uniform(*_PAUSE))
        measured.errors += visitor.exceptions
    except (TimeoutError, OSError) as error:
        measured.errors.append(f"{type(error).__name__}: {error}")


async def _stroke(
    visitor: Visitor, before: Sequence[Stroke], hand: random.Random, measured: Measured
) -> Stroke:
    """A line that grows by a point with every report."""
    x, y, dx, dy = (hand.randint(150, 500), hand.randint(150, 500), hand.randint(2, 14), hand.randint(2, 14))
    points = tuple((x + dx * i, y + dy * i, 255) for i in range(_POINTS))
    for count in range(2, _POINTS + 1, 2):
        stroke = Stroke("brush", 90, points[:count])
        final = count >= _POINTS
        await _paced(measured, visitor.draw(Drawing((*before, stroke)), final), final)
    return Stroke("brush", 90, points)


async def _drag(visitor: Visitor, hand: random.Random, measured: Measured) -> None:
    """The sigmoid's slope, there and a little back."""
    revision = visitor.views["steps"][0]["revision"]
    start = hand.uniform(2, 15)
    for i in range(15):
        values = {"sigmoid": {"on": True, "slope": start + i / 4}}
        value = {"revision": revision, "steps": values, "final": i == 14}
        await _paced(measured, visitor.report("steps", "values", value), i == 14)


async def _paced(measured: Measured, report: object, final: bool) -> None:
    started = time.monotonic()
    measured.milliseconds.append(await report)  # type: ignore[misc]
    if not final:
        await asyncio.sleep(max(0.0, _EVERY - (time.monotonic() - started)))


def _check_own(visitor: Visitor, drawing: Drawing, measured: Measured) -> None:
    """The link in the answer must be to this visitor's drawing and to nobody else's."""
    shown = parse_qs(visitor.link).get("drawing", [""])[0]
    if shown != drawing.encode():
        measured.errors.append("another drawing than the visitor's own")


async def crowd(address: str, visitors: int, seconds: float, server: psutil.Process) -> Measured:
    """That many visitors at the same time."""
    measured = Measured(visitors)
    people = [Visitor(address) for _ in range(visitors)]
    for person in people:
        await person.come()
        await person.until_answered(120)
    before, started = server.cpu_times(), time.monotonic()
    await asyncio.gather(*(visit(p, seconds, seed, measured) for seed, p in enumerate(people)))
    after, took = server.cpu_times(), time.monotonic() - started
    measured.cpu = (after.user + after.system - before.user - before.system) / took
    measured.memory = server.memory_info().rss
    await asyncio.gather(*(person.leave() for person in people))
    return measured


async def churn(address: str, sessions: int, server: psutil.Process) -> tuple[int, int]:
    """Resident bytes before and after that many sessions came, drew one line and went."""
    await _come_and_go(address, 2 * _AT_A_TIME)
    await asyncio.sleep(_SESSIONS_KEPT)
    before = server.memory_info().rss
    await _come_and_go(address, sessions)
    await asyncio.sleep(_SESSIONS_KEPT)
    return before, server.memory_info().rss


async def _come_and_go(address: str, sessions: int) -> None:
    async def one() -> None:
        visitor = Visitor(address)
        await visitor.come()
        await visitor.until_answered(120)
        await visitor.draw(Drawing((Stroke("brush", 90, ((200, 200, 255), (700, 800, 255))),)), True)
        await visitor.leave()

    for _ in range(0, sessions, _AT_A_TIME):
        await asyncio.gather(*(one() for _ in range(_AT_A_TIME)))


def table(rows: Sequence[Measured]) -> list[str]:
    """Markdown."""
    lines = [
        "| visitors | reports | p50 | p95 | processor (cores) | memory | a further session | errors |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    first = rows[0]
    for row in rows:
        p50, p95 = np.percentile(row.milliseconds or [float("nan")], [50, 95])
        more = row.visitors - first.visitors
        each = f"{(row.memory - first.memory) / more / _MB:.1f} MB" if more else ""
        lines.append(
            f"| {row.visitors} | {len(row.milliseconds):,} | {p50:.0f} ms | {p95:.0f} ms | {row.cpu:.2f} "
            f"| {row.memory / _MB:.0f} MB | {each} | {len(row.errors)} |"
        )
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--visitors", type=int, nargs="+", default=[1, 5, 20, 50])
    parser.add_argument("--seconds", type=float, default=20, help="that each crowd draws")
    parser.add_argument("--churn", type=int, default=500, help="sessions that come and go; 0 for none")
    parser.add_argument("--markdown", type=Path, help="also write the table to this file")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, running_app(Path(folder) / "log") as address:
        port = int(address.rsplit(":", 1)[1])
        server = _server(port)
        rows = []
        for visitors in options.visitors:
            rows.append(asyncio.run(crowd(address, visitors, options.seconds, server)))
            print("\n".join(table(rows)[-1:]), *sorted(set(rows[-1].errors))[:5], sep="\n", flush=True)
        lines = table(rows)
        if options.churn:
            before, after = asyncio.run(churn(address, options.churn, server))
            lines += [
                "",
                f"{options.churn} sessions that came and went: {before / _MB:.0f} MB before, {after / _MB:.0f} MB after "
                f"({after / before - 1:+.1%}).",
            ]
    text = "\n".join(lines)
    print(f"\n{text}")
    if options.markdown:
        options.markdown.write_text(text + "\n", encoding="utf-8")


def _server(port: int) -> psutil.Process:
    """The child of ours that was started with that port."""
    for child in psutil.Process().children(recursive=True):
        if str(port) in child.cmdline():
            return child
    raise RuntimeError(f"No server of ours listens on port {port}.")


if __name__ == "__main__":
    main()
