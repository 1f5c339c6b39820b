"""A portable file holds the same network, without what older releases refuse."""

import json
import zipfile
from pathlib import Path

import keras
import numpy as np

from lib.training.portable import save_portable


def test_the_same_network_without_the_new_empty_settings(tmp_path: Path) -> None:
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3, activation="relu", name="first")])
    path = tmp_path / "model.keras"
    save_portable(model, path)
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        text = archive.read("config.json").decode()
    assert "quantization_config" not in text and "input_axes" not in text
    assert json.loads(text)["config"]["layers"][1]["config"]["kernel_regularizer"] is None, (
        "other empty settings stay"
    )
    again = keras.saving.load_model(path)
    batch = np.arange(8, dtype=np.float32).reshape(2, 4)
    np.testing.assert_array_equal(np.asarray(again(batch)), np.asarray(model(batch)))


def test_the_bundled_models_are_portable() -> None:
    models = list((Path(__file__).resolve().parents[2] / "models").glob("*/model.keras"))
    assert len(models) >= 2
    for path in models:
        with zipfile.ZipFile(path) as archive:
            assert "quantization_config" not in archive.read("config.json").decode(), path
