"""Saving a model small, and so that older Keras 3 releases, the newest ones for Python 3.10, load it too."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import keras

# Newer releases write these settings with these defaults, and older ones refuse arguments that they do not know.
_NEW = {
    "quantization_config": None,
    "input_axes": None,
    "output_axes": None,
    "renorm": False,
    "renorm_clipping": None,
    "renorm_momentum": 0.99,
}


def save_portable(model: keras.Model, path: Path) -> None:
    """`model.save(path)`, compressed, without the default settings that Keras 3.12 does not know. `path` ends in .keras."""
    model.save(path)
    make_portable(path)


def make_portable(path: Path) -> None:
    """Takes those settings out of a .keras file, in place; weights and all else stay as they are, byte for byte.

    The archive is compressed, which Keras reads as well; random weights hardly shrink, rounded ones do.
    """
    with zipfile.ZipFile(path) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    config = _without_new(json.loads(files["config.json"]))
    files["config.json"] = json.dumps(config).encode()
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED, compresslevel=9)


def _without_new(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _without_new(v) for k, v in value.items() if k not in _NEW or v != _NEW[k]}
    return [_without_new(item) for item in value] if isinstance(value, list) else value
