"""Claims about reading images and labels out of an npz file."""

import io
import struct
import tracemalloc
import zipfile

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from lib.dataset import DatasetError, DatasetLimits, read_dataset


def npz(compressed=True, **named):
    buffer = io.BytesIO()
    (np.savez_compressed if compressed else np.savez)(buffer, **named)
    return buffer.getvalue()


IMAGES = np.random.default_rng(0).integers(0, 256, (6, 5, 4), np.uint8)
LABELS = np.array([0, 2, 1, 2, 0, 1])


@settings(deadline=None)
@given(
    images=arrays.arrays(np.uint8, st.tuples(*[st.integers(2, 6)] * 3)),
    data=st.data(),
    compressed=st.booleans(),
    fortran=st.booleans(),
    dtype=st.sampled_from([np.uint8, np.int16, np.int64, np.float32, np.dtype(">f8")]),
)
def test_what_was_saved_is_read_back(images, data, compressed, fortran, dtype):
    images[0, 0, 0] = 200
    labels = np.array(data.draw(st.lists(st.integers(0, 9), min_size=len(images), max_size=len(images))))
    stored = np.asarray(images.astype(dtype), order="F" if fortran else "C")
    dataset = read_dataset(npz(compressed, images=stored, labels=labels))
    np.testing.assert_array_equal(dataset.images, images)
    np.testing.assert_array_equal(dataset.labels, labels)


@pytest.mark.parametrize(
    ("images", "labels"),
    [
        ("images", "labels"),
        ("x_train", "y_train"),
        ("X", "y"),
        ("data", "target"),
        ("train_images", "train_labels"),
    ],
)
def test_the_usual_names_are_known(images, labels):
    dataset = read_dataset(npz(**{images: IMAGES, labels: LABELS}))
    np.testing.assert_array_equal(dataset.images, IMAGES)
    np.testing.assert_array_equal(dataset.labels, LABELS)


def test_other_names_are_taken_if_only_one_pair_fits():
    dataset = read_dataset(npz(pictures=IMAGES, kinds=LABELS, mean=np.float32(3)))
    np.testing.assert_array_equal(dataset.labels, LABELS)
    assert "“pictures” was taken for the images" in dataset.notes[0]
    with pytest.raises(DatasetError, match=r"It holds pictures \(6, 5, 4\), kinds \(6,\), others \(6,\)"):
        read_dataset(npz(pictures=IMAGES, kinds=LABELS, others=LABELS))


def test_the_part_that_is_asked_for_is_read():
    both = npz(x_train=IMAGES, y_train=LABELS, x_test=IMAGES[:2], y_test=LABELS[:2])
    train, test = read_dataset(both), read_dataset(both, part="test")
    assert (len(train), len(test)) == (6, 2)
    assert "other parts" in train.notes[0]


@pytest.mark.parametrize(
    ("stored", "shape"),
    [
        (IMAGES.reshape(6, 5, 4, 1), (6, 5, 4)),
        (np.zeros((6, 16), np.uint8), (6, 4, 4)),
        (np.zeros((6, 12), np.uint8), (6, 2, 2, 3)),
        (np.zeros((6, 5, 4, 3), np.uint8), (6, 5, 4, 3)),
        (np.zeros((6, 3, 5, 4), np.uint8), (6, 5, 4, 3)),
        (np.zeros((6, 1, 5, 4), np.uint8), (6, 5, 4)),
    ],
)
def test_the_usual_layouts_become_images(stored, shape):
    assert read_dataset(npz(images=stored, labels=LABELS)).images.shape == shape


def test_channels_first_are_put_last():
    colour = np.random.default_rng(1).integers(0, 256, (6, 5, 4, 3), np.uint8)
    dataset = read_dataset(npz(images=np.moveaxis(colour, 3, 1), labels=LABELS))
    np.testing.assert_array_equal(dataset.images, colour)
    assert "channels first" in dataset.notes[0]


@pytest.mark.parametrize(
    ("stored", "note"),
    [
        (IMAGES / np.float32(255), "between 0 and 1"),
        (IMAGES / 127.5 - 1, "between -1 and 1"),
        (IMAGES + 0.2, "rounded"),
    ],
)
def test_scaled_images_are_scaled_back_and_it_is_said(stored, note):
    dataset = read_dataset(npz(images=stored, labels=LABELS))
    np.testing.assert_array_equal(dataset.images, IMAGES)
    assert note in dataset.notes[0]


def test_booleans_are_black_and_white():
    dataset = read_dataset(npz(images=IMAGES > 128, labels=LABELS))
    np.testing.assert_array_equal(dataset.images, np.where(IMAGES > 128, 255, 0))


@pytest.mark.parametrize("wrong", [np.nan, np.inf, -300.0, 5000.0])
def test_an_image_with_an_impossible_value_is_left_out_and_told(wrong):
    stored = IMAGES.astype(np.float64)
    stored[3, 1, 2] = wrong
    dataset = read_dataset(npz(images=stored, labels=LABELS))
    assert (dataset.bad_count, len(dataset), dataset.total) == (1, 5, 5)
    assert dataset.bad_rows[0].startswith("Image 3: a value of ")
    np.testing.assert_array_equal(dataset.labels, np.delete(LABELS, 3))
    np.testing.assert_array_equal(dataset.images, np.delete(IMAGES, 3, axis=0))


def test_images_that_are_all_impossible_are_refused():
    with pytest.raises(DatasetError, match=r"no image that can be read\. Image 0: a value of nan"):
        read_dataset(npz(images=np.full((2, 3, 3), np.nan), labels=[0, 1]))


@pytest.mark.parametrize(
    ("labels", "names", "expected"),
    [
        (np.array(list("CABCAB")), ("A", "B", "C"), [2, 0, 1, 2, 0, 1]),
        (np.array([b"x", b"y"] * 3), ("x", "y"), [0, 1] * 3),
        (np.eye(3)[LABELS], ("0", "1", "2"), LABELS),
        (LABELS[:, None], ("0", "1", "2"), LABELS),
        (LABELS.astype(np.float32), ("0", "1", "2"), LABELS),
        (LABELS + 5, tuple("01234567"), LABELS + 5),
        (LABELS + 70_000, ("70000", "70001", "70002"), LABELS),
    ],
)
def test_labels_of_every_kind_are_understood(labels, names, expected):
    dataset = read_dataset(npz(images=IMAGES, labels=labels))
    assert dataset.class_names == names
    np.testing.assert_array_equal(dataset.labels, expected)


def test_numbers_get_the_names_that_the_file_has():
    dataset = read_dataset(npz(images=IMAGES, labels=LABELS, class_names=np.array(["cat", "dog\n", "emu"])))
    assert dataset.class_names == ("cat", "dog", "emu")


@pytest.mark.parametrize(
    ("named", "sentence"),
    [
        ({"images": IMAGES}, "must hold images and labels"),
        ({"images": IMAGES, "labels": LABELS[:4]}, "of the same length"),
        ({"images": IMAGES[:0], "labels": LABELS[:0]}, "of the same length"),
        ({"images": IMAGES.astype(complex), "labels": LABELS}, "must hold images"),
        ({"images": IMAGES.astype("U"), "labels": LABELS}, "must hold images"),
        ({"images": np.zeros((6, 17)), "labels": LABELS}, r"must have the shape .* not \(6, 17\)"),
        ({"images": np.zeros((6, 5, 4, 2)), "labels": LABELS}, r"not \(6, 5, 4, 2\)"),
        ({"images": IMAGES, "labels": LABELS - 1}, "labels start at 0"),
        ({"images": IMAGES, "labels": LABELS + 0.5}, "neither a whole number nor a name"),
        ({"images": IMAGES, "labels": np.ones((6, 3))}, "one-hot"),
        ({"images": IMAGES, "labels": np.full(6, np.nan)}, "the label is nan"),
    ],
    ids=str,
)
def test_arrays_that_are_no_data_set_are_refused_with_a_sentence(named, sentence):
    with pytest.raises(DatasetError, match=sentence):
        read_dataset(npz(**named))


def test_pickled_objects_are_never_opened():
    class Bomb:
        def __reduce__(self):
            return (exec, ("raise SystemExit('a pickle was run')",))

    with pytest.raises(DatasetError, match="“labels” holds Python objects"):
        read_dataset(npz(images=IMAGES, labels=np.array([Bomb()] * 6, dtype=object)))


def header(shape, dtype="|u1", extra=b""):
    text = f"{{'descr': '{dtype}', 'fortran_order': False, 'shape': {shape}, }}".encode()
    text += b" " * (117 - len(text) % 64) + b"\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text + extra


def zipped(**entries):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries.items():
            archive.writestr(f"{name}.npy", data)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("entry", "sentence"),
    [
        (header("(6, 100000, 100000)"), "more than the file holds"),
        (header("(6, -5, 4)"), "more than the file holds"),
        (header("(6, 99999999999999999999999, 4)"), "more than the file holds|not a numpy array"),
        (header("(6, 5, 4)", extra=b"x" * 10), "more than the file holds|ends before"),
        (header("(6, 5, 4)", "|O"), "Python objects"),
        (header("__import__('os').abort()"), "not a numpy array"),
        (header("(" * 5000), "not a numpy array"),
        (b"\x93NUMPY\x09\x00" + bytes(100), "not a numpy array"),
        (b"", "not a numpy array"),
        (b"garbage" * 20, "not a numpy array"),
    ],
    ids=range(10),
)
def test_headers_that_lie_are_refused_before_anything_is_allocated(entry, sentence):
    labels = header("(6,)", extra=bytes(6))
    with pytest.raises(DatasetError, match=sentence):
        read_dataset(zipped(images=entry, labels=labels))


def test_an_array_that_unpacks_to_too_much_is_refused():
    data = npz(images=np.zeros((2000, 28, 28), np.uint8), labels=np.zeros(2000, int))
    assert len(data) < 20_000
    with pytest.raises(DatasetError, match="MISREAD_DATASET_UNPACKED"):
        read_dataset(data, limits=DatasetLimits(unpacked=1_000_000))
    with pytest.raises(DatasetError, match="MISREAD_DATASET_PIXELS"):
        read_dataset(data, limits=DatasetLimits(pixels=1_000_000))
    with pytest.raises(DatasetError, match="more than 100 images"):
        read_dataset(data, limits=DatasetLimits(images=100))
    assert len(read_dataset(data, limits=DatasetLimits(images=100), most=1000)) == 100


def test_a_damaged_file_is_refused():
    images = np.random.default_rng(0).integers(0, 256, (200, 28, 28), np.uint8)
    data = bytearray(npz(compressed=False, images=images, labels=np.zeros(200, int)))
    data[data.index(images.tobytes()[-20:])] ^= 255
    with pytest.raises(DatasetError, match="could not be read to its end: it is damaged"):
        read_dataset(bytes(data))


@pytest.mark.parametrize("dtype", [np.bool_, np.int16])
def test_an_array_in_fortrans_order_is_converted_a_part_at_a_time(dtype):
    stored = np.zeros((20_000, 32, 32), dtype, order="F")
    stored[:, 3] = 1
    file = npz(images=stored, labels=np.arange(20_000) % 2)
    tracemalloc.start()
    try:
        images = read_dataset(file).images
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert (
        images.shape == (20_000, 32, 32) and (images[:, 3] == 255).all() and images.sum() == 20_000 * 32 * 255
    )
    # The array as it was read, its bytes, and the images; all at once it was thirty-five times the array.
    assert peak < 3 * stored.nbytes + 60_000_000 + images.nbytes
