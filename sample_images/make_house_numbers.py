"""Draws the pictures of question 2, digits on houses and walls without one: `python sample_images/make_house_numbers.py`.

Everything is drawn here from points and noise with a fixed seed: no font, no photograph, no data set. What each
picture demonstrates stands in index.json, which is written by hand. Another folder can be given as an argument.
"""

from __future__ import annotations

import sys
import zlib
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

SIDE = 192
FINE = 4  # shapes are drawn this many times larger and then averaged down

Points = list[tuple[float, float]]
# Digits by strokes: points in a unit square (x to the right, y downwards); straight from point to point.
SEVEN: list[Points] = [[(0.08, 0.05), (0.92, 0.05), (0.42, 1.00)]]
# The curved strokes of 5 and 3 are given by enough points to look round.
FIVE: list[Points] = [
    [(0.84, 0.04), (0.24, 0.04), (0.17, 0.47)],
    [
        *((0.17, 0.47), (0.27, 0.41), (0.39, 0.37), (0.52, 0.37), (0.65, 0.40), (0.76, 0.47), (0.83, 0.57)),
        *((0.86, 0.68), (0.84, 0.79), (0.77, 0.89), (0.66, 0.96), (0.53, 0.99), (0.38, 0.98), (0.24, 0.94)),
        (0.13, 0.87),
    ],
]
THREE: list[Points] = [
    [
        *((0.16, 0.14), (0.26, 0.06), (0.39, 0.01), (0.53, 0.01), (0.66, 0.05), (0.75, 0.13), (0.78, 0.24)),
        *((0.74, 0.34), (0.66, 0.42), (0.54, 0.46), (0.40, 0.47)),
    ],
    [
        *((0.40, 0.47), (0.56, 0.48), (0.70, 0.53), (0.80, 0.62), (0.83, 0.73), (0.79, 0.85), (0.69, 0.94)),
        *((0.54, 0.99), (0.39, 0.99), (0.24, 0.95), (0.12, 0.86)),
    ],
]


def shape(strokes: list[Points], box: tuple[float, float, float, float], width: float) -> np.ndarray:
    """float32 (SIDE, SIDE), 0..1: strokes of a width in pixels, fitted into left, top, right, bottom."""
    left, top, right, bottom = box
    mask = np.zeros((SIDE * FINE, SIDE * FINE), np.uint8)
    for points in strokes:
        placed = np.array(points) * (right - left, bottom - top) + (left, top)
        whole = np.round(placed * FINE).astype(np.int32)
        cv2.polylines(mask, [whole.reshape(-1, 1, 2)], False, 255, round(width * FINE))
    return reduced(mask)


def panel(box: tuple[float, float, float, float], radius: float) -> np.ndarray:
    """float32 (SIDE, SIDE), 0..1: a rectangle with round corners."""
    left, top, right, bottom = (round(value * FINE) for value in box)
    corner = round(radius * FINE)
    mask = np.zeros((SIDE * FINE, SIDE * FINE), np.uint8)
    cv2.rectangle(mask, (left + corner, top), (right - corner, bottom), 255, -1)
    cv2.rectangle(mask, (left, top + corner), (right, bottom - corner), 255, -1)
    for x in (left + corner, right - corner):
        for y in (top + corner, bottom - corner):
            cv2.circle(mask, (x, y), corner, 255, -1)
    return reduced(mask)


def reduced(mask: np.ndarray) -> np.ndarray:
    return cv2.resize(mask, (SIDE, SIDE), interpolation=cv2.INTER_AREA).astype(np.float32) / 255


def painted(image: np.ndarray, mask: np.ndarray, colour: tuple[float, float, float]) -> np.ndarray:
    return image + mask[..., None] * (np.array(colour, np.float32) - image)


def shaded(image: np.ndarray, mask: np.ndarray, by: tuple[int, int], depth: float, blur: float) -> np.ndarray:
    """The shadow of a mask, moved by (x, y) pixels."""
    moved = cv2.warpAffine(mask, np.array([[1, 0, by[0]], [0, 1, by[1]]], np.float32), (SIDE, SIDE))
    return image * (1 - depth * cv2.GaussianBlur(moved, (0, 0), blur))[..., None]


def noise(rng: np.random.Generator, sigma: float, stretch: float = 1.0) -> np.ndarray:
    """float32 (SIDE, SIDE): soft noise of standard deviation 1, `stretch` times longer across than down."""
    field = rng.normal(size=(SIDE, SIDE)).astype(np.float32)
    field = cv2.GaussianBlur(field, (0, 0), sigmaX=sigma * stretch, sigmaY=sigma)
    return field / field.std()


def plaster(rng: np.random.Generator, colour: tuple[float, float, float]) -> np.ndarray:
    """float32 (SIDE, SIDE, 3): a rough wall of one colour."""
    relief = 2.5 * noise(rng, 0.8) + 3 * noise(rng, 3) + 5 * noise(rng, 25)
    return np.array(colour, np.float32) + relief[..., None]


def bricks(rng: np.random.Generator) -> np.ndarray:
    """float32 (SIDE, SIDE, 3): a brick wall in running bond."""
    wall = plaster(rng, (176, 168, 156))
    height, width, joint = 30, 72, 4
    for course in range(-1, SIDE // height + 2):
        for column in range(-1, SIDE // width + 2):
            left = column * width - (course % 2) * width // 2 + 20
            top = course * height + 10
            colour = np.array([150, 78, 58]) + rng.normal(0, 12) + rng.normal(0, 4, 3)
            brick = panel((left, top, left + width - joint, top + height - joint), 2)
            wall = shaded(wall, brick, (2, 2), 0.35, 1.0)
            rough = colour + (6 * noise(rng, 1) + 6 * noise(rng, 4))[..., None]
            wall = wall + brick[..., None] * (rough.astype(np.float32) - wall)
    return wall


def wood(rng: np.random.Generator) -> np.ndarray:
    """float32 (SIDE, SIDE, 3): a painted door of upright boards."""
    grain = (7 * noise(rng, 0.9, 18) + 5 * noise(rng, 2.5, 12)).T
    door = np.array([52, 84, 70], np.float32) + grain[..., None]
    for left in (28, 96, 164):
        door[:, left : left + 3] *= 0.45
        door[:, left + 3 : left + 5] *= 1.2
    return door


def photographed(rng: np.random.Generator, image: np.ndarray, light: float, blur: float = 0.7) -> np.ndarray:
    """uint8: light from the upper left, a little blur, the noise of a sensor."""
    across = np.linspace(-1, 1, SIDE, dtype=np.float32)
    image = image * (1 - light * (across[None, :] + across[:, None]) / 2)[..., None]
    image = cv2.GaussianBlur(image, (0, 0), blur) + rng.normal(0, 2, image.shape)
    return np.clip(np.rint(image), 0, 255).astype(np.uint8)


def plate(rng: np.random.Generator) -> np.ndarray:
    """A white 7 on a blue enamel plate."""
    image = plaster(rng, (196, 186, 168))
    body = panel((22, 14, 170, 178), 10)
    image = painted(shaded(image, body, (5, 7), 0.6, 4), body, (26, 52, 128))
    image = painted(image, panel((28, 20, 164, 172), 7) - panel((32, 24, 160, 168), 5), (236, 238, 240))
    for x in (96,):
        for y in (31, 161):
            screw = panel((x - 3, y - 3, x + 3, y + 3), 3)
            image = painted(shaded(image, screw, (1, 1), 0.5, 1), screw, (150, 152, 156))
    image = painted(image, shape(SEVEN, (62, 50, 132, 144), 17), (240, 241, 243))
    glare = np.exp(-((np.arange(SIDE)[None, :] + np.arange(SIDE)[:, None] - 120) ** 2) / 1800.0)
    return photographed(rng, image + (28 * body * glare)[..., None].astype(np.float32), 0.12)


def iron(rng: np.random.Generator) -> np.ndarray:
    """A dark iron 5 on a plastered wall, with its shadow."""
    image = plaster(rng, (206, 192, 160))
    digit = shape(FIVE, (56, 34, 134, 156), 20)
    image = painted(shaded(image, digit, (9, 9), 0.45, 3.5), digit, (40, 40, 44))
    edge = digit - cv2.warpAffine(digit, np.array([[1, 0, 1.5], [0, 1, 1.5]], np.float32), (SIDE, SIDE))
    return photographed(rng, image + (45 * np.clip(edge, 0, 1))[..., None], 0.18)


def brass(rng: np.random.Generator) -> np.ndarray:
    """A brass 3 on a green door of boards."""
    image = wood(rng)
    digit = shape(THREE, (58, 36, 136, 154), 17)
    image = painted(shaded(image, digit, (4, 5), 0.6, 2.5), digit, (196, 158, 84))
    edge = digit - cv2.warpAffine(digit, np.array([[1, 0, 2], [0, 1, 2]], np.float32), (SIDE, SIDE))
    return photographed(rng, image + (50 * np.clip(edge, 0, 1))[..., None], 0.15)


def brick_wall(rng: np.random.Generator) -> np.ndarray:
    """Bricks and nothing else."""
    return photographed(rng, bricks(rng), 0.2)


def window(rng: np.random.Generator) -> np.ndarray:
    """A window with a white frame in a wall; curtains, no number."""
    image = plaster(rng, (188, 158, 138))
    frame = panel((34, 22, 158, 166), 2)
    image = painted(shaded(image, frame, (5, 6), 0.5, 4), frame, (232, 232, 226))
    for left in (42, 100):
        for top, bottom in ((30, 82), (90, 158)):
            pane = panel((left, top, left + 50, bottom), 1)
            image = painted(image, pane, (58, 70, 84))
            fold = np.clip(np.sin(np.arange(SIDE) / 3.1) * 10, -10, 10)[None, :, None]
            curtain = pane * (np.arange(SIDE) < 62 if left < 90 else np.arange(SIDE) > 130)[None, :]
            image = image + curtain[..., None] * (np.array([200, 192, 180]) + fold - image)
    sill = panel((26, 166, 166, 176), 2)
    image = painted(shaded(image, sill, (2, 6), 0.5, 3), sill, (150, 140, 130))
    return photographed(rng, image.astype(np.float32), 0.15)


PICTURES: dict[str, Callable[[np.random.Generator], np.ndarray]] = {
    "house-seven.jpg": plate,
    "house-five.jpg": iron,
    "house-three.jpg": brass,
    "brick-wall.jpg": brick_wall,
    "window.jpg": window,
}


def draw(folder: Path) -> None:
    """Write every picture; each has a seed of its own, made from its name."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, picture in PICTURES.items():
        pixels = picture(np.random.default_rng(zlib.crc32(name.encode())))
        Image.fromarray(pixels).save(folder / name, quality=88)


if __name__ == "__main__":
    draw(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
