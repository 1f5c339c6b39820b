"""Claims about reading the Kaggle A-Z CSV format."""

import numpy as np
import pytest

import lib.training.kaggle_csv as kaggle_csv
from lib.training.kaggle_csv import read_kaggle_csv


def rows(count: int) -> tuple[np.ndarray, list[str]]:
    table = np.random.default_rng(0).integers(0, 256, (count, 785))
    table[:, 0] %= 26
    return table, [",".join(map(str, row)) for row in table]


@pytest.fixture
def write(tmp_path):
    def write_lines(lines, ending="\n"):
        path = tmp_path / "letters.csv"
        path.write_bytes(ending.join(lines).encode())
        return path

    return write_lines


def test_labels_and_pixels_come_back_in_order(write):
    table, lines = rows(7)
    images, labels = read_kaggle_csv(write(lines))
    assert images.dtype == np.uint8
    np.testing.assert_array_equal(images.reshape(7, 784), table[:, 1:])
    np.testing.assert_array_equal(labels, table[:, 0])


def test_the_file_is_read_in_blocks_of_any_size(write, monkeypatch):
    table, lines = rows(7)
    monkeypatch.setattr(kaggle_csv, "_ROWS_AT_ONCE", 3)
    images, labels = read_kaggle_csv(write(lines))
    np.testing.assert_array_equal(images.reshape(7, 784), table[:, 1:])
    np.testing.assert_array_equal(labels, table[:, 0])


@pytest.mark.parametrize(
    "header",
    [
        "label," + ",".join(f"pixel{i}" for i in range(784)),
        "0," + ",".join(["0"] + [f"0.{i}" for i in range(1, 784)]),
    ],
)
def test_a_header_is_skipped_also_the_one_that_pandas_makes_of_zeros(write, header):
    table, lines = rows(3)
    images, labels = read_kaggle_csv(write([header, *lines]))
    np.testing.assert_array_equal(labels, table[:, 0])
    assert len(images) == 3


def test_empty_lines_a_byte_order_mark_and_windows_line_ends_do_not_matter(write):
    table, lines = rows(3)
    _, labels = read_kaggle_csv(write(["\ufeff" + lines[0], "", *lines[1:], ""], ending="\r\n"))
    np.testing.assert_array_equal(labels, table[:, 0])


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda line: line + ",5", r"line 4: 786 fields, but a row is a label and 784 pixels"),
        (
            lambda line: "A" + line[line.index(",") :],
            r"line 4: the label is 'A', which is not a whole number",
        ),
        (lambda line: "26" + line[line.index(",") :], r"line 4: the label is 26; it should be 0 \(A\) to 25"),
        (lambda line: line.rsplit(",", 1)[0] + ",256", r"line 4: pixel 784 is 256; pixels are 0 to 255"),
        (lambda line: line.rsplit(",", 1)[0] + ",-1", r"line 4: pixel 784 is -1"),
        (
            lambda line: line.rsplit(",", 1)[0] + ",0.5",
            r"line 4: pixel 784 is '0.5', which is not a whole number",
        ),
        (lambda line: line.rsplit(",", 1)[0] + ",", r"line 4: pixel 784 is '', which is not a whole number"),
    ],
)
def test_a_malformed_row_is_named_with_its_line_and_its_fault(write, change, sentence):
    _, lines = rows(5)
    with pytest.raises(ValueError, match=sentence):
        read_kaggle_csv(write([*lines[:2], "", change(lines[2]), *lines[3:]]))


def test_a_first_line_with_another_number_of_fields_is_no_header(write):
    _, lines = rows(2)
    with pytest.raises(ValueError, match="line 1: 3 fields"):
        read_kaggle_csv(write(["label,a,b", *lines]))


def test_a_file_without_rows_is_refused(write):
    with pytest.raises(ValueError, match="no rows"):
        read_kaggle_csv(write([""]))
