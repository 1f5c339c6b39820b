"""Makes reruns cheap: the one place where Misread changes how Streamlit and Keras behave together.

After every script or fragment run Streamlit calls `gc.collect(2)` and, because Keras is imported,
`keras.backend.clear_session()`, which collects again and empties TensorFlow's kernel cache. With TensorFlow loaded
that is half a second per slider movement, holding the interpreter's lock. Nothing here builds models in sessions, so
there is no session state to clear; and what was alive when the networks had been loaded need not be searched for
garbage again.
"""

from __future__ import annotations

import gc
from typing import Any


def cheapen_reruns() -> None:
    """To be called after TensorFlow is imported, and again when the bundled networks are loaded and warm."""
    import keras

    keras.backend.clear_session = _nothing
    gc.collect()
    gc.freeze()


def _nothing(*_: Any, **__: Any) -> None:
    """Stands in for `keras.backend.clear_session`."""
