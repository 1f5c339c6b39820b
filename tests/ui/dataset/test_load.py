"""Claims about reading an upload: its memory is free before the images take it."""

import io
import weakref

import numpy as np
from streamlit import config

from lib.dataset import DatasetLimits
from lib.dataset.packing import Unfinished
from lib.ui.dataset.load import start_reading


class Upload(io.BytesIO):
    """As Streamlit keeps one: in memory."""

    name = "letters.csv"


def test_an_upload_is_let_go_before_its_images_are_unpacked(monkeypatch):
    upload = Upload(b"".join(b"A," + b",".join([b"7"] * 16) + b"\n" for _ in range(20)))
    known, alive = weakref.ref(upload), []
    finish = Unfinished.finish

    def watched(unfinished):
        alive.append(known() is not None)
        return finish(unfinished)

    monkeypatch.setattr(Unfinished, "finish", watched)
    files = [upload]
    del upload
    work = start_reading(files, None)
    del files
    assert work.done.wait(20) and not work.error
    assert alive == [False]
    assert work.result.images.shape == (20, 4, 4) and (work.result.images == 7).all()


def test_of_a_file_with_both_parts_the_test_part_is_measured():
    file = io.BytesIO()
    images = np.random.default_rng(0).integers(0, 256, (6, 5, 5), np.uint8)
    np.savez(file, x_train=images, y_train=np.zeros(6), x_test=images[:2], y_test=np.ones(2))
    upload = Upload(file.getvalue())
    upload.name = "mine.npz"
    work = start_reading([upload], None)
    assert work.done.wait(20) and not work.error
    assert len(work.result) == 2 and set(work.result.labels.tolist()) == {1}
    assert "x_test" in work.result.notes[0] and "other parts" in work.result.notes[0]


def test_the_server_takes_files_as_large_as_the_form_promises():
    assert config.get_option("server.maxUploadSize") * 2**20 >= DatasetLimits().bytes
