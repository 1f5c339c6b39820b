"""Autopsies made by hand from real pictures and pipelines, and names that try to be more than names. No test lives here."""

from __future__ import annotations

from dataclasses import replace
from html.parser import HTMLParser

from lib.autopsy.finding import Autopsy, Finding, Reading, Witness
from lib.autopsy.report import Subject
from lib.pipeline import Pipeline
from lib.samples import sample
from lib.zoo import card

HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)> [a](javascript:alert(3)) https://evil.example `x` *b*"
CONTRACT = card("letters-mlp").contract
RIGHT = CONTRACT.pipeline()
WRONG = RIGHT.with_step("invert", method="1 - x as uint8").with_step("value_range", mode="0..1")


def subject(pipeline: Pipeline = WRONG, link: str = "", name: str = "A letters model") -> Subject:
    return Subject(name, CONTRACT, sample("r-clean").picture(), pipeline, link)


def reading(
    title: str, pipeline: Pipeline, *top: tuple[str, float], typicality: float | None = None
) -> Reading:
    tensor = pipeline.run(sample("r-clean").picture()).final
    return Reading(title, pipeline, tensor, top, typicality)


def two_causes() -> Autopsy:
    """A wrapped inversion and a wrong range; the range matters three times as much."""
    value_range = Finding(
        "range-too-small",
        "The largest value is 0.98.",
        "training sample",
        ("All 784 values lie from 0 to 0.98.", "No training picture has a maximum below 200."),
        (Witness("largest value", 0.98, 200.0, 255.0, percentile=0.0, z=-12.3),),
        weight=0.75,
        fix=WRONG.with_step("value_range", mode="0..255"),
        code="img = img * 255",
        before=("I", 0.08),
        after=("T", 0.4),
    )
    wrap = Finding(
        "uint8-wrap",
        "Black became 1 and white became 2.",
        "proof",
        weight=0.25,
        fix=WRONG.with_step("invert", method="auto"),
        code="img = 255 - img",
        before=("I", 0.08),
        after=("I", 0.07),
    )
    now = reading("as it is", WRONG, ("I", 0.08), ("H", 0.05), typicality=1e-9)
    best = reading("put right", RIGHT, ("R", 0.9999), ("Q", 0.0001), typicality=0.87)
    return Autopsy(
        verdict="fixable",
        sentence="The values are too small, and 1 more. Put right, the network reads “R”.",
        findings=(value_range, wrap),
        model_findings=(),
        current=now,
        best=best,
        others=(best, reading("inverted", RIGHT.with_step("invert", on=False), ("B", 0.6), typicality=0.2)),
        fix=RIGHT,
        witnesses="training sample",
        tried=139,
        seconds=0.6,
    )


def healthy() -> Autopsy:
    """Nothing to change: one reading."""
    now = reading("as it is", RIGHT, ("R", 0.9999), typicality=0.87)
    return Autopsy("healthy", "Nothing is wrong with the preprocessing.", (), (), now, now, tried=138)


def hopeless() -> Autopsy:
    """Findings and a best pipeline, none of which is worth much."""
    found = two_causes()
    return replace(found, verdict="unlike training", sentence="It looks like nothing in training.")


def hostile() -> tuple[Autopsy, Subject]:
    """Markup in every text that can come from a file or a model."""
    plain = two_causes()
    found = replace(
        plain.findings[0],
        sentence=HOSTILE,
        evidence=(HOSTILE,),
        witnesses=(Witness(HOSTILE, 1.0, 2.0, 3.0, HOSTILE, 0.5),),
        before=(HOSTILE, 0.1),
        after=(HOSTILE, 0.9),
    )
    now, best = (
        replace(r, title=HOSTILE, top=((HOSTILE, 0.9), (HOSTILE, 0.1))) for r in (plain.current, plain.best)
    )
    autopsy = replace(
        plain,
        sentence=HOSTILE,
        findings=(found, plain.findings[1]),
        model_findings=(replace(found, cause="wrong-model-file", fix=None),),
        current=now,
        best=best,
        others=(now, best),
        ties=(HOSTILE,),
    )
    return autopsy, subject(link=f"https://misread.example/?a={HOSTILE}", name=HOSTILE)


class Tags(HTMLParser):
    """What a browser would see: elements with their attributes, and the texts between them."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(source)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    @property
    def text(self) -> str:
        return "".join(self.texts)

    def named(self, css_class: str) -> list[dict[str, str | None]]:
        return [a for _, a in self.tags if css_class in (a.get("class") or "").split()]
