"""Claims about how the digits are read and cut."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from lib.training.digits_data import mnist_parts, read_digits, unipen_parts


def _images(count: int, side: int = 28) -> np.ndarray:
    """One bright block each, so that there is ink to crop to."""
    images = np.zeros((count, side, side), np.uint8)
    images[:, 5:15, 8:12] = 250
    return images


def _keras_file() -> dict[str, np.ndarray]:
    return {
        "x_train": _images(100),
        "y_train": np.arange(100, dtype=np.uint8) % 10,
        "x_test": _images(30),
        "y_test": np.arange(30, dtype=np.uint8) % 10,
    }


def _unipen_file() -> dict[str, np.ndarray]:
    writer = np.repeat(np.arange(24), 5)
    return {
        "images": _images(120, 64),
        "labels": np.arange(120, dtype=np.int16) % 10,
        "writer": writer,
        "is_test": (writer >= 20).astype(np.uint8),
        "knn_support": np.where(np.arange(120) == 7, 0.0, 1.0).astype(np.float32),
    }


def test_kerass_own_file_keeps_its_official_test_set() -> None:
    parts = mnist_parts(_keras_file())
    assert parts.test.sum() == 30 and parts.test[100:].all()
    whole = parts.fit.astype(int) + parts.validation + parts.held_out + parts.test
    assert (whole == 1).all()
    assert parts.validation.sum() == parts.held_out.sum() == 5


def test_a_file_with_is_test_is_the_same_as_kerass() -> None:
    keras = _keras_file()
    flagged = {
        "images": np.concatenate([keras["x_train"], keras["x_test"]]),
        "labels": np.concatenate([keras["y_train"], keras["y_test"]]),
        "is_test": np.arange(130) >= 100,
    }
    one, other = mnist_parts(keras), mnist_parts(flagged)
    assert np.array_equal(one.fit, other.fit) and np.array_equal(one.labels, other.labels)


def test_no_writer_is_in_two_parts_and_suspect_labels_only_in_the_test() -> None:
    arrays = _unipen_file()
    parts = unipen_parts(arrays)
    groups = [
        set(arrays["writer"][mask]) for mask in (parts.fit, parts.validation, parts.held_out, parts.test)
    ]
    assert sum(map(len, groups)) == len(set.union(*groups)) == 24
    assert not (parts.fit | parts.validation | parts.held_out)[7]


def test_both_files_together_train_and_each_is_a_test_of_its_own(tmp_path: Path) -> None:
    np.savez(tmp_path / "mnist.npz", **_keras_file())
    np.savez(tmp_path / "unipen_digits.npz", **_unipen_file())
    data = read_digits(tmp_path)
    assert {name: len(part) for name, part in data.tests.items()} == {
        "mnist test": 30,
        "unipen new writers": 20,
    }
    assert len(data.fit) + len(data.validation) + len(data.held_out) == 100 + 100 - 1
    assert data.fit.images.shape[1:] == (28, 28) and data.centre == "centre of mass"
    assert [source.name for source in data.sources] == ["MNIST", "UNIPEN, isolated digits (train_r01_v07)"]


def test_one_file_is_enough_and_none_is_refused_with_both_names(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"mnist\.npz nor unipen_digits\.npz"):
        read_digits(tmp_path)
    np.savez(tmp_path / "mnist.npz", **_keras_file())
    assert list(read_digits(tmp_path).tests) == ["mnist test"]


def test_what_is_no_such_file_is_named(tmp_path: Path) -> None:
    np.savez(tmp_path / "mnist.npz", images=_images(3))
    with pytest.raises(ValueError, match="lacks an array"):
        read_digits(tmp_path)
    (tmp_path / "mnist.npz").write_bytes(b"not a zip")
    with pytest.raises(ValueError, match="not a usable npz file"):
        read_digits(tmp_path)
