"""The link to a page other than the Lab: what stands in it, and that the Lab's own link stays without it."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qsl

import pytest

from lib.ui import page_link, wire
from lib.ui.lab_state import OTHER_PAGES, LabState


class Mounted:
    """Stands in for a component: keeps what it was sent."""

    def __init__(self) -> None:
        self.sent: dict[str, Any] = {}

    def __call__(self, *, key: str, data: bytes, **_: Any) -> None:
        self.sent = {"key": key, **wire.unpack(data)[0]}


@pytest.fixture
def address(monkeypatch: pytest.MonkeyPatch) -> Mounted:
    mounted = Mounted()
    monkeypatch.setattr(page_link, "_address", mounted)
    return mounted


@pytest.fixture
def button(monkeypatch: pytest.MonkeyPatch) -> Mounted:
    mounted = Mounted()
    monkeypatch.setattr(page_link, "_button", mounted)
    return mounted


def query_of(address: Mounted) -> dict[str, str]:
    return dict(parse_qsl(address.sent["address"]))


def test_it_holds_the_labs_case_the_pages_options_and_what_is_the_pages_own(address: Mounted) -> None:
    lab = LabState.from_link({"model": "letters-cnn", "sample": "p-soft", "steps": "sigmoid:on"})
    page_link.write_address(lab, "batchnorm", {"epochs": 30}, more={"run": "token"})
    assert address.sent["page"] == "batchnorm"
    assert query_of(address) == {
        "v": "1",
        "model": "letters-cnn",
        "sample": "p-soft",
        "steps": "sigmoid:on",
        "view.batchnorm": '{"epochs":30}',
        "run": "token",
    }


@pytest.mark.parametrize("page", sorted(OTHER_PAGES))
def test_the_next_visitor_finds_the_options_and_only_that_pages(page: str, address: Mounted) -> None:
    lab = LabState.from_link({"view.layers": '{"palette":"gray"}'})
    for one in sorted(OTHER_PAGES):
        page_link.write_address(lab, one, {"tab": one})
    page_link.write_address(lab, page, {"tab": "x"})
    visitor = LabState.from_link(query_of(address))
    assert visitor.notes == ()
    assert {one: page_link.page_options(visitor, one) for one in OTHER_PAGES} == {
        one: {"tab": "x"} if one == page else {} for one in OTHER_PAGES
    }


def test_the_labs_link_says_nothing_about_the_other_pages(address: Mounted) -> None:
    lab = LabState.from_link({"view.layers": '{"palette":"gray"}'})
    before = lab.query()[0]
    page_link.write_address(lab, "dataset", {"tab": "Sweeps"})
    assert lab.query()[0] == before and "view.layers" in before


def test_the_models_page_names_the_model_that_is_looked_at_and_no_picture(address: Mounted) -> None:
    lab = LabState.from_link({"sample": "p-soft"})
    page_link.write_address(lab, "models", {"tab": "Graph"}, more={"model": "letters-cnn"})
    assert query_of(address) == {"model": "letters-cnn", "view.models": '{"tab":"Graph"}'}


def test_options_that_are_the_usual_ones_again_leave_the_link(address: Mounted) -> None:
    lab = LabState.from_link({"view.dataset": json.dumps({"tab": "Sweeps"})})
    page_link.write_address(lab, "dataset", {})
    assert "view.dataset" not in query_of(address)


def test_what_a_link_cannot_carry_is_said_when_it_is_copied(button: Mounted) -> None:
    lab = LabState.from_link({})
    page_link.copy_link(lab, "dataset")
    assert button.sent["note"] == ""
    lab = LabState.from_link({"upload": "mine.png"})
    page_link.copy_link(lab, "dataset", "Your data set itself is not in the link.")
    assert (
        "data set itself is not" in button.sent["note"]
        and "picture is not in the link" in button.sent["note"]
    )
