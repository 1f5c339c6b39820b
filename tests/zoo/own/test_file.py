"""Real model files become networks with the right contract, through the whole check; two of them through its process."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import keras
import numpy as np
import pytest

from lib.zoo.own import CancelledError, ModelFileError, check_file, load_file
from tests.keras_files import FILES, SAID, Made, digits_h5, house_numbers, mlp
from tests.model_bytes import SMALL, keras_file, layer, legacy, source, whole_hdf5


@pytest.mark.usefixtures("in_process")
@pytest.mark.parametrize("made", FILES.values(), ids=FILES)
def test_a_real_file_is_read_as_what_it_is(made: Made, tmp_path: Path) -> None:
    path = made.make(tmp_path)
    if made.contract is None:
        with pytest.raises(ModelFileError, match=made.says):
            check_file(path, application=made.application)
        return
    own = check_file(path, application=made.application)
    assert tuple(getattr(own.contract, field) for field in SAID) == made.contract
    assert len(own.contract.class_names) == own.inspection.classes == made.classes
    assert made.says in " ".join(own.inspection.notes)
    trace = own.network().trace(np.zeros((2, *own.contract.input_shape), np.float32))
    assert trace.probabilities.shape == (2, made.classes)


@pytest.mark.usefixtures("in_process")
@pytest.mark.parametrize("make", [digits_h5, house_numbers])
def test_the_network_answers_as_the_saved_model_does(make: Callable[[Path], Path], tmp_path: Path) -> None:
    path = make(tmp_path)
    own = check_file(path)
    batch = np.random.default_rng(1).random((3, *own.contract.input_shape), np.float32)
    expected = keras.saving.load_model(path, compile=False)(batch, training=False)
    trace = own.network().trace(batch)
    given = trace.logits if own.contract.output == "logits" else trace.probabilities
    np.testing.assert_allclose(given, expected, rtol=1e-4, atol=1e-5)


def test_the_separate_process_takes_a_file_and_tells_what_it_does(tmp_path: Path) -> None:
    path = mlp(tmp_path)
    stages: list[str] = []
    own = check_file(path, progress=stages.append)
    assert [stage for stage in stages if stage != "reading the weights"][:4] == [
        "reading the file",
        "reading the archive",
        "starting a separate process",
        "starting TensorFlow",
    ]
    assert stages[-1] == "done"
    assert own.size_bytes == path.stat().st_size
    assert (own.inspection.loss, own.inspection.from_logits) == ("SparseCategoricalCrossentropy", True)
    names = [f"letter {n}" for n in range(26)]
    network = own.network(own.inspection.contract(names, value_range="0..255"))
    assert network.contract.class_names == tuple(names)
    assert network.contract.value_range == "0..255"
    assert own.network().model is network.model


def test_the_separate_process_refuses_an_old_file_with_code_in_it() -> None:
    data = whole_hdf5(legacy(source(8, 8, 1), layer("Lambda", "shrink", function=["4wEAAAA=", None, None])))
    with pytest.raises(ModelFileError, match=r"The layer “shrink” in “old\.h5” is a Lambda"):
        load_file(data, "old.h5")


@pytest.mark.usefixtures("in_process")
def test_a_name_that_lies_is_said_and_the_content_decides(tmp_path: Path) -> None:
    data = digits_h5(tmp_path).read_bytes()
    own = check_file(data, "digits.keras")
    assert own.inspection.kind == "whole-model HDF5"
    assert own.inspection.notes[0] == (
        "The name says a .keras file, the content is an HDF5 file: it is read as what it is."
    )


@pytest.mark.usefixtures("in_process")
def test_facts_about_the_training_are_read(tmp_path: Path) -> None:
    found = check_file(digits_h5(tmp_path)).inspection
    assert (found.loss, found.from_logits) == ("SparseCategoricalCrossentropy", False)
    assert (found.optimizer, found.iterations) == ("SGD", 1)
    house = check_file(house_numbers(tmp_path)).inspection
    assert (house.augmentation, house.dropout) == (("jitter",), ("drop",))
    assert house.preprocessing == ("“scale”: Rescaling x 0.00392157 + 0",)
    bn = house.batchnorm
    assert (bn.count, bn.momentum, bn.untouched, bn.first_layer) == (1, 0.99, 1, "norm")


def test_a_running_check_can_be_given_up() -> None:
    with pytest.raises(CancelledError):
        check_file(keras_file(SMALL), "slow.keras", cancelled=lambda: True)


def test_a_missing_file_and_a_folder_are_said_to_be_that(tmp_path: Path) -> None:
    with pytest.raises(ModelFileError, match=r"There is no file “gone\.keras”"):
        check_file(tmp_path / "gone.keras")
    with pytest.raises(ModelFileError, match=r"must be packed as a \.zip first"):
        check_file(tmp_path)
