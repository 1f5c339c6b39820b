"""Claims about zips with a list of labels, as Keras's flow_from_dataframe takes them."""

import io
import json
import zipfile

import cv2
import numpy as np
import pytest

from lib.dataset import Dataset, DatasetError, read_dataset


def png(level: int) -> bytes:
    return cv2.imencode(".png", np.full((6, 6), level, np.uint8))[1].tobytes()


def zipped(files: dict[str, bytes | str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


PICTURES = {f"images/{i}.png": png(10 * i) for i in range(4)}


def levels(dataset: Dataset) -> dict[int, str]:
    """Gray level -> class name."""
    assert isinstance(dataset.images, np.ndarray)
    return {
        int(image[0, 0]): dataset.class_names[label]
        for image, label in zip(dataset.images, dataset.labels, strict=True)
    }


EXPECTED = {0: "cat", 10: "dog", 20: "dog", 30: "cat"}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("labels.csv", "filename,class\n0.png,cat\n1.png,dog\n2.png,dog\n3.png,cat\n"),
        (
            "labels.csv",
            "class,comment,filename\ncat,x,images/0.png\ndog,,images/1.png\ndog,,images/2.png\ncat,,images/3.png",
        ),
        ("train.csv", "id,label\n0,cat\n1,dog\n2,dog\n3,cat\n"),
        ("labels.txt", "0.png cat\n1.png dog\n2.png dog\n3.png cat\n"),
        ("labels.tsv", "images\\0.png\tcat\nimages\\1.png\tdog\nimages\\2.png\tdog\nimages\\3.png\tcat\n"),
        ("labels.csv", '\ufeff"0.png";"cat"\r\n"1.png";"dog"\r\n"2.png";"dog"\r\n"3.png";"cat"\r\n'),
    ],
    ids=["header", "any order", "ids", "spaces", "backslashes", "quotes"],
)
def test_a_list_gives_the_labels_however_it_is_written(name: str, text: str) -> None:
    dataset = read_dataset(zipped({**PICTURES, name: text}), "pets.zip")
    assert levels(dataset) == EXPECTED and dataset.class_names == ("cat", "dog")
    assert f"The labels were read from “{name}”." in dataset.notes


@pytest.mark.parametrize("names", [{"cat": 0, "dog": 1}, ["cat", "dog"], {"0": "cat", "1": "dog"}])
def test_class_indices_name_the_numbers(names: object) -> None:
    files = {
        **PICTURES,
        "labels.csv": "0.png,0\n1.png,1\n2.png,1\n3.png,0\n",
        "class_indices.json": json.dumps(names),
    }
    assert levels(read_dataset(zipped(files), "pets.zip")) == EXPECTED


def test_pictures_that_are_not_listed_are_left_out_and_told() -> None:
    dataset = read_dataset(
        zipped({**PICTURES, "labels.csv": "0.png,cat\n1.png,dog\n2.png,dog\n"}), "pets.zip"
    )
    assert len(dataset) == 3 and "1 pictures that it does not list were left out." in dataset.notes


def test_folders_win_over_a_text_that_lists_nothing() -> None:
    files = {"cat/0.png": png(0), "dog/1.png": png(10), "readme.txt": "Some pets, for training."}
    assert levels(read_dataset(zipped(files), "pets.zip")) == {0: "cat", 10: "dog"}


def test_a_json_that_makes_no_sense_leaves_the_numbers() -> None:
    files = {
        **PICTURES,
        "labels.csv": "0.png,0\n1.png,1\n2.png,1\n3.png,0\n",
        "x.json": "[" * 100_000,
        "y.json": '{"a": 7}',
    }
    assert set(levels(read_dataset(zipped(files), "pets.zip")).values()) == {"0", "1"}


def test_a_list_that_is_no_text_is_refused() -> None:
    with pytest.raises(DatasetError, match="not text in UTF-8"):
        read_dataset(zipped({**PICTURES, "labels.csv": b"\0\1\2\3"}), "pets.zip")
