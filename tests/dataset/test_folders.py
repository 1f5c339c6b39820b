"""Claims about reading a zip of pictures by class folder."""

import io
import zipfile

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from lib.dataset import DatasetError, DatasetLimits, Pictures, read_dataset
from lib.dataset.dataset import Encoded


def png(pixels):
    return cv2.imencode(".png", pixels)[1].tobytes()


def zipped(entries):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def gray(level, size=(4, 4)):
    return png(np.full(size, level, np.uint8))


@settings(deadline=None)
@given(
    images=arrays.arrays(np.uint8, st.tuples(st.integers(1, 6), st.integers(1, 6), st.integers(1, 6))),
    data=st.data(),
)
def test_what_was_zipped_is_read_back(images, data):
    labels = data.draw(st.lists(st.sampled_from("ABC"), min_size=len(images), max_size=len(images)))
    entries = {
        f"{label}/{i}.png": png(image) for i, (label, image) in enumerate(zip(labels, images, strict=True))
    }
    dataset = read_dataset(zipped(entries))
    np.testing.assert_array_equal(dataset.images, images)
    assert [dataset.class_names[label] for label in dataset.labels] == labels


def test_pictures_with_colour_stay_in_colour():
    colour = np.random.default_rng(0).integers(0, 256, (4, 5, 3), np.uint8)
    dataset = read_dataset(zipped({"A/1.png": png(colour), "B/1.png": gray(9, (4, 5))}))
    np.testing.assert_array_equal(dataset.images[0], colour[..., ::-1])  # OpenCV writes BGR
    assert (dataset.images[1] == 9).all()


def test_pictures_of_different_sizes_stay_pictures():
    photo = cv2.imencode(".jpg", np.full((60, 80), 100, np.uint8))[1].tobytes()
    dataset = read_dataset(zipped({"A/1.png": gray(7, (2, 2)), "B/1.jpg": photo}))
    assert isinstance(dataset.images, Pictures)
    assert dataset.size is None
    assert [picture.size for picture in dataset.images] == [(2, 2), (60, 80)]
    assert dataset.picture(0).pixels[0, 0, 0] == 7
    # Whatever needs less memory is kept: the pixels of the small one, the file of the large one.
    assert [isinstance(entry, Encoded) for entry in dataset.images._entries] == [False, True]
    assert [p.name for p in dataset.take(np.array([1])).images] == ["1.jpg"]


@pytest.mark.parametrize(
    ("paths", "classes"),
    [
        (["A/1.png", "B/1.png"], "AB"),
        (["data/A/1.png", "data/B/1.png"], "AB"),
        (["a/b/A/1.png", "a/b/B/1.png"], "AB"),
        (["A/writer 1/1.png", "B/1.png"], "AB"),
        (["data/A/1.png", "data/A/2.png"], "A"),
        (["train/A/1.png", "train/B/1.png", "test/A/1.png", "test/C/1.png"], "AB"),
    ],
)
def test_the_first_folder_below_the_common_ones_is_the_class(paths, classes):
    assert read_dataset(zipped({path: gray(5) for path in paths})).class_names == tuple(classes)


def test_the_test_folder_is_read_when_asked_for():
    data = zipped({path: gray(5) for path in ("Train/A/1.png", "val/A/1.png", "val/C/1.png")})
    dataset = read_dataset(data, part="test")
    assert dataset.class_names == ("A", "C")
    assert "Only the folder “val” was read." in dataset.notes


def test_what_systems_leave_behind_is_no_picture():
    data = zipped(
        {
            "A/1.png": gray(5),
            "A/.hidden.png": b"x",
            ".git/A/1.png": b"x",
            "__MACOSX/A/._1.png": b"x",
            "A/Thumbs.db": b"x",
            "A/readme.txt": b"x",
            "B/2.png": gray(6),
        }
    )
    dataset = read_dataset(data)
    assert (len(dataset), dataset.bad_count, dataset.class_names) == (2, 0, ("A", "B"))


def test_numbered_folders_are_their_number():
    dataset = read_dataset(zipped({f"{n}/x.png": gray(n) for n in (2, 10)}))
    np.testing.assert_array_equal(dataset.labels, dataset.images[:, 0, 0])
    assert len(dataset.class_names) == 11


def test_a_picture_that_cannot_be_read_is_left_out_and_told_by_its_path():
    dataset = read_dataset(zipped({"A/1.png": gray(5), "A/2.png": b"words", "B/3.png": gray(6)[:40]}))
    assert (len(dataset), dataset.bad_count, dataset.total) == (1, 2, 1)
    assert dataset.bad_rows[0].startswith("A/2.png: “2.png” is text, not a picture")
    assert dataset.bad_rows[1].startswith("B/3.png: ")
    assert dataset.class_names == ("A", "B")


def test_pictures_outside_of_folders_are_left_out_and_told():
    dataset = read_dataset(zipped({"A/1.png": gray(5), "loose.png": gray(6)}))
    assert len(dataset) == 1
    assert "1 picture that lies in no class folder was left out" in dataset.notes[0]


def test_only_the_sample_is_decoded(monkeypatch):
    decoded = []
    from lib.dataset import folders

    monkeypatch.setattr(folders, "decode", lambda data, name: decoded.append(name) or decode(data, name))
    from lib.picture import decode

    entries = {f"{'AB'[i % 2]}/{i}.png": gray(i) for i in range(60)}
    dataset = read_dataset(zipped(entries), most=10, balanced=True)
    assert len(decoded) == len(dataset) == 10
    np.testing.assert_array_equal(dataset.counts, [5, 5])
    assert dataset.total == 60


@pytest.mark.parametrize(
    ("entries", "sentence"),
    [
        ({"1.png": gray(5), "2.png": gray(5)}, "none in a class folder"),
        ({"A/1.png": b"words"}, "no picture that can be read"),
        ({"A/1.npy": b"x", "A/1.md": b"x"}, "holds no pictures"),
        ({"1.csv": b"1,2,3,4,5\n", "2.csv": b"1,2,3,4,5\n"}, "holds 2 CSV files"),
        ({}, "holds no pictures"),
    ],
)
def test_an_archive_without_a_data_set_is_refused_with_a_sentence(entries, sentence):
    with pytest.raises(DatasetError, match=sentence):
        read_dataset(zipped(entries))


def test_pictures_are_bounded_in_number_and_memory():
    noise = np.random.default_rng(0).integers(0, 256, (60, 60), np.uint8)
    data = zipped({f"A/{i}.png": png(noise) for i in range(10)})
    with pytest.raises(DatasetError, match="more than 9 images"):
        read_dataset(data, limits=DatasetLimits(images=9))
    with pytest.raises(DatasetError, match="MISREAD_DATASET_PIXELS"):
        read_dataset(data, limits=DatasetLimits(pixels=20_000))
    with pytest.raises(DatasetError, match="class folders"):
        read_dataset(zipped({f"{c}/1.png": gray(5) for c in "ABC"}), limits=DatasetLimits(classes=2))


def test_a_picture_larger_than_pictures_may_be_is_left_out(monkeypatch):
    data = zipped({"A/1.png": gray(5), "A/2.png": gray(5) + bytes(21_000_000)})
    dataset = read_dataset(data)
    assert dataset.bad_rows == ("A/2.png: the file has 21.0 MB; the limit is 20 MB a picture.",)


def test_a_single_csv_in_a_zip_is_read():
    dataset = read_dataset(zipped({"letters/A_Z.csv": b"3,1,2,3,4\n" * 5}))
    assert len(dataset) == 5
