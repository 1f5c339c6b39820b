"""The documentation's links: those into the app open the case that they promise, those to files lead to one."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest

from lib import zoo
from lib.case import Case, SampleSource, from_query
from lib.contract import Contract
from lib.pipeline import Pipeline
from lib.samples import samples

ROOT = Path(__file__).resolve().parents[1]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
CARDS = {card.name: card for card in zoo.catalogue()}
LINK = re.compile(r"\]\(([^)\s]+)\)")
LINKS = [(page.name, link) for page in PAGES for link in LINK.findall(page.read_text(encoding="utf-8"))]


def own(model: str) -> Pipeline:
    contract: Contract = CARDS[model].contract
    return contract.pipeline()


@pytest.mark.parametrize(("page", "link"), [entry for entry in LINKS if "localhost:8501/?" in entry[1]])
def test_a_link_into_the_app_opens_without_a_complaint(page: str, link: str) -> None:
    query = dict(parse_qsl(urlsplit(link).query))
    start = Case("letters-mlp", SampleSource("r-clean"), own("letters-mlp"))
    case, notes = from_query(query, start, own, CARDS.keys(), {sample.id for sample in samples()})
    assert notes == ()
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
