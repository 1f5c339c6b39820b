"""Cards: what is written is read, and a broken one is told with its file and field."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from lib.contract import Contract
from lib.zoo.card import Card, CardError, read_card

CONTRACT = Contract((784,), (28, 28), ("A", "B"), polarity="white on black")
ENTRIES: dict[str, Any] = {
    "name": "small",
    "title": "A small one",
    "summary": "Reads two letters.",
    "question": 2,
    "contract": CONTRACT.to_dict(),
    "provenance": [{"name": "ours", "source": "drawn", "licence": "CC0", "used_for": "training"}],
    "training": {"seed": 3},
    "scores": {"held out": {"accuracy": 0.9, "n": 100}},
    "limits": ["Knows two letters."],
}


def written(folder: Path, entries: object) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "card.json").write_text(json.dumps(entries), encoding="utf-8")
    return folder


def test_a_card_is_read_as_it_was_written(tmp_path: Path) -> None:
    folder = written(tmp_path / "small", ENTRIES)
    assert read_card(folder) == Card(
        name="small",
        title="A small one",
        summary="Reads two letters.",
        question=2,
        contract=CONTRACT,
        scores={"held out": {"accuracy": 0.9, "n": 100}},
        provenance=({"name": "ours", "source": "drawn", "licence": "CC0", "used_for": "training"},),
        training={"seed": 3},
        limits=("Knows two letters.",),
        folder=folder,
    )


def test_the_files_lie_beside_the_card(tmp_path: Path) -> None:
    card = read_card(written(tmp_path / "small", ENTRIES))
    assert card.model_path == tmp_path / "small" / "model.keras"
    assert card.reference_path == tmp_path / "small" / "reference.npz"


def test_what_was_not_measured_may_be_left_out(tmp_path: Path) -> None:
    least = {key: ENTRIES[key] for key in ("title", "summary", "contract")}
    card = read_card(written(tmp_path / "small", least))
    assert (card.question, card.scores, card.provenance, card.training, card.limits) == (None, {}, (), {}, ())


def refused(folder: Path) -> str:
    with pytest.raises(CardError) as caught:
        read_card(folder)
    return str(caught.value)


def test_a_folder_without_a_card_is_told(tmp_path: Path) -> None:
    assert re.search(r"card\.json does not exist: every model folder needs a card", refused(tmp_path))


@pytest.mark.parametrize("text", ["", "{", "[" * 100_000, '{"title": }'])
def test_what_is_no_json_is_told_with_the_file(text: str, tmp_path: Path) -> None:
    (tmp_path / "card.json").write_text(text, encoding="utf-8")
    assert refused(tmp_path).startswith(f"{tmp_path / 'card.json'} does not make sense: ")


def test_bytes_that_are_no_text_are_told_with_the_file(tmp_path: Path) -> None:
    (tmp_path / "card.json").write_bytes(b'{"title": "\xff\xfe"}')
    assert "card.json does not make sense" in refused(tmp_path)


@pytest.mark.parametrize("entries", [[], None, 3, "card"])
def test_json_that_is_no_object_is_told(entries: object, tmp_path: Path) -> None:
    assert "does not make sense: it must be a JSON object" in refused(written(tmp_path, entries))


@pytest.mark.parametrize("name", ["title", "summary", "contract"])
def test_a_missing_field_is_named(name: str, tmp_path: Path) -> None:
    entries = {key: value for key, value in ENTRIES.items() if key != name}
    assert refused(written(tmp_path, entries)).endswith(f"has no field '{name}'.")


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("title", 3, "title must be a text, not 3"),
        ("summary", None, "summary must be a text, not None"),
        ("contract", [], "contract must be an object"),
        ("scores", [], "scores must be an object"),
        ("provenance", "ours", "provenance must be a list, not 'ours'"),
        ("limits", None, "limits must be a list, not None"),
        ("training", 3, "training must be an object"),
        ("question", "1", "question must be 1, 2, 3 or null, not '1'"),
        ("question", 4, "question must be 1, 2, 3 or null, not 4"),
        ("contract", {**CONTRACT.to_dict(), "size": [27, 28]}, "input_shape must be"),
        ("contract", {"size": [28, 28]}, "does not say its input_shape"),
    ],
)
def test_a_field_that_cannot_be_is_named(name: str, value: object, says: str, tmp_path: Path) -> None:
    message = refused(written(tmp_path, {**ENTRIES, name: value}))
    assert f"card.json does not make sense: {says}" in message.replace("The contract ", "")
