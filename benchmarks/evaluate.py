"""How fast a data set is measured: `python -m benchmarks.evaluate [--csv MB]`, about a minute.

Prints what letters-cnn takes to read 20,000 images of 28x28 and for a sweep of 20 points over 2,000 of them, each beside
bare `model.predict` over the same arrays, which somebody else has prepared. With `--csv 700` also what reading a CSV of so
many MB takes, in time and in memory (not on Windows). The images are the project's own drawings, over and over.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from lib import zoo
from lib.dataset import Dataset
from lib.dataset.tensors import Tensors
from lib.evaluate import answer
from lib.evaluate.axis import usual
from lib.evaluate.capitals import LETTERS, capitals
from lib.evaluate.running import as_stored
from lib.evaluate.sweep import sweep

IMAGES, SWEPT, POINTS = 20_000, 2_000, 20
_READ = """
import io, resource, sys, time
from pathlib import Path
from lib.dataset.packing import Unfinished
from lib.dataset.reading import Wanted, begin_dataset
path, most, uploaded = sys.argv[1], int(sys.argv[2]) or None, sys.argv[3] == "uploaded"
files = [io.BytesIO(Path(path).read_bytes()) if uploaded else path]
start = time.perf_counter()
found = begin_dataset(files, Wanted("capitals.csv", most=most))
files.clear()  # as the page does
found = found.finish() if isinstance(found, Unfinished) else found
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(len(found), time.perf_counter() - start, peak / (1e6 if sys.platform == "darwin" else 1e3))
"""


def data(count: int) -> Dataset:
    """Drawn capitals, repeated until there are enough."""
    images, labels = capitals(20)
    rows = np.arange(count) % len(images)
    return Dataset(images[rows], labels[rows], tuple(LETTERS), name="capitals", total=count)


def seconds(work: Callable[[], object], times: int = 3) -> float:
    """The shortest of some runs: whatever disturbs one only makes it longer."""
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return min(taken)


def speed(name: str) -> list[str]:
    """The rows of the table for one network."""
    network, dataset = zoo.load(name), data(IMAGES)
    tensors = Tensors(dataset, network.contract, as_stored(dataset, network.contract))[:IMAGES]
    small = data(SWEPT)
    pipeline = as_stored(small, network.contract)
    network.model.predict(tensors[:256], batch_size=256, verbose=0)  # compiles
    answer(network, small)

    def predict(batch: int) -> float:
        return seconds(lambda: network.model.predict(tensors, batch_size=batch, verbose=0))

    best, default = predict(256), predict(32)
    rows = []
    taken = seconds(lambda: answer(network, dataset))
    rows.append(
        f"| {name}: {IMAGES:,} images of 28x28 | {taken:.1f} s | {taken / best:.2f} | {taken / default:.2f} | 10 s |"
    )
    for parameter in ("rotation", "scale"):
        axis = usual("move", parameter, POINTS)
        taken = seconds(lambda axis=axis: sweep(network, small, pipeline, [axis]), 2)
        share = len(axis.values) * SWEPT / IMAGES
        rows.append(
            f"| {name}: a sweep of {len(axis.values)} points ({parameter}) over {SWEPT:,} images | {taken:.1f} s | "
            f"{taken / (best * share):.2f} | {taken / (default * share):.2f} | 15 s |"
        )
    axis = usual("noise", "", POINTS)
    taken = seconds(lambda: sweep(network, small, pipeline, [axis]), 2)
    share = len(axis.values) * SWEPT / IMAGES
    rows.append(
        f"| {name}: a sweep of {len(axis.values)} points (noise, before all steps) over {SWEPT:,} images | {taken:.1f} s | "
        f"{taken / (best * share):.2f} | {taken / (default * share):.2f} | 15 s |"
    )
    return rows


def reading(megabytes: int) -> list[str]:
    """What reading a CSV of that size takes, whole and as a sample of 20,000: from a disk, and as a web server has it, which
    keeps an uploaded file in memory until it is read.
    """
    images, labels = capitals(40)
    block = "".join(
        f"{label},{','.join(map(str, image.ravel()))}\n" for label, image in zip(labels, images, strict=True)
    ).encode()
    rows = ["", "| a CSV | images kept | seconds | most memory of the process |", "| --- | --- | --- | --- |"]
    cases = [(most, where) for where in ("on disk", "uploaded") for most in (0, IMAGES)]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "capitals.csv"
        with path.open("wb") as file:
            for _ in range(-(-megabytes * 1_000_000 // len(block))):
                file.write(block)
        for most, where in cases:
            done = subprocess.run(
                [sys.executable, "-c", _READ, str(path), str(most), where],
                capture_output=True,
                text=True,
                check=True,
            )
            kept, taken, peak = (float(word) for word in done.stdout.split())
            size = path.stat().st_size / 1e6
            rows.append(f"| {size:,.0f} MB {where} | {kept:,.0f} | {taken:.0f} s | {peak:,.0f} MB |")
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--csv", type=int, default=0, metavar="MB")
    parser.add_argument("--models", nargs="*", default=["letters-cnn", "letters-mlp"])
    options = parser.parse_args()
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")
    print(f"{os.cpu_count()} cores, load {load:.1f}\n")
    print("| what | measured | of `model.predict(batch_size=256)` | of `model.predict` | target |")
    print("| --- | --- | --- | --- | --- |")
    for name in options.models:
        print("\n".join(speed(name)), flush=True)
    if options.csv:
        print("\n".join(reading(options.csv)))


if __name__ == "__main__":
    main()
