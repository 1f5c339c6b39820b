"""Claims about the tables of the docs: made from the figures, misses included, and the committed document is up to date."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks.autopsy_report import DOCUMENTS, filled, misses, runs, summary, tables
from benchmarks.skew import NOTHING_WRONG, PAIR, SINGLE


def _run(recovered: int, named: int, alarms: int) -> dict[str, Any]:
    def row(kind: str, name: str, **counts: tuple[int, int]) -> dict[str, Any]:
        shares = {key: {"k": k, "n": n} for key, (k, n) in counts.items()}
        return {"skew": name, "kind": kind, "n": 100, "first": {"polarity": named}, **shares}

    misread = (min(named, 90), 90)
    common = {"right": (100, 100), "skewed": (10, 100), "fixed": (recovered, 100)}
    return {
        "subject": "letters-mlp",
        "witnesses": "reference",
        "part": "test",
        "seed": 0,
        "pictures": "letters",
        "cases": 300,
        "seconds": {"p50": 0.1, "p95": 0.2},
        "rows": [
            row(SINGLE, "turned", recovered=(recovered, 100), named=(named, 100), named_of_misread=misread, **common),
            row(PAIR, "two", recovered=(95, 100), named=(100, 100), named_of_misread=(90, 90), both=(60, 100), **common),
            row(NOTHING_WRONG, "healthy", alarms=(alarms, 100), spoilt=(0, 100), disowned=(0, 100)),
        ],
    }  # fmt: skip


def test_what_falls_short_is_named_with_the_target_and_the_mistake_behind_it() -> None:
    text = misses({("letters-mlp", "reference"): _run(recovered=80, named=95, alarms=3)})
    assert "**letters-mlp, with the Reference**: recovered accuracy 80.0 %, target at least 97 %" in text
    assert "false alarms 3 % (1–8), target at most 2 %" in text
    assert "turned (recovered 80 %)" in text and "named first" not in text and "two" not in text


def test_a_run_that_meets_every_target_is_no_miss() -> None:
    assert misses({("letters-mlp", "reference"): _run(recovered=98, named=95, alarms=1)}) == "None."


def test_the_summary_has_a_line_for_each_run() -> None:
    lines = summary({("letters-mlp", "reference"): _run(98, 95, 1)}).splitlines()
    assert lines[2].startswith(
        "| letters-mlp | with the Reference | 300 | 98 % | 98 % (93–99) | 95 % (89–98) |"
    )


def test_only_what_is_between_the_marks_is_replaced() -> None:
    text = "before\n<!-- table: a -->\nold\n<!-- end -->\nafter"
    new = filled(text, {"a": lambda: "new"})
    assert new == "before\n<!-- table: a -->\n\nnew\n\n<!-- end -->\nafter"
    assert filled(new, {"a": lambda: "new"}) == new
    with pytest.raises(KeyError, match="no table 'b'"):
        filled(text.replace(": a", ": b"), {"a": lambda: "new"})


def test_runs_are_read_in_the_order_of_the_subjects(tmp_path: Path) -> None:
    for name in ("house-numbers-reference", "letters-mlp-none", "letters-mlp-reference"):
        (tmp_path / f"autopsy-{name}.json").write_text(json.dumps({"is": name}), encoding="utf-8")
    assert [run["is"] for run in runs(tmp_path).values()] == [
        "letters-mlp-reference",
        "letters-mlp-none",
        "house-numbers-reference",
    ]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_the_committed_documents_show_the_committed_figures(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    assert filled(text, tables()) == text
