"""Writes a pipeline as stand-alone Python: the very functions that the app runs, and a `preprocess` that calls them."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from typing import Any

from lib.picture import composite, read_pixels
from lib.pipeline.source import transparency
from lib.pipeline.step import Step

_HEAD = '''"""Preprocessing written by Misread. Needs numpy and opencv-python (or opencv-python-headless), nothing else."""

from __future__ import annotations

import cv2
import numpy as np
'''

_BODY = '''
def preprocess(path):
    """Reads the picture file at `path`; returns the network's input, float32, without batch axis."""
    with open(path, "rb") as file:
        return preprocess_bytes(file.read())


def preprocess_bytes(data):
    """The same for a picture file that is already in memory."""
    image = np.ascontiguousarray(read_pixels(data), np.float32)
'''


def to_python(steps: Sequence[Step], background: str) -> str:
    """The source. Steps that are off are left out, since they do nothing."""
    active = [step for step in steps if step.on]
    calls: list[tuple[Callable[..., Any], dict[str, Any]]] = [(type(s).kernel, s.values()) for s in active]
    if not any(step.name == "transparency" for step in active):
        calls.insert(0, (transparency, {"background": background}))
    needed: dict[str, Callable[..., Any]] = {f.__name__: f for f in (read_pixels, composite)}
    for step in active:
        needed |= {f.__name__: f for f in step.uses}
    needed |= {kernel.__name__: kernel for kernel, _ in calls}
    functions = "\n\n".join(inspect.getsource(function) for function in needed.values())
    lines = "".join(
        f"    image = np.ascontiguousarray({kernel.__name__}(image, {_arguments(values)}), np.float32)\n"
        for kernel, values in calls
    )
    return f"{_HEAD}\n\n{functions}\n{_BODY}{lines}    return image\n"


def _arguments(values: dict[str, Any]) -> str:
    return ", ".join(f"{name}={value!r}" for name, value in values.items())
