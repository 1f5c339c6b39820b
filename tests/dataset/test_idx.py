"""Claims about reading IDX files."""

import gzip
import io
import struct
import zipfile

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from lib.dataset import DatasetError, DatasetLimits, read_dataset


def idx(array, kind=8):
    return struct.pack(f">BBBB{array.ndim}I", 0, 0, kind, array.ndim, *array.shape) + array.tobytes()


def named(data, name):
    file = io.BytesIO(data)
    file.name = name
    return file


def zipped(**entries):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries.items():
            archive.writestr(name.replace("_", "-"), data)
    return buffer.getvalue()


IMAGES = np.random.default_rng(0).integers(0, 256, (5, 4, 3), np.uint8)
LABELS = np.array([0, 2, 1, 2, 9], np.uint8)


@settings(deadline=None)
@given(
    images=arrays.arrays(np.uint8, st.tuples(*[st.integers(2, 6)] * 3)),
    data=st.data(),
    packed=st.tuples(st.booleans(), st.booleans()),
    turned=st.booleans(),
    together=st.booleans(),
)
def test_what_was_written_is_read_back(images, data, packed, turned, together):
    images[0, 0, 0] = 200
    labels = np.array(
        data.draw(st.lists(st.integers(0, 255), min_size=len(images), max_size=len(images))), np.uint8
    )
    files = [
        gzip.compress(idx(array)) if pack else idx(array)
        for array, pack in zip((images, labels), packed, strict=True)
    ]
    files = files[::-1] if turned else files
    dataset = read_dataset(zipped(a=files[0], b=files[1]) if together else files)
    np.testing.assert_array_equal(dataset.images, images)
    np.testing.assert_array_equal(dataset.labels, labels)


def test_of_the_four_files_of_mnist_the_part_asked_for_is_read():
    data = zipped(
        t10k_images_idx3_ubyte=idx(IMAGES[:2]),
        t10k_labels_idx1_ubyte=idx(LABELS[:2]),
        train_images_idx3_ubyte=idx(IMAGES),
        train_labels_idx1_ubyte=idx(LABELS),
    )
    assert len(read_dataset(data)) == 5
    assert len(read_dataset(data, part="test")) == 2
    assert "“train-images-idx3-ubyte” was read" in read_dataset(data).notes[0]


def test_colour_images_have_four_axes():
    colour = np.random.default_rng(0).integers(0, 256, (5, 4, 3, 3), np.uint8)
    np.testing.assert_array_equal(read_dataset([idx(colour), idx(LABELS)]).images, colour)


def test_a_sample_keeps_images_and_labels_together():
    images = np.repeat(np.arange(200, dtype=np.uint8), 16).reshape(200, 4, 4)
    dataset = read_dataset([idx(images), idx(np.arange(200, dtype=np.uint8))], most=20, seed=4)
    np.testing.assert_array_equal(dataset.images[:, 0, 0], dataset.labels)
    assert (len(dataset), dataset.total) == (20, 200)


def test_open_files_stay_open_and_give_their_names():
    files = [named(idx(IMAGES), "img.idx"), named(idx(LABELS), "lab.idx")]
    dataset = read_dataset(files)
    assert dataset.name == "img.idx"
    assert not any(file.closed for file in files)


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        ([idx(IMAGES)], "has IDX images, but the labels are a file of their own"),
        ([idx(LABELS)], "has IDX labels, but the images are a file of their own"),
        ([idx(IMAGES), idx(IMAGES)], "labels are a file of their own"),
        ([idx(IMAGES), b"something else"], "not an IDX file"),
        ([idx(IMAGES), idx(LABELS[:4])], "5 images, but there are 4 labels"),
        ([idx(IMAGES)[:-1], idx(LABELS)], "ends before"),
        ([idx(IMAGES), idx(LABELS)[:-1]], "ends before"),
        ([gzip.compress(idx(IMAGES))[:-12], idx(LABELS)], "ends before|damaged"),
        ([idx(IMAGES[:0]), idx(LABELS[:0])], "has no images"),
        ([idx(IMAGES[:, :1]), idx(LABELS)], "must have the shape"),
        ([struct.pack(">BBBB3I", 0, 0, 8, 3, 5, 60_000, 60_000), idx(LABELS)], "MISREAD_DATASET_PIXELS"),
        ([idx(IMAGES), struct.pack(">BBBBI", 0, 0, 8, 1, 2**32 - 1)], "which cannot be right"),
        ([idx(IMAGES)[:6], idx(LABELS)], "not an IDX file|ends before"),
    ],
    ids=range(13),
)
def test_files_that_do_not_belong_together_are_refused_with_a_sentence(files, sentence):
    with pytest.raises(DatasetError, match=sentence):
        read_dataset(files)


def test_a_gzip_bomb_is_stopped():
    blank = np.zeros((3000, 50, 50), np.uint8)
    bomb = gzip.compress(idx(blank))
    labels = idx(np.zeros(3000, np.uint8))
    assert len(bomb) < 20_000
    with pytest.raises(DatasetError, match="MISREAD_DATASET_UNPACKED"):
        read_dataset([bomb, labels], limits=DatasetLimits(unpacked=1_000_000), most=10)
    with pytest.raises(DatasetError, match="MISREAD_DATASET_UNPACKED"):
        read_dataset(
            gzip.compress(b"1,2,3,4,5\n" * 300_000), limits=DatasetLimits(unpacked=1_000_000), most=10
        )
