"""The networks that are trained under the microscope, compiled. Needs TensorFlow; runs in the separate process only."""

from __future__ import annotations

import keras

from lib.batchnorm.settings import ARCHITECTURES, TrainingSettings

L = keras.layers


def build(settings: TrainingSettings, classes: int) -> keras.Model:
    """A network with random weights from the seed, every BatchNorm layer with the momentum."""
    keras.utils.set_random_seed(settings.seed)
    architecture = ARCHITECTURES[settings.architecture]
    shape = (architecture.side, architecture.side, 1)
    if settings.architecture == "ResNet50":
        model = keras.applications.ResNet50(input_shape=shape, classes=classes, weights=None)
    else:
        model = small_residual(shape, classes)
    for layer in model.layers:
        if isinstance(layer, L.BatchNormalization):
            layer.momentum = settings.momentum
    model.compile(
        optimizer=keras.optimizers.Adam(architecture.learning_rate),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
        jit_compile=False,  # a training of seconds is over before XLA has compiled it
    )
    return model


def small_residual(shape: tuple[int, ...], classes: int, widths: tuple[int, ...] = (16, 32)) -> keras.Model:
    """ResNet50's plan in little: a stem, one block with a shortcut for each width, seven BatchNorm layers."""
    inputs = keras.Input(shape)
    x = L.Conv2D(widths[0], 3, 2, padding="same", name="stem_conv")(inputs)
    x = L.ReLU(name="stem_relu")(L.BatchNormalization(name="stem_bn")(x))
    for number, width in enumerate(widths, 1):
        x = _block(x, width, f"block{number}")
    x = L.GlobalAveragePooling2D(name="average")(x)
    return keras.Model(inputs, L.Dense(classes, "softmax", name="answer")(x), name="small_residual")


def _block(x: keras.KerasTensor, width: int, name: str) -> keras.KerasTensor:
    y = L.Conv2D(width, 3, 2, padding="same", name=f"{name}_conv1")(x)
    y = L.ReLU(name=f"{name}_relu1")(L.BatchNormalization(name=f"{name}_bn1")(y))
    y = L.BatchNormalization(name=f"{name}_bn2")(L.Conv2D(width, 3, padding="same", name=f"{name}_conv2")(y))
    short = L.BatchNormalization(name=f"{name}_shortcut_bn")(
        L.Conv2D(width, 1, 2, name=f"{name}_shortcut_conv")(x)
    )
    return L.ReLU(name=f"{name}_relu2")(L.Add(name=f"{name}_add")([y, short]))
