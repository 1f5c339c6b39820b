"""Claims about reading CSV rows of labelled images."""

import io
import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from lib.dataset import DatasetError, DatasetLimits, read_dataset
from lib.dataset.csv_rows import read_csv
from lib.dataset.guards import Request, Watch


def text_of(images, labels, delimiter=",", header=False, end="\n"):
    """The CSV of images (N, ...) with labels of any kind."""
    rows = [[str(label), *map(str, image.ravel())] for image, label in zip(images, labels, strict=True)]
    lines = [delimiter.join(["label", *(f"pixel{i}" for i in range(images[0].size))])] if header else []
    lines += [delimiter.join(row) for row in rows]
    return (end.join(lines) + end).encode()


SMALL = np.arange(2 * 3 * 3, dtype=np.uint8).reshape(2, 3, 3) * 14


@settings(deadline=None)
@given(
    images=st.tuples(st.integers(1, 9), st.integers(2, 5)).flatmap(
        lambda s: arrays.arrays(np.uint8, (s[0], s[1], s[1]))
    ),
    data=st.data(),
    delimiter=st.sampled_from([",", ";", "\t"]),
    header=st.booleans(),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
)
def test_what_was_written_is_read_back(images, data, delimiter, header, end):
    images[0, 0, 0] = 200  # an all 0/1 file is a case of its own
    labels = data.draw(st.lists(st.integers(0, 30), min_size=len(images), max_size=len(images)))
    dataset = read_dataset(text_of(images, labels, delimiter, header, end), "rows.csv")
    np.testing.assert_array_equal(dataset.images, images)
    np.testing.assert_array_equal(dataset.labels, labels)
    assert dataset.class_names == tuple(str(i) for i in range(max(labels) + 1))
    assert (dataset.bad_count, dataset.total) == (0, len(images))


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace(b",", b", "),
        lambda text: b"".join(b'"' + line.replace(b",", b'","') + b'"\n' for line in text.splitlines()),
        lambda text: b"\xef\xbb\xbf" + text,
        lambda text: text.rstrip(b"\n"),
        lambda text: b"\n" + text.replace(b"\n", b"\n\n"),
        lambda text: b"\n".join(line.replace(b",", b".0,") + b".0" for line in text.splitlines()),
    ],
    ids=["spaces", "quotes", "byte order mark", "no last line end", "empty lines", "whole floats"],
)
def test_harmless_ways_of_writing_do_not_matter(change):
    dataset = read_dataset(change(text_of(SMALL, [3, 0])))
    np.testing.assert_array_equal(dataset.images, SMALL)
    np.testing.assert_array_equal(dataset.labels, [3, 0])
    assert dataset.bad_count == 0


def test_letters_become_classes_in_alphabetical_order():
    dataset = read_dataset(text_of(SMALL[[0, 1, 0]], ["C", "A", "C"]))
    assert dataset.class_names == ("A", "C")
    np.testing.assert_array_equal(dataset.labels, [1, 0, 1])


def test_colour_rows_are_read_pixel_by_pixel_and_said_to_be():
    colour = np.random.default_rng(0).integers(0, 256, (2, 4, 4, 3), np.uint8)
    dataset = read_dataset(text_of(colour, [0, 1]))
    np.testing.assert_array_equal(dataset.images, colour)
    assert "4 x 4 in colour" in dataset.notes[0]


def test_a_label_in_the_last_column_is_found_by_the_header():
    lines = ["a,b,c,d,label", "10,20,30,40,7"]
    dataset = read_dataset("\n".join(lines).encode())
    np.testing.assert_array_equal(dataset.images, [[[10, 20], [30, 40]]])
    assert dataset.labels[0] == 7


def test_the_header_that_pandas_makes_of_a_first_row_is_skipped():
    dataset = read_dataset(b"0,0.1,0.2,0.3,0.4\n5,10,20,30,40\n")
    np.testing.assert_array_equal(dataset.labels, [5])


def test_fractions_are_taken_times_255():
    dataset = read_dataset(b"1,0.0,0.5,1.0,0.2\n2,1,1,0,0.004\n3,1.5,0,0,0\n")
    np.testing.assert_array_equal(dataset.images.reshape(2, 4), [[0, 128, 255, 51], [255, 255, 0, 1]])
    assert "fractions from 0 to 1" in dataset.notes[0]
    assert dataset.bad_rows == (
        "Line 3: pixel 1 is 1.5, which is not a number from 0 to 1 as in the other rows.",
    )


def test_zeros_and_ones_are_taken_times_255():
    dataset = read_dataset(b"1,0,1,1,0\n")
    np.testing.assert_array_equal(dataset.images.ravel(), [0, 255, 255, 0])
    assert "0 or 1" in dataset.notes[0]


GOOD = "4,1,2,3,40"


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("4,1,2,3", "4 values, but a row is a label and 4 pixels"),
        ("4,1,2,3,4,5", "6 values, but a row is a label and 4 pixels"),
        ("4,1,256,3,4", "pixel 2 is 256, which is not a whole number from 0 to 255"),
        ("4,1,-2,3,4", "pixel 2 is -2, which is not a whole number from 0 to 255"),
        ("4,1,2.5,3,4", "pixel 2 is 2.5, which is not a whole number from 0 to 255"),
        ("4,1,nan,3,4", "pixel 2 is nan, which is not a number"),
        ("4,1,inf,3,4", "pixel 2 is inf, which is not a number"),
        ("4,1,1e999,3,4", "pixel 2 is 1e999, which is not a whole number from 0 to 255"),
        ("4,1,1_0,3,4", "pixel 2 is 1_0, which is not a number"),
        ("4,1,,3,4", "pixel 2 is empty, which is not a number"),
        ("4,1,<b>,3,4", "pixel 2 is <b>, which is not a number"),
        ("4,1,٣,3,4", "pixel 2 is ٣, which is not a number"),
        ("4,1," + "0" * 500 + ",3,4", "pixel 2 is 00000000000000000000, which is not a number"),
        (",1,2,3,4", "the label is empty"),
        ("-1,1,2,3,4", "the label is -1; labels start at 0"),
        ("1.5,1,2,3,4", "the label is 1.5, which is neither a whole number nor a name"),
        ("nan,1,2,3,4", "the label is nan, which is neither a whole number nor a name"),
    ],
)
def test_a_bad_row_is_left_out_and_told_with_its_line(row, reason):
    dataset = read_dataset("\n".join([GOOD, GOOD, row, GOOD, ""]).encode())
    assert dataset.bad_rows == (f"Line 3: {reason}.",)
    assert (len(dataset), dataset.bad_count, dataset.total) == (3, 1, 3)


def test_of_many_bad_rows_all_are_counted_and_twenty_are_told():
    lines = [GOOD] + ["4,1,x,3,4"] * 50
    dataset = read_dataset("\n".join(lines).encode())
    assert dataset.bad_count == 50
    assert len(dataset.bad_rows) == 20
    assert dataset.bad_rows[-1].startswith("Line 21:")


def test_line_numbers_go_on_across_blocks(monkeypatch):
    monkeypatch.setattr("lib.dataset.csv_rows._BLOCK", 7)
    lines = ["label,a,b,c,d", *[GOOD] * 9, "4,1,2,3", GOOD]
    for end in ("\n", "\r\n", "\r"):
        dataset = read_dataset(end.join(lines).encode())
        assert dataset.bad_rows == ("Line 11: 4 values, but a row is a label and 4 pixels.",)
        assert len(dataset) == 10


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "is empty"),
        (b"\n\n  \n", "no rows"),
        (b"label,a,b,c,d\n", "no row that can be read"),
        (b"Dear reader,\nthis is a letter.\n", "not values between commas"),
        (b"just words\nand more\n", "not values between commas"),
        (b"1,2,3,4,5,6\n" * 3, "row number"),
        (b"1,2,3,4\n" * 3, "label seems to be missing"),
        ("label,1,2,3,4\n".encode("utf-16"), "UTF-16"),
        (bytes(range(256)) * 10, "not a data set"),
        (b"a" * 3_000_000, "one line has more than 2 MB"),
        (b"1" + b",0" * 1_500_000, "one line has more than 2 MB"),
        (b"1,2,3,4,300\n" * 2_000, "Line 1: pixel 4 is 300"),
    ],
    ids=lambda value: str(value)[:20],
)
def test_what_is_no_such_csv_is_refused_with_a_sentence(data, sentence):
    with pytest.raises(DatasetError, match=sentence) as caught:
        read_dataset(data, "file.csv")
    assert "“file.csv”" in str(caught.value)


def test_labels_that_never_repeat_are_refused():
    data = "".join(f"{i},1,2,3,{i % 200}\n" for i in range(50)).encode()
    with pytest.raises(DatasetError, match="more than 20 different labels"):
        read_dataset(data, limits=DatasetLimits(classes=20))


def test_the_number_of_images_and_their_memory_are_bounded():
    data = (GOOD + "\n").encode() * 30
    with pytest.raises(DatasetError, match="more than 20 images"):
        read_dataset(data, limits=DatasetLimits(images=20))
    with pytest.raises(DatasetError, match="MISREAD_DATASET_PIXELS"):
        read_dataset(data, limits=DatasetLimits(pixels=100))
    assert len(read_dataset(data, limits=DatasetLimits(pixels=100), most=1000)) == 25


class Endless(io.RawIOBase):
    """A stream of `rows` equal lines that never exists as a whole."""

    def __init__(self, line: bytes, rows: int) -> None:
        self.line, self.left, self.rest, self.largest = line, rows, b"", 0

    def read(self, count=-1):
        self.largest = max(self.largest, count)
        while len(self.rest) < count and self.left:
            take = min(self.left, 1 + count // len(self.line))
            self.rest += self.line * take
            self.left -= take
        data, self.rest = self.rest[:count], self.rest[count:]
        return data


def test_memory_is_that_of_the_pixels_not_of_the_text(monkeypatch):
    monkeypatch.setattr("lib.dataset.csv_rows._BLOCK", 200_000)
    monkeypatch.setattr("lib.dataset.packing.SLAB", 1_000_000)
    line = b"3," + b",".join([b"255"] * 784) + b"\n"
    rows = 6_000  # 19 MB of text, 4.7 MB of pixels
    stream = Endless(line, rows)
    tracemalloc.start()
    try:
        limits = DatasetLimits()
        found = read_csv(stream, 0, Request("", limits, Watch("", limits, None, None)))
        packed = found.images.nbytes
        dataset = found.finish()
        kept = read_csv(Endless(line, rows), 0, Request("", limits, Watch("", limits, None, None), most=100))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert dataset.images.shape == (rows, 28, 28)
    assert dataset.images.min() == 255
    assert len(kept) == 100 and kept.total == rows
    assert stream.largest == 200_000
    # The images once, and one block with its index arrays; the text would be 19 MB more.
    assert packed < 1_000_000 and peak < dataset.images.nbytes + 8_000_000
