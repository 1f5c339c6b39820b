"""The architectures of keras.applications as built for their ImageNet weights, and reading a weights file into one.

Importing this is cheap; calling anything brings TensorFlow in. Which networks there are stands in `applications.py`.
"""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from lib.zoo.weights_file import WeightsError, WeightsFile


def build_model(name: str, alpha: float = 1.0) -> Any:
    """A model with random weights whose layers have the same names in every process.

    Args:
        name: of the function in keras.applications, e.g. "MobileNet".
        alpha: the factor on the layers' widths; other than 1 only for the two MobileNets.
    """
    import keras

    width = {} if alpha == 1 else {"alpha": alpha}
    model = getattr(keras.applications, name)(weights=None, **width)
    return _completed(model, name == "EfficientNetB0")


def _completed(model: Any, scales: bool) -> Any:
    """The model with stable names and, for EfficientNet, with the layer that Keras adds only for weights="imagenet".

    That layer divides by the square root of ImageNet's deviations a second time, because the published weights were trained
    that way (https://github.com/tensorflow/tensorflow/issues/49930).
    """
    import keras

    names = _stable_names([layer.name for layer in model.layers])
    if not scales and all(old == new for old, new in names.items()):
        return model
    scaling = keras.layers.Rescaling(
        [1 / deviation**0.5 for deviation in (0.229, 0.224, 0.225)], name="rescaling_1"
    )

    def renamed(layer: Any) -> Any:
        return type(layer).from_config({**layer.get_config(), "name": names[layer.name]})

    def called(layer: Any, *args: Any, **kwargs: Any) -> Any:
        output = layer(*args, **kwargs)
        return scaling(output) if scales and isinstance(layer, keras.layers.Normalization) else output

    return keras.models.clone_model(model, clone_function=renamed, call_function=called)


# What Keras numbers through in a process, unless it is renamed: a link that names a layer must mean the same layer tomorrow.
_NUMBERED = ("rescaling", "normalization", "dropout", "reshape", "global_average_pooling2d", "max_pooling2d")


def _stable_names(names: list[str]) -> dict[str, str]:
    """Each layer's name as it would be in a process that has built nothing else."""
    stable, seen = {}, Counter[str]()
    for name in names:
        base = name.rstrip("0123456789").rstrip("_") if name not in _NUMBERED else name
        if base in _NUMBERED:
            stable[name] = f"{base}_{seen[base]}" if seen[base] else base
            seen[base] += 1
        else:
            stable[name] = name
    return stable


def read_into(model: Any, file: WeightsFile) -> None:
    """Loads weights that were looked through. Keras tells its two layouts apart by the file's name only.

    Raises:
        WeightsError: Keras cannot read them, or they are not finite.
    """
    import numpy as np

    suffix = ".weights.h5" if file.layout == "keras 3" else ".h5"
    with _named(file.path, suffix) as path:
        try:
            model.load_weights(path)
        except Exception as error:  # Keras and h5py raise anything for damaged files
            first = (str(error).splitlines() or [type(error).__name__])[0]
            raise WeightsError(
                f"{file.path.name} could not be read into {model.name}: {first[:200]} Use the file that Keras publishes."
            ) from error
    if not all(np.isfinite(value).all() for value in model.get_weights()):
        raise WeightsError(f"{file.path.name} holds numbers that are not finite: it is damaged.")


@contextmanager
def _named(path: Path, suffix: str) -> Iterator[Path]:
    """The file under a name that ends as Keras wants it; `.weights.h5` also ends in `.h5` and is none of the old layout."""
    if path.name.endswith(suffix) and path.name.endswith(".weights.h5") == (suffix == ".weights.h5"):
        yield path
        return
    with tempfile.TemporaryDirectory() as folder:
        yield Path(shutil.copyfile(path, Path(folder) / f"file{suffix}"))
