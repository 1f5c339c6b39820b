"""The byte format in which a view's numbers travel to the browser; `frontend/runtime.js` reads it.

Layout: uint32 (little endian) length of the header, the header as UTF-8 JSON, padding to a multiple of four bytes, then
every array's bytes in C order. The header's `arrays` list gives each array's `dtype`, `shape` and byte `offset`.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from typing import Any

import numpy as np

# The browser has a typed array for each of these; others are refused before they are sent. To ask a dtype for its name
# takes longer than to copy a small array.
_DTYPES = {
    np.dtype(name).newbyteorder("<"): name for name in ("uint8", "int16", "uint16", "int32", "float32")
}
_encode = json.JSONEncoder(separators=(",", ":"), allow_nan=False).encode


def pack(header: Mapping[str, Any], arrays: Mapping[str, np.ndarray | bytes] | None = None) -> bytes:
    """One message for a view: `header` (anything JSON can say) and named arrays.

    Args:
        header: JSON-serialisable values; non-finite floats are sent as null.
        arrays: name -> array of dtype uint8, int16, uint16, int32 or float32, of any shape; bytes are a vector of uint8.

    Raises:
        TypeError: an array has a dtype that the browser has no typed array for.
    """
    blocks: list[bytes] = []
    entries: dict[str, dict[str, Any]] = {}
    offset = 0
    for name, array in (arrays or {}).items():
        if isinstance(array, bytes):
            raw, dtype, shape = array, "uint8", [len(array)]
        elif array.dtype in _DTYPES:
            raw, dtype, shape = array.tobytes(), _DTYPES[array.dtype], list(array.shape)
        else:
            raise TypeError(
                f"array {name!r} has dtype {array.dtype}; the browser reads {sorted(_DTYPES.values())}"
            )
        entries[name] = {"dtype": dtype, "shape": shape, "offset": offset}
        padding = -len(raw) % 4
        blocks += (raw, b"\0" * padding)
        offset += len(raw) + padding
    full = {**header, "arrays": entries}
    try:
        text = _json(full)
    except (TypeError, ValueError):  # the rare header with NaN or NumPy numbers in it
        text = _json(_finite(full))
    text += b" " * (-len(text) % 4)
    return struct.pack("<I", len(text)) + text + b"".join(blocks)


def _json(value: Any) -> bytes:
    return _encode(value).encode()


def unpack(message: bytes) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """The header and the arrays of a packed message: what the browser sees, for tests and tools."""
    (length,) = struct.unpack_from("<I", message)
    header = json.loads(message[4 : 4 + length])
    arrays = {}
    for name, entry in header.pop("arrays").items():
        dtype = np.dtype(entry["dtype"])
        count = int(np.prod(entry["shape"], dtype=np.int64))
        flat = np.frombuffer(message, dtype, count, 4 + length + entry["offset"])
        arrays[name] = flat.reshape(entry["shape"])
    return header, arrays


def _finite(value: Any) -> Any:
    """`value` with NaN and infinities as None: JSON has no word for them."""
    if isinstance(value, float | np.floating):
        return float(value) if np.isfinite(value) else None
    if isinstance(value, np.integer):
        return int(value)
    if isinstance(value, Mapping):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(item) for item in value]
    return value
