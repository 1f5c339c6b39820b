"""What a data set file may cost, the errors that say so, and the watch that every reader reports to."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from lib import settings
from lib.picture.guards import called

Progress = Callable[[int, int], None]
Cancelled = Callable[[], bool]


class DatasetError(ValueError):
    """A file that cannot become a data set; the message says which, why, and what to do."""


class DatasetCancelled(DatasetError):  # noqa: N818 - nothing is wrong: somebody pressed stop
    """The cancel check said stop."""


@dataclass(frozen=True)
class DatasetLimits:
    """The largest file that is read. Every limit is also a setting: `bytes` is MISREAD_DATASET_BYTES, and so on.

    Attributes:
        bytes: of the uploaded file or files together.
        unpacked: bytes that come out of zip and gzip altogether, also of what is read but not kept.
        images: most images that are kept. The 372,000 of the Kaggle A-Z file fit.
        pixels: height x width x channels of all images that are kept, which is also their memory in bytes.
        members: most entries of a zip.
        classes: most different labels.
        row: bytes of one line of a CSV.
        seconds: that reading may take.
    """

    bytes: int = 1_000_000_000
    unpacked: int = 4_000_000_000
    images: int = 500_000
    pixels: int = 600_000_000
    members: int = 200_000
    classes: int = 1_000
    row: int = 2_000_000
    seconds: int = 300

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> DatasetLimits:
        """The limits as the settings MISREAD_DATASET_* have them (`lib/settings.py`).

        Raises:
            SettingError: a setting makes no sense.
        """
        return cls(
            **{
                limit.name: settings.whole(f"MISREAD_DATASET_{limit.name.upper()}", environment)
                for limit in dataclasses.fields(cls)
            }
        )


class Watch:
    """Passes progress on, and ends the reading when somebody stops it or the time is up."""

    def __init__(
        self, name: str, limits: DatasetLimits, progress: Progress | None, cancelled: Cancelled | None
    ) -> None:
        self._name, self._seconds = name, limits.seconds
        self._progress, self._cancelled = progress, cancelled
        self._start = time.monotonic()

    def at(self, done: int, total: int) -> None:
        """Report how much is done, in whatever unit the reader counts.

        Raises:
            DatasetCancelled: the cancel check says stop.
            DatasetError: the time is up.
        """
        if self._cancelled is not None and self._cancelled():
            raise DatasetCancelled(f"Reading {called(self._name)} was stopped.")
        if time.monotonic() - self._start > self._seconds:
            raise DatasetError(
                f"{called(self._name)} took longer than {self._seconds} seconds to read (at {done:,} of {total:,}). "
                "Load a part of it, or raise MISREAD_DATASET_SECONDS."
            )
        if self._progress is not None:
            self._progress(min(done, total), total)


@dataclass(frozen=True)
class Request:
    """What to read out of a file, and under which limits.

    Attributes:
        name: what sentences call the file.
        most: keep a random sample of at most so many images; None keeps all.
        seed: of the sample.
        balanced: sample as many of each class as there are, instead of uniformly.
        part: "train" or "test", where a file holds both.
    """

    name: str
    limits: DatasetLimits
    watch: Watch
    most: int | None = None
    seed: int = 0
    balanced: bool = False
    part: str = "train"

    @property
    def called(self) -> str:
        """How a sentence about the file begins."""
        return called(self.name)

    def check_images(self, count: int, values: int) -> None:
        """Raise DatasetError for more than may be kept: `count` images of `values` numbers each."""
        if count > self.limits.images:
            raise DatasetError(
                f"{self.called} has more than {self.limits.images:,} images. Load a part of it or take a sample, or "
                "raise MISREAD_DATASET_IMAGES."
            )
        if count * values > self.limits.pixels:
            raise DatasetError(
                f"{self.called} has {count:,} images of {values:,} values: {count * values / 1e6:,.0f} MB to keep, the "
                f"limit is {self.limits.pixels / 1e6:,.0f} MB. Load a part of it or take a sample, or raise "
                "MISREAD_DATASET_PIXELS."
            )

    def sample_size(self, values: int) -> int | None:
        """How many images of `values` numbers each to keep at most; None for all."""
        if self.most is None:
            return None
        return max(1, min(self.most, self.limits.images, self.limits.pixels // max(values, 1)))


@dataclass
class Complaints:
    """What was left out: the count and the first twenty sentences."""

    first: list[str] = field(default_factory=list)
    count: int = 0

    def add(self, sentence: str) -> None:
        self.count += 1
        if len(self.first) < 20:
            self.first.append(sentence)
