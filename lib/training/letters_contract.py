"""What every letter network is fed: capitals in normal form. How the normal form is made is normal_form.py."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lib.training.letters_data import CLASS_NAMES


def letters_contract(input_shape: Sequence[int], value_range: str) -> dict[str, Any]:
    """The contract of a letter network, in the words of a card; only layout and value range differ between them."""
    return {
        "input_shape": list(input_shape),
        "size": [28, 28],
        "channels": 1,
        "channel_order": "RGB",
        "value_range": value_range,
        "polarity": "white on black",
        "frame": "crop to ink",
        "margin": 4 / 28,
        "centre": "centre of mass",
        "resize_filter": "area",
        "class_names": list(CLASS_NAMES),
        "output": "logits",
    }
