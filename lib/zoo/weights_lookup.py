"""Where an ImageNet network's weights are found: a folder that is named, Keras's own cache, the network, in this order.

What the weights are for stands in `applications.py`; how a file is looked through in `weights_file.py`.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from lib import settings as server_settings
from lib.zoo.download import DownloadError, download, md5_of
from lib.zoo.weights_file import WeightsError, WeightsFile, look_through, megabytes

Progress = Callable[[str, "float | None"], None]
"""Called with what is being loaded ("the weights of ...") and the share of it that is done, where that is known."""


class WeightsMissingError(WeightsError):
    """There are no weights and none could be fetched; the message says which file to put where."""


@dataclass(frozen=True)
class PublishedWeights:
    """The file that Keras publishes for one network.

    Attributes:
        title: the network's name for people.
        file, url: its official name, and where it lies.
        md5: its checksum as Keras has it; "" where Keras has none.
        size_bytes: its length, for people; nothing is refused because of it.
        patterns: other file names that may hold weights of this network, for a folder of one's own.
        parameters: how many numbers a file that fits holds: the published one's first, then those of other widths.
    """

    title: str
    file: str
    url: str
    md5: str
    size_bytes: int
    patterns: tuple[str, ...]
    parameters: tuple[int, ...]

    @property
    def most_bytes(self) -> int:
        """The largest file, and the largest sum of arrays, that can be these weights with an optimizer's beside them."""
        return 16 * max(self.parameters) + 2**24


@dataclass(frozen=True)
class WeightsSettings:
    """Where weights are looked for.

    Attributes:
        folder: of one's own, looked into first: MISREAD_WEIGHTS_DIR, by default none.
        cache: Keras's: KERAS_HOME or ~/.keras, there `models`.
        download: whether a missing file is fetched: MISREAD_WEIGHTS_DOWNLOAD, by default "on"; "off" never asks the network.
        seconds: how long an answer may take: MISREAD_WEIGHTS_TIMEOUT, by default 10.
    """

    folder: Path | None
    cache: Path
    download: bool = True
    seconds: float = 10.0

    @staticmethod
    def from_environment() -> WeightsSettings:
        """The settings MISREAD_WEIGHTS_* (`lib/settings.py`), and Keras's own KERAS_HOME.

        Raises:
            SettingError: a setting makes no sense.
        """
        return WeightsSettings(
            server_settings.path("MISREAD_WEIGHTS_DIR"),
            _keras_home() / "models",
            server_settings.switch("MISREAD_WEIGHTS_DOWNLOAD"),
            server_settings.number("MISREAD_WEIGHTS_TIMEOUT"),
        )


def _keras_home() -> Path:
    """The folder that Keras itself uses; Keras offers no public way to ask for it."""
    if os.environ.get("KERAS_HOME"):
        return Path(os.environ["KERAS_HOME"]).expanduser()
    home = Path.home()
    return (home if os.access(home, os.W_OK) else Path(tempfile.gettempdir())) / ".keras"


def find_weights(wanted: PublishedWeights, settings: WeightsSettings, progress: Progress) -> WeightsFile:
    """The weights of one network, fetched if need be.

    Raises:
        WeightsMissingError: there are none here and none could be fetched.
    """
    notes: list[str] = []
    for folder in filter(None, (settings.folder, settings.cache)):
        found = _in_folder(wanted, folder, folder == settings.folder, notes)
        if found:
            return found
    reason = "downloading is switched off (MISREAD_WEIGHTS_DOWNLOAD)"
    if settings.download:
        try:
            return _fetched(
                wanted, settings, " again, since the file here cannot be used" if notes else "", progress
            )
        except (DownloadError, WeightsError) as error:
            reason = str(error).rstrip(".")
    raise WeightsMissingError(_missing(wanted, settings, reason, notes))


def _in_folder(
    wanted: PublishedWeights, folder: Path, other_names: bool, notes: list[str]
) -> WeightsFile | None:
    """The best file in one folder; why others were passed over is added to `notes`."""
    if other_names and not folder.is_dir():
        notes.append(f"MISREAD_WEIGHTS_DIR names {folder}, which is no folder.")
        return None
    names = {wanted.file}
    if other_names:
        names |= {
            path.name
            for pattern in wanted.patterns
            for path in folder.glob(pattern)
            if "top" not in path.name
        }
    found = []
    for path in sorted(folder / name for name in names):
        if not path.exists():
            continue
        try:
            found.append(usable(wanted, path, wanted.md5 if path.name == wanted.file else ""))
        except WeightsError as error:
            notes.append(f"Passed over in {folder}: {error}")
    # The published width first, then the widest.
    return max(found, key=lambda f: (f.parameters == wanted.parameters[0], f.parameters), default=None)


def usable(wanted: PublishedWeights, path: Path, md5: str = "") -> WeightsFile:
    """One file, looked through.

    Raises:
        WeightsError: it is damaged, no weights file, or another network's.
    """
    found = look_through(path, wanted.most_bytes)
    if md5 and md5_of(path) != md5:
        raise WeightsError(f"{path.name} is damaged or incomplete: its checksum is not {md5}.")
    if found.parameters not in wanted.parameters:
        right = " or ".join(f"{count:,}" for count in wanted.parameters)
        raise WeightsError(
            f"{path.name} holds {found.parameters:,} numbers, {wanted.title} with its 1000 classes has {right}: these are "
            "the weights of another network, or of this one without its last layer."
        )
    return found


def _fetched(
    wanted: PublishedWeights, settings: WeightsSettings, again: str, progress: Progress
) -> WeightsFile:
    target = settings.cache / wanted.file

    def say(done: int, total: int) -> None:
        progress(
            f"the weights of {wanted.title}{again} ({megabytes(done)} of {megabytes(total or wanted.size_bytes)})",
            min(done / (total or wanted.size_bytes), 1.0),
        )

    download(wanted.url, target, wanted.md5, wanted.most_bytes, settings.seconds, say)
    try:
        return usable(wanted, target)
    except WeightsError:
        target.unlink(missing_ok=True)  # a page of a hotel's network, say: the next attempt must not find it
        raise


def _missing(wanted: PublishedWeights, settings: WeightsSettings, reason: str, notes: list[str]) -> str:
    folder = settings.folder or settings.cache
    return " ".join(
        [
            f"{wanted.title} needs its ImageNet weights, and they could not be downloaded: {reason}.",
            f"Put the file {wanted.file} ({megabytes(wanted.size_bytes)}, from {wanted.url}) into the folder {folder},",
            "or name a folder that has it in MISREAD_WEIGHTS_DIR, or pick the file here.",
            *notes,
        ]
    )
