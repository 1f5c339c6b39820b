"""The convolutional part that the gray networks have in common."""

from __future__ import annotations

import keras

from lib.training.blocks import convolutions


def test_names_kernels_and_where_the_maximum_is_taken() -> None:
    layers = convolutions((4, 8, 8), (1, 3), sides=(5, 3, 3))
    assert [layer.name for layer in layers] == [
        *("conv1", "bn1", "relu1", "pool1", "conv2", "bn2", "relu2", "conv3", "bn3", "relu3", "pool2"),
    ]
    found = [(layer.filters, layer.kernel_size, layer.use_bias) for layer in layers if "conv" in layer.name]
    assert found == [(4, (5, 5), False), (8, (3, 3), False), (8, (3, 3), False)]
    model = keras.Sequential([keras.Input((28, 28, 1)), *layers])
    assert model.output_shape == (None, 7, 7, 8)


def test_kernels_are_three_pixels_wide_unless_said_otherwise() -> None:
    assert convolutions((2,), ())[0].kernel_size == (3, 3)
