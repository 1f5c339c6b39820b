"""Claims about a teaching: which pictures it gets, what it refuses, and its ends. The process is replaced by a call."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import keras
import numpy as np
import pytest

from lib.batchnorm import process
from lib.batchnorm.settings import TrainingLimits
from lib.contract import Contract
from lib.dataset import Dataset
from lib.dataset.tensors import Tensors
from lib.evaluate.capitals import capitals
from lib.evaluate.running import as_stored
from lib.network import Network
from lib.teach import LessonSettings, Teaching, TeachingError, child, prepare
from lib.teach.teaching import check_pictures

IMAGES, LABELS = capitals(20)
TWO = np.flatnonzero(np.isin(LABELS, (0, 14)))
DATA = Dataset(IMAGES[TWO], (LABELS[TWO] == 14).astype(np.int64), ("A", "O"), name="A and O")
SETTINGS = LessonSettings(contrast=False, blur=False, shift=True, epochs=6, learning_rate=0.01)
LIMITS = TrainingLimits()


def network(value_range: str = "0..1", **changes: object) -> Network:
    keras.utils.set_random_seed(3)
    model = keras.Sequential([keras.Input((784,)), keras.layers.Dense(8, "relu"), keras.layers.Dense(2)])
    return Network(
        model, Contract((784,), (28, 28), ("A", "O"), value_range=value_range, **changes), name="two"
    )


def teaching(settings: LessonSettings = SETTINGS) -> Teaching:
    subject = network()
    lesson, kept_out = prepare(subject, DATA, settings)
    return Teaching(subject, lesson, check_pictures(subject, DATA, kept_out))


def in_this_process(module: str, folder: Path, limits: object, stopped, looked) -> None:
    assert module == "lib.teach.child"
    child.teach(folder, json.loads((folder / child.REQUEST).read_text(encoding="utf-8")))
    looked("epoch 6 of 6")


def test_a_fifth_of_each_class_is_kept_out_and_none_of_it_is_taught() -> None:
    lesson, kept_out = prepare(network(), DATA, SETTINGS)
    assert len(lesson.images) == 32 and np.bincount(lesson.labels).tolist() == [16, 16]
    assert np.bincount(DATA.labels[kept_out]).tolist() == [4, 4]
    taught = {image.tobytes() for image in lesson.images}
    assert not taught & {DATA.images[row].tobytes() for row in kept_out}  # type: ignore[index]


def test_a_copy_learns_and_the_network_stays_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "execute", in_this_process)
    lesson = teaching()
    before = [w.copy() for w in lesson._network.model.get_weights()]
    lesson.train(LIMITS)
    assert (lesson.state, lesson.error, lesson.busy) == ("done", "", False)
    assert [epoch.number for epoch in lesson.epochs] == list(range(7)) and lesson.share == 1
    assert np.isnan(lesson.epochs[0].loss) and lesson.epochs[-1].loss < lesson.epochs[1].loss
    assert lesson.epochs[-1].changed > lesson.epochs[0].changed
    assert all(np.array_equal(a, b) for a, b in zip(before, lesson._network.model.get_weights(), strict=True))
    with zipfile.ZipFile(io.BytesIO(lesson.model_file())) as archive:
        assert "model.weights.h5" in archive.namelist()


@pytest.mark.parametrize(
    ("error", "state", "says"),
    [
        (process.StoppedError("The training was stopped."), "stopped", ""),
        (process.TrainingError("It took too long."), "failed", "It took too long."),
        (OSError("disk full"), "failed", "OSError: disk full"),
    ],
)
def test_every_other_end_is_told(
    monkeypatch: pytest.MonkeyPatch, error: Exception, state: str, says: str
) -> None:
    def fail(*arguments: object) -> None:
        raise error

    monkeypatch.setattr(process, "execute", fail)
    lesson = teaching()
    lesson.train(LIMITS)
    assert lesson.state == state and says in lesson.error and lesson.ended.is_set()
    assert lesson.model_file() == b""


def test_giving_up_before_its_turn() -> None:
    lesson = teaching()
    lesson.stop()
    assert lesson.wants_to_stop
    lesson.give_up()
    assert (lesson.state, lesson.busy) == ("stopped", False)


@pytest.mark.parametrize("value_range", ["0..255", "0..1", "-1..1", "standardise"])
def test_the_process_feeds_what_the_pipeline_would(value_range: str) -> None:
    from lib.dataset.tensors import Tensors

    subject = network(value_range)
    lesson, _ = prepare(subject, DATA, SETTINGS)
    request = {"value_range": value_range, "input_shape": (784,)}
    rows = [int(np.flatnonzero((DATA.images == image).all((1, 2)))[0]) for image in lesson.images[:5]]
    expected = Tensors(DATA, subject.contract)[np.array(rows)]
    np.testing.assert_allclose(child.tensors(lesson.images[:5], request), expected, rtol=1e-5, atol=1e-5)


def test_what_cannot_be_taught_is_refused_with_the_reason() -> None:
    colour = keras.Sequential([keras.Input((8, 8, 3)), keras.layers.Flatten(), keras.layers.Dense(2)])
    with pytest.raises(TeachingError, match="one gray square input"):
        prepare(Network(colour, Contract((8, 8, 3), (8, 8), ("A", "O"), channels=3)), DATA, SETTINGS)
    with pytest.raises(TeachingError, match="20 pictures are too few"):
        prepare(network(), DATA.take(np.arange(20)), SETTINGS)
    with pytest.raises(TeachingError, match="1 to 40 epochs"):
        prepare(network(), DATA, LessonSettings(epochs=41))


@pytest.mark.parametrize("value_range", ["0..255", "0..1", "-1..1", "standardise", "caffe", "torch"])
def test_every_value_range_is_taught_as_the_pipeline_gives_it(value_range: str) -> None:
    subject = network(value_range)
    request = {"value_range": value_range, "input_shape": (784,)}
    found = child.tensors(DATA.images[:3], request)
    expected = Tensors(DATA, subject.contract, as_stored(DATA, subject.contract))
    np.testing.assert_allclose(found, expected[:3], rtol=1e-5, atol=1e-5)


def test_ink_is_not_moved_in_from_outside_in_either_polarity() -> None:
    white = np.full((40, 28, 28), 255, np.uint8)
    shifted = child.altered(white, SETTINGS, np.random.default_rng(0), inverted=True)
    assert (shifted == 255).all()
    assert (child.altered(white, SETTINGS, np.random.default_rng(0), inverted=False) == 0).any()
    letters = np.asarray(DATA.images[:8])
    one, other = (
        child.altered(images, SETTINGS, np.random.default_rng(1), inverted)
        for images, inverted in ((letters, False), (255 - letters, True))
    )
    np.testing.assert_array_equal(one, 255 - other)


def test_the_process_is_told_the_polarity(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told = {}

    def look(module: str, folder: Path, *_: object) -> None:
        told.update(json.loads((folder / child.REQUEST).read_text(encoding="utf-8")))

    monkeypatch.setattr(process, "execute", look)
    for polarity in ("white on black", "black on white"):
        subject = network(polarity=polarity)
        lesson, kept_out = prepare(subject, DATA, SETTINGS)
        Teaching(subject, lesson, check_pictures(subject, DATA, kept_out)).train(LIMITS)
        assert told["inverted"] == (polarity == "black on white")
