"""The separate process: opens one visitor's model file, builds it, runs it once, and writes down what it found.

Started by `sandbox` with the working directory as its only place; nothing in the app's process imports this.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from lib.picture.guards import called
from lib.temporary import is_no_room
from lib.zoo.own.limits import ModelFileError, ModelLimits

OUT_OF_MEMORY, NO_ROOM = 86, 87


def main() -> None:
    """Reads request.json and model, writes answer.json and weights.bin; ends with code 0 when it has an answer."""
    folder = Path.cwd()
    request = json.loads((folder / "request.json").read_text(encoding="utf-8"))
    limits = ModelLimits(**request["limits"])
    say(folder, "starting TensorFlow")
    import tensorflow as tf

    import lib.network  # noqa: F401  everything that is needed is in before the limits hold
    from lib.zoo.own import confine, opening  # noqa: F401

    tf.config.set_visible_devices([], "GPU")
    confine.confine(folder, limits)
    (folder / "ready").touch()
    try:
        answer, weights = answered(request, folder, limits, lambda text: say(folder, text))
        (folder / "weights.bin").write_bytes(weights)
        (folder / "answer.json").write_text(json.dumps(answer), encoding="utf-8")
    except (MemoryError, tf.errors.ResourceExhaustedError):
        _exit(OUT_OF_MEMORY)
    except OSError as error:
        _exit(NO_ROOM if is_no_room(error) else 1)
    _exit(0)


def answered(
    request: dict[str, Any], folder: Path, limits: ModelLimits, say: Callable[[str], None]
) -> tuple[dict[str, Any], bytes]:
    """The answer and the weights; every refusal, foreseen or Keras's own, is an answer, too.

    Raises:
        MemoryError, ResourceExhaustedError: there was not enough memory.
        OSError: there was no room for temporary files.
    """
    import tensorflow as tf

    from lib.zoo.own import opening

    try:
        return opening.open_model(request, folder, limits, say)
    except ModelFileError as error:
        return {"refused": str(error)}, b""
    except (MemoryError, tf.errors.ResourceExhaustedError):
        raise
    except OSError as error:
        if is_no_room(error):
            raise
        return {"refused": _sentence(error, str(request["name"]))}, b""
    except Exception as error:  # Keras and TensorFlow raise anything on a file that is made up
        return {"refused": _sentence(error, str(request["name"]))}, b""


def say(folder: Path, stage: str) -> None:
    """Tells the app what is being done."""
    (folder / "stage").write_text(stage, encoding="utf-8")


def _sentence(error: Exception, name: str) -> str:
    from lib.zoo.own.refusals import shown_text

    reason = shown_text(str(error).split("\n\n")[0], 300)
    return (
        f"Keras cannot build the model in {called(name)}: {reason} ({type(error).__name__}). Save it again with a recent "
        "Keras: model.save('model.keras')."
    )


def _exit(code: int) -> None:
    """Ends at once: nothing of the visitor's model gets another turn."""
    sys.stdout.flush()
    os._exit(code)
