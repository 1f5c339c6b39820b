"""The three known questions asked of the Autopsy: `python -m benchmarks.questions --data FOLDER [--question N]`.

Question 1: capitals of new writers, drawn and photographed, through everything that its thread does to them. Question 2:
colour pictures that were not divided by 255, with and without a digit. Question 3's second half: photographs through another
network's preprocess_input. Each row: what the network says before, what the Autopsy names, what the network says after the
fix. Prints Markdown; --out also writes the figures as JSON, for the docs.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

from benchmarks import colour_skews
from benchmarks.autopsy import reads
from benchmarks.autopsy_pictures import house_numbers, letters, photographs
from benchmarks.autopsy_tables import share
from benchmarks.autopsy_tally import of
from benchmarks.ink_pictures import page, photo
from benchmarks.skew import Case, Make, as_picture, with_step
from lib import zoo
from lib.autopsy import Autopsy, examine
from lib.contract import Contract
from lib.network import Network
from lib.training.house_digits_textures import surfaces

_SAMPLES = Path(__file__).resolve().parents[1] / "sample_images"
_WITHOUT_A_DIGIT = (
    "cat.jpg",
    "espresso.jpg",
    "rocket.jpg",
    "astronaut.jpg",
    "brick-wall.jpg",
    "window.jpg",
    "flower.jpg",
)


@dataclass(frozen=True)
class Row:
    """What reaches the network.

    Attributes:
        expected: ids that name it rightly; none where nothing is wrong.
        after: ask again with the fix: what the Autopsy then says is counted, too.
    """

    name: str
    expected: tuple[str, ...]
    make: Make
    after: bool = False


def drawn(glyph: np.ndarray, contract: Contract, random: np.random.Generator) -> Case:
    """A pen on a canvas: pure black on pure white, edges a pixel wide."""
    return as_picture(page(glyph, random, crisp=True)), contract.pipeline()


def _on_paper(glyph: np.ndarray, contract: Contract, random: np.random.Generator) -> Case:
    return as_picture(photo(glyph, random)), contract.pipeline()


QUESTION_1 = (
    Row("drawn black on white, `255 - x` (right)", (), drawn),
    Row(
        "the same, `1 - x` on bytes (wraps around)",
        ("uint8-wrap",),
        with_step(drawn, "invert", method="1 - x as uint8"),
    ),
    Row(
        "the same, `1 - x` on floats (-254..1)",
        ("one-minus-float",),
        with_step(drawn, "invert", method="1 - x as float"),
    ),
    Row("phone photo, `255 - x`", ("background-not-flat",), _on_paper),
    Row(
        "phone photo, `1 - x` on bytes (there 257 - x)",
        ("background-not-flat",),
        with_step(_on_paper, "invert", method="1 - x as uint8"),
    ),
    Row("phone photo, `255 - x`, sigmoid times 255", (), with_step(_on_paper, "sigmoid", on=True)),
    Row(
        "phone photo, `255 - x`, sigmoid left in 0..1",
        ("contrast-range",),
        with_step(_on_paper, "sigmoid", on=True, output="0..1"),
    ),
    Row(
        "phone photo read as floats 0..1, `1 - x`",
        ("range-too-small",),
        with_step(_on_paper, "value_range", mode="0..1"),
    ),
)
_UNSCALED = with_step(colour_skews.healthy, "value_range", mode="0..255")
QUESTION_2 = (Row("digits, not divided by 255", ("range-too-large",), _UNSCALED, after=True),)
QUESTION_2_EMPTY = (
    Row("no digit in the picture, not divided by 255", ("range-too-large",), _UNSCALED, after=True),
)
_IMAGENET = ("imagenet-mode", "channel-order", "preprocess-twice")
QUESTION_3 = (
    Row("right", (), colour_skews.healthy),
    Row("red and blue swapped", ("channel-order",), with_step(colour_skews.healthy, "channel_order", order="BGR")),
    Row("caffe's mode", _IMAGENET, colour_skews.imagenet("caffe", "BGR")),
    Row("torch's mode", _IMAGENET, colour_skews.imagenet("torch", "RGB")),
    Row("preprocessed twice", ("preprocess-twice",), with_step(colour_skews.healthy, "value_range", times="twice")),
    Row("not preprocessed, 0..255", ("range-too-large",), _UNSCALED),
    Row("divided by 255", ("range-signed-expected",), with_step(colour_skews.healthy, "value_range", mode="0..1")),
)  # fmt: skip


def without_a_digit(count: int, seed: int) -> list[np.ndarray]:
    """Crops of the sample photos and of painted surfaces, in turn: uint8 (64, 64, 3), no digit in any of them."""
    random = np.random.default_rng([2, seed])
    photos = [cv2.imread(str(_SAMPLES / name))[..., ::-1] for name in _WITHOUT_A_DIGIT]
    reliefs = surfaces(max(6, count // 2), random)
    found = []
    for index in range(count):
        if index % 2:
            pixels = photos[(index // 2) % len(photos)]
        else:
            tone, contrast = random.uniform(60, 200, 3), random.uniform(10, 45)
            pixels = np.clip(tone + reliefs[index // 2, ..., None] * contrast, 0, 255).astype(np.uint8)
        side = int(random.integers(64, min(pixels.shape[:2])))
        top, left = (int(random.integers(0, length - side + 1)) for length in pixels.shape[:2])
        crop = np.ascontiguousarray(pixels[top : top + side, left : left + side])
        found.append(cv2.resize(crop, (64, 64), interpolation=cv2.INTER_AREA))
    return found


def ask(
    network: Network,
    row: Row,
    images: Iterable[np.ndarray],
    labels: Iterable[frozenset[int]],
    say: Callable[[str], None] = lambda text: None,
    asked: int = sys.maxsize,
) -> dict[str, Any]:
    """The figures of a row, as JSON. A picture without a right class has an empty set of labels.

    Args:
        asked: of so many pictures, the first ones, the Autopsy is asked, which takes longer than reading them.
    """
    before, tops, answers, first, fixed, verdicts, later = [], [], [], [], [], [], []
    names = network.contract.class_names
    for number, (image, label) in enumerate(zip(images, labels, strict=True)):
        picture, pipeline = row.make(image, network.contract, np.random.default_rng(number))
        trace = network.trace(pipeline.run(picture).final, layers=())
        before.append(trace.top(1)[0] in label)
        tops.append(float(trace.probabilities.max()))
        answers.append(names[trace.top(1)[0]])
        if number >= asked:
            continue
        found = examine(network, picture, pipeline, model_findings=())
        first.append(_first(found))
        verdicts.append(found.verdict)
        fixed.append(reads(network, (picture, found.fix or pipeline), label))
        if row.after:
            again = examine(network, picture, found.fix or pipeline, model_findings=())
            later.append(_first(again) if again.findings else again.verdict)
    say(row.name)
    answer, most = Counter(answers).most_common(1)[0]
    return {
        "row": row.name,
        "expected": list(row.expected),
        "n": len(before),
        "asked": len(first),
        "before": of(before),
        "after": of(fixed),
        "median top probability": round(float(np.median(tops)), 3),
        "most frequent answer": {"name": answer, "k": most},
        "named": of((name in row.expected) if row.expected else name == "nothing" for name in first),
        "first": dict(Counter(first).most_common()),
        "verdicts": dict(Counter(verdicts).most_common()),
        "asked again": dict(Counter(later).most_common()),
    }


def _first(found: Autopsy) -> str:
    return found.findings[0].cause if found.findings else "nothing"


def table(question: str, entry: dict[str, Any]) -> str:
    """Markdown."""
    lines = [
        f"**Question {question}**, {entry['model']}: {entry['pictures']}.",
        "",
        "| what reaches the network | right before | median top probability | most frequent answer | named first "
        "| what was named | right after the fix |",
        "| " + "--- | " * 7,
    ]
    for row in entry["rows"]:
        top = row["most frequent answer"]
        named = _shares(row["first"], row["asked"])
        shown = share(row["named"]) if row["expected"] else ""
        without = row["row"].startswith("no digit")
        lines.append(
            f"| {row['row']} ({_counts(row)}) | {'' if without else share(row['before'], False)} "
            f"| {row['median top probability']:.2f} | {top['name']} {100 * top['k'] / row['n']:.0f} % | {shown} "
            f"| {named} | {_afterwards(row) if without else share(row['after'])} |"
        )
    return "\n".join(lines)


def _counts(row: dict[str, Any]) -> str:
    return f"{row['n']}" if row["asked"] == row["n"] else f"{row['n']}, of {row['asked']} asked"


def _afterwards(row: dict[str, Any]) -> str:
    """What is said of the picture once the range is right."""
    return _shares(row["asked again"], row["asked"])


def _shares(counts: dict[str, int], n: int) -> str:
    """The three most frequent, in percent of n."""
    most = sorted(counts.items(), key=lambda item: -item[1])[:3]
    return ", ".join(f"{name} {100 * k / n:.0f} %" for name, k in most)


def _measure(question: str, folder: Path, part: str, count: int, seed: int, asked: int) -> dict[str, Any]:
    say = lambda text: print(f"question {question}: {text}", flush=True)  # noqa: E731
    model = {"1": "letters-mlp", "2": "house-numbers", "3": "MobileNetV2"}[question]
    network = zoo.load(model)
    read = {"1": letters, "2": house_numbers, "3": photographs}[question]
    pictures = read(folder, part, count, seed)
    rows: Sequence[Row] = {"1": QUESTION_1, "2": QUESTION_2, "3": QUESTION_3}[question]
    measured = [ask(network, row, pictures.images, pictures.labels, say, asked) for row in rows]
    if question == "2":
        empty = without_a_digit(count, seed)
        none: frozenset[int] = frozenset()
        measured += [ask(network, row, empty, [none] * count, say, asked) for row in QUESTION_2_EMPTY]
    return {"model": model, "pictures": pictures.words, "part": part, "seed": seed, "rows": measured}


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="the folder with the data sets' files")
    parser.add_argument("--question", nargs="+", choices=("1", "2", "3"), default=["1", "2", "3"])
    parser.add_argument("--pictures", type=int, default=500, help="for each row (default 500)")
    parser.add_argument(
        "--asked", type=int, default=sys.maxsize, help="of so many of them the Autopsy is asked"
    )
    parser.add_argument("--part", choices=("validation", "test"), default="validation")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, help="JSON file; questions that were not asked now are kept")
    options = parser.parse_args(arguments)
    for question in options.question:
        entry = _measure(question, options.data, options.part, options.pictures, options.seed, options.asked)
        print(f"\n{table(question, entry)}\n", flush=True)
        if options.out:
            known = json.loads(options.out.read_text("utf-8")) if options.out.exists() else {}
            options.out.parent.mkdir(parents=True, exist_ok=True)
            text = json.dumps({**known, question: entry}, indent=1, ensure_ascii=False, sort_keys=True)
            options.out.write_text(f"{text}\n", "utf-8")


if __name__ == "__main__":
    main()
