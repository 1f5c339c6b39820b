"""Over a hundred hostile or broken inputs, each through the door that a visitor uses: every one is answered with a sentence.

None raises, none says where the server keeps its files, and nothing of it reaches another session. What each must be told in
detail stands with the tests of the part that refuses it.
"""

from __future__ import annotations

import copy
import dataclasses
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from lib import zoo
from lib.dataset import read_dataset
from lib.drawing import Drawing, Stroke
from lib.samples import sample
from lib.ui.job import Job
from lib.ui.lab_state import LabState
from lib.ui.models.cards import card_html
from lib.ui.own.brought import bring
from lib.ui.server import shelf
from lib.zoo.class_names import ClassNamesError, read_class_names
from lib.zoo.own import sandbox
from tests.hostile_inputs import CLASS_NAMES, DATASETS, LINKS, MARKUP_NAMES, PICTURES, HostileInput
from tests.hostile_models import BEFORE_THE_PROCESS, IN_THE_PROCESS, Hostile
from tests.test_html import Tags

ROOT = Path(__file__).resolve().parents[1]
PATIENCE = 60  # seconds


def test_there_are_more_than_a_hundred_and_no_name_twice_in_one_table() -> None:
    tables = (PICTURES, DATASETS, LINKS, CLASS_NAMES, (*BEFORE_THE_PROCESS, *IN_THE_PROCESS))
    for table in tables:
        assert len({entry.name for entry in table}) == len(table)
    assert sum(map(len, tables)) + len(MARKUP_NAMES) > 100


@pytest.fixture(scope="module")
def _somebody_else() -> LabState:
    """Another visitor, who draws and has uploaded a picture and pinned it."""
    other = LabState.from_link({})
    other.show_upload(sample("h-inverted").path.read_bytes(), "mine.png")
    other.pin()
    other.draw(Drawing((Stroke("pen", 90, ((100, 100, 255), (900, 900, 255))),)), True, 1)
    return other


@pytest.fixture
def visitor(_somebody_else: LabState) -> Iterator[LabState]:
    """The visitor who brings something; afterwards the other one's Lab and the server's shelf are as they were."""
    before, models = copy.copy(vars(_somebody_else)), len(shelf())
    yield LabState.from_link({})
    assert vars(_somebody_else) == before and len(shelf()) == models


def is_a_sentence_for_a_visitor(answer: str) -> None:
    assert 20 < len(answer) < 1_000 and answer.isprintable()
    assert answer[-1] in ".?!)"
    for inside in (str(ROOT), sys.prefix, "Traceback", "lib/", "site-packages"):
        assert inside not in answer


def named(entry: HostileInput | Hostile) -> str:
    return entry.name


@pytest.mark.parametrize("given", PICTURES, ids=named)
def test_a_picture(given: HostileInput, visitor: LabState) -> None:
    before = visitor.picture()
    visitor.show_upload(given.make(), given.name)
    is_a_sentence_for_a_visitor(visitor.error)
    assert given.says in visitor.error
    assert visitor.picture() is before and visitor.upload is None


@pytest.mark.parametrize("given", BEFORE_THE_PROCESS, ids=named)
def test_a_model(given: Hostile, visitor: LabState, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "run", lambda *_: pytest.fail("it reached the separate process"))
    data = given.make()
    job = Job(lambda say, cancelled: bring(data, given.name, "", say, cancelled), "The check")
    assert job.done.wait(PATIENCE)
    is_a_sentence_for_a_visitor(job.error)
    assert all(part in job.error for part in given.says) and job.result is None
    assert visitor.own == {}


@pytest.mark.parametrize("given", DATASETS, ids=named)
@pytest.mark.usefixtures("visitor")
def test_a_data_set(given: HostileInput) -> None:
    data = given.make()
    job = Job(lambda say, cancelled: read_dataset(data, given.name, cancelled=cancelled), "Reading")
    assert job.done.wait(PATIENCE)
    is_a_sentence_for_a_visitor(job.error)
    assert given.says in job.error and job.result is None


@pytest.mark.parametrize("given", LINKS, ids=named)
@pytest.mark.usefixtures("visitor")
def test_a_link(given: HostileInput) -> None:
    opened = LabState.from_link(given.make())
    assert opened.notes and given.says in " ".join(opened.notes)
    for note in opened.notes:
        is_a_sentence_for_a_visitor(note)
    shown = opened.analyse(None)
    assert shown.stages.final.size > 0
    assert LabState.from_link(opened.query()[0]).case == opened.case


@pytest.mark.parametrize("given", CLASS_NAMES, ids=named)
def test_a_file_of_class_names(given: HostileInput) -> None:
    with pytest.raises(ClassNamesError) as refused:
        read_class_names(given.make(), given.name)
    is_a_sentence_for_a_visitor(str(refused.value))
    assert given.says in str(refused.value)


@pytest.mark.parametrize("name", MARKUP_NAMES, ids=range(len(MARKUP_NAMES)))
def test_a_class_name_stays_text(name: str) -> None:
    card = zoo.card("letters-mlp")
    letters = card.contract.class_names

    def shown(called: str) -> list[tuple[str, list[str]]]:
        contract = dataclasses.replace(card.contract, class_names=(called, *letters[1:]))
        hostile = dataclasses.replace(card, contract=contract, title=called, summary=called)
        source = card_html(hostile)
        assert source.encode(), "it can be sent to the browser"
        return [(tag, [key for key, _ in attributes]) for tag, attributes in Tags(source).tags]

    assert shown(name) == shown("harmless")
