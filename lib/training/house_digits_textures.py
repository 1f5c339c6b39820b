"""Surfaces that house numbers hang on, as gray relief: plaster, brick, boards, stone, leaves. No photo is needed.

A surface is a number around 0 at each pixel; colouring it is the scene's work (see `house_digits_scene`).
"""

from __future__ import annotations

import cv2
import numpy as np

SIDE = 256


def surfaces(count: int, random: np.random.Generator) -> np.ndarray:
    """float32 (count, SIDE, SIDE), each with mean 0 and standard deviation 1, the kinds in turn."""
    kinds = (plaster, bricks, boards, stone, leaves, grain)
    made = np.stack([kinds[index % len(kinds)](random) for index in range(count)])
    made -= made.mean((1, 2), keepdims=True)
    return (made / np.maximum(made.std((1, 2), keepdims=True), 1e-6)).astype(np.float32)


def plaster(random: np.random.Generator) -> np.ndarray:
    """Noise whose amplitude falls with frequency as in photographs of natural surfaces, about 1 / f."""
    return _spectral_noise(random, random.uniform(0.7, 1.6))


def grain(random: np.random.Generator) -> np.ndarray:
    """Fine, even roughness: render, sandpaper, painted metal."""
    return cv2.GaussianBlur(random.normal(size=(SIDE, SIDE)), (0, 0), random.uniform(0.6, 2.0))


def bricks(random: np.random.Generator) -> np.ndarray:
    """Courses of bricks of slightly different tones, joints darker or lighter than the bricks."""
    height = int(random.integers(14, 40))
    width = int(height * random.uniform(2.0, 3.2))
    joint = max(1, round(height * random.uniform(0.06, 0.16)))
    wall = np.full((SIDE, SIDE), random.choice([-1, 1]) * random.uniform(1.0, 3.0))
    for course, top in enumerate(range(0, SIDE, height)):
        for left in range(-(course % 2) * (width // 2), SIDE, width):
            tone = random.normal(0, 0.5)
            wall[top : top + height - joint, max(0, left) : max(0, left + width - joint)] = tone
    return cv2.GaussianBlur(wall, (0, 0), 0.8) + 0.4 * _spectral_noise(random, 0.8)


def boards(random: np.random.Generator) -> np.ndarray:
    """Boards or siding, upright or level: stretched grain, a dark gap and a lit edge at every board."""
    width = int(random.integers(12, 70))
    grain_field = cv2.GaussianBlur(random.normal(size=(SIDE, SIDE)), (0, 0), sigmaX=25, sigmaY=0.8)
    surface = grain_field / grain_field.std() * random.uniform(0.2, 0.8)
    for top in range(int(random.integers(0, width)), SIDE, width):
        surface[top : top + 2] -= random.uniform(1.0, 3.0)
        surface[top + 2 : top + 4] += random.uniform(0.0, 1.5)
        surface[top : top + width] += random.normal(0, 0.4)
    return surface if random.random() < 0.6 else np.ascontiguousarray(surface.T)


def stone(random: np.random.Generator) -> np.ndarray:
    """Irregular stones: each pixel belongs to the nearest of some random points, joints run between them."""
    count = int(random.integers(12, 60))
    points = random.uniform(0, SIDE, (count, 2))
    rows, columns = np.mgrid[0:SIDE, 0:SIDE]
    distance = np.hypot(rows[..., None] - points[:, 0], columns[..., None] - points[:, 1])
    nearest = np.partition(distance, 1, axis=2)
    tones = random.normal(0, 0.7, count)[distance.argmin(2)]
    joints = np.clip(1 - (nearest[..., 1] - nearest[..., 0]) / random.uniform(3, 9), 0, 1)
    return tones - random.uniform(0.5, 2.5) * joints + 0.4 * _spectral_noise(random, 0.9)


def leaves(random: np.random.Generator) -> np.ndarray:
    """A hedge: many small bright and dark ellipses over each other."""
    hedge = np.zeros((SIDE, SIDE), np.float32)
    for _ in range(500):
        centre = tuple(int(value) for value in random.integers(0, SIDE, 2))
        axes = (int(random.integers(3, 12)), int(random.integers(2, 6)))
        tone = float(random.normal())
        cv2.ellipse(hedge, centre, axes, float(random.uniform(0, 180)), 0, 360, tone, -1, cv2.LINE_AA)
    return hedge


def _spectral_noise(random: np.random.Generator, exponent: float) -> np.ndarray:
    rows = np.fft.fftfreq(SIDE)[:, None]
    columns = np.fft.rfftfreq(SIDE)[None, :]
    frequency = np.hypot(rows, columns)
    frequency[0, 0] = 1
    shape = frequency.shape
    spectrum = (random.normal(size=shape) + 1j * random.normal(size=shape)) / frequency**exponent
    spectrum[0, 0] = 0
    noise = np.fft.irfft2(spectrum, s=(SIDE, SIDE))
    return noise / noise.std()
