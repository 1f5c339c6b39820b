"""The generator of house-number digits: as many labelled 32 x 32 colour crops as are asked for, from a seed.

It draws a scene with a font (`house_digits_scene`) and photographs it (`house_digits_camera`), nothing else.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

import numpy as np

from lib.training.data import Labelled
from lib.training.house_digits_camera import SIDE, photograph
from lib.training.house_digits_glyphs import Face
from lib.training.house_digits_scene import draw_scene
from lib.training.house_digits_textures import surfaces

_SURFACES = 96
_CHUNK = 500


def generate(count: int, faces: Sequence[Face], seed: int, progress: bool = False) -> Labelled:
    """Digits as they appear in crops of street photographs.

    The first images of a longer series are those of a shorter one with the same seed and faces.

    Args:
        count: number of images.
        faces: fonts to draw with. Half of the images take any face, the other half any family first, so that
            neither a family of forty weights nor a single odd font prevails.
        seed: of everything that is drawn.
        progress: show a progress bar.

    Returns:
        uint8 (count, 32, 32, 3), RGB, and int64 labels 0..9, about as frequent as digits are in house numbers.
    """
    walls = surfaces(_SURFACES, np.random.default_rng([seed, 0]))
    families: dict[str, list[Face]] = {}
    for face in faces:
        families.setdefault(face.family, []).append(face)
    grouped = list(families.values())
    images = np.zeros((count, SIDE, SIDE, 3), np.uint8)
    labels = np.zeros(count, np.int64)
    for start in range(0, count, _CHUNK):
        random = np.random.default_rng([seed, 1 + start // _CHUNK])
        for index in range(start, min(start + _CHUNK, count)):
            choices = faces if random.random() < 0.5 else grouped[int(random.integers(len(grouped)))]
            scene = draw_scene(choices[int(random.integers(len(choices)))], walls, random)
            images[index], labels[index] = photograph(scene, random), scene.label
        if progress:
            _show(min(start + _CHUNK, count), count)
    return Labelled(images, labels)


def _show(done: int, count: int) -> None:
    """A progress bar, written over the last one. Keras has one too, but reading data must not load TensorFlow."""
    full = 30 * done // count
    end = "\n" if done == count else ""
    sys.stdout.write(f"\r{done}/{count} digits generated [{'=' * full}{'.' * (30 - full)}]{end}")
    sys.stdout.flush()
