"""Pictures whose right tensor is known, with the tensors of everything that the Autopsy would try on them.

Letters of writers that the training set aside are drawn, photographed, turned or blurred; what each candidate pipeline makes
of the picture is kept beside what the model's own pipeline makes of the clean letter. Which of them is right, and what the
witnesses should weigh, is `autopsy_weights`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import cv2
import numpy as np

from benchmarks.ink_pictures import other_pen, out_of_focus, page, photo, pixelated
from benchmarks.skew import as_picture, file_of
from lib.autopsy.examination import look
from lib.autopsy.hypotheses import Hypothesis, first_round, second_round
from lib.autopsy.score import EXPLAINED
from lib.autopsy.trial import on_small_copy
from lib.contract import Contract
from lib.picture import Picture, decode
from lib.pipeline.shared_runs import SharedRuns
from lib.reference import Reference

Random = np.random.Generator
Draw = Callable[[np.ndarray, Random], np.ndarray]
_STRONG = 0.5


@dataclass(frozen=True, eq=False)
class Simulated:
    """One picture.

    Attributes:
        kind: key of KINDS.
        label: the letter.
        letter: which of the letters it was drawn from.
        truth: float16 (H, W), 0..255: the clean letter through the model's own pipeline.
        tensors: float16 (N, H, W), 0..255: of the upright candidates, all different.
        departures: of each of them.
        explained: departures that something in the picture explains, with a Reference and without.
    """

    kind: str
    label: int
    letter: int
    truth: np.ndarray
    tensors: np.ndarray
    departures: tuple[tuple[str, ...], ...]
    explained: tuple[frozenset[str], frozenset[str]]


def sheet(glyph: np.ndarray, random: Random) -> np.ndarray:
    """Another sheet than `ink_pictures.photo`: coloured, with shadow edges, ruled lines, stains, JPEG. uint8 RGB."""
    side = int(random.integers(200, 480))
    drawn = page(glyph, random)
    if random.random() < 0.3:
        drawn = np.asarray(cv2.erode(drawn, np.ones((3, 3), np.uint8)))
    ink = 1 - cv2.resize(drawn, (side, side), interpolation=cv2.INTER_CUBIC).astype(np.float32) / 255
    paper = np.clip(random.uniform(120, 235) * (1 + random.uniform(-0.12, 0.12, 3)), 90, 250)
    depth = random.uniform(60, 170) * (1 + random.uniform(-0.35, 0.35, 3))
    image = paper - np.minimum(depth, paper - 5) * np.clip(ink, 0, 1)[..., None]
    if random.random() < 0.2:
        lines = np.zeros((side, side, 1))
        lines[:: int(side * random.uniform(0.12, 0.25))] = 1
        image = image - lines * random.uniform(10, 35)
    stain = cv2.GaussianBlur(random.normal(0, 1, (side, side)).astype(np.float32), (0, 0), side * 0.05)
    stain *= random.uniform(0, 6) / max(float(stain.std()), 1e-6)
    image = image * _light(side, random)[..., None] + stain[..., None]
    image = image + random.normal(0, random.uniform(1, 7), (side, side, 1))
    if random.random() < 0.5:
        image = cv2.GaussianBlur(image.astype(np.float32), (0, 0), random.uniform(0.5, side * 0.008))
    pixels = np.clip(image, 0, 255).astype(np.uint8)
    if random.random() < 0.5:
        pixels = decode(file_of(pixels, "JPEG", quality=int(random.integers(50, 95)))).pixels
    return np.ascontiguousarray(pixels)


def _light(side: int, random: Random) -> np.ndarray:
    """(H, W): brighter to one side, sometimes with the edge of a shadow."""
    y, x = np.mgrid[-1 : 1 : side * 1j, -1 : 1 : side * 1j]
    angle = random.uniform(0, 2 * np.pi)
    light = 1 + random.uniform(0, 0.22) * (np.cos(angle) * x + np.sin(angle) * y)
    if random.random() < 0.25:
        across = np.cos(angle) * y - np.sin(angle) * x - random.uniform(-0.6, 0.6)
        light *= 1 - random.uniform(0.1, 0.35) / (1 + np.exp(-across / random.uniform(0.02, 0.3)))
    return np.asarray(light)


def _turned(draw: Draw) -> Draw:
    return lambda glyph, random: np.rot90(draw(glyph, random), int(random.integers(1, 4)))


def _bad_jpeg(glyph: np.ndarray, random: Random) -> np.ndarray:
    small = cv2.resize(page(glyph, random), (64, 64), interpolation=cv2.INTER_AREA)
    return decode(file_of(np.asarray(small), "JPEG", quality=int(random.integers(3, 9)))).pixels


KINDS: dict[str, tuple[float, Draw]] = {
    "healthy": (0.42, page),
    "light ink": (0.03, lambda glyph, random: page(glyph, random, ink=255, paper=0)),
    "photo": (0.10, photo),
    "sheet": (0.12, sheet),
    "turned": (0.05, _turned(page)),
    "transposed": (0.025, lambda glyph, random: page(glyph, random).T),
    "mirrored": (0.025, lambda glyph, random: page(glyph, random)[:, ::-1]),
    "other pen": (0.05, lambda glyph, random: other_pen(page(glyph, random), random)),
    "out of focus": (0.035, lambda glyph, random: out_of_focus(page(glyph, random), random)),
    "pixelated": (0.035, lambda glyph, random: pixelated(page(glyph, random), random)),
    "bad JPEG": (0.03, _bad_jpeg),
    "turned sheet": (0.02, _turned(sheet)),
    "turned, other pen": (0.01, _turned(lambda glyph, random: other_pen(page(glyph, random), random))),
}
"""Kind -> how often it is expected among the pictures of visitors (their odds become the costs), and how it is drawn."""

# Rare kinds are drawn more often than they are expected; the fit weighs them back.
_LEAST = 0.05


def simulate(
    images: Sequence[np.ndarray],
    labels: Sequence[int],
    contract: Contract,
    reference: Reference,
    count: int,
    seed: int,
) -> Iterator[Simulated]:
    """About `count` pictures.

    Args:
        images: uint8 (H, W), tight, white on black.
        contract: with a value range of 0..255 and one channel.
        reference: that the examiners compare with.
    """
    random = np.random.default_rng(seed)
    own = contract.pipeline()
    upright = [h for h in first_round(contract) if not {"orientation", "mirror"} & set(h.departures)]
    # Pens and edges are tried with flat and with cleaned paper.
    hypotheses = [*upright, *second_round(contract, [upright[0], upright[3]])]
    letter = -1
    for kind, (share, draw) in KINDS.items():
        for _ in range(max(1, round(count * max(share, _LEAST)))):
            letter += 1
            row, draws = letter % len(images), int(random.integers(1 << 30))
            clean, shown = (
                as_picture(np.ascontiguousarray(how(images[row], np.random.default_rng(draws))))
                for how in (page, draw)
            )
            tensors, departures = _candidates(shown, hypotheses, contract)
            truth = own.run(clean).final.reshape(contract.size).astype(np.float16)
            explained = tuple(_explained(shown, contract, known) for known in (reference, None))
            yield Simulated(kind, int(labels[row]), row, truth, tensors, departures, explained)  # type: ignore[arg-type]


def _candidates(
    picture: Picture, hypotheses: Sequence[Hypothesis], contract: Contract
) -> tuple[np.ndarray, tuple[tuple[str, ...], ...]]:
    """The different tensors, each with the fewest departures that lead to it."""
    runs = SharedRuns(picture)
    kept: dict[bytes, tuple[tuple[str, ...], np.ndarray]] = {}
    for hypothesis in hypotheses:
        tensor = runs.tensors([on_small_copy(hypothesis.pipeline, contract.size)])[0]
        if tensor is None or not np.isfinite(tensor).all():
            continue
        before = kept.get(tensor.tobytes())
        if before is None or len(hypothesis.departures) < len(before[0]):
            kept[tensor.tobytes()] = (hypothesis.departures, tensor)
    tensors = np.stack([tensor.reshape(contract.size) for _, tensor in kept.values()])
    return tensors.astype(np.float16), tuple(departures for departures, _ in kept.values())


def _explained(picture: Picture, contract: Contract, reference: Reference | None) -> frozenset[str]:
    network: Any = SimpleNamespace(contract=contract)
    clues = look(picture, contract.pipeline().run(picture), network, reference).clues
    return frozenset(
        EXPLAINED[clue.cause]
        for clue in clues
        if clue.sentence and clue.weight >= _STRONG and clue.cause in EXPLAINED
    )
