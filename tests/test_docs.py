"""The documentation's links: those into the app open the case that they promise, those to files lead to one."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest

from lib import zoo
from lib.autopsy import examine
from lib.autopsy.finding import LEVELS
from lib.case import Case, SampleSource, from_query
from lib.contract import Contract
from lib.pipeline import Pipeline
from lib.samples import sample, samples
from lib.ui.view_options import unreadable
from lib.verdict.verdict import NOTHING, UNUSUAL

ROOT = Path(__file__).resolve().parents[1]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
CARDS = {card.name: card for card in zoo.catalogue()}
LINK = re.compile(r"\]\(([^)\s]+)\)")
LINKS = [(page.name, link) for page in PAGES for link in LINK.findall(page.read_text(encoding="utf-8"))]


def own(model: str) -> Pipeline:
    contract: Contract = CARDS[model].contract
    return contract.pipeline()


INTO_THE_APP = [entry for entry in LINKS if entry[1].startswith("http://localhost:8501/") and "?" in entry[1]]


@pytest.mark.parametrize(("page", "link"), [entry for entry in LINKS if "localhost:8501" in entry[1]])
def test_a_link_into_the_app_leads_to_one_of_its_pages(page: str, link: str) -> None:
    name = urlsplit(link).path.strip("/") or "lab"
    assert (ROOT / "pages" / f"{name}.py").exists()


@pytest.mark.parametrize(("page", "link"), INTO_THE_APP)
def test_a_link_into_the_app_opens_without_a_complaint(page: str, link: str) -> None:
    query = dict(parse_qsl(urlsplit(link).query))
    start = Case("letters-mlp", SampleSource("r-clean"), own("letters-mlp"))
    case, notes = from_query(query, start, own, CARDS.keys(), {one.id for one in samples()})
    assert notes == () and unreadable(case.view) == ()
    assert case.model == query["model"]
    assert (case.pipeline != own(case.model)) == ("steps" in query)


@pytest.mark.parametrize(("page", "link"), [entry for entry in LINKS if "://" not in entry[1]])
def test_a_link_to_a_file_leads_to_one(page: str, link: str) -> None:
    folder = next(path for path in PAGES if path.name == page).parent
    path, _, heading = link.partition("#")
    target = folder / path if path else folder / page
    assert target.exists()
    if heading:
        headings = re.findall(r"^#+ (.+)$", target.read_text(encoding="utf-8"), re.MULTILINE)
        assert heading in [re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in headings]


def test_every_level_of_evidence_is_explained() -> None:
    text = (ROOT / "docs" / "how-it-works.md").read_text(encoding="utf-8")
    for level in LEVELS:
        assert f"| {level} |" in text


# "[`cause`](link to the Autopsy)": what the page promises is what the Autopsy names there.
PROMISED = [
    (cause, link)
    for page in PAGES
    for cause, link in re.findall(
        r"\[`([a-z0-9-]+)`\]\((http://localhost:8501/autopsy\S+)\)", page.read_text(encoding="utf-8")
    )
]


@pytest.mark.parametrize(("cause", "link"), PROMISED)
def test_the_autopsy_names_what_the_documentation_says(cause: str, link: str) -> None:
    query = dict(parse_qsl(urlsplit(link).query))
    start = Case("letters-mlp", SampleSource("r-clean"), own("letters-mlp"))
    case, _ = from_query(query, start, own, CARDS.keys(), {one.id for one in samples()})
    assert isinstance(case.source, SampleSource)
    found = examine(zoo.load(case.model), sample(case.source.id).picture(), case.pipeline, model_findings=())
    assert cause in [one.cause for one in found.findings]
    # Of a picture that is like nothing in training, what comes closest to a cause may stand before it.
    assert found.findings[0].cause == cause or found.verdict == "unlike training"


@pytest.mark.parametrize("page", ["question-2.md", "how-it-works.md"])
def test_the_levels_of_the_verdict_are_those_of_the_app(page: str) -> None:
    text = " ".join((ROOT / "docs" / page).read_text(encoding="utf-8").split())
    assert f"1 in {1 / UNUSUAL:.0f} is called *unusual*" in text
    assert f"1 in {1 / NOTHING:.0f} *like nothing in training*" in text


def test_the_questions_promise_something() -> None:
    assert {"uint8-wrap", "one-minus-float", "contrast-range"} <= {cause for cause, _ in PROMISED}
