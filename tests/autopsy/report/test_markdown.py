"""The Markdown answer: symptom, cause, evidence with numbers and fix, and names that stay names."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from lib.autopsy.finding import Finding
from lib.autopsy.report import to_markdown
from lib.autopsy.report.markdown import escaped
from tests.autopsy.report.cases import HOSTILE, RIGHT, healthy, hopeless, hostile, subject, two_causes
from tests.autopsy.report.test_readings import three


def test_it_reads_as_an_answer() -> None:
    text = to_markdown(two_causes(), subject(link="https://misread.example/?v=1"))
    symptom, cause, first = text.split("\n\n")[:3]
    assert symptom == "**Symptom.** A letters model reads the picture as “I” (8.0 %)."
    assert cause == (
        "**Cause.** The values are too small, and 1 more. Put right, the network reads “R”. "
        "This rests on: training sample."
    )
    assert first == "### 1. Values too small"
    assert "_(evidence: training sample, 75 % of the improvement)_" in text
    assert (
        "- Largest value: 0.98, training 200 to 255, below all training pictures, 12.3 deviations below"
        in text
    )
    assert "- With this alone put right the answer goes from “I” (8.0 %) to “T” (40.0 %)." in text
    assert "```python\nimg = img * 255\n```" in text
    assert "- Value range: range 0..1 → 0..255" in text
    assert text.endswith("<https://misread.example/?v=1>\n")


def test_the_last_block_is_the_fix_as_python() -> None:
    blocks = re.findall(
        r"^```python\n(.*?)\n```$", to_markdown(two_causes(), subject()), re.DOTALL | re.MULTILINE
    )
    assert blocks == ["img = img * 255", "img = 255 - img", RIGHT.to_python("white").rstrip()]


def test_an_answer_fits_into_a_post_on_stack_overflow() -> None:
    assert len(to_markdown(two_causes(), subject())) < 30_000


@pytest.mark.parametrize(
    ("autopsy", "advice"),
    [(healthy(), "no preprocessing helps"), (hopeless(), "Do not trust any of its answers")],
)
def test_without_a_fix_there_is_a_verdict_and_advice_and_no_code_to_paste(autopsy, advice: str) -> None:
    text = to_markdown(autopsy, subject())
    assert "**Verdict.**" in text and advice in text and "def preprocess" not in text


def test_what_is_said_in_a_sentence_is_not_listed_again_as_a_number() -> None:
    found = two_causes()
    said = replace(found.findings[0], evidence=("The largest value is 0.98.",), sentence="Too small.")
    text = to_markdown(replace(found, findings=(said,)), subject())
    assert text.lower().count("largest value") == 1


def test_ties_and_the_model_have_their_place() -> None:
    found = two_causes()
    model = replace(found.findings[0], cause="double-softmax", fix=None)
    text = to_markdown(replace(found, ties=("It could be an O.",), model_findings=(model,)), subject())
    assert "**Open.** It could be an O." in text
    assert "- **Softmax twice** (training sample): The largest value is 0.98." in text


def test_nobodys_text_becomes_markup_a_link_or_html() -> None:
    autopsy, case = hostile()
    # Code and our own address in angle brackets aside, which hold no text of others as it came.
    text = re.sub(r"^```.*?^```", "", to_markdown(autopsy, case), flags=re.DOTALL | re.MULTILINE)
    *body, address = text.strip().split("\n\n")
    prose = "\n\n".join(body)
    assert "alert" in prose
    assert re.findall(r"(?<!\\)[<>`\[\]]", prose) == []
    assert "*b*" not in prose and r"\*b\*" in prose
    assert "://" not in prose
    assert address.startswith("The case itself, to play with: <https://misread.example/?a=")
    assert address.count("<") == address.count(">") == 1 and "\n" not in address


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("1. first", "1\\. first"),
        ("8.3 %", "8.3 %"),
        ("- item", "\\- item"),
        ("== title", "\\== title"),
        ("a\n# b", "a␣\\# b"),
        ("www.evil.example", r"www\.evil.example"),
        ("5 < 6 & 7", r"5 \< 6 \& 7"),
    ],
)
def test_text_is_escaped_where_it_would_mean_something(text: str, shown: str) -> None:
    assert escaped(text) == shown


def test_code_with_fences_of_its_own_stays_inside_its_block() -> None:
    found = two_causes()
    odd = replace(found.findings[0], code='img = """\n```\nhello"""')
    text = to_markdown(replace(found, findings=(odd,)), subject())
    assert '````python\nimg = """\n```\nhello"""\n````' in text


def test_what_is_escaped_is_what_was_said() -> None:
    assert escaped(HOSTILE).replace("\\", "") == HOSTILE


def test_several_pictures_are_a_table() -> None:
    autopsy, case = three()
    text = to_markdown(autopsy, case)
    assert "| picture | now | put right |\n| --- | --- | --- |\n| 1 | “I” (8.0 %) | “R” (99.9900 %) |" in text
    assert "| picture |" not in to_markdown(two_causes(), subject())


def test_what_is_worth_knowing_stands_below_the_findings() -> None:
    note = Finding("healthy-misread", "Of 50 such answers, 6 % were wrong: “D” (3).", "training sample")
    text = to_markdown(replace(healthy(), also=(note,)), subject())
    assert "- **The network's own mistake:** Of 50 such answers" in text


def test_of_a_hopeless_picture_what_is_certain_comes_before_what_is_guessed() -> None:
    said = to_markdown(hopeless(), subject())
    proven, lead, guessed = (
        said.index(part)
        for part in ("### 1. 1 - img on bytes", "**What comes closest", "### 2. Values too small")
    )
    assert proven < lead < guessed and "of the improvement" not in said
