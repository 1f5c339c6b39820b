"""The names of the 1000 ImageNet classes, in the order of every keras.applications network's outputs."""

from __future__ import annotations

from functools import cache
from pathlib import Path

CLASSES = 1000
_FILE = Path(__file__).with_name("imagenet_classes.txt")


@cache
def imagenet_classes() -> tuple[str, ...]:
    """1000 English names, all different; class i is output i."""
    lines = _FILE.read_text(encoding="utf-8").splitlines()
    return tuple(line for line in lines if line and not line.startswith("#"))
