"""Writes a bundle. Nothing in it is random or dated: the same case gives the same bytes."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from lib.bundle.opening import tensor_sha256
from lib.bundle.reproduction import MODEL_FILE, reproduction
from lib.picture import Picture
from lib.pipeline import Stages
from lib.zoo.card import Card

if TYPE_CHECKING:
    from lib.autopsy import Finding
    from lib.network import Trace

FORMAT = 1
_DATE = (1980, 1, 1, 0, 0, 0)


def write_bundle(
    query: Mapping[str, str],
    picture: Picture,
    stages: Stages,
    trace: Trace,
    card: Card,
    findings: Sequence[Finding] | None = None,
    own_sha256: str | None = None,
) -> bytes:
    """The zip file.

    Args:
        query: the case's link, see `lib.case.to_query`.
        stages: what the pipeline made of the picture.
        trace: what the network answered to `stages.final`.
        findings: of the Autopsy, if one was made.
        own_sha256: of a visitor's own model file, which is not in the bundle.
    """
    tensor = np.ascontiguousarray(stages.final, "<f4")
    model = card.model_path.read_bytes() if card.origin == "bundled" else None
    case = {
        "format": FORMAT,
        "link": dict(query),
        "model": card.title if card.origin == "own" else card.name,
        "model_sha256": hashlib.sha256(model).hexdigest() if model else own_sha256,
        "class_names": list(card.contract.class_names),
        "tensor_sha256": tensor_sha256(tensor),
        "tensor_shape": list(tensor.shape),
        "picture": _facts(picture),
    }
    files: dict[str, bytes] = {
        "case.json": _json(case),
        "picture.png": picture.to_png(),
        "tensor.npy": _npy(tensor),
        "pipeline.json": stages.pipeline.to_json().encode(),
        "card.json": _json(_card(card)),
        "predictions.json": _json(_predictions(trace, card)),
        "preprocess.py": stages.pipeline.to_python(picture.background).encode(),
        "reproduce.py": reproduction(card).encode(),
    }
    if findings is not None:
        files["findings.json"] = _json([_finding(found) for found in findings])
    if model is not None:
        files[MODEL_FILE] = model
    return _zipped(files)


def _facts(picture: Picture) -> dict[str, Any]:
    """What a PNG copy of the pixels does not say any more."""
    return {
        "name": picture.name,
        "background": picture.background,
        "decoding": list(picture.decoding),
        "format": picture.format,
        "mode": picture.mode,
        "bit_depth": picture.bit_depth,
        "exif_orientation": picture.exif_orientation,
        "jpeg_quality": picture.jpeg_quality,
    }


def _card(card: Card) -> dict[str, Any]:
    return {
        "name": card.name,
        "title": card.title,
        "summary": card.summary,
        "origin": card.origin,
        "contract": card.contract.to_dict(),
        "scores": card.scores,
        "parameters": card.parameters,
        "training": card.training,
        "provenance": list(card.provenance),
        "limits": list(card.limits),
    }


def _predictions(trace: Trace, card: Card) -> list[dict[str, Any]]:
    """Every class, the most probable first."""
    probabilities, logits = trace.probabilities[0], trace.logits[0]
    return [
        {
            "class": card.contract.class_names[k],
            "index": int(k),
            "probability": float(probabilities[k]),
            "logit": float(logits[k]),
        }
        for k in np.argsort(-probabilities, kind="stable")
    ]


def _finding(found: Finding) -> dict[str, Any]:
    return {
        "cause": found.cause,
        "sentence": found.sentence,
        "level": found.level,
        "weight": found.weight,
        "evidence": [str(line) for line in found.evidence],
        "code": found.code,
        "fix": json.loads(found.fix.to_json()) if found.fix is not None else None,
    }


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode()


def _npy(array: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, array, allow_pickle=False)
    return buffer.getvalue()


def _zipped(files: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            # Weights are as good as random numbers: packing them takes a third of a second and saves a tenth.
            packing = zipfile.ZIP_STORED if name == MODEL_FILE else zipfile.ZIP_DEFLATED
            archive.writestr(zipfile.ZipInfo(name, _DATE), content, packing)
    return buffer.getvalue()
