"""Reads CSV rows `label, pixels`, as `load_dataset` of stackoverflow.com/questions/73817788 does, as a stream.

Memory holds one block of text and the pixels that are kept (one byte each), never the file.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

import numpy as np

from lib.dataset.csv_format import Format, find_format
from lib.dataset.dataset import Dataset
from lib.dataset.guards import Complaints, DatasetError, Request
from lib.dataset.labels import Codes
from lib.dataset.packing import Packed, Unfinished
from lib.dataset.sampling import Collector

_BLOCK = 1 << 21
# A file that is something else would otherwise be read to its end, line by line.
_HOPELESS = 1_000


def read_csv(stream: BinaryIO, size: int, request: Request) -> Dataset | Unfinished:
    """Read a label and H x W or H x W x 3 pixels a line, H = W, whole numbers 0..255 in row order.

    Comma, semicolon or tab; with or without a header; the label first (or last, if a header says so), a number or a
    name. Pixels between 0 and 1 with fractions are taken times 255. A line that does not fit is left out and told.

    Args:
        stream: the text as bytes, UTF-8.
        size: of the stream in bytes, for the progress; 0 if it is not known.

    Raises:
        DatasetError: no line fits, the format is not clear, or a limit is met.
    """
    reader = _Reader(request)
    for first, block, done in _blocks(stream, request):
        request.watch.at(done, max(size, done))
        reader.read(first, block)
    return reader.finish()


class _Reader:
    def __init__(self, request: Request) -> None:
        self._request = request
        self._format: Format | None = None
        self._codes = Codes(request)
        self._collector = Collector(request)
        self._complaints = Complaints()

    def read(self, first: int, block: bytes) -> None:
        """One block of whole lines, the first of which has the number `first`."""
        if self._format is None:
            if not block.strip():
                return
            self._format, header = find_format(block, self._request)
            lines = block.split(b"\n", header)
            block, first = lines[header], first + header
        if not self._read_plain(block):
            self._read_lines(first, block)

    def finish(self) -> Dataset | Unfinished:
        """What was read; unfinished where every image is kept, which takes as much memory again as they do."""
        request, complaints = self._request, self._complaints
        if self._format is None:
            raise DatasetError(f"{request.called} has no rows; each should be a label and its pixels.")
        if self._collector.seen == 0:
            raise DatasetError(
                f"{request.called} has no row that can be read. {complaints.first[0] if complaints.first else ''}".strip()
            )
        total, shape = self._collector.seen, self._format.shape
        pixels, codes = self._collector.finish()
        labels, class_names = self._codes.finish(codes)
        notes = list(self._format.notes)
        largest = pixels.largest if isinstance(pixels, Packed) else pixels.max()
        factor = 255 if largest == 1 and not self._format.unit else 1
        if factor > 1:
            notes.append("All pixels are 0 or 1: they were taken times 255.")

        def build(images: np.ndarray) -> Dataset:
            if factor > 1:
                np.multiply(images, factor, out=images)
            return Dataset(
                images.reshape(-1, *shape),
                labels,
                class_names,
                name=request.name,
                notes=tuple(notes),
                bad_rows=tuple(complaints.first),
                bad_count=complaints.count,
                total=total,
            )

        return Unfinished(pixels, build, request.called) if isinstance(pixels, Packed) else build(pixels)

    def _read_plain(self, block: bytes) -> bool:
        """The fast way: plain digits in a perfect grid, all lines at once. False if the block is not like that.

        A field of one to three digits is read from its end: units, tens, hundreds.
        """
        layout = self._format
        assert layout is not None
        if layout.unit:
            return False
        # The two decorations that whole files have: quotes around every value, a space after every comma.
        block = block.replace(b'"', b"").replace(layout.delimiter + b" ", layout.delimiter)
        signs = np.frombuffer(block, np.uint8)
        ends = np.flatnonzero((signs == ord(layout.delimiter)) | (signs == ord("\n")))
        if len(ends) == 0 or len(ends) % layout.columns:
            return False
        grid = ends.reshape(-1, layout.columns)
        if (signs[grid[:, -1]] != ord("\n")).any() or (signs[grid[:, :-1]] == ord("\n")).any():
            return False
        starts = np.concatenate([[0], ends[:-1] + 1]).reshape(grid.shape)
        label = layout.label_column
        pixel_ends, lengths = layout.without_label(grid), layout.without_label(grid - starts)
        if lengths.min() < 1 or lengths.max() > 3:
            return False
        values = np.zeros(pixel_ends.shape, np.uint16)
        for place, worth in enumerate((1, 10, 100), 1):
            # Fields without this digit take any other sign, which then counts as zero.
            digits = np.where(lengths >= place, signs[pixel_ends - place] - np.uint8(ord("0")), np.uint8(0))
            if (digits > 9).any():
                return False
            values += digits * np.uint16(worth)
        if (values > 255).any():
            return False
        spans = zip(starts[:, label].tolist(), grid[:, label].tolist(), strict=True)
        try:
            codes = [self._codes.code(block[start:end]) for start, end in spans]
        except DatasetError:
            raise
        except ValueError:
            return False
        self._collector.offer(values.astype(np.uint8), np.array(codes, np.int64))
        return True

    def _read_lines(self, first: int, block: bytes) -> None:
        """The slow way, which finds the lines at fault."""
        assert self._format is not None
        rows, codes = [], []
        for number, line in enumerate(block.split(b"\n"), first):
            if not line.strip():
                continue
            try:
                label, pixels = self._format.row(line)
                codes.append(self._codes.code(label))
                rows.append(pixels)
            except DatasetError:
                raise
            except ValueError as error:
                self._complaints.add(f"Line {number:,}: {error}.")
        if rows:
            self._collector.offer(np.stack(rows), np.array(codes, np.int64))
        elif self._collector.seen == 0 and self._complaints.count >= _HOPELESS:
            raise DatasetError(
                f"{self._request.called}: none of its first {self._complaints.count:,} rows can be read. "
                f"{self._complaints.first[0]}"
            )


def _blocks(stream: BinaryIO, request: Request) -> Iterator[tuple[int, bytes, int]]:
    """(number of the first line, whole lines ending in a newline each, bytes read so far)."""
    number, rest, done = 1, b"", 0
    while True:
        chunk = stream.read(_BLOCK)
        if done == 0:
            _check_text(chunk, request)
            chunk = chunk.removeprefix(b"\xef\xbb\xbf")
        done += len(chunk)
        if done > request.limits.unpacked:
            raise DatasetError(
                f"{request.called} unpacks to more than {request.limits.unpacked / 1e6:,.0f} MB of text. Load a part of "
                "it, or raise MISREAD_DATASET_UNPACKED."
            )
        text = rest + chunk
        # A block that ends between \r and \n would count one line end twice.
        keep = text[-1:] if chunk and text.endswith(b"\r") else b""
        text = text[: len(text) - len(keep)].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        if not chunk and text and not text.endswith(b"\n"):
            text += b"\n"
        end = text.rfind(b"\n") + 1
        lines, rest = text[:end], text[end:] + keep
        count = lines.count(b"\n")
        if len(rest) > request.limits.row:
            raise DatasetError(
                f"{request.called}, line {number + count:,}: one line has more than "
                f"{request.limits.row / 1e6:g} MB. Each image should be a line of its own: a label and its pixels."
            )
        if lines:
            yield number, lines, done
            number += count
        if not chunk:
            return


def _check_text(start: bytes, request: Request) -> None:
    if not start:
        raise DatasetError(f"{request.called} is empty (0 bytes). Save or download it again, then load it.")
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise DatasetError(
            f"{request.called} is text in UTF-16. Save it as CSV in UTF-8, then load it again."
        )
    if b"\0" in start[:65536]:
        raise DatasetError(
            f"{request.called} is not a data set that can be read. Load CSV rows (a label and its pixels), IDX files, an "
            ".npz with images and labels, or a zip with a folder of pictures for each class."
        )
