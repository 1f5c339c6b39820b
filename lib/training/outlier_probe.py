"""Fits the outlier probe of a bundled network: `python -m lib.training.outlier_probe --data FOLDER [--photos FOLDER]`.

For house-numbers: digits of the project's generator, of fonts that the network never saw, and real crops on one side; on the
other walls, textures, noise, drawings and letters from generators, and pieces of photographs if a folder of them is given.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np

from lib.reference.outlier_probe import OutlierProbe, answers, probed_layers, standard

if TYPE_CHECKING:
    from lib.network import Network

SIDE = 32
DIGITS, EACH = 6_000, 600
_SEED = 5_000
_PENALTY = 300.0
_STEPS = 12
_AT_ONCE = 500
_PHOTO_SUFFIXES = {".jpg", ".jpeg", ".png"}
_LETTERS = "AEFHKMNPRUVWX"


def fit_probe(
    network: Network, inside: np.ndarray, outside: np.ndarray, held_out: np.ndarray, penalty: float = _PENALTY
) -> OutlierProbe:
    """A logistic regression with a ridge penalty; both sides count alike, however many pictures they have.

    Args:
        inside, outside: float32 (N, *input_shape), pictures of the classes, and of none.
        held_out: the Reference's held-out pictures, in its order; none of them is among the others.
        penalty: of the squared weights, in pictures.
    """
    layers = probed_layers(network.layers)
    rows, strange = (_answers(network, images, layers) for images in (inside, outside))
    mean, spread = rows.mean(0), rows.std(0) + 1e-3
    table = np.concatenate([standard(part, mean, spread) for part in (rows, strange)]).astype(np.float64)
    truth = np.r_[np.zeros(len(rows)), np.ones(len(strange))]
    counts = np.where(truth == 1, len(rows) / len(strange), 1.0)
    weights = _newton(table, truth, counts, penalty).astype(np.float32)
    probe = OutlierProbe(layers, mean, spread, weights, np.zeros(0, np.float32))
    scores = standard(_answers(network, held_out, layers), mean, spread) @ probe.weights
    return OutlierProbe(layers, mean, spread, weights, scores.astype(np.float32))


def _newton(table: np.ndarray, truth: np.ndarray, counts: np.ndarray, penalty: float) -> np.ndarray:
    """float64 (D,): the weights without the intercept, which moves all scores alike."""
    table = np.column_stack([table, np.ones(len(table))])
    ridge = np.full(table.shape[1], penalty)
    ridge[-1] = 1e-6
    weights = np.zeros(table.shape[1])
    for _ in range(_STEPS):
        chance = 1 / (1 + np.exp(-np.clip(table @ weights, -30, 30)))
        slope = table.T @ (counts * (chance - truth)) + ridge * weights
        bend = (table * (counts * chance * (1 - chance))[:, None]).T @ table + np.diag(ridge)
        weights = weights - np.linalg.solve(bend, slope)
    return np.asarray(weights[:-1])


def _answers(network: Network, images: np.ndarray, layers: Sequence[str]) -> np.ndarray:
    """float32 (N, D)"""
    parts = [images[start : start + _AT_ONCE] for start in range(0, len(images), _AT_ONCE)]
    return np.concatenate([answers(network.trace(part, layers=layers).activations, layers) for part in parts])


# ---- outsiders of house numbers --------------------------------------------------------------------------------------


def outsiders(
    each: int, random: np.random.Generator, photos: Sequence[np.ndarray] = ()
) -> dict[str, np.ndarray]:
    """{kind: uint8 (each, 32, 32, 3)}: pictures without a digit.

    Args:
        photos: uint8 (H, W, 3) RGB, with no digit in them; without any that kind is left out.
    """
    found = {
        "walls": _walls(each, random),
        "textures": _textures(each, random),
        "drawings": _drawings(each, random),
        "letters": _letters(each, random),
        "noise": _noise(each, random),
    }
    if photos:
        pieces = [_piece(photos[i % len(photos)], random, 24, 2_000) for i in range(2 * each)]
        found["photographs"] = np.stack(pieces)
    return found


def _piece(pixels: np.ndarray, random: np.random.Generator, least: int, most: int) -> np.ndarray:
    """uint8 (32, 32, 3): a square of some size, small ones as often as large ones."""
    shortest = min(pixels.shape[:2])
    side = int(np.exp(random.uniform(np.log(min(least, shortest - 1)), np.log(min(most, shortest)))))
    top, left = (int(random.integers(0, length - side + 1)) for length in pixels.shape[:2])
    piece = np.ascontiguousarray(pixels[top : top + side, left : left + side])
    return np.asarray(cv2.resize(piece, (SIDE, SIDE), interpolation=cv2.INTER_AREA))


def _walls(count: int, random: np.random.Generator) -> np.ndarray:
    from lib.training.house_digits_textures import surfaces

    reliefs = surfaces(max(6, count // 2), random)
    found = []
    for index in range(count):
        tone, contrast = random.uniform(30, 220, 3), random.uniform(6, 50)
        wall = np.clip(tone + reliefs[index % len(reliefs)][..., None] * contrast, 0, 255).astype(np.uint8)
        found.append(_piece(wall, random, 48, 2_000))
    return np.stack(found)


def _textures(count: int, random: np.random.Generator) -> np.ndarray:
    from lib.training.outsiders import kinds

    makers = (*kinds.SURFACES[1:], *kinds.VALIDATION_SURFACES)
    return np.stack([_coloured(makers[i % len(makers)](random), random) for i in range(count)])


def _drawings(count: int, random: np.random.Generator) -> np.ndarray:
    from lib.training.outsiders import kinds

    makers = (*kinds.LINES, *kinds.VALIDATION_LINES)
    drawn = kinds.drawn(makers, -(-count // len(makers)), random)
    return np.stack([_coloured(image, random) for image in random.permutation(drawn)[:count]])


def _letters(count: int, random: np.random.Generator) -> np.ndarray:
    """Capitals that nobody takes for a digit, in this system's fonts."""
    from PIL import Image, ImageDraw, ImageFont

    from lib.training.house_digits_glyphs import font_files

    files = font_files()
    usable = [path for path in files[:: max(1, len(files) // 150)] if _draws_text(path)]
    found = []
    for index in range(count):
        font = ImageFont.truetype(
            str(usable[int(random.integers(len(usable)))]), int(random.integers(38, 62))
        )
        image = Image.new("L", (64, 64), 0)
        ImageDraw.Draw(image).text(
            (32, 32), _LETTERS[index % len(_LETTERS)], fill=255, font=font, anchor="mm"
        )
        found.append(_coloured(np.asarray(image), random))
    return np.stack(found)


def _draws_text(path: Path) -> bool:
    """Whether a font file has digits that look like digits: then its capitals are capitals."""
    from lib.training.house_digits_glyphs import read_faces

    try:
        return bool(read_faces([path]))
    except ValueError:
        return False


def _noise(count: int, random: np.random.Generator) -> np.ndarray:
    found = []
    for _ in range(count):
        grain = random.normal(0, 1, (2 * SIDE, 2 * SIDE, 3))
        blur = random.uniform(0, 4)
        grain = np.asarray(cv2.GaussianBlur(grain, (0, 0), blur), np.float64) if blur > 0.3 else grain
        grain = grain / max(float(grain.std()), 1e-6) * random.uniform(10, 60) + random.uniform(40, 215, 3)
        found.append(_piece(np.clip(grain, 0, 255).astype(np.uint8), random, SIDE, 2 * SIDE))
    return np.stack(found)


def _coloured(image: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """uint8 (32, 32, 3): of a gray one, in two colours that differ."""
    dark, bright = random.uniform(0, 255, 3), random.uniform(0, 255, 3)
    while np.abs(dark - bright).mean() < 40:
        bright = random.uniform(0, 255, 3)
    level = cv2.resize(image.astype(np.float32), (SIDE, SIDE), interpolation=cv2.INTER_AREA)[..., None] / 255
    soft = np.asarray(cv2.GaussianBlur(level, (0, 0), random.uniform(0.3, 1.2)))[..., None]
    return np.clip(dark + (bright - dark) * soft, 0, 255).astype(np.uint8)


# ---- command line ----------------------------------------------------------------------------------------------------


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument(
        "--data", type=Path, required=True, help="folder of real crops, as the network was trained on"
    )
    parser.add_argument("--photos", type=Path, help="folder of photographs without any digit in them")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    from lib import zoo
    from lib.training.house_digits import generate
    from lib.training.house_numbers_data import not_generated_to_learn
    from lib.training.reference import held_out_sample

    network = zoo.load("house-numbers")
    assert network.reference is not None
    faces, crops, held_out = not_generated_to_learn(options.data)
    known = held_out_sample(held_out)
    if not np.array_equal(known.labels, network.reference.held_out_labels):
        raise SystemExit(
            "These are not the fonts that the Reference's held-out digits were drawn with: make it anew first."
        )
    digits = generate(DIGITS, faces, _SEED + options.seed, progress=True).images
    strange = outsiders(EACH, np.random.default_rng([_SEED, options.seed]), _photographs(options.photos))
    print({name: len(images) for name, images in strange.items()})
    probe = fit_probe(
        network,
        _tensors(np.concatenate([digits, crops])),
        _tensors(np.concatenate(list(strange.values()))),
        _tensors(known.images),
    )
    probe.save(Path("models") / "house-numbers" / "outliers.npz")


def _photographs(folder: Path | None) -> list[np.ndarray]:
    """RGB, as they lie in the folder."""
    files = sorted(p for p in folder.iterdir() if p.suffix.lower() in _PHOTO_SUFFIXES) if folder else []
    found = [cv2.imread(str(path)) for path in files]
    return [np.ascontiguousarray(pixels[..., ::-1]) for pixels in found if pixels is not None]


def _tensors(images: np.ndarray) -> np.ndarray:
    return images.astype(np.float32) / 255


if __name__ == "__main__":
    main()
