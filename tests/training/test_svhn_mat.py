"""Claims about reading the official SVHN files, on small files of the same layout."""

import numpy as np
import pytest
import scipy.io

from lib.training.svhn_mat import read_svhn_mat


def save_mat(path, count=12, **changes):
    """A file as train_32x32.mat is: X (32, 32, 3, N) uint8 and y (N, 1) uint8, 10 for the digit 0."""
    pixels = np.random.default_rng(0).integers(0, 256, (32, 32, 3, count)).astype(np.uint8)
    labels = (np.arange(count) % 10 + 1).astype(np.uint8)[:, None]
    scipy.io.savemat(path, {"X": pixels, "y": labels} | changes)
    return pixels


def test_images_come_first_and_label_10_is_the_digit_0(tmp_path):
    pixels = save_mat(tmp_path / "train.mat")
    crops = read_svhn_mat(tmp_path / "train.mat")
    assert crops.images.shape == (12, 32, 32, 3) and crops.images.dtype == np.uint8
    np.testing.assert_array_equal(crops.images[7], pixels[..., 7])
    assert crops.labels.tolist() == [1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1, 2]
    assert crops.labels.dtype == np.int64 and crops.images.flags.c_contiguous


def test_compressed_files_and_labels_of_other_types_and_a_single_image_are_read(tmp_path):
    pixels = np.zeros((32, 32, 3, 2), np.uint8)
    scipy.io.savemat(tmp_path / "a.mat", {"X": pixels, "y": np.array([[10.0], [3.0]])}, do_compression=True)
    assert read_svhn_mat(tmp_path / "a.mat").labels.tolist() == [0, 3]
    scipy.io.savemat(tmp_path / "b.mat", {"X": pixels[..., 0], "y": np.array([[10]])})
    assert read_svhn_mat(tmp_path / "b.mat").images.shape == (1, 32, 32, 3)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        (
            {"X": np.zeros((12, 32, 32, 3), np.uint8)},
            r"X should be uint8 \(32, 32, 3, N\).*\(12, 32, 32, 3\)",
        ),
        ({"X": np.zeros((32, 32, 3, 12))}, r"not float64"),
        ({"y": np.ones((5, 1), np.uint8)}, "12 images in X and 5 labels in y"),
        ({"y": np.full((12, 1), 11, np.uint8)}, r"labels must be 1 to 9, and 10 .* one is 11"),
        ({"y": np.full((12, 1), 1.5)}, r"one is 1\.5"),
    ],
)
def test_what_is_not_that_layout_is_refused_with_what_it_should_be(tmp_path, changes, sentence):
    save_mat(tmp_path / "train.mat", **changes)
    with pytest.raises(ValueError, match=sentence):
        read_svhn_mat(tmp_path / "train.mat")


def test_missing_and_unreadable_files_are_named(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"no SVHN file at .*train_32x32\.mat"):
        read_svhn_mat(tmp_path / "nowhere.mat")
    (tmp_path / "text.mat").write_text("<html>404</html>" * 20)
    with pytest.raises(ValueError, match=r"text\.mat is not a readable MATLAB file"):
        read_svhn_mat(tmp_path / "text.mat")
    whole = tmp_path / "whole.mat"
    save_mat(whole, count=40)
    (tmp_path / "cut.mat").write_bytes(whole.read_bytes()[:20_000])
    with pytest.raises(ValueError, match=r"cut\.mat is not a readable MATLAB file"):
        read_svhn_mat(tmp_path / "cut.mat")
    scipy.io.savemat(tmp_path / "other.mat", {"digitStruct": np.zeros(3)})
    with pytest.raises(ValueError, match="no variable X or y"):
        read_svhn_mat(tmp_path / "other.mat")


def test_a_matlab_7_3_file_is_told_what_it_is(tmp_path):
    header = b"MATLAB 7.3 MAT-file".ljust(124) + b"\x00\x02IM"
    (tmp_path / "digits.mat").write_bytes(header + bytes(400))
    with pytest.raises(ValueError, match=r"MATLAB 7\.3 file"):
        read_svhn_mat(tmp_path / "digits.mat")
