"""Writes the tables of docs/autopsy.md from the measured figures: `python -m benchmarks.autopsy_report`.

The figures are the JSON files in benchmarks/measured, which the other scripts wrote (`autopsy`, `autopsy_times`,
`questions`, `phone_photos`). In a document each table stands between two comments, `<!-- table: NAME -->` and
`<!-- end -->`; what is between them is replaced, the words around are not touched. Nothing is measured here. A question's
table is also called by its command, as in docs/question-1.md.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from benchmarks import autopsy_tables, phone_photos, questions
from benchmarks.autopsy_pictures import SUBJECTS
from benchmarks.autopsy_tables import WITNESSES, share, totals
from benchmarks.skew import NOT_FIXABLE, NOTHING_WRONG, PAIR, SINGLE

MEASURED = Path(__file__).with_name("measured")
_DOCS = Path(__file__).resolve().parents[1] / "docs"
DOCUMENTS = tuple(_DOCS / name for name in ("autopsy.md", "question-1.md", "question-2.md", "question-3.md"))
_BLOCK = re.compile(r"<!-- ((?:table: |python -m )[^>]+?) -->\n.*?<!-- end -->", re.DOTALL)

RECOVERED = {"reference": 0.97, "batchnorm": 0.93}
RECOVERED_PAIRS, RECOVERED_PHOTOS, NAMED = 0.90, 0.95, 0.92
ALARMS, ALARMS_ON_MISREAD = 0.02, 0.05

_NOT_MEASURED = "Not measured yet."

Runs = dict[tuple[str, str], dict[str, Any]]


def runs(folder: Path = MEASURED) -> Runs:
    """(subject, witnesses) -> the run, in the order of SUBJECTS and WITNESSES."""
    found: Runs = {}
    for subject in SUBJECTS:
        for witnesses in WITNESSES:
            path = folder / f"autopsy-{subject}-{witnesses}.json"
            if path.exists():
                found[subject, witnesses] = json.loads(path.read_text("utf-8"))
    return found


def filled(text: str, tables: dict[str, Callable[[], str]]) -> str:
    """The document with every table made anew.

    Raises:
        KeyError: the document asks for a table that is not there.
    """

    def block(match: re.Match[str]) -> str:
        name = match.group(1).removeprefix("table: ")
        if name not in tables:
            raise KeyError(f"There is no table {name!r}; there are {', '.join(tables)}.")
        return f"<!-- {match.group(1)} -->\n\n{tables[name]()}\n\n<!-- end -->"

    return _BLOCK.sub(block, text)


def tables(folder: Path = MEASURED) -> dict[str, Callable[[], str]]:
    """Name -> what makes the table's Markdown."""
    found = runs(folder)
    made: dict[str, Callable[[], str]] = {
        "summary": lambda: summary(found),
        "healthy": lambda: healthy(found),
        "misses": lambda: misses(found),
        "times": lambda: _shown(folder, "times", times),
        "phone photos": lambda: _shown(folder, "phone-photos", phone_photos.table),
        "runs": lambda: "\n\n".join(_titled(run) for run in found.values()),
    }
    for number in "123":
        made[f"question {number}"] = _question(folder, number)
        made[f"python -m benchmarks.questions --question {number}"] = _question(folder, number)
    return made


def summary(found: Runs) -> str:
    """A line for each run: what its fix recovers and whether the cause is named."""
    lines = [
        "| network and pictures | knows | cases | accuracy after the fix / of the right pipeline | recovered | named first "
        "| named, of those misread | pairs: accuracy | pairs: recovered | pairs: one of the two first |",
        "| " + "--- | " * 10,
    ]
    for (subject, witnesses), run in found.items():
        sums = totals(run)
        cells = [
            subject,
            WITNESSES[witnesses],
            f"{run['cases']:,}",
            share(sums["accuracy kept"], False),
            *(share(sums[key]) for key in ("recovered", "named", "named_of_misread")),
            share(sums["pairs accuracy kept"], False),
            share(sums["pairs recovered"]),
            share(sums["pairs named"]),
        ]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def healthy(found: Runs) -> str:
    """A line for each run: false alarms."""
    lines = [
        '| network and pictures | knows | false alarms on healthy pictures | of these "unlike training" '
        "| reading spoilt by the fix | false alarms on healthy pictures that it misreads | named where no pipeline helps |",
        "| " + "--- | " * 7,
    ]
    for (subject, witnesses), run in found.items():
        sums = totals(run)
        cells = [
            subject,
            WITNESSES[witnesses],
            *(share(sums[key]) for key in ("alarms", "disowned", "spoilt", "misread alarms", "not fixable")),
        ]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def misses(found: Runs) -> str:
    """What falls short of the targets: totals first, then the single mistakes behind them (with the Reference, or none)."""
    lines = []
    for (subject, witnesses), run in found.items():
        short = [
            f"{what} {_to_a_tenth(counts) if what.endswith('accuracy') else share(counts)}, target {word} "
            f"{100 * target:.0f} %"
            for what, counts, target, word in _targets(subject, witnesses, run)
            if counts["n"]
            and ((_value(counts) < target) if word == "at least" else (_value(counts) > target))
        ]
        if short:
            lines.append(f"- **{subject}, {WITNESSES[witnesses]}**: {'; '.join(short)}.")
            weak = list(_weak(run, witnesses))
            if weak:
                lines.append(f"  Below the target by themselves: {'; '.join(weak)}.")
    return "\n".join(lines) or "None."


def _targets(
    subject: str, witnesses: str, run: dict[str, Any]
) -> Iterator[tuple[str, dict[str, int], float, str]]:
    sums = totals(run)
    single = RECOVERED_PHOTOS if "photos" in subject else RECOVERED.get(witnesses)
    if single is not None:
        yield "recovered accuracy", sums["accuracy kept"], single, "at least"
    if witnesses == "reference":
        yield "pairs' recovered accuracy", sums["pairs accuracy kept"], RECOVERED_PAIRS, "at least"
        yield "named first", sums["named"], NAMED, "at least"
    yield "false alarms", sums["alarms"], ALARMS, "at most"
    yield "false alarms where misread", sums["misread alarms"], ALARMS_ON_MISREAD, "at most"


def _weak(run: dict[str, Any], witnesses: str) -> Iterator[str]:
    for row in run["rows"]:
        if row["kind"] == NOTHING_WRONG:
            continue
        said = []
        target = {SINGLE: RECOVERED.get(witnesses, 0.0), PAIR: RECOVERED_PAIRS}.get(row["kind"], 0.0)
        if row["kind"] != NOT_FIXABLE and row["recovered"]["n"] and _value(row["recovered"]) < target:
            said.append(f"recovered {share(row['recovered'], False)}")
        if row["kind"] != PAIR and _value(row["named"]) < NAMED:
            said.append(f"named {share(row['named'], False)}")
        if said:
            yield f"{row['skew']} ({', '.join(said)})"


def times(found: dict[str, Any]) -> str:
    """Seconds per picture."""
    lines = ["| network | pictures | p50 | p95 |", "| " + "--- | " * 4]
    lines += [
        f"| {name} | {entry['n']} | {entry['p50']:.2f} s | {entry['p95']:.2f} s |"
        for name, entry in found.items()
    ]
    return "\n".join(lines)


def _question(folder: Path, number: str) -> Callable[[], str]:
    def shown(found: dict[str, Any]) -> str:
        return questions.table(number, found[number]) if number in found else _NOT_MEASURED

    return lambda: _shown(folder, "questions", shown)


def _titled(run: dict[str, Any]) -> str:
    return f"### {run['subject']}, {WITNESSES[run['witnesses']]}\n\n{autopsy_tables.run_table(run)}"


def _to_a_tenth(counts: dict[str, int]) -> str:
    return f"{100 * _value(counts):.1f} %"


def _value(counts: dict[str, int]) -> float:
    return counts["k"] / counts["n"] if counts["n"] else 0.0


def _shown(folder: Path, name: str, table: Callable[[dict[str, Any]], str]) -> str:
    """The table of the figures in a file, or a word where nobody has measured them yet."""
    path = folder / f"{name}.json"
    return table(json.loads(path.read_text("utf-8"))) if path.exists() else _NOT_MEASURED


def main() -> None:
    for document in DOCUMENTS:
        document.write_text(filled(document.read_text("utf-8"), tables()), "utf-8")
        print(f"wrote the tables of {document}")


if __name__ == "__main__":
    main()
