"""The settings of the person who runs the server: every MISREAD_* environment variable in one table, and how it is read.

`python -m lib.settings` prints them as they are read here, with `--table` docs/settings.md. What a setting acts on lives
where it is used, such as `lib/zoo/own/limits.py` or `lib/dataset/guards.py`.
"""

from __future__ import annotations

import difflib
import math
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

Value = bool | int | float | Path | None

_ON, _OFF = ("on", "1", "yes", "true"), ("off", "0", "no", "false")


class SettingError(ValueError):
    """A setting that makes no sense; the message names the variable, what it holds and what it may be."""


@dataclass(frozen=True)
class Setting:
    """One environment variable.

    Attributes:
        name: MISREAD_...
        default: what holds when the variable is missing or blank. Its type says how a text is read: bool is "on" or "off",
            int a whole number (`_` may group digits), float a number, None a path or nothing.
        meaning: half a sentence for the table, with the unit.
        least, most: of a number; no `most`: any that is larger.
    """

    name: str
    default: Value
    meaning: str
    least: float = 1
    most: float = math.inf

    def read(self, text: str) -> Value:
        """The value that a text stands for; blank is the default.

        Raises:
            SettingError: the text makes no sense.
        """
        text = text.strip()
        if not text:
            return self.default
        if self.default is None:
            return Path(text).expanduser()
        found: bool | int | float | None
        try:
            found = _read(text, type(self.default))
        except ValueError:
            found = None
        in_range = isinstance(found, bool) or (found is not None and self.least <= found <= self.most)
        if found is None or not in_range:
            raise SettingError(
                f"{self.name} must be {self._wanted()}, not {text!r:.40}. Correct it, or unset it for the default "
                f"({shown(self.default)})."
            )
        return found

    def _wanted(self) -> str:
        if isinstance(self.default, bool):
            return "on or off"
        kind = "a whole number" if isinstance(self.default, int) else "a number"
        if math.isinf(self.most):
            return f"{kind} of at least {shown(self.least)}"
        return f"{kind} from {shown(self.least)} to {shown(self.most)}"


def _read(text: str, kind: type) -> bool | int | float:
    """Raises ValueError for a text that is none of that kind."""
    if kind is bool:
        if text.lower() not in _ON + _OFF:
            raise ValueError(text)
        return text.lower() in _ON
    plain = text.replace("_", "")
    if kind is int:
        if not (plain.isascii() and plain.isdigit()):
            raise ValueError(text)
        return int(plain)
    number = float(plain)
    if not math.isfinite(number):
        raise ValueError(text)
    return number


SETTINGS: tuple[Setting, ...] = (
    # ---- ImageNet weights
    Setting(
        "MISREAD_WEIGHTS_DIR", None, "a folder with ImageNet weights, looked into before Keras's own cache"
    ),
    Setting("MISREAD_WEIGHTS_DOWNLOAD", True, "`off`: never ask the network for weights"),
    Setting("MISREAD_WEIGHTS_TIMEOUT", 10.0, "seconds to wait for an answer", most=600),
    # ---- a visitor's own model
    Setting("MISREAD_MODEL_FILE_MB", 200.0, "MB of an uploaded model file", least=0.001, most=1e6),
    Setting(
        "MISREAD_MODEL_UNPACKED_MB", 1000.0, "MB of everything that lies packed in it", least=0.001, most=1e6
    ),
    Setting(
        "MISREAD_MODEL_MEMORY_MB", 3000.0, "MB that checking it may take beyond TensorFlow's own", most=1e6
    ),
    Setting("MISREAD_MODEL_PARAMETERS", 100_000_000, "weights of the largest model that is taken"),
    Setting("MISREAD_MODEL_LAYERS", 2_000, "its layers, with those of nested models"),
    Setting("MISREAD_MODEL_ACTIVATIONS", 100_000_000, "numbers in all its layers together, for one picture"),
    Setting("MISREAD_MODEL_CLASSES", 25_000, "its outputs"),
    Setting(
        "MISREAD_MODEL_SECONDS", 90.0, "seconds for the separate process that checks it", least=0.1, most=1e5
    ),
    Setting(
        "MISREAD_MODEL_START_SECONDS", 120.0, "seconds for the start of that process", least=0.1, most=1e5
    ),
    Setting("MISREAD_MODEL_CONCURRENCY", 1, "such processes at the same time; further uploads wait"),
    # ---- an uploaded data set
    Setting("MISREAD_DATASET_BYTES", 1_000_000_000, "bytes of the uploaded file or files together"),
    Setting("MISREAD_DATASET_UNPACKED", 4_000_000_000, "bytes of everything that lies packed in it"),
    Setting("MISREAD_DATASET_IMAGES", 500_000, "images that are kept"),
    Setting(
        "MISREAD_DATASET_PIXELS",
        600_000_000,
        "height x width x channels of all of these, also their memory in bytes",
    ),
    Setting("MISREAD_DATASET_MEMBERS", 200_000, "entries of a zip"),
    Setting("MISREAD_DATASET_CLASSES", 1_000, "different labels"),
    Setting("MISREAD_DATASET_ROW", 2_000_000, "bytes of one line of a CSV"),
    Setting("MISREAD_DATASET_SECONDS", 300, "seconds that reading may take"),
    Setting(
        "MISREAD_DATASET_MEMORY_MB",
        2000.0,
        "MB of all visitors' data sets together; the oldest give way",
        most=1e6,
    ),
    # ---- what all visitors share
    Setting(
        "MISREAD_LIVE_CONCURRENCY",
        1,
        "pages that are computed at the same time while people draw and drag, and as many of large networks; more than one "
        "is slower where Python runs on one core",
    ),
    Setting(
        "MISREAD_WORK_CONCURRENCY",
        2,
        "examinations at the same time, and as many readings and measurements of data sets; the others wait",
    ),
    Setting("MISREAD_WORK_WAITING", 40, "of each of these that may wait; more are refused", least=0),
    Setting(
        "MISREAD_IDLE_MINUTES",
        60.0,
        "minutes without a look after which an uploaded model, a data set or a network of ImageNet is put away",
        least=0.1,
    ),
    Setting("MISREAD_LOG_MINUTES", 5.0, "minutes between two lines of counters in the log", least=0.1),
    # ---- training on the BatchNorm page
    Setting("MISREAD_TRAINING_ON", True, "`off`: nobody trains here"),
    Setting("MISREAD_TRAINING_CONCURRENCY", 1, "trainings at the same time; the others wait"),
    Setting("MISREAD_TRAINING_WAITING", 8, "trainings that may wait; more are refused", least=0),
    Setting("MISREAD_TRAINING_KEPT", 12, "finished experiments that are kept; the oldest goes first"),
    Setting("MISREAD_TRAINING_EPOCHS", 400, "epochs of one training"),
    Setting("MISREAD_TRAINING_PICTURES", 12, "pictures of one training"),
    Setting("MISREAD_TRAINING_SECONDS", 900, "seconds that one training may take"),
    Setting("MISREAD_TRAINING_MEMORY_MB", 4000, "MB that its process may take"),
    Setting("MISREAD_TRAINING_THREADS", 1, "threads of TensorFlow in that process"),
    Setting("MISREAD_TRAINING_NICE", 5, "how much that process yields to others, 0 to 19", least=0, most=19),
    Setting("MISREAD_TRAINING_OWN", 12, "trainings of one experiment, repairs included"),
    # ---- for people who work on Misread
    Setting(
        "MISREAD_CHROMIUM",
        None,
        "the browser that tests and benchmarks drive; by default the one that is found",
    ),
)

_BY_NAME = {setting.name: setting for setting in SETTINGS}


def read(name: str, environment: Mapping[str, str] | None = None) -> Value:
    """The value of a setting; `whole`, `number`, `switch` and `path` say which type they give.

    Args:
        environment: instead of the process's own.

    Raises:
        SettingError: the variable holds something that makes no sense.
        KeyError: there is no such setting.
    """
    return _BY_NAME[name].read((os.environ if environment is None else environment).get(name, ""))


def whole(name: str, environment: Mapping[str, str] | None = None) -> int:
    """A setting that is a whole number; raises as `read` does."""
    value = read(name, environment)
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"{name} is no whole number.")
    return value


def number(name: str, environment: Mapping[str, str] | None = None) -> float:
    """A setting that is a number; raises as `read` does."""
    value = read(name, environment)
    if not isinstance(value, float):
        raise TypeError(f"{name} is no number.")
    return value


def switch(name: str, environment: Mapping[str, str] | None = None) -> bool:
    """A setting that is on or off; raises as `read` does."""
    value = read(name, environment)
    if not isinstance(value, bool):
        raise TypeError(f"{name} is no switch.")
    return value


def path(name: str, environment: Mapping[str, str] | None = None) -> Path | None:
    """A setting that names a file or folder, or nothing; raises as `read` does."""
    value = read(name, environment)
    if not (value is None or isinstance(value, Path)):
        raise TypeError(f"{name} is no path.")
    return value


def problems(environment: Mapping[str, str] | None = None) -> tuple[str, ...]:
    """A sentence for every setting that makes no sense."""
    found = []
    for setting in SETTINGS:
        try:
            read(setting.name, environment)
        except SettingError as error:
            found.append(str(error))
    return tuple(found)


def overview(environment: Mapping[str, str] | None = None) -> str:
    """What holds here, a line for each setting, and what is wrong: for the log of a server that starts."""
    given = os.environ if environment is None else environment
    lines = ["Misread's settings (docs/settings.md says what they are):"]
    for setting in SETTINGS:
        try:
            value = setting.read(given.get(setting.name, ""))
        except SettingError:
            continue
        changed = "" if value == setting.default else f"  (default {shown(setting.default)})"
        lines.append(f"  {setting.name} = {shown(value)}{changed}")
    for name in sorted(n for n in given if n.startswith("MISREAD_") and n not in _BY_NAME):
        close = difflib.get_close_matches(name, _BY_NAME, n=1)
        lines.append(f"{name!r:.80} is no setting." + (f" Was {close[0]} meant?" if close else ""))
    return "\n".join([*lines, *problems(given)])


def table() -> str:
    """All settings as a Markdown table."""
    rows = [f"| `{s.name}` | {shown(s.default)} | {s.meaning} |" for s in SETTINGS]
    return "\n".join(["| variable | default | what it is |", "| --- | --- | --- |", *rows])


def shown(value: Value) -> str:
    """A value for people: "none", "on", "1,000", "0.5"."""
    if value is None or isinstance(value, Path):
        return "none" if value is None else str(value)
    if isinstance(value, bool):
        return "on" if value else "off"
    return f"{value:,}" if isinstance(value, int) or not value.is_integer() else f"{int(value):,}"


_DOCUMENT = """\
# Settings

For the person who runs Misread: environment variables, read when they are needed. They are printed when the first visitor
arrives and by `python -m lib.settings`; with one that makes no sense the app does not open, and says which. Numbers may be
grouped with `_`. (`python -m lib.settings --table > docs/settings.md` writes this page.)

{}
"""


def document() -> str:
    """docs/settings.md."""
    return _DOCUMENT.format(table())


def main() -> None:
    if "--table" in sys.argv:
        print(document(), end="")
        return
    print(overview())
    sys.exit(1 if problems() else 0)


if __name__ == "__main__":
    main()
