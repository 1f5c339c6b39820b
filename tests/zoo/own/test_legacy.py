"""Files of Keras 2 load where their words have only changed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import h5py
import keras
import numpy as np
import pytest

from lib.zoo.own import check_file
from lib.zoo.own.legacy import in_todays_words

L = keras.layers


def as_keras_2_wrote_it(value: Any) -> Any:
    """The description in an HDF5 file with the words of Keras 2."""
    if isinstance(value, list):
        return [as_keras_2_wrote_it(item) for item in value]
    if not isinstance(value, dict):
        return value
    found = {key: as_keras_2_wrote_it(item) for key, item in value.items()}
    inner = found.get("config")
    if isinstance(inner, dict):
        if "batch_shape" in inner:
            inner["batch_input_shape"] = inner.pop("batch_shape")
            inner.pop("optional", None), inner.pop("ragged", None)
        if isinstance(inner.get("dtype"), dict):
            inner["dtype"] = "float32"
        if found["class_name"] == "DepthwiseConv2D":
            inner["groups"] = 1
        if found["class_name"] == "BatchNormalization":
            inner["axis"] = [inner["axis"]]
            for new in ("synchronized", "renorm", "renorm_clipping", "renorm_momentum"):
                inner.pop(new, None)
        if found["class_name"] == "LSTM":
            inner.update(time_major=False, implementation=2)
        found.pop("module", None), found.pop("registered_name", None)
    return found


@pytest.mark.usefixtures("in_process")
def test_a_file_of_keras_2_gives_the_same_answers(tmp_path: Path) -> None:
    model = keras.Sequential(
        [
            keras.Input((12, 12, 3)),
            L.DepthwiseConv2D(3),
            L.BatchNormalization(),
            L.Reshape((10, 30)),
            L.LSTM(4),
            L.Dense(3, "softmax"),
        ]
    )
    path = tmp_path / "teachable.h5"
    model.save(path)
    with h5py.File(path, "r+") as file:
        file.attrs["model_config"] = json.dumps(as_keras_2_wrote_it(json.loads(file.attrs["model_config"])))
        file.attrs["keras_version"] = "2.4.0"
    own = check_file(path)
    assert own.inspection.keras_version == "2.4.0"
    batch = np.random.default_rng(0).random((2, 12, 12, 3), np.float32)
    np.testing.assert_allclose(own.network().trace(batch).probabilities, model(batch), atol=1e-5)


def test_an_argument_that_did_something_is_left_in() -> None:
    config = {"class_name": "DepthwiseConv2D", "config": {"name": "d", "groups": 2}}
    assert in_todays_words(config) == config


def test_a_policy_becomes_its_name() -> None:
    policy = {"class_name": "Policy", "config": {"name": "mixed_float16"}}
    config = {"class_name": "Dense", "config": {"dtype": policy}}
    assert in_todays_words(config) == {"class_name": "Dense", "config": {"dtype": "mixed_float16"}}


@pytest.mark.usefixtures("in_process")
def test_a_model_without_an_input_shape_is_said_to_have_none() -> None:
    from lib.zoo.own import ModelFileError
    from tests.model_bytes import keras_file, layer, sequential

    with pytest.raises(ModelFileError, match="saved before the model had an input shape"):
        check_file(keras_file(sequential(layer("Flatten"), layer("Dense", units=3))), "early.keras")
