"""Files of arrays: read as they are, refused by name."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from lib.training.npz import read_npz


def test_the_reader_gets_the_arrays(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", labels=np.arange(4))
    assert read_npz(tmp_path / "a.npz", lambda arrays: arrays["labels"].sum()) == 6


def test_a_missing_array_and_another_file_are_named(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", labels=np.arange(4))
    with pytest.raises(ValueError, match=r"a\.npz lacks an array: .*images"):
        read_npz(tmp_path / "a.npz", lambda arrays: arrays["images"])
    (tmp_path / "b.npz").write_bytes(b"no archive")
    with pytest.raises(ValueError, match=r"b\.npz is not a usable npz file"):
        read_npz(tmp_path / "b.npz", lambda arrays: arrays["images"])


def test_pickled_objects_are_not_opened(tmp_path: Path) -> None:
    np.savez(tmp_path / "c.npz", labels=np.array([object()], object))
    with pytest.raises(ValueError, match="not a usable npz file"):
        read_npz(tmp_path / "c.npz", lambda arrays: arrays["labels"])
