"""Claims about files of named arrays."""

from pathlib import Path

import numpy as np
import pytest

from lib.reference.arrays_file import read_arrays


def test_the_arrays_come_back_without_the_number(tmp_path: Path) -> None:
    np.savez(tmp_path / "x.npz", format=np.int64(3), a=np.arange(4))
    found = read_arrays(tmp_path / "x.npz", ["a"], 3, "a thing")
    assert set(found) == {"a"} and found["a"].tolist() == [0, 1, 2, 3]


@pytest.mark.parametrize("names", [(), ("a", "b")])
@pytest.mark.parametrize("numbered", [{}, {"format": 2}, {"format": 3}])
def test_other_names_or_another_number_are_refused(
    tmp_path: Path, names: tuple[str, ...], numbered: dict[str, int]
) -> None:
    np.savez(tmp_path / "x.npz", **numbered, **{name: np.arange(4) for name in names})
    with pytest.raises(ValueError, match="not a thing of format 3"):
        read_arrays(tmp_path / "x.npz", ["a"], 3, "a thing")


def test_a_missing_file_is_missing(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_arrays(tmp_path / "x.npz", ["a"], 3, "a thing")
