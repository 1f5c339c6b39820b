"""Each object of an HDF5 file is met once and in order; what would lead out of the file stops the walk."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import h5py
import numpy as np
import pytest

from lib.zoo.hdf5_walk import Hdf5Problem, child, declared_and_stored, objects

# Numbers of filters: h5py brings LZF with it, Blosc would have to be loaded.
LZF, BLOSC = 32_000, 32_001


@pytest.fixture
def file(tmp_path: Path) -> Iterator[h5py.File]:
    with h5py.File(tmp_path / "any.h5", "w", libver="latest") as file:
        file["a/b/numbers"] = np.arange(6.0).reshape(2, 3)
        file["a/optimizer/moment"] = np.zeros(4)
        file["c"] = np.ones(2, np.float32)
        yield file


def walk(file: h5py.File, most: int = 100, deepest: int = 10, skipped: tuple[str, ...] = ()) -> list[str]:
    return [where for where, _ in objects(file, most, deepest, skipped)]


def test_everything_is_met_once_from_the_outside_in(file: h5py.File) -> None:
    assert walk(file) == ["/", "/a", "/a/b", "/a/b/numbers", "/a/optimizer", "/a/optimizer/moment", "/c"]


def test_a_second_name_and_a_circle_are_not_walked_again(file: h5py.File) -> None:
    before = walk(file)
    file["d"] = file["c"]
    file["a/b/back"] = file["a"]
    assert sorted(walk(file)) == before


def test_what_is_left_out_is_left_out_with_all_that_lies_in_it(file: h5py.File) -> None:
    assert walk(file, skipped=("optimizer", "c")) == ["/", "/a", "/a/b", "/a/b/numbers"]


def test_a_limit_counts_objects_and_the_other_levels(file: h5py.File) -> None:
    assert len(walk(file, most=7, deepest=3)) == 7
    for most, deepest in ((6, 3), (7, 2)):
        with pytest.raises(Hdf5Problem) as problem:
            walk(file, most, deepest)
        assert problem.value.kind == "too many"


def external_link(file: h5py.File) -> None:
    file["a/bad"] = h5py.ExternalLink("other.h5", "/x")


def soft_link(file: h5py.File) -> None:
    file["a/bad"] = h5py.SoftLink("/c")


def named_type(file: h5py.File) -> None:
    file["a/bad"] = np.dtype("f8")


@pytest.mark.parametrize(
    ("make", "kind"), [(external_link, "external link"), (soft_link, "link"), (named_type, "type")]
)
def test_what_is_no_data_of_this_file_is_named_with_its_place(
    make: Callable[[h5py.File], None], kind: str, file: h5py.File
) -> None:
    make(file)
    with pytest.raises(Hdf5Problem) as problem:
        walk(file)
    assert (problem.value.kind, problem.value.where) == (kind, "/a/bad")
    with pytest.raises(Hdf5Problem):
        child(file["a"], "bad", "/a/bad")


def test_an_array_is_measured_by_what_it_declares_and_by_what_is_there(file: h5py.File) -> None:
    assert declared_and_stored(file["a/b/numbers"], "") == (48, 48)
    packed = file.create_dataset(
        "zeros", data=np.zeros(10_000), compression="gzip", shuffle=True, fletcher32=True
    )
    declared, stored = declared_and_stored(packed, "")
    assert declared == 80_000 and 0 < stored < 2_000
    assert declared_and_stored(file.create_dataset("never", (10**6, 10**6), "f4", chunks=(10, 10)), "") == (
        4 * 10**12,
        0,
    )
    assert declared_and_stored(file.create_dataset("nothing", data=h5py.Empty("f4")), "")[0] == 0


def test_numbers_in_other_files_and_filters_from_outside_are_problems(file: h5py.File) -> None:
    layout = h5py.VirtualLayout((3,), "f4")
    layout[:] = h5py.VirtualSource("other.h5", "x", (3,))
    cases = {
        "elsewhere": [
            file.create_dataset("external", (3,), "f4", external=[("/etc/hostname", 0, 12)]),
            file.create_virtual_dataset("virtual", layout),
        ],
        "plug-in": [_with_filter(file, BLOSC)],
    }
    assert declared_and_stored(_with_filter(file, LZF), "")[0] == 16
    for kind, arrays in cases.items():
        for array in arrays:
            with pytest.raises(Hdf5Problem) as problem:
                declared_and_stored(array, "/bad")
            assert (problem.value.kind, problem.value.where) == (kind, "/bad")


def _with_filter(file: h5py.File, number: int) -> h5py.Dataset:
    creation = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    creation.set_chunk((4,))
    creation.set_filter(number, h5py.h5z.FLAG_OPTIONAL, (1,))
    space = h5py.h5s.create_simple((4,))
    return h5py.Dataset(
        h5py.h5d.create(file.id, str(number).encode(), h5py.h5t.NATIVE_FLOAT, space, creation)
    )
