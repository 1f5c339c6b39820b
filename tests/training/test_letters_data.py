"""Claims about what letters are read and how they are split."""

import numpy as np
import pytest

from lib.training.letters_data import read_letters


def save_unipen(folder, count=600, writers=60):
    """Letters whose brightness tells their writer: 1 to `writers`; every tenth writer is a test writer."""
    writer = np.arange(count) % writers
    images = np.zeros((count, 30, 30), np.uint8)
    images[:, 5:25, 10:20] = (writer + 1)[:, None, None]
    support = np.ones(count, np.float32)
    support[::7] = 0
    np.savez(
        folder / "unipen_upper.npz",
        images=images,
        labels=np.arange(count, dtype=np.int16) % 26,
        writer=writer,
        is_test=(writer % 10 == 0).astype(np.uint8),
        knn_support=support,
    )


def writers_of(letters):
    return set(letters.images.max((1, 2)).tolist())


def test_no_writer_is_in_two_parts(tmp_path):
    save_unipen(tmp_path)
    data = read_letters(tmp_path)
    parts = [
        writers_of(p) for p in (data.fit, data.validation, data.held_out, data.tests["unipen new writers"])
    ]
    assert [len(part) for part in parts] == [48, 3, 3, 6]
    assert len(set.union(*parts)) == 60


def test_suspect_labels_leave_the_part_to_fit_and_no_other(tmp_path):
    save_unipen(tmp_path)
    data = read_letters(tmp_path)
    assert len(data.tests["unipen new writers"]) == 60
    assert len(data.validation) == len(data.held_out) == 30
    assert 0 < 480 - len(data.fit) < 100


def test_the_split_is_the_same_every_time(tmp_path):
    save_unipen(tmp_path)
    first, second = read_letters(tmp_path), read_letters(tmp_path)
    np.testing.assert_array_equal(first.validation.images, second.validation.images)
    np.testing.assert_array_equal(first.fit.labels, second.fit.labels)


def test_every_file_of_a_folder_is_used_as_it_should_be(tmp_path):
    save_unipen(tmp_path)
    images = np.zeros((100, 34, 34), np.uint8)
    images[:, 7:27, 10:14] = 255
    labels = np.arange(100) % 26
    is_test = np.arange(100) < 20
    np.savez(tmp_path / "mohneesh_az.npz", images=images, labels=labels, is_test=is_test.astype(np.uint8))
    part = np.where(is_test, "uniform", "original")
    np.savez(tmp_path / "az_kaggle_sample.npz", images=images[:, :28, :28], labels=labels, part=part)
    np.savez(tmp_path / "chars74k_hnd.npz", images=255 - images, labels=np.arange(100) % 62)
    np.savez(tmp_path / "tessalonica_az.npz", images=images, labels=labels)
    data = read_letters(tmp_path)

    assert {name: len(letters) for name, letters in data.tests.items()} == {
        "unipen new writers": 60,
        "kaggle format": 20,
        "kaggle format, centred by bounding box as stored": 20,
        "mohneesh test": 20,
        # 62 characters and 38 of the next round: capitals are 10 to 35 of both.
        "chars74k capitals (external)": 52,
        "tessalonica mouse-drawn (external)": 100,
    }
    chars = data.tests["chars74k capitals (external)"]
    assert set(chars.labels.tolist()) == set(range(26))
    assert (chars.images[:, 0, 0] == 0).all()
    assert (chars.images.max((1, 2)) == 255).all()
    assert data.centre == "centre of mass"
    assert len(data.sources) == 5
    unipen = next(source for source in data.sources if source.name.startswith("UNIPEN"))
    assert "CC BY 4.0" in unipen.licence
    assert "research use only" in unipen.licence
    # All parts are in normal form: the bar of 20 x 4 pixels in the middle.
    assert (data.fit.images[-1, 4:24, 12:16] == 255).all()


def test_a_csv_is_split_at_random_and_used_as_it_is(tmp_path):
    table = np.zeros((100, 785), int)
    table[:, 0] = np.arange(100) % 26
    table[:, 1] = np.arange(100)
    path = tmp_path / "letters.csv"
    path.write_text("\n".join(",".join(map(str, row)) for row in table))
    data = read_letters(path)
    parts = [data.fit, data.validation, data.held_out, data.tests["random split of the CSV"]]
    assert [len(part) for part in parts] == [70, 5, 5, 20]
    corners = np.concatenate([part.images[:, 0, 0] for part in parts])
    assert sorted(corners.tolist()) == list(range(100))
    assert corners.tolist() != list(range(100))
    np.testing.assert_array_equal(data.fit.labels, data.fit.images[:, 0, 0] % 26)
    assert data.centre == "bounding box"
    assert any("random split" in limit for limit in data.limits)


def test_what_cannot_be_used_is_refused_with_a_sentence(tmp_path):
    with pytest.raises(FileNotFoundError, match="nowhere"):
        read_letters(tmp_path / "nowhere")
    with pytest.raises(ValueError, match=r"none of the training files unipen_upper\.npz"):
        read_letters(tmp_path)
    np.savez(tmp_path / "unipen_upper.npz", images=np.zeros((1, 5, 5), np.uint8))
    with pytest.raises(ValueError, match=r"unipen_upper\.npz lacks an array: .*labels"):
        read_letters(tmp_path)
    (tmp_path / "unipen_upper.npz").write_bytes(b"PK damaged")
    with pytest.raises(ValueError, match=r"unipen_upper\.npz is not a usable npz file"):
        read_letters(tmp_path)


def test_a_csv_too_short_to_split_is_refused(tmp_path):
    (tmp_path / "short.csv").write_text(",".join(["0"] * 785))
    with pytest.raises(ValueError, match="only 1 rows"):
        read_letters(tmp_path / "short.csv")
