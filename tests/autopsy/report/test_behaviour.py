"""The behaviour of a network at large, in both formats."""

from __future__ import annotations

from lib.autopsy.fingerprint import Attractor, Behaviour, ScaleRow
from lib.autopsy.report import to_html, to_markdown
from lib.autopsy.report.behaviour import behaviour_html, behaviour_sentences
from tests.autopsy.report.cases import HOSTILE, Tags, healthy, subject

MEASURED = Behaviour(
    Attractor(1, "B", 0.81, 1_000, 0.97, (("static", "B", 1.0), ("lines", "A", 0.5))),
    (ScaleRow(1 / 255, 0.04, 0.07, ("A", 0.96)), ScaleRow(1.0, 1.0, 0.999, ("B", 0.3))),
)


def test_noise_and_every_factor_have_a_row() -> None:
    seen = Tags(behaviour_html(MEASURED))
    assert "1,000 pictures of noise, 81 % are “B”" in seen.text
    assert sum(tag == "tr" for tag, _ in seen.tags) == (1 + 2) + (1 + 2)
    assert "1/255" in seen.texts and "A (96 %)" in seen.texts


def test_the_sentences_name_the_factor_that_hurts_most() -> None:
    noise, scale = behaviour_sentences(MEASURED)
    assert noise.startswith("Of 1,000 pictures")
    assert scale == (
        "Multiplied by 1/255, 4 % of the probes keep their answer; the most frequent one is then “A” (96 %), with a median "
        "probability of 7.0 %."
    )


def test_the_report_has_it_where_it_was_measured() -> None:
    for write in (to_html, to_markdown):
        assert "pictures of noise" in write(healthy(), subject(), MEASURED)
        assert "pictures of noise" not in write(healthy(), subject())


def test_names_stay_names() -> None:
    hostile = Behaviour(
        Attractor(0, HOSTILE, 0.9, 1_000, 0.9, (("static", HOSTILE, 1.0),)),
        (ScaleRow(1.0, 1.0, 1.0, (HOSTILE, 1.0)),),
    )
    assert {tag for tag, _ in Tags(behaviour_html(hostile)).tags} <= {
        "div", "h4", "p", "table", "thead", "tbody", "tr", "th", "td",
    }  # fmt: skip
    assert "<script>" not in to_markdown(healthy(), subject(), hostile)
