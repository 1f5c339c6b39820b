"""Draws every sample picture in this folder: `python sample_images/make.py [folder]`.

Letters come from hand-placed points joined by splines, not from fonts and not from any data set. The same
seed gives the same pixels. What each picture demonstrates stands in index.json, which is written by hand.
"""

from __future__ import annotations

import sys
import zlib
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

# Strokes by letter: points in a unit square (x to the right, y downwards), in the order of the hand.
STROKES: dict[str, list[list[tuple[float, float]]]] = {
    "X": [
        [(0.10, 0.03), (0.24, 0.22), (0.45, 0.49), (0.67, 0.77), (0.90, 0.98)],
        [(0.89, 0.00), (0.70, 0.24), (0.47, 0.53), (0.25, 0.79), (0.06, 1.00)],
    ],
    "P": [
        [(0.20, 0.04), (0.19, 0.30), (0.17, 0.62), (0.16, 1.00)],
        [
            (0.14, 0.10),
            (0.36, 0.01),
            (0.64, 0.01),
            (0.83, 0.14),
            (0.82, 0.33),
            (0.63, 0.48),
            (0.38, 0.53),
            (0.18, 0.54),
        ],
    ],
    "R": [
        [(0.17, 0.03), (0.17, 0.32), (0.15, 0.66), (0.13, 1.00)],
        [
            *(
                (0.09, 0.09),
                (0.34, 0.00),
                (0.62, 0.01),
                (0.80, 0.13),
                (0.77, 0.33),
                (0.57, 0.46),
                (0.22, 0.53),
            ),
            *((0.36, 0.55), (0.56, 0.72), (0.74, 0.88), (0.94, 1.00)),
        ],
    ],
    "K": [
        [(0.14, 0.00), (0.15, 0.34), (0.13, 0.68), (0.14, 1.00)],
        [(0.84, 0.02), (0.62, 0.24), (0.40, 0.42), (0.17, 0.57)],
        [(0.34, 0.47), (0.52, 0.63), (0.70, 0.83), (0.92, 0.99)],
    ],
    "N": [
        [(0.13, 1.00), (0.13, 0.66), (0.15, 0.30), (0.16, 0.02)],
        [(0.16, 0.02), (0.34, 0.30), (0.58, 0.66), (0.84, 0.98)],
        [(0.84, 0.98), (0.85, 0.66), (0.84, 0.30), (0.86, 0.00)],
    ],
    "S": [
        [
            *(
                (0.84, 0.14),
                (0.66, 0.02),
                (0.40, 0.01),
                (0.19, 0.12),
                (0.17, 0.30),
                (0.36, 0.43),
                (0.60, 0.52),
            ),
            *((0.80, 0.65), (0.80, 0.85), (0.58, 0.98), (0.32, 0.98), (0.11, 0.86)),
        ]
    ],
    "H": [
        [(0.15, 0.01), (0.16, 0.34), (0.14, 0.70), (0.15, 1.00)],
        [(0.84, 0.00), (0.83, 0.34), (0.85, 0.68), (0.83, 0.99)],
        [(0.14, 0.53), (0.38, 0.50), (0.62, 0.50), (0.85, 0.48)],
    ],
    "M": [
        [(0.06, 1.00), (0.09, 0.66), (0.13, 0.32), (0.17, 0.02)],
        [(0.17, 0.02), (0.27, 0.26), (0.38, 0.50), (0.50, 0.73)],
        [(0.50, 0.73), (0.61, 0.48), (0.72, 0.24), (0.83, 0.01)],
        [(0.83, 0.01), (0.87, 0.33), (0.91, 0.66), (0.95, 0.99)],
    ],
    "F": [
        [(0.22, 0.04), (0.21, 0.34), (0.20, 0.68), (0.19, 1.00)],
        [(0.17, 0.05), (0.40, 0.03), (0.64, 0.02), (0.86, 0.00)],
        [(0.20, 0.48), (0.36, 0.47), (0.52, 0.46), (0.70, 0.45)],
    ],
    "4": [
        [(0.58, 0.00), (0.42, 0.22), (0.25, 0.44), (0.08, 0.64)],
        [(0.08, 0.64), (0.34, 0.64), (0.62, 0.63), (0.92, 0.61)],
        [(0.68, 0.30), (0.67, 0.54), (0.66, 0.78), (0.64, 1.00)],
    ],
}
SCRIBBLE = [
    *(
        (0.06, 0.44),
        (0.20, 0.16),
        (0.34, 0.58),
        (0.22, 0.86),
        (0.12, 0.58),
        (0.40, 0.22),
        (0.62, 0.12),
        (0.58, 0.52),
    ),
    *(
        (0.40, 0.80),
        (0.36, 0.48),
        (0.66, 0.30),
        (0.90, 0.36),
        (0.82, 0.70),
        (0.56, 0.90),
        (0.52, 0.62),
        (0.76, 0.52),
    ),
    *((0.96, 0.66), (0.86, 0.92), (0.66, 0.74), (0.80, 0.10), (0.94, 0.06)),
]
FINE = 4  # strokes are drawn this many times larger and then averaged down


def spline(points: np.ndarray, steps: int = 40) -> np.ndarray:
    """A centripetal-like Catmull-Rom curve through `points`: float (N, 2)."""
    ends = np.vstack([2 * points[0] - points[1], points, 2 * points[-1] - points[-2]])
    t = np.linspace(0, 1, steps, endpoint=False)[:, None]
    pieces = []
    for a, b, c, d in zip(ends, ends[1:], ends[2:], ends[3:], strict=False):
        pieces.append(
            0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)
        )
    return np.vstack([*pieces, points[-1:]])


def tremor(rng: np.random.Generator, length: int, amount: float) -> np.ndarray:
    """Slow random drift of a hand: float (length, 2), about `amount` large."""
    drift = rng.normal(size=(max(4, length // 12), 2))
    return amount * cv2.resize(drift, (2, length), interpolation=cv2.INTER_CUBIC)


def ink(
    rng: np.random.Generator,
    strokes: list[list[tuple[float, float]]],
    size: tuple[int, int],
    box: tuple[float, float, float, float],
    width: float,
    softness: float = 0.0,
    pressure: float = 0.15,
    slant: float = 0.0,
) -> np.ndarray:
    """Coverage float32 (H, W), 0..1, of strokes drawn into `box` (left, top, right, bottom in pixels)."""
    height, width_px = size
    left, top, right, bottom = box
    fine = np.zeros((height * FINE, width_px * FINE), np.uint8)
    for stroke in strokes:
        points = np.array(stroke) + rng.normal(scale=0.008, size=(len(stroke), 2))
        points[:, 0] += slant * (0.5 - points[:, 1])
        path = spline(points * [right - left, bottom - top] + [left, top])
        path += tremor(rng, len(path), 0.004 * (bottom - top))
        along = np.linspace(0, 1, len(path))
        # The pen lands firmly, runs lighter, and lifts: that is what makes a line look drawn.
        force = 1 + pressure * (
            np.sin(np.pi * along) - 0.5 - 0.6 * along**6 + 0.3 * tremor(rng, len(path), 1)[:, 0]
        )
        for (x0, y0), (x1, y1), f in zip(path, path[1:], force[1:], strict=False):
            ends = [(round(x * FINE * 16), round(y * FINE * 16)) for x, y in ((x0, y0), (x1, y1))]
            cv2.line(fine, *ends, 255, max(1, round(width * f * FINE)), cv2.LINE_AA, shift=4)
    cover = cv2.resize(fine, (width_px, height), interpolation=cv2.INTER_AREA).astype(np.float32) / 255
    if softness:
        # A paint program's soft brush: opaque in the middle, fading over `softness` pixels on either side.
        cover = cv2.GaussianBlur(cover, (0, 0), softness)
        cover = np.clip(cover * 1.12, 0, 1)
    return cover


def on_paper(cover: np.ndarray, dark: int = 0, light: int = 255) -> np.ndarray:
    """Dark ink on a light ground: uint8 (H, W)."""
    return np.rint(light + (dark - light) * cover).astype(np.uint8)


def slow_noise(rng: np.random.Generator, size: tuple[int, int], cells: int) -> np.ndarray:
    """Smooth random hills, float32 (H, W), mean 0 and standard deviation 1."""
    hills = rng.normal(size=(cells, cells)).astype(np.float32)
    hills = cv2.resize(hills, (size[1], size[0]), interpolation=cv2.INTER_CUBIC)
    return (hills - hills.mean()) / hills.std()


def photo(
    rng: np.random.Generator,
    cover: np.ndarray,
    shadow_from: float,
    ink_rgb: tuple[int, int, int] = (44, 44, 62),
    lean: float = 0.05,
) -> np.ndarray:
    """A phone photo of ink on paper: uint8 (H, W, 3) RGB; the paper runs from about 225 down to 150.

    The light falls off along the direction `shadow_from` (radians), the paper is warm, the camera stands a
    little askew (`lean` of the frame), adds noise and is not perfectly in focus.
    """
    height, width = cover.shape
    # Paper lets ink run thin here and there.
    cover = cover * np.clip(0.93 + 0.05 * slow_noise(rng, cover.shape, 60), 0, 1)
    across, down = width * lean, height * lean
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    moved = corners + np.array(
        [[across, down * 0.3], [-across * 0.4, 0], [0, -down], [-across, 0]], np.float32
    )
    warp = cv2.getPerspectiveTransform(corners, moved)
    cover = cv2.warpPerspective(cover.astype(np.float32), warp, (width, height), flags=cv2.INTER_LINEAR)

    y, x = np.mgrid[0:height, 0:width]
    ramp = (np.cos(shadow_from) * (x / width - 0.5) + np.sin(shadow_from) * (y / height - 0.5)).astype(
        np.float32
    )
    edge = 1 / (1 + np.exp(-(ramp - 0.22 + 0.03 * slow_noise(rng, cover.shape, 5)) * 16))
    light = 214 - 30 * ramp - 36 * edge + 2.5 * slow_noise(rng, cover.shape, 7)
    fibres = 1.6 * slow_noise(rng, cover.shape, 150) + 1.2 * slow_noise(rng, cover.shape, 60)
    paper = (light + fibres)[:, :, None] * np.array([1.02, 1.0, 0.945])
    dimmed = light[:, :, None] / 214 * np.array(ink_rgb)
    scene = paper + (dimmed - paper) * cover[:, :, None]
    scene = cv2.GaussianBlur(scene.astype(np.float32), (0, 0), 0.9)
    noise = rng.normal(scale=3.2, size=(height, width, 1)) + rng.normal(scale=1.3, size=(height, width, 3))
    return np.rint(np.clip(scene + noise, 0, 255)).astype(np.uint8)


def flower(rng: np.random.Generator, size: tuple[int, int] = (360, 480)) -> np.ndarray:
    """A garden flower before a blurred meadow: uint8 (H, W, 3) RGB."""
    height, width = size[0] * 2, size[1] * 2
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    scene = np.empty((height, width, 3), np.float32)
    scene[:] = np.array([62, 92, 44]) + (y / height)[:, :, None] * np.array([-22, -26, -14])
    for _ in range(70):  # out-of-focus leaves and light between them
        centre = rng.uniform([0, 0], [width, height])
        tone = rng.choice([[96, 132, 62], [44, 74, 34], [148, 170, 104], [30, 52, 30], [120, 128, 70]])
        axes = rng.uniform(25, 110, 2)
        spot = np.zeros((height, width), np.float32)
        cv2.ellipse(
            spot,
            tuple(int(c) for c in centre),
            tuple(int(a) for a in axes),
            rng.uniform(0, 180),
            0,
            360,
            1,
            -1,
        )
        scene += (tone - scene) * cv2.GaussianBlur(spot, (0, 0), 9)[:, :, None] * rng.uniform(0.2, 0.5)
    scene = cv2.GaussianBlur(scene, (0, 0), 16)

    heart = np.array([width * 0.52, height * 0.42])
    stem = spline(heart + np.array([[0, 0], [6, 170], [-14, 330], [-52, 520]]), 60)
    for half, tone in ((13, (58, 88, 36)), (9, (84, 122, 50)), (4, (118, 156, 74))):
        mask = np.zeros((height, width), np.float32)
        cv2.polylines(mask, [np.round(stem).astype(np.int32)], False, 1, 2 * half, cv2.LINE_AA)
        scene += (np.array(tone) - scene) * cv2.GaussianBlur(mask, (0, 0), 2.2)[:, :, None]

    def petal(angle: float, length: float, breadth: float, bend: float, tone: np.ndarray) -> None:
        dx, dy = x - heart[0], (y - heart[1]) / 0.88  # seen slightly from above
        u = (dx * np.cos(angle) + dy * np.sin(angle)) / length
        v = (-dx * np.sin(angle) + dy * np.cos(angle)) / length - bend * u**2
        inside = np.clip(u, 0, 1)
        half = breadth * np.sin(np.pi * inside**0.8) ** 0.62 * (0.55 + 0.45 * inside)
        notch = 0.03 * np.exp(-((v / 0.05) ** 2)) * (inside > 0.7)
        depth = np.minimum(half - np.abs(v), 1 - notch - u) * length
        cover = np.clip(depth / 2 + 0.5, 0, 1) * (u > 0)
        shade = cv2.GaussianBlur(cover, (0, 0), 7)
        shade = np.roll(shade, (7, 4), axis=(0, 1))
        scene[:] *= 1 - 0.30 * shade[:, :, None]
        across = v / np.maximum(half, 1e-3)
        light = (
            0.80 + 0.26 * inside - 0.10 * across**2 + 0.05 * np.cos(across * 13 + 2 * angle) * (0.4 + inside)
        )
        light -= 0.30 * np.exp(-inside * 6)
        light += 0.07 * np.cos(angle + 2.2)
        colour = tone * light[:, :, None] + np.array([6, 30, 26]) * (inside**3)[:, :, None]
        scene[:] += (colour - scene) * cover[:, :, None]

    for count, length, breadth, start in ((17, 262, 0.150, 0.0), (15, 236, 0.148, 0.21)):
        order = rng.permutation(count)
        for k in order:
            angle = start + 2 * np.pi * k / count + rng.normal(scale=0.05)
            tone = np.array([214, 74, 128]) * rng.uniform(0.9, 1.06) + rng.normal(scale=4, size=3)
            petal(
                angle,
                length * rng.uniform(0.9, 1.05),
                breadth * rng.uniform(0.9, 1.1),
                rng.normal(scale=0.05),
                tone,
            )

    ring = np.hypot(x - heart[0], (y - heart[1]) / 0.88)
    scene *= 1 - 0.35 * np.clip(1.2 - ring / 90, 0, 1)[:, :, None]
    disc = np.clip((66 - ring) / 2 + 0.5, 0, 1)[:, :, None]
    scene += (np.array([118, 74, 18]) - scene) * disc
    for k in range(1, 420):  # florets sit on the golden spiral, opened from the rim inwards
        radius = 3.35 * np.sqrt(k)
        angle = k * np.pi * (3 - np.sqrt(5))
        place = heart + radius * np.array([np.cos(angle), 0.88 * np.sin(angle)])
        rim = radius / 68
        tone = np.array([150, 112, 30]) * (1 - rim) + np.array([250, 200, 60]) * rim
        tone = tone * rng.uniform(0.85, 1.1)
        centre = (round(place[0] * 16), round(place[1] * 16))
        cv2.circle(
            scene,
            (centre[0] + 20, centre[1] + 28),
            round(16 * (2.4 + 0.9 * rim)),
            (84, 52, 14),
            -1,
            cv2.LINE_8,
            4,
        )
        cv2.circle(scene, centre, round(16 * (2.2 + 0.8 * rim)), tuple(tone), -1, cv2.LINE_8, 4)

    sun = 1.06 - 0.22 * (0.6 * x / width + 0.4 * y / height)
    scene = cv2.resize(scene * sun[:, :, None], size[::-1], interpolation=cv2.INTER_AREA)
    scene = cv2.GaussianBlur(scene, (0, 0), 0.6) + rng.normal(scale=2.0, size=(*size, 3))
    return np.rint(np.clip(scene, 0, 255)).astype(np.uint8)


def pictures() -> dict[str, tuple[np.ndarray, dict[str, object]]]:
    """Every sample: file name -> (uint8 (H, W), (H, W, 3) RGB or (H, W, 4) RGBA as stored, options for saving)."""
    square = (280, 280)
    middle = (66.0, 56.0, 214.0, 224.0)

    def rng(name: str) -> np.random.Generator:
        return np.random.default_rng(
            [2026, zlib.crc32(name.encode())]
        )  # one picture's change leaves the others alone

    def drawn(
        name: str, letter: str, box: tuple[float, float, float, float], width: float, **brush: float
    ) -> np.ndarray:
        return ink(rng(name), STROKES[letter], square, box, width, **brush)

    made: dict[str, tuple[np.ndarray, dict[str, object]]] = {}
    png: dict[str, object] = {"optimize": True}
    jpeg: dict[str, object] = {"quality": 84}

    made["r-clean.png"] = on_paper(drawn("r", "R", (74, 50, 206, 230), 17, softness=1.2, slant=0.06)), png
    for letter, slant in (("X", 0.0), ("P", 0.05)):
        low = letter.lower()
        soft = drawn(f"{low}-soft", letter, middle, 15, softness=4.2, slant=slant)
        made[f"{low}-soft.png"] = on_paper(soft), png
        made[f"{low}-hard.png"] = np.where(soft > 0.5, 0, 255).astype(np.uint8), png
    made["x-photo.jpg"] = (
        photo(rng("x-photo"), ink(rng("x-pen"), STROKES["X"], (360, 480), (166, 84, 318, 268), 10, 0.7), 0.5),
        jpeg,
    )
    made["p-photo.jpg"] = (
        photo(rng("p-photo"), ink(rng("p-pen"), STROKES["P"], (360, 480), (184, 78, 300, 282), 10, 0.7), 2.3),
        jpeg,
    )
    made["k-corner.png"] = on_paper(drawn("k", "K", (176, 24, 244, 104), 9, softness=0.9)), png
    made["n-thin.png"] = on_paper(drawn("n", "N", middle, 3.0, softness=0.5)), png
    made["s-thick.png"] = on_paper(drawn("s", "S", (76, 54, 204, 226), 40, softness=1.2)), png
    made["h-inverted.png"] = on_paper(drawn("h", "H", middle, 16, softness=1.2), dark=255, light=0), png
    cover = drawn("m", "M", (52, 64, 228, 216), 15, softness=1.0)
    hidden = np.zeros(
        (*square, 3), np.uint8
    )  # under the alpha channel everything is black, as in most such files
    made["m-transparent.png"] = np.dstack([hidden, np.rint(cover * 255).astype(np.uint8)]), png
    upright = photo(
        rng("f-photo"), ink(rng("f-pen"), STROKES["F"], (480, 360), (116, 128, 250, 344), 11, 0.7), 1.1
    )
    turned = Image.Exif()
    turned[0x0112] = 6
    made["f-turned.jpg"] = np.rot90(upright, 1).copy(), {**jpeg, "exif": turned}
    made["scribble.png"] = on_paper(ink(rng("scribble"), [SCRIBBLE], square, (42, 48, 238, 232), 8, 0.9)), png
    made["flower.jpg"] = flower(rng("flower")), jpeg
    made["four.png"] = on_paper(drawn("4", "4", (80, 50, 204, 232), 15, softness=1.2)), png
    return made


def main(folder: Path) -> None:
    """Write every picture into `folder`."""
    for name, (pixels, options) in pictures().items():
        Image.fromarray(pixels).save(folder / name, **options)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
