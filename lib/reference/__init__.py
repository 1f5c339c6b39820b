"""What a model's training data looked like: the Reference, and making one from labelled images."""

from __future__ import annotations

from lib.reference.building import build_reference
from lib.reference.reference import Reference

__all__ = ["Reference", "build_reference"]
