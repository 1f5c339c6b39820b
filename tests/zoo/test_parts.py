"""Files beside a model's card: read, missing, or damaged in ways that readers answer with all kinds of exceptions."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from lib.reference import Reference
from lib.reference.compass import Compass
from lib.zoo import MODELS, CardError, load_bundled
from lib.zoo.card import read_card
from lib.zoo.parts import optional, required


def test_a_file_is_what_its_reader_makes_of_it_and_an_optional_one_may_be_missing(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    assert optional(path, Path.read_text) is None
    path.write_text("hello", encoding="utf-8")
    assert required(path, Path.read_text) == optional(path, Path.read_text) == "hello"


def test_a_missing_file_is_named_without_the_servers_path(tmp_path: Path) -> None:
    with pytest.raises(CardError) as told:
        required(tmp_path / "letters" / "model.keras", Path.read_text)
    assert "model.keras of the model letters is missing" in str(told.value)
    assert str(tmp_path) not in str(told.value)


@pytest.mark.parametrize("read", [Compass.load, Reference.load])
@pytest.mark.parametrize(
    "content", [b"", b"no zip file at all", b"PK\x03\x04" + bytes(40)], ids=["", "text", "zip"]
)
def test_a_damaged_file_is_named_without_the_servers_path(
    tmp_path: Path, content: bytes, read: Callable[[Path], object]
) -> None:
    path = tmp_path / "compass.npz"
    path.write_bytes(content)
    with pytest.raises(CardError) as told:
        required(path, read)
    assert "compass.npz of the model" in str(told.value) and "is damaged" in str(told.value)
    assert str(tmp_path) not in str(told.value)


def test_memory_that_ran_out_is_no_damaged_file(tmp_path: Path) -> None:
    (tmp_path / "x").touch()

    def read(path: Path) -> None:
        raise MemoryError

    with pytest.raises(MemoryError):
        required(tmp_path / "x", read)


@pytest.mark.parametrize("name", ["model.keras", "reference.npz", "compass.npz"])
def test_a_model_of_a_users_folder_with_one_damaged_file_says_which(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "mine"
    shutil.copytree(MODELS / "letters-mlp", folder)
    (folder / name).write_bytes((folder / name).read_bytes()[:2000])
    with pytest.raises(CardError, match=rf"^{name} of the model mine is damaged") as told:
        load_bundled(read_card(folder))
    assert str(tmp_path) not in str(told.value)
