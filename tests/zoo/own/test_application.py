"""Weights alone become the network that they are for; the number of classes follows from their shapes."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import keras
import pytest

from lib.zoo.own.application import check_application, load_application
from lib.zoo.own.limits import ModelFileError


def shapes_of(model: keras.Model) -> list[tuple[int, ...]]:
    return [tuple(weight.shape) for weight in model.weights]


def outlined(**options: object) -> keras.Model:
    with keras.StatelessScope(initialize_variables=False):
        return keras.applications.MobileNet(weights=None, **options)


def test_weights_of_another_network_are_refused_before_anything_is_built() -> None:
    with pytest.raises(ModelFileError, match=r"are not those of keras\.applications\.VGG16"):
        load_application(Path("gone.h5"), "VGG16", shapes_of(outlined(classes=5)), "w.h5")


def test_a_width_that_nobody_publishes_is_another_network() -> None:
    with pytest.raises(ModelFileError, match="the shapes differ"):
        load_application(Path("gone.h5"), "MobileNet", shapes_of(outlined(alpha=0.6)), "w.h5")


def test_weights_without_a_head_are_refused() -> None:
    shapes = shapes_of(outlined(include_top=False, input_shape=(32, 32, 3), alpha=0.5))
    with pytest.raises(ModelFileError, match="without its head"):
        load_application(Path("gone.h5"), "MobileNet", shapes, "w.h5")


def test_a_head_of_ones_own_is_refused() -> None:
    shapes = [*shapes_of(outlined(include_top=False, input_shape=(32, 32, 3))), (1024, 7), (7,), (7, 2), (2,)]
    with pytest.raises(ModelFileError, match="end in layers of their own"):
        load_application(Path("gone.h5"), "MobileNet", shapes, "w.h5")


@pytest.mark.parametrize("suffix", [".weights.h5", ".h5"])
def test_both_ways_of_storing_weights_are_read(suffix: str, tmp_path: Path) -> None:
    saved = keras.applications.MobileNet(weights=None, alpha=0.25, classes=3)
    path = tmp_path / f"mobilenet{suffix}"
    saved.save_weights(path) if suffix == ".weights.h5" else saved.save(path)
    model, notes = load_application(path, "MobileNet", shapes_of(saved), "w.h5")
    assert Counter(shapes_of(model)) == Counter(shapes_of(saved))
    assert float(keras.ops.max(keras.ops.abs(model.weights[0] - saved.weights[0]))) == 0
    assert "MobileNet(3 classes, alpha=0.25)" in notes[0]


def test_a_name_that_does_not_exist_is_refused_with_the_nearest() -> None:
    with pytest.raises(ModelFileError, match=r"Did you mean ResNet50\?"):
        check_application("Resnet-50")
    with pytest.raises(ModelFileError, match="There are ConvNeXtBase"):
        check_application("__import__")
