"""Claims about real marks read from files."""

import numpy as np
import pytest

from lib.training.outsiders.collected import DIGITS, LIKE_LETTERS, collect, find


def bar(count):
    images = np.zeros((count, 40, 40), np.uint8)
    images[:, 10:30, 18:22] = 255
    return images


def save_all(folder):
    classes = np.array(["&", "(", "%", "|"])
    np.savez(
        folder / "unipen_symbols.npz",
        images=bar(8),
        labels=np.arange(8) % 4,
        classes=classes,
        is_test=(np.arange(8) >= 6).astype(np.uint8),
    )
    labels = np.arange(20) % 10
    np.savez(
        folder / "unipen_digits.npz",
        images=bar(20),
        labels=labels,
        is_test=(np.arange(20) >= 10).astype(np.uint8),
    )
    np.savez(
        folder / "mnist.npz", images=bar(20), labels=labels, is_test=(np.arange(20) >= 10).astype(np.uint8)
    )
    alphabets = np.array(["Balinese", "Greek", "Korean", "Sanskrit"])
    np.savez(
        folder / "omniglot_half.npz",
        images=255 - bar(6),
        labels=np.array([0, 2, 2, 3, 3, 3]),
        classes=alphabets,
    )
    lying = bar(2).transpose(0, 2, 1)
    np.savez(folder / "mohneesh_noise.npz", images=np.concatenate([bar(3), lying]))


def test_every_file_is_used_for_what_it_is_for(tmp_path):
    save_all(tmp_path)
    found = collect(tmp_path)
    # Of eight symbols six are of training writers, and of those & and % are unlike letters.
    assert {name: len(images) for name, images in found.fit.items()} == {
        "drawn symbols": 3,
        "drawn digits": 5,
        "Omniglot Korean": 2,
    }
    assert {name: len(images) for name, images in found.validation.items()} == {"Omniglot Balinese": 1}
    assert {name: len(images) for name, images in found.tests.items()} == {
        "Omniglot Sanskrit": 3,
        "MNIST 3 4 6 7 9": 5,
        "lying scraps": 2,
    }
    assert len(found.sources) == 5
    for images in [*found.fit.values(), *found.validation.values(), *found.tests.values()]:
        assert images.shape[1:] == (28, 28)
        # White on black, in normal form: 20 pixels of ink in one direction.
        assert (images[:, 0] == 0).all()
        assert (np.maximum((images > 0).any(1).sum(1), (images > 0).any(2).sum(1)) == 20).all()


def test_digits_and_marks_that_look_like_letters_count_as_nothing():
    assert not {0, 1, 2, 5, 8} & set(DIGITS)
    assert set("()[]|/\\<>^+$@") <= set(LIKE_LETTERS)
    assert not set("#%&*=?:;~_-{}") & set(LIKE_LETTERS)


def test_files_are_found_in_below_and_beside_the_folder(tmp_path):
    (tmp_path / "letters").mkdir()
    (tmp_path / "outsiders").mkdir()
    (tmp_path / "outsiders" / "a.npz").touch()
    for folder in (tmp_path, tmp_path / "letters", tmp_path / "outsiders"):
        assert find(folder, "a.npz") == tmp_path / "outsiders" / "a.npz"
    assert find(tmp_path, "b.npz") is None


def test_a_folder_without_any_of_them_gives_nothing(tmp_path):
    found = collect(tmp_path)
    assert (found.fit, found.validation, found.tests, found.sources) == ({}, {}, {}, [])


def test_what_cannot_be_used_is_refused_with_a_sentence(tmp_path):
    np.savez(tmp_path / "mnist.npz", images=bar(1))
    with pytest.raises(ValueError, match=r"mnist\.npz lacks an array: .*labels"):
        collect(tmp_path)
    (tmp_path / "mnist.npz").write_bytes(b"PK damaged")
    with pytest.raises(ValueError, match=r"mnist\.npz is not a usable npz file"):
        collect(tmp_path)
