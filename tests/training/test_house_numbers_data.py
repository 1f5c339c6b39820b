"""Claims about what the house-number network trains on."""

import numpy as np
import pytest

import lib.training.house_digits as house_digits
import lib.training.house_numbers_data as house_numbers_data
from lib.training.house_numbers_data import GENERATED, SIGN, read_house_numbers
from tests.training.house_faces import write_font
from tests.training.test_svhn_mat import save_mat


def save_crops(folder, count=20):
    """Crops whose brightness tells which one they are, two of each photo; and digits of signs, all white."""
    images = np.zeros((count, 32, 32, 3), np.uint8) + np.arange(count, dtype=np.uint8)[:, None, None, None]
    labels = (np.arange(count) % 10).astype(np.uint8)
    np.savez(folder / "svhn_train.npz", images=images, labels=labels, photo_id=np.arange(count) // 2 + 1)
    np.savez(folder / "chars74k_img_digits.npz", images=np.full_like(images[:6], 255), labels=labels[:6])


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(house_numbers_data, "_GENERATED_ASIDE", 8)
    monkeypatch.setattr(house_digits, "_SURFACES", 6)
    save_crops(tmp_path)
    write_font(tmp_path / "a.ttf")
    return tmp_path


def test_real_crops_and_generated_digits_are_told_apart_by_their_photo(folder):
    data = read_house_numbers(data=folder, fonts=folder, digits=30)
    assert len(data.fit) == len(data.photos) == 20 + 6 + 30
    assert data.photos.tolist() == [n // 2 + 1 for n in range(20)] + [SIGN] * 6 + [GENERATED] * 30
    assert data.fit.images[:20, 0, 0, 0].tolist() == list(range(20))
    assert (data.fit.images[20:26] == 255).all()
    assert data.fit.labels[20:26].tolist() == [0, 1, 2, 3, 4, 5]


def test_validation_and_calibration_are_generated_and_different(folder):
    data = read_house_numbers(data=folder, fonts=folder, digits=30)
    assert len(data.validation) == len(data.held_out) == 8
    assert (data.validation.images != data.held_out.images).any()
    assert data.tests == {}
    assert any("cross-validated" in limit for limit in data.limits)


def test_the_reference_is_to_describe_the_real_crops_with_a_share_of_generated_digits(folder, monkeypatch):
    monkeypatch.setattr(house_numbers_data, "_KNOWN", 7)
    data = read_house_numbers(data=folder, fonts=folder, digits=30)
    np.testing.assert_array_equal(data.known.images, data.fit.images[: 20 + 6 + 7])


def test_the_card_names_the_fonts_and_all_sources(folder):
    data = read_house_numbers(data=folder, fonts=folder, digits=30)
    assert [source.name.split()[0] for source in data.sources] == ["Crops", "Chars74K,", "Digits"]
    assert data.sources[2].source == "Aileron"
    assert data.sources[2].licence.startswith(
        "as the font files say, by number of families: not named in the file (1)"
    )
    assert "non-commercial" in data.sources[0].licence


def test_one_of_the_two_files_is_enough(folder):
    (folder / "svhn_train.npz").unlink()
    data = read_house_numbers(data=folder, fonts=folder, digits=30)
    assert set(data.photos.tolist()) == {SIGN, GENERATED}
    assert len(data.sources) == 2


def test_the_official_files_are_split_and_need_no_fonts(tmp_path):
    save_mat(tmp_path / "train_32x32.mat", count=100)
    save_mat(tmp_path / "test_32x32.mat", count=30)
    data = read_house_numbers(svhn_train=tmp_path / "train_32x32.mat", svhn_test=tmp_path / "test_32x32.mat")
    assert [len(part) for part in (data.fit, data.validation, data.held_out)] == [80, 10, 10]
    assert len(data.tests["official SVHN test"]) == 30
    assert data.photos is None
    seen = np.concatenate(
        [part.images.reshape(len(part), -1) for part in (data.fit, data.validation, data.held_out)]
    )
    assert len(np.unique(seen, axis=0)) == 100
    assert read_house_numbers(svhn_train=tmp_path / "train_32x32.mat").tests == {}


def test_neither_both_nor_none_of_the_two_ways_is_accepted(tmp_path):
    for arguments in ({}, {"data": tmp_path, "svhn_train": tmp_path / "x.mat"}):
        with pytest.raises(ValueError, match=r"either --data, .* or --svhn-train"):
            read_house_numbers(**arguments)
    with pytest.raises(ValueError, match="--svhn-test belongs to --svhn-train"):
        read_house_numbers(data=tmp_path, svhn_test=tmp_path / "x.mat")


def test_what_cannot_be_used_is_refused_with_a_sentence(folder, tmp_path_factory):
    empty = tmp_path_factory.mktemp("empty")
    with pytest.raises(ValueError, match=r"neither svhn_train\.npz nor"):
        read_house_numbers(data=empty)
    with pytest.raises(FileNotFoundError, match="no font file"):
        read_house_numbers(data=folder, fonts=empty)
    crops = folder / "svhn_train.npz"
    np.savez(crops, images=np.zeros((2, 32, 32), np.uint8), labels=np.zeros(2, int))
    with pytest.raises(ValueError, match=r"images must be uint8 \(N, 32, 32, 3\)"):
        read_house_numbers(data=folder, fonts=folder, digits=30)
    np.savez(crops, images=np.zeros((2, 32, 32, 3), np.uint8), labels=np.array([3, 10]))
    with pytest.raises(ValueError, match="labels must be 0 to 9"):
        read_house_numbers(data=folder, fonts=folder, digits=30)
    np.savez(crops, images=np.zeros((2, 32, 32, 3), np.uint8))
    with pytest.raises(ValueError, match=r"lacks an array: .*labels"):
        read_house_numbers(data=folder, fonts=folder, digits=30)
    crops.write_bytes(b"PK damaged")
    with pytest.raises(ValueError, match="not a usable npz file"):
        read_house_numbers(data=folder, fonts=folder, digits=30)


def test_too_few_official_crops_are_refused(tmp_path):
    save_mat(tmp_path / "train.mat", count=5)
    with pytest.raises(ValueError, match="only 5 images"):
        read_house_numbers(svhn_train=tmp_path / "train.mat")
