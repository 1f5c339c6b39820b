"""Claims about finding out what a file is, and about progress, stopping and limits."""

import gzip
import io
import os
import pickle
import zipfile
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.dataset import Dataset, DatasetCancelled, DatasetError, DatasetLimits, read_dataset

ROWS = b"3,10,20,30,40\n1,50,60,70,80\n"


def same(one: Dataset, other: Dataset) -> bool:
    return np.array_equal(one.images, other.images) and np.array_equal(one.labels, other.labels)


def test_paths_open_files_bytes_and_gzip_give_the_same(tmp_path):
    path = tmp_path / "rows.csv"
    path.write_bytes(ROWS)
    expected = read_dataset(ROWS, "rows.csv")
    file = io.BytesIO(ROWS)
    file.read()  # a file that somebody has already read
    for source in (path, str(path), file, io.BytesIO(gzip.compress(ROWS))):
        assert same(read_dataset(source), expected)
    with path.open("rb") as opened:
        assert same(read_dataset(opened), expected)
        assert not opened.closed
    assert read_dataset(path).name == "rows.csv"
    assert read_dataset(path, "other").name == "other"


def test_the_content_decides_not_the_name():
    assert len(read_dataset(ROWS, "picture.png")) == 2
    buffer = io.BytesIO()
    np.savez(buffer, images=np.full((2, 3, 3), 9, np.uint8), labels=[0, 1])
    assert len(read_dataset(buffer, "rows.csv")) == 2


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "is empty"),
        (pickle.dumps([1]), "pickle, which is a program"),
        (b"\x93NUMPY\x01\x00", "one array without labels"),
        (b"\x89HDF\r\n\x1a\n", "HDF5"),
        (b"MATLAB 5.0 MAT-file", "MATLAB"),
        (b"\x89PNG\r\n\x1a\n", "single picture"),
        (b"PAR1 and so on", "Parquet"),
        (b"Rar!\x1a\x07", "RAR"),
        (b"PK\x05\x06" + bytes(18), "holds no pictures"),
        (gzip.compress(b"x")[:8], "damaged"),
        (gzip.compress(os.urandom(1000))[:500], "damaged|not a data set"),
    ],
    ids=range(11),  # two workers must call the tests alike, and gzip writes the time
)
def test_other_files_are_refused_by_what_they_are(data, sentence):
    with pytest.raises(DatasetError, match=sentence):
        read_dataset(data, "file")


def outcome(data: bytes) -> str:
    """The error's sentence, or that it was read."""
    try:
        return f"{len(read_dataset(data, 'fuzz'))} images."
    except DatasetError as error:
        return str(error)


@settings(deadline=None)
@given(
    st.binary(max_size=300),
    st.sampled_from([b"", b"PK\x03\x04", b"\x1f\x8b\x08", b"\0\0\x08\x03", b"\x93NUMPY", b"1,2,"]),
)
def test_no_bytes_raise_anything_but_a_sentence(data, start):
    assert outcome(start + data).endswith((".", ")"))


@settings(deadline=None)
@given(st.binary(max_size=40), st.integers(0, 400), st.sampled_from(["npz", "png", "idx"]))
def test_no_damage_to_an_archive_raises_anything_but_a_sentence(data, place, kind):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        if kind == "npz":
            for key in ("images", "labels"):
                entry = io.BytesIO()
                np.save(entry, np.zeros((2, 3, 3) if key == "images" else 2, np.uint8))
                archive.writestr(f"{key}.npy", entry.getvalue())
        elif kind == "png":
            archive.writestr("A/1.png", b"\x89PNG\r\n\x1a\n" + bytes(60))
        else:
            archive.writestr("a-idx3-ubyte", b"\0\0\x08\x03\0\0\0\1\0\0\0\2\0\0\0\2abcd")
            archive.writestr("a-idx1-ubyte", b"\0\0\x08\x01\0\0\0\1\1")
    file = bytearray(buffer.getvalue())
    file[place : place + len(data)] = data
    assert outcome(bytes(file)).endswith((".", ")"))


def test_a_missing_file_is_told(tmp_path):
    with pytest.raises(DatasetError, match=r"“nowhere\.csv” does not exist"):
        read_dataset(tmp_path / "nowhere.csv")
    with pytest.raises(DatasetError, match="No file was given"):
        read_dataset([])


def test_progress_goes_from_nothing_to_all(monkeypatch):
    monkeypatch.setattr("lib.dataset.csv_rows._BLOCK", 300)
    reports = []
    read_dataset(ROWS * 100, progress=lambda done, total: reports.append((done, total)))
    shares = [done / total for done, total in reports]
    assert shares[0] == 0 and shares[-1] == 1
    assert shares[1:] == sorted(shares[1:])
    assert len(shares) > 5


def test_reading_can_be_stopped(monkeypatch):
    monkeypatch.setattr("lib.dataset.csv_rows._BLOCK", 300)
    asked = []

    def stop():
        asked.append(True)
        return len(asked) > 3

    with pytest.raises(DatasetCancelled, match="was stopped"):
        read_dataset(ROWS * 100, cancelled=stop)
    assert len(asked) == 4


def test_reading_ends_when_the_time_is_up(monkeypatch):
    clock = iter(range(0, 1000, 100))
    monkeypatch.setattr("lib.dataset.guards.time", SimpleNamespace(monotonic=lambda: next(clock)))
    with pytest.raises(DatasetError, match=r"longer than 150 seconds.*MISREAD_DATASET_SECONDS"):
        read_dataset(ROWS * 100, limits=DatasetLimits(seconds=150))


def test_a_file_that_is_too_large_is_refused_unread():
    class Large(io.BytesIO):
        def read(self, *_):
            raise AssertionError("it was read")

    with pytest.raises(DatasetError, match="MISREAD_DATASET_BYTES"):
        read_dataset(Large(ROWS * 100), limits=DatasetLimits(bytes=1000))


def test_limits_come_from_the_environment(monkeypatch):
    monkeypatch.setenv("MISREAD_DATASET_IMAGES", "1")
    with pytest.raises(DatasetError, match="more than 1 images"):
        read_dataset(ROWS)


@pytest.mark.parametrize("most", [0, -3])
def test_a_sample_of_nothing_is_a_mistake_of_the_caller(most):
    with pytest.raises(ValueError, match="at least one image"):
        read_dataset(ROWS, most=most)


def test_the_same_seed_gives_the_same_sample_whatever_the_format():
    images = np.random.default_rng(0).integers(0, 256, (300, 2, 2), np.uint8)
    labels = np.random.default_rng(1).integers(0, 7, 300)
    rows = b"".join(
        f"{label},{','.join(map(str, image.ravel()))}\n".encode()
        for label, image in zip(labels, images, strict=True)
    )
    buffer = io.BytesIO()
    np.savez(buffer, x_train=images, y_train=labels)
    for balanced in (False, True):
        options = {"most": 50, "seed": 5, "balanced": balanced}
        one, other = read_dataset(rows, **options), read_dataset(buffer, **options)
        assert same(one, other)
        assert len(one) == 50
    assert not same(one, read_dataset(rows, most=50, seed=6, balanced=True))
