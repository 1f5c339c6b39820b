"""Tells what kind of model file some bytes are, by their content, never by their name."""

from __future__ import annotations

from lib.picture.guards import called
from lib.zoo.own import archive
from lib.zoo.own.limits import ModelFileError, ModelLimits, in_units

HDF5_SIGNATURE = b"\x89HDF\r\n\x1a\n"
KERAS, HDF5, SAVED_MODEL = "keras", "hdf5", "saved model"
SUPPORTED = (
    "A model can be a .keras file, a whole-model .h5, a zipped SavedModel folder, or a .weights.h5 together with the "
    "name of its keras.applications network"
)
_ENDINGS = {
    ".keras": (KERAS, "a .keras file"),
    ".h5": (HDF5, "an HDF5 file"),
    ".hdf5": (HDF5, "an HDF5 file"),
    ".zip": (SAVED_MODEL, "a zipped SavedModel"),
}
_SHOWN = {KERAS: "a .keras file", HDF5: "an HDF5 file", SAVED_MODEL: "a zipped SavedModel"}


def kind_of(data: bytes, name: str, limits: ModelLimits) -> tuple[str, str]:
    """The kind, and a sentence when the file's name promises another one ("" otherwise).

    Raises:
        ModelFileError: it is empty, too large, or no model file.
    """
    if not data:
        raise ModelFileError(f"{called(name)} is empty (0 bytes). Save or download the model again.")
    if len(data) > limits.file_bytes:
        raise ModelFileError(
            f"{called(name)} has {in_units(len(data))}; the limit is {in_units(limits.file_bytes)}. Save it without "
            "the optimizer (compile the model anew, or keras.models.clone_model and set_weights) to make it smaller."
        )
    found = _by_content(data, name, limits)
    lower = name.casefold()
    promised, article = next((v for end, v in _ENDINGS.items() if lower.endswith(end)), (found, ""))
    if promised == found:
        return found, ""
    return found, f"The name says {article}, the content is {_SHOWN[found]}: it is read as what it is."


def _by_content(data: bytes, name: str, limits: ModelLimits) -> str:
    if data.startswith(HDF5_SIGNATURE):
        return HDF5
    if data.startswith(b"PK"):
        with archive.opened(data, name, limits) as opened:
            return _kind_of_archive({member.filename for member in opened.infolist()}, name)
    raise ModelFileError(f"{called(name)} {_looks_like(data)}. {SUPPORTED}.")


def _kind_of_archive(members: set[str], name: str) -> str:
    if "config.json" in members:
        if "model.weights.h5" not in members:
            raise ModelFileError(
                f"{called(name)} describes layers but holds no weights (model.weights.h5 is missing). "
                "Save the whole model: model.save('model.keras')."
            )
        return KERAS
    if any(member.rsplit("/", 1)[-1] == "saved_model.pb" for member in members):
        return SAVED_MODEL
    wrong = _WRONG_ARCHIVES
    for inside, sentence in wrong.items():
        if any(inside in f"/{member}" for member in members):
            raise ModelFileError(f"{called(name)} {sentence}. {SUPPORTED}.")
    raise ModelFileError(
        f"{called(name)} is a zip archive without a model (neither config.json nor saved_model.pb is inside). "
        f"{SUPPORTED}."
    )


_WRONG_ARCHIVES = {
    "/word/": "is a Word document",
    "/xl/": "is an Excel table",
    "/data.pkl": "is a PyTorch file, which is unpickled when it is loaded and could run any code",
    ".keras": "is a zip archive around a .keras file: unpack it and load the .keras file itself",
    ".h5": "is a zip archive around an HDF5 file: unpack it and load that",
    ".npy": "is a NumPy .npz file: arrays without the layers that they belong to",
}


def _looks_like(data: bytes) -> str:
    start = data[:1024]
    text = start.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    for signature, sentence in (
        (
            b"\x80",
            "is a Python pickle, which could run any code when it is loaded, and is therefore never opened",
        ),
        (b"\x89PNG", "is a PNG picture, not a model"),
        (b"\xff\xd8\xff", "is a JPEG picture, not a model"),
        (b"%PDF", "is a PDF document"),
        (b"\x1f\x8b", "is a gzip archive: pack the SavedModel folder as .zip instead"),
        (b"\x93NUMPY", "is a NumPy array: weights without the layers that they belong to"),
        (
            b"version https://git-lfs",
            "is a Git LFS pointer, not the model itself: fetch it with `git lfs pull`",
        ),
        (b"MZ", "is a Windows program"),
        (b"\x7fELF", "is a Linux program"),
    ):
        if start.startswith(signature):
            return sentence
    if start[4:8] == b"TFL3":
        return "is a TensorFlow Lite model, which keeps neither gradients nor layers: load the model it was made from"
    if b"onnx" in start[:200] or b"pytorch" in start[:200]:
        return "looks like an ONNX model, which Keras does not read"
    if text.startswith((b"<!doctype html", b"<html")):
        return "is a web page (was the page saved instead of the file?)"
    if text.startswith(b"{") and b"class_name" in text:
        return "is a model's description in JSON without weights (model.to_json())"
    if all(byte >= 32 or byte in b"\t\r\n" for byte in start):
        return "is text, not a model, whatever its name says"
    return "is no model file that Keras 3 reads"
