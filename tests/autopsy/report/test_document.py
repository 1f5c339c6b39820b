"""The exported file: everything that the page says, nothing loaded from anywhere, and nobody's text as markup."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from lib.autopsy.report import to_html
from tests.autopsy.report.cases import HOSTILE, RIGHT, Tags, healthy, hopeless, hostile, subject, two_causes


def test_it_says_symptom_verdict_findings_with_evidence_and_the_fix() -> None:
    seen = Tags(to_html(two_causes(), subject(link="https://misread.example/?v=1")))
    for part in (
        "A letters model reads the picture as “I” (8.0 %).",
        "The values are too small, and 1 more.",
        "1 - img on bytes wraps around",
        "All 784 values lie from 0 to 0.98.",
        "training 200 to 255",
        "img = img * 255",
        "75 % of the improvement",
        "def preprocess(path):",
        "value_range(image, mode='0..255', times='once')",
        "https://misread.example/?v=1",
    ):
        assert part in seen.text, part
    assert [a for tag, a in seen.tags if tag == "details" and "open" not in a] == []


def test_the_python_in_it_is_the_fix_as_it_would_run() -> None:
    source = to_html(two_causes(), subject())
    blocks = [Tags(block).text for block in re.findall(r"<pre><code>(.*?)</code></pre>", source, re.DOTALL)]
    assert blocks[-1] == RIGHT.to_python("white").rstrip("\n")


def test_it_loads_nothing_and_runs_nothing() -> None:
    autopsy, case = hostile()
    for source in (to_html(two_causes(), subject()), to_html(autopsy, case)):
        seen = Tags(source)
        assert not {"script", "link", "iframe", "a", "object", "base", "form"} & {tag for tag, _ in seen.tags}
        assert all(str(a["src"]).startswith("data:image/") for tag, a in seen.tags if tag == "img")
        assert not [
            name for _, a in seen.tags for name in a if name.startswith("on") or name in ("href", "srcset")
        ]
        styles = re.search(r"<style>(.*?)</style>", source, re.DOTALL)
        assert styles and "url(" not in styles[1] and "@import" not in styles[1] and "http" not in styles[1]
        policy = [a["content"] for tag, a in seen.tags if tag == "meta" and "http-equiv" in a]
        assert policy == ["default-src 'none'; img-src data:; style-src 'unsafe-inline'"]


def test_names_that_try_to_be_markup_are_read_as_they_are() -> None:
    autopsy, case = hostile()
    seen = Tags(to_html(autopsy, case))
    assert seen.text.count(HOSTILE) >= 10
    assert [tag for tag, _ in seen.tags].count("title") == 1


@pytest.mark.parametrize("autopsy", [healthy(), hopeless(), replace(two_causes(), verdict="undecided")])
def test_without_a_trustworthy_fix_no_code_is_offered(autopsy) -> None:
    source = to_html(autopsy, subject())
    assert "def preprocess" not in source
    assert autopsy.sentence in Tags(source).text


def test_of_a_hopeless_picture_what_is_certain_comes_before_what_is_guessed() -> None:
    said = Tags(to_html(hopeless(), subject())).text
    proven, lead, guessed = (
        said.index(part) for part in ("1 - img on bytes", "What comes closest to a cause", "Values too small")
    )
    assert proven < lead < guessed and "of the improvement" not in said
