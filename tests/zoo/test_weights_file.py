"""What is read out of a weights file without trusting it, and which files are refused before anything is loaded."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import h5py
import numpy as np
import pytest

from lib.zoo import weights_file
from lib.zoo.weights_file import WeightsError, look_through, megabytes
from tests.zoo.weights_files import PARAMETERS, keras3_file, legacy_file

MOST = 1_000_000


def test_both_layouts_are_told_apart_and_only_weights_are_counted(tmp_path: Path) -> None:
    for make, layout in ((keras3_file, "keras 3"), (legacy_file, "legacy")):
        found = look_through(make(tmp_path / "w.h5"), MOST)
        assert found.layout == layout
        assert sorted(found.shapes) == [(2, 3), (3,)]
        assert found.parameters == PARAMETERS == 9


def test_a_whole_legacy_model_is_read_where_its_weights_lie(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "m.h5", "w") as file:
        file["model_weights/dense/kernel:0"] = np.ones((4, 5), np.float32)
        file["optimizer_weights/moment:0"] = np.ones((4, 5), np.float32)
    found = look_through(tmp_path / "m.h5", MOST)
    assert (found.layout, found.shapes) == ("legacy", ((4, 5),))


def test_shapes_are_compared_whatever_their_order(tmp_path: Path) -> None:
    found = look_through(keras3_file(tmp_path / "w.h5"), MOST)
    assert found.holds([(3,), (2, 3)]) and found.holds([(2, 3), (3,)])
    assert (
        not found.holds([(3,), (3, 2)]) and not found.holds([(3,)]) and not found.holds([(3,), (3,), (2, 3)])
    )


def refused(path: Path, most: int = MOST) -> str:
    with pytest.raises(WeightsError) as caught:
        look_through(path, most)
    message = str(caught.value)
    assert path.name in message and message.endswith(".")
    return message


@pytest.mark.parametrize("data", [b"", b"<html>log in to the hotel</html>", b"PK\x03\x04 a zip", bytes(5000)])
def test_what_is_no_hdf5_file_is_told(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "w.h5").write_bytes(data)
    assert "no HDF5 file of weights" in refused(tmp_path / "w.h5")


def test_a_missing_file_and_a_folder_are_told(tmp_path: Path) -> None:
    assert "could not be read" in refused(tmp_path / "gone.h5")
    (tmp_path / "folder.h5").mkdir()
    assert "could not be read" in refused(tmp_path / "folder.h5")


@pytest.mark.parametrize("share", [0.05, 0.5, 0.95])
def test_a_file_that_was_cut_off_is_told(share: float, tmp_path: Path) -> None:
    whole = keras3_file(tmp_path / "whole.h5", np.ones((50, 60), np.float32)).read_bytes()
    (tmp_path / "cut.h5").write_bytes(whole[: int(share * len(whole))])
    assert "damaged or was cut off" in refused(tmp_path / "cut.h5")


def test_a_file_without_weights_is_told(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "empty.h5", "w") as file:
        file.create_group("layers/dense/vars")
    assert "holds no weights" in refused(tmp_path / "empty.h5")


def test_a_file_that_is_too_long_is_not_even_opened(tmp_path: Path) -> None:
    path = keras3_file(tmp_path / "w.h5")
    assert "at most 0.0 MB are read" in refused(path, 1000)


def soft_link(file: h5py.File) -> None:
    file["layers/dense/vars/1"] = h5py.SoftLink("/layers/dense/vars/0")


def external_link(file: h5py.File) -> None:
    file["layers/dense/vars/1"] = h5py.ExternalLink("other.h5", "/x")


def external_numbers(file: h5py.File) -> None:
    file.create_dataset("layers/dense/vars/1", (3,), "f4", external=[("/etc/hostname", 0, 12)])


def virtual_numbers(file: h5py.File) -> None:
    layout = h5py.VirtualLayout((3,), "f4")
    layout[:] = h5py.VirtualSource("other.h5", "x", (3,))
    file.create_virtual_dataset("layers/dense/vars/1", layout)


def text(file: h5py.File) -> None:
    file["layers/dense/vars/1"] = "weights"


def never_written(file: h5py.File) -> None:
    file.create_dataset("layers/dense/vars/1", (60_000,), "f4", chunks=(60_000,))


def bomb(file: h5py.File) -> None:
    file.create_dataset("layers/dense/vars/1", data=np.zeros(60_000, np.float32), compression="gzip")


def enormous(file: h5py.File) -> None:
    file.create_dataset("layers/dense/vars/1", (10**9, 10**6), "f4", chunks=(1000, 1000))


def too_many_together(file: h5py.File) -> None:
    numbers = np.random.default_rng(0).integers(0, 4, 60_000).astype(np.float32)
    for index in range(5):  # each shrinks to a tenth, as no bomb does, and lies within the limit
        file.create_dataset(f"layers/dense/vars/{index + 1}", data=numbers, compression="gzip")


def deep(file: h5py.File) -> None:
    file["/".join("a" * 40)] = np.zeros(3, np.float32)


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (soft_link, "points to other places or files"),
        (external_link, "points to other places or files"),
        (external_numbers, "takes numbers from other files"),
        (virtual_numbers, "takes numbers from other files"),
        (text, "something other than numbers"),
        (never_written, "far more numbers than it holds"),
        (bomb, "far more numbers than it holds"),
        (enormous, "far more numbers than it holds"),
        (too_many_together, "arrays of more than 1.0 MB"),
        (deep, "more groups than any file"),
    ],
)
def test_hostile_files_are_refused_by_what_they_declare(
    make: Callable[[h5py.File], None], says: str, tmp_path: Path
) -> None:
    with h5py.File(tmp_path / "bad.h5", "w", libver="latest") as file:
        file["layers/dense/vars/0"] = np.ones(3, np.float32)
        make(file)
    assert says in refused(tmp_path / "bad.h5")


def test_a_circle_of_groups_is_walked_once(tmp_path: Path) -> None:
    path = keras3_file(tmp_path / "w.h5")
    with h5py.File(path, "a") as file:
        file["layers/back"] = file["layers"]
    assert look_through(path, MOST).parameters == PARAMETERS


def test_a_file_of_too_many_groups_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with h5py.File(keras3_file(tmp_path / "bad.h5"), "a") as file:
        for index in range(100):
            file.create_group(f"layers/{index}")
    assert look_through(tmp_path / "bad.h5", MOST).parameters == PARAMETERS
    monkeypatch.setattr(weights_file, "_MOST_NODES", 100)
    assert "more groups than any file" in refused(tmp_path / "bad.h5")


def test_sizes_are_for_people() -> None:
    assert [megabytes(n) for n in (14_536_120, 102_967_424, 0)] == ["14.5 MB", "103.0 MB", "0.0 MB"]
