"""Many visitors at once: `python -m benchmarks.load [--visitors 1 5 20 50] [--seconds 20] [--churn 500] [--docs FILE]`.

Starts the app, lets visitors without a browser (benchmarks/visitor.py) draw letters and drag a slider at a human pace
(benchmarks/hand.py), and prints how long the server took from each report to its answer, what the visitor saw of it, the
server's processor time and memory, and whether every answer was about the visitor's own picture (own_answers.py, after
all timing). Then sessions come and go, to see that memory does not grow. All on loopback; the visitors run in this process
and share the machine with the server: a visitors' process that is busy all the time would measure
itself. With `--docs` the table replaces what stands between `<!-- python -m benchmarks.load -->` and `<!-- end -->` in that
file. Needs the development requirements. About ten minutes as it stands.
"""

from __future__ import annotations

import argparse
import asyncio
import platform
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import psutil

from benchmarks.document import into_document
from benchmarks.hand import Hand, Timings
from benchmarks.own_answers import Mirror, wrong
from benchmarks.visitor import Visitor
from lib.drawing import Drawing, Stroke
from tests.browser.server import running_app

if TYPE_CHECKING:
    from lib.network import Network

_MB = 1e6
_AT_A_TIME = 10
_PATIENCE = 120  # seconds for a page to open
_WARM = 40  # sessions before memory is compared: until then it is caches that grow
# Streamlit keeps a session that lost its connection for two minutes, in case the visitor comes back, and lets go of it when
# the next one leaves; here it keeps it for a shorter time, so that the benchmark has less to wait for.
_SESSIONS_KEPT = 20
_UPKEEP = 65  # seconds in which lib/ui/upkeep.py has had its turn
# Of a gesture's answers one in so many is computed again for comparison; its last one always is.
_COMPARED = 5


@dataclass
class Measured:
    """What one number of visitors gave.

    Attributes:
        errors: what went wrong, in words.
        compared, wrong: answers that were computed again, and those that differed.
        cpu, own_cpu: processor time by time, 1 is one core: the server's, and that of the process that plays the visitors.
        memory: resident bytes of the server at the end.
    """

    visitors: int
    timings: Timings = field(default_factory=Timings)
    errors: list[str] = field(default_factory=list)
    compared: int = 0
    wrong: int = 0
    cpu: float = 0.0
    own_cpu: float = 0.0
    memory: int = 0


async def crowd(
    address: str, visitors: int, seconds: float, server: psutil.Process
) -> tuple[Measured, list[Mirror]]:
    """That many visitors at the same time."""
    measured = Measured(visitors)
    people, mirrors = [Visitor(address) for _ in range(visitors)], [Mirror() for _ in range(visitors)]
    for person in people:
        await person.come()
        await person.until_answered(_PATIENCE)

    async def play(number: int) -> None:
        hand = Hand(people[number], number, measured.timings, mirrors[number].hear)
        try:
            await hand.play(seconds)
        except (TimeoutError, OSError) as error:
            measured.errors.append(f"{type(error).__name__}: {error}")

    before, own, started = server.cpu_times(), time.process_time(), time.monotonic()
    await asyncio.gather(*(play(number) for number in range(visitors)))
    after, took = server.cpu_times(), time.monotonic() - started
    measured.cpu = (after.user + after.system - before.user - before.system) / took
    measured.own_cpu = (time.process_time() - own) / took
    measured.memory = server.memory_info().rss
    measured.errors += [sentence for person in people for sentence in person.exceptions]
    await asyncio.gather(*(person.leave() for person in people))
    return measured, mirrors


def compare(measured: Measured, mirrors: Sequence[Mirror], network: Network) -> None:
    """Counts the answers that were about something else than their visitor's own picture."""
    for mirror in mirrors:
        chosen = mirror.chosen(_COMPARED)
        measured.compared += len(chosen)
        measured.wrong += wrong(chosen, network)


async def churn(address: str, sessions: int, server: psutil.Process) -> tuple[int, int]:
    """Resident bytes before and after that many sessions came, drew one line and went."""
    await _come_and_go(address, _WARM)
    before = await _at_rest(address, server)
    await _come_and_go(address, sessions)
    return before, await _at_rest(address, server)


async def _at_rest(address: str, server: psutil.Process) -> int:
    """Resident bytes when everybody's session has ended."""
    await asyncio.sleep(_SESSIONS_KEPT + 2)
    await _come_and_go(address, 1)
    await asyncio.sleep(_UPKEEP)
    return server.memory_info().rss


async def _come_and_go(address: str, sessions: int) -> None:
    async def one() -> None:
        visitor = Visitor(address)
        await visitor.come()
        await visitor.until_answered(_PATIENCE)
        await visitor.draw(Drawing((Stroke("brush", 90, ((200, 200, 255), (700, 800, 255))),)), True)
        await visitor.leave()

    for begun in range(0, sessions, _AT_A_TIME):
        await asyncio.gather(*(one() for _ in range(min(_AT_A_TIME, sessions - begun))))


def table(rows: Sequence[Measured]) -> list[str]:
    """Markdown."""
    lines = [
        "| visitors | reports | the server's answer: p50, p95 | as the visitor sees it: p50, p95 | processor (cores) "
        "| the visitors' own processor | memory | a further session | errors | wrong answers |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    first = rows[0]
    for row in rows:
        more = row.visitors - first.visitors
        each = f"{(row.memory - first.memory) / more / _MB:.1f} MB" if more else ""
        lines.append(
            f"| {row.visitors} | {len(row.timings.answers):,} | {_percentiles(row.timings.answers)} "
            f"| {_percentiles(row.timings.repaints)} | {row.cpu:.2f} | {row.own_cpu:.2f} "
            f"| {row.memory / _MB:.0f} MB | {each} | {len(row.errors)} | {row.wrong} of {row.compared:,} |"
        )
    return lines


def _percentiles(milliseconds: Sequence[float]) -> str:
    p50, p95 = np.percentile(milliseconds or [float("nan")], [50, 95])
    return f"{p50:.0f} ms, {p95:.0f} ms"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--visitors", type=int, nargs="+", default=[1, 5, 20, 50])
    parser.add_argument("--seconds", type=float, default=20, help="that each crowd draws")
    parser.add_argument("--churn", type=int, default=500, help="sessions that come and go; 0 for none")
    parser.add_argument("--docs", type=Path, help="also write the table into this file")
    options = parser.parse_args()
    rows, crowds = [], []
    own = {"STREAMLIT_SERVER_DISCONNECTED_SESSION_TTL": str(_SESSIONS_KEPT)}
    with (
        tempfile.TemporaryDirectory() as folder,
        running_app(Path(folder) / "log", environment=own) as address,
    ):
        server = _server(int(address.rsplit(":", 1)[1]))
        for visitors in options.visitors:
            measured, mirrors = asyncio.run(crowd(address, visitors, options.seconds, server))
            rows.append(measured)
            crowds.append(mirrors)
            print(*table(rows)[-1:], *sorted(set(measured.errors))[:5], sep="\n", flush=True)
        lines = []
        if options.churn:
            before, after = asyncio.run(churn(address, options.churn, server))
            lines = [
                "",
                f"{options.churn} sessions that came and went: {before / _MB:.0f} MB before, {after / _MB:.0f} MB after "
                f"({after / before - 1:+.1%}).",
            ]
    from lib import zoo  # TensorFlow takes the processor: not while the server is measured

    network = zoo.load("letters-mlp")
    for measured, mirrors in zip(rows, crowds, strict=True):
        compare(measured, mirrors, network)
    text = "\n".join([*table(rows), *lines])
    print(f"\n{text}\n{psutil.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}")
    if options.docs:
        into_document(options.docs, "python -m benchmarks.load", text)


def _server(port: int) -> psutil.Process:
    """The child of ours that was started with that port."""
    for child in psutil.Process().children(recursive=True):
        if str(port) in child.cmdline():
            return child
    raise RuntimeError(f"No server of ours listens on port {port}.")


if __name__ == "__main__":
    main()
