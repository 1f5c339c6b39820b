"""Model files that lie, explode, smuggle code or are no image classifier, with what must be said about each; no tests."""

from __future__ import annotations

import json
import struct
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import h5py
import numpy as np

from tests.model_bytes import (
    SMALL,
    Config,
    archive_of,
    called_on,
    functional,
    hdf5,
    keras_file,
    layer,
    legacy,
    sequential,
    source,
    tensor,
    whole_hdf5,
    with_layer,
)


@dataclass(frozen=True)
class Hostile:
    """One file.

    Attributes:
        name: of the file.
        make: its bytes.
        says: what the refusal must contain.
    """

    name: str
    make: Callable[[], bytes]
    says: tuple[str, ...]


def _regular_members() -> list[tuple[zipfile.ZipInfo | str, bytes]]:
    return [("config.json", json.dumps(SMALL).encode()), ("model.weights.h5", hdf5())]


def zip_bomb() -> bytes:
    """30 MB of zeros in 30 KB."""
    return archive_of(
        ("config.json", json.dumps(SMALL).encode()),
        ("model.weights.h5", bytes(30_000_000)),
        packing=zipfile.ZIP_DEFLATED,
    )


def zip_bomb_that_lies() -> bytes:
    """The same, but the list of members says that it unpacks to 100 bytes."""
    data = bytearray(zip_bomb())
    for signature, offset in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        at = data.find(signature)
        while at >= 0:
            if struct.unpack_from("<I", data, at + offset)[0] == 30_000_000:
                struct.pack_into("<I", data, at + offset, 100)
            at = data.find(signature, at + 4)
    return bytes(data)


def symbolic_link() -> bytes:
    link = zipfile.ZipInfo("model.weights.h5")
    link.external_attr = 0o120777 << 16
    return archive_of(("config.json", json.dumps(SMALL).encode()), (link, b"/etc/passwd"))


def encrypted() -> bytes:
    data = bytearray(keras_file(SMALL))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(signature)
        data[at + offset] |= 1
    return bytes(data)


_LAMBDA_CODE = {"class_name": "__lambda__", "config": {"value": ["4wEAAAA=", None, None]}}


def _nested(levels: int) -> Config:
    inner: Any = 0
    for _ in range(levels):
        inner = [inner]
    return sequential(source(8, 8, 1), layer("Dense", "scores", units=inner))


_ATTENTION = {**layer("MyAttention", "look", module="my_project.layers"), "registered_name": "my>MyAttention"}
_SYSTEM = {"module": "os", "class_name": "function", "config": "system", "registered_name": "system"}
_GET_FILE = {"module": "keras.utils", "class_name": "function", "config": "get_file", "registered_name": None}
_CYCLE = functional(
    [
        called_on(source(8, 8, 1)),
        called_on(layer("ReLU", "hen"), tensor("egg", 8, 8, 1)),
        called_on(layer("ReLU", "egg"), tensor("hen", 8, 8, 1)),
        called_on(layer("Flatten", "flat"), tensor("egg", 8, 8, 1)),
        called_on(layer("Dense", "scores", units=3), tensor("flat", 64)),
    ],
    ["picture"],
    ["scores"],
)
_TWO_INPUTS = functional(
    [
        called_on(source(8, 8, 1, name="left")),
        called_on(source(8, 8, 1, name="right")),
        called_on(layer("Add", "sum"), tensor("left", 8, 8, 1), tensor("right", 8, 8, 1)),
    ],
    ["left", "right"],
    ["sum"],
)
_TWO_OUTPUTS = functional(
    [
        called_on(source(8, 8, 1)),
        called_on(layer("Flatten", "flat"), tensor("picture", 8, 8, 1)),
        called_on(layer("Dense", "class", units=3), tensor("flat", 64)),
        called_on(layer("Dense", "box", units=4), tensor("flat", 64)),
    ],
    ["picture"],
    ["class", "box"],
)

BEFORE_THE_PROCESS: tuple[Hostile, ...] = (
    Hostile("empty.keras", bytes, ("“empty.keras” is empty",)),
    Hostile("notes.keras", lambda: b"Remember the milk", ("“notes.keras” is text",)),
    Hostile("photo.h5", lambda: b"\x89PNG\r\n\x1a\n" + bytes(50), ("PNG picture", ".keras file")),
    Hostile("model.keras", lambda: b"\x80\x04\x95" + bytes(50), ("Python pickle", "never opened")),
    Hostile("weights.pt", lambda: archive_of(("archive/data.pkl", b"\x80")), ("PyTorch", "any code")),
    Hostile("lite.h5", lambda: b"\x1c\0\0\0TFL3" + bytes(50), ("TensorFlow Lite",)),
    Hostile("page.keras", lambda: b"<!DOCTYPE html><html>", ("web page",)),
    Hostile("pointer.keras", lambda: b"version https://git-lfs.github.com/spec/v1\n", ("git lfs pull",)),
    Hostile("cut.keras", lambda: keras_file(SMALL)[:-40], ("cut off or damaged",)),
    Hostile("bomb.keras", zip_bomb, ("zip bomb", "30 MB")),
    Hostile("lying-bomb.keras", zip_bomb_that_lies, ("is damaged", "model.weights.h5")),
    Hostile(
        "traversal.keras",
        lambda: archive_of(*_regular_members(), ("../../evil.py", b"boom")),
        ("outside its folder", "evil.py"),
    ),
    Hostile(
        "absolute.keras",
        lambda: archive_of(*_regular_members(), ("/etc/cron.d/evil", b"boom")),
        ("outside its folder",),
    ),
    Hostile(
        "windows.keras",
        lambda: archive_of(*_regular_members(), ("C:\\evil.exe", b"boom")),
        ("outside its folder",),
    ),
    Hostile("link.keras", symbolic_link, ("link or device", "model.weights.h5")),
    Hostile(
        "twice.keras",
        lambda: archive_of(*_regular_members(), *_regular_members()),
        ("“config.json” twice",),
    ),
    Hostile(
        "inside.zip",
        lambda: archive_of(("model.keras", keras_file(SMALL))),
        ("zip archive around a .keras file", "unpack"),
    ),
    Hostile(
        "many.keras",
        lambda: archive_of(*_regular_members(), *((f"assets/{n}", b"") for n in range(1_100))),
        ("1,102 files",),
    ),
    Hostile("secret.keras", encrypted, ("encrypted",)),
    Hostile(
        "no-weights.keras",
        lambda: archive_of(("config.json", json.dumps(SMALL).encode())),
        ("no weights",),
    ),
    Hostile("bad-weights.keras", lambda: keras_file(SMALL, b"GIF89a"), ("no HDF5 file",)),
    Hostile("bad-config.keras", lambda: keras_file(b"{'class_name': Sequential}"), ("is no JSON",)),
    Hostile("deep.keras", lambda: keras_file(_nested(150)), ("nested deeper than 100",)),
    Hostile(
        "deepest.keras",
        lambda: keras_file(b'{"class_name":' + b"[" * 200_000 + b"]" * 200_000 + b"}"),
        ("nested deeper than 100",),
    ),
    Hostile(
        "lambda.keras",
        lambda: with_layer(layer("Lambda", "shrink", function=_LAMBDA_CODE)),
        ("The layer “shrink”", "is a Lambda", "Rescaling", "model.save('model.keras')"),
    ),
    Hostile(
        "hidden-lambda.keras",
        lambda: with_layer(layer("Dense", "hidden", units=3, kernel_initializer=_LAMBDA_CODE)),
        ("The layer “hidden”", "Python code"),
    ),
    Hostile("custom.keras", lambda: with_layer(_ATTENTION), ("“look”", "“MyAttention”", "my_project")),
    Hostile(
        "system.keras",
        lambda: with_layer(layer("Dense", "hidden", units=3, activation=_SYSTEM)),
        ("“hidden”", "“system”", "no code can come with a file"),
    ),
    Hostile(
        "download.keras",
        lambda: with_layer(layer("Activation", "fetch", activation=_GET_FILE)),
        ("“fetch”", "“get_file”"),
    ),
    Hostile(
        "activation.keras",
        lambda: with_layer(layer("Dense", "hidden", units=3, activation="my_swish")),
        ("“hidden”", "“my_swish”"),
    ),
    Hostile(
        "vocabulary.keras",
        lambda: with_layer(layer("StringLookup", "words", vocabulary="/etc/passwd")),
        ("“words”", "StringLookup", "may read files"),
    ),
    Hostile(
        "runtime.keras",
        lambda: with_layer(layer("TFSMLayer", "graph", filepath="/tmp/other")),
        ("“graph”", "TFSMLayer", "cannot be checked"),
    ),
    Hostile(
        "loop.keras",
        lambda: with_layer(layer("WhileLoop", "spin", module="keras.src.ops.core")),
        ("“spin”", "WhileLoop", "may never end"),
    ),
    Hostile(
        "huge-input.keras",
        lambda: keras_file(
            sequential(source(100_000, 100_000, 1), layer("Flatten"), layer("Dense", units=3))
        ),
        ("100000 x 100000", "1024 x 1024"),
    ),
    Hostile(
        "huge-layer.keras",
        lambda: with_layer(layer("Dense", "wide", units=10**12)),
        ("“wide”", "units = 1000000000000"),
    ),
    Hostile(
        "huge-product.keras",
        lambda: with_layer(
            {**layer("Dense", "wide", units=60_000), "build_config": {"input_shape": [None, 60_000]}}
        ),
        ("“wide”", "3,600,000,000 parameters", "limit is 100,000,000"),
    ),
    Hostile(
        "many-layers.keras",
        lambda: with_layer(*[layer("ReLU", f"r{n}") for n in range(2_500)]),
        ("2,504 layers",),
    ),
    Hostile(
        "stateful.keras",
        lambda: with_layer(layer("LSTM", "memory", units=4, stateful=True)),
        ("“memory”", "remembers earlier pictures"),
    ),
    Hostile(
        "long-name.keras", lambda: with_layer(layer("ReLU", "x" * 100_000)), ("100,000 characters long",)
    ),
    Hostile("control.keras", lambda: with_layer(layer("ReLU", "a\x1b[31m\0b")), ("control characters",)),
    Hostile("two-inputs.keras", lambda: keras_file(_TWO_INPUTS), ("2 inputs", "one picture in")),
    Hostile("two-outputs.keras", lambda: keras_file(_TWO_OUTPUTS), ("2 outputs", "one vector")),
    Hostile(
        "subclassed.keras",
        lambda: keras_file({**layer("MyNet", "net", module="my_project"), "registered_name": "MyNet"}),
        ("class MyNet", "Sequential and functional", "save the model again"),
    ),
)
"""Refused in the app's own process, before anything is started."""


def _declares_ten_gigabytes(file: h5py.File) -> None:
    file.attrs["model_config"] = json.dumps(legacy(source(8, 8, 1)))
    file.create_dataset("model_weights/dense/kernel", (50_000, 50_000), "f4", chunks=(1000, 1000))


def _external_link(file: h5py.File) -> None:
    file["model_weights"] = h5py.ExternalLink("/etc/passwd", "/")


def _soft_link(file: h5py.File) -> None:
    file.create_group("a")
    file["a/again"] = h5py.SoftLink("/a")


def _external_data(file: h5py.File) -> None:
    file.create_dataset("kernel", (100,), "u1", external=[("/etc/passwd", 0, 100)])


def _virtual_data(file: h5py.File) -> None:
    layout = h5py.VirtualLayout((10,), "f4")
    layout[:] = h5py.VirtualSource("other.h5", "kernel", (10,))
    file.create_virtual_dataset("kernel", layout)


def _pickles(file: h5py.File) -> None:
    file.create_dataset("kernel", (3,), h5py.vlen_dtype(np.uint8))


_HUGE_ATTRIBUTE = "x" * 11_000_000

IN_THE_PROCESS: tuple[Hostile, ...] = (
    Hostile("ten-gigabytes.h5", lambda: hdf5(_declares_ten_gigabytes), ("declares 10 GB", "fill the memory")),
    Hostile("external-link.h5", lambda: hdf5(_external_link), ("link to another file", "model_weights")),
    Hostile("soft-link.h5", lambda: hdf5(_soft_link), ("link inside the file",)),
    Hostile("external-data.h5", lambda: hdf5(_external_data), ("lies in another file",)),
    Hostile("virtual-data.h5", lambda: hdf5(_virtual_data), ("lies in another file",)),
    Hostile("objects.h5", lambda: hdf5(_pickles), ("instead of numbers",)),
    Hostile(
        "huge-attribute.h5",
        lambda: hdf5(
            lambda file: file.attrs.update(note=np.array([_HUGE_ATTRIBUTE.encode()])), libver="latest"
        ),
        ("attribute “note”", "11 MB"),
    ),
    Hostile("cut.h5", lambda: whole_hdf5(SMALL)[:-300], ("cut off or damaged",)),
    Hostile("weights-only.h5", lambda: hdf5(lambda f: f.create_group("layers")), ("without the layers",)),
    Hostile(
        "lambda.h5",
        lambda: whole_hdf5(
            legacy(source(8, 8, 1), layer("Lambda", "shrink", function=["4wEAAAA=", None, None]))
        ),
        ("The layer “shrink”", "is a Lambda"),
    ),
    Hostile(
        "operation.h5",
        lambda: whole_hdf5(
            legacy(source(8, 8, 1), layer("TFOpLambda", "tf.math.divide", function="math.divide"))
        ),
        ("“tf.math.divide”", "TensorFlow 2", "set_weights"),
    ),
    Hostile(
        "damaged-weights.keras",
        lambda: keras_file(SMALL),
        ("do not fit its layers",),
    ),
    Hostile("cycle.keras", lambda: keras_file(_CYCLE), ("loops or disconnected",)),
    Hostile(
        "explosion.keras",
        lambda: with_layer(
            layer("UpSampling2D", "grow", size=[2000, 2000]), layer("GlobalAveragePooling2D", "pool")
        ),
        ("activation values", "limit is 100,000,000"),
    ),
    Hostile(
        "hidden-weights.keras",
        lambda: keras_file(
            sequential(
                source(512, 512, 3),
                layer("Flatten"),
                layer("Dense", "wide", units=2000),
                layer("Dense", units=3),
            )
        ),
        ("1,572,872,003 parameters", "limit is 100,000,000"),
    ),
    Hostile(
        "segmentation.keras",
        lambda: keras_file(sequential(source(8, 8, 1), layer("Softmax", "mask"))),
        ("(8, 8, 1) for one picture", "segmentation"),
    ),
    Hostile(
        "text.keras",
        lambda: keras_file(
            sequential(
                source(101),
                layer("Embedding", input_dim=50, output_dim=4),
                layer("Flatten"),
                layer("Dense", units=2),
            )
        ),
        ("(101)", "no square picture", "text"),
    ),
    Hostile(
        "seven-channels.keras",
        lambda: keras_file(sequential(source(8, 8, 7), layer("Flatten"), layer("Dense", units=2))),
        ("7 channels", "one gray or colour picture"),
    ),
)
"""Refused in the separate process."""


def write(hostile: Hostile, folder: Path) -> Path:
    """The file in a folder."""
    path = folder / hostile.name
    path.write_bytes(hostile.make())
    return path
