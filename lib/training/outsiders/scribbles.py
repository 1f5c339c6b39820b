"""Lines without meaning: scribbles, zigzags, spirals, hatching, waves, bars, polygons, invented signs."""

from __future__ import annotations

import numpy as np

from lib.training.outsiders.pen import Sheet, jitter


def scribble(random: np.random.Generator) -> np.ndarray:
    """One to three long smooth lines that turn at random."""
    sheet = Sheet(random)
    for _ in range(random.integers(1, 4)):
        steps = int(random.integers(8, 30))
        turn = np.cumsum(random.normal(0, random.uniform(0.3, 1.5), steps)) + random.uniform(0, 2 * np.pi)
        walk = np.cumsum(np.stack([np.cos(turn), np.sin(turn)], 1) * random.uniform(0.5, 1.5, (steps, 1)), 0)
        walk -= walk.min(0)
        sheet.curve(0.05 + 0.9 * walk / max(walk.max(), 1e-6) + random.uniform(-0.1, 0.1, 2))
    return sheet.image


def tangle(random: np.random.Generator) -> np.ndarray:
    """One smooth line through many random points."""
    sheet = Sheet(random)
    sheet.curve(random.uniform(0.05, 0.95, (random.integers(6, 22), 2)), closed=bool(random.integers(2)))
    return sheet.image


def zigzag(random: np.random.Generator) -> np.ndarray:
    """A saw of at least six teeth, straight or bent, in any direction."""
    sheet = Sheet(random)
    count = int(random.integers(6, 16))
    along = np.linspace(0.05, 0.95, count)
    height = random.uniform(0.1, 0.45)
    across = 0.5 + height * np.where(np.arange(count) % 2, 1, -1) * random.uniform(0.6, 1, count)
    points = _turned(np.stack([along, across], 1), random.uniform(0, np.pi))
    (sheet.curve if random.random() < 0.4 else sheet.line)(jitter(points, random))
    return sheet.image


def spiral(random: np.random.Generator) -> np.ndarray:
    """Round or squashed, one and a half to five turns."""
    sheet = Sheet(random, int(random.integers(1, 5)))
    turns = random.uniform(1.7, 5)
    angle = np.linspace(0, 2 * np.pi * turns, 160)
    radius = 0.45 * (angle / angle[-1]) ** random.uniform(0.6, 1.4)
    start, way = random.uniform(0, 2 * np.pi), random.choice([-1, 1])
    shape = np.stack([np.cos(start + way * angle), random.uniform(0.6, 1) * np.sin(start + way * angle)], 1)
    sheet.line(0.5 + radius[:, None] * shape)
    return sheet.image


def square_spiral(random: np.random.Generator) -> np.ndarray:
    """Winding in with corners."""
    sheet = Sheet(random, int(random.integers(2, 5)))
    corners, steps = int(random.integers(7, 13)), random.choice([3, 4, 5])
    angle = np.arange(corners) * 2 * np.pi / steps + random.uniform(0, 2 * np.pi)
    radius = np.linspace(0.5, 0.08, corners)
    sheet.line(0.5 + radius[:, None] * np.stack([np.cos(angle), np.sin(angle)], 1))
    return sheet.image


def hatching(random: np.random.Generator) -> np.ndarray:
    """Three to eight parallel lines, sometimes crossed by others."""
    sheet = Sheet(random, int(random.integers(1, 5)))
    angle = random.uniform(0, np.pi)
    for layer in range(int(random.integers(1, 3))):
        count = int(random.integers(3, 9))
        for across in np.linspace(0.08, 0.92, count):
            ends = np.array([[random.uniform(0, 0.2), across], [random.uniform(0.8, 1), across]])
            sheet.line(_turned(jitter(ends, random), angle + layer * random.uniform(0.8, 1.6)))
    return sheet.image


def wave(random: np.random.Generator) -> np.ndarray:
    """One to four wavy or straight lines one above the other, lying or standing but never one standing bar."""
    sheet = Sheet(random)
    count = int(random.integers(1, 5))
    along = np.linspace(0.02, 0.98, 50)
    quick, high = random.uniform(0, 5), random.uniform(0, 0.35 / count)
    for level in (np.arange(count) + 0.5) / count:
        points = np.stack([along, level + high * np.sin(2 * np.pi * quick * along + random.uniform(0, 6))], 1)
        sheet.line(
            _turned(
                points, random.normal(0, 0.15) + (np.pi / 2 if count > 2 and random.random() < 0.4 else 0)
            )
        )
    return sheet.image


def polygon(random: np.random.Generator) -> np.ndarray:
    """A triangle, a star or a dented polygon, sometimes filled, sometimes with a second one or a diagonal."""
    sheet = Sheet(random)
    corners, dent = random.choice([3, 3, 5, 6, 7, 8]), random.uniform(0.3, 0.6)
    points = _star(int(corners), 1.0 if corners == 3 else dent, random)
    if random.random() < 0.3:
        sheet.fill(points)
    else:
        sheet.line(points, closed=True)
        extra = random.random()
        if extra < 0.3:
            sheet.line(0.5 + (points - 0.5) * random.uniform(0.3, 0.6), closed=True)
        elif extra < 0.5:
            sheet.line(points[[0, len(points) // 2]])
    return sheet.image


def crossed_box(random: np.random.Generator) -> np.ndarray:
    """A box or circle with crosses, bars or dots in it."""
    sheet = Sheet(random, int(random.integers(2, 5)))
    box = np.array([[0.1, 0.1], [0.9, 0.1], [0.9, 0.9], [0.1, 0.9]])
    if random.random() < 0.6:
        sheet.line(jitter(box, random, 0.04), closed=True)
    else:
        sheet.arc((0.5, 0.5), (0.42, 0.42), 0, 2 * np.pi)
    for _ in range(int(random.integers(1, 4))):
        what = random.integers(4)
        if what == 0:
            sheet.line(jitter(box[[0, 2]], random, 0.04))
        elif what == 1:
            sheet.line(jitter(box[[1, 3]], random, 0.04))
        elif what == 2:
            sheet.line(jitter(np.array([[0.5, 0.1], [0.5, 0.9]]), random, 0.05)[:, :: random.choice([-1, 1])])
        else:
            sheet.dot(tuple(random.uniform(0.3, 0.7, 2)), random.uniform(0.05, 0.15))
    return sheet.image


def loops(random: np.random.Generator) -> np.ndarray:
    """Lissajous figures and rosettes."""
    sheet = Sheet(random, int(random.integers(1, 5)))
    t = np.linspace(0, 2 * np.pi, 240)
    a, b = random.choice([1, 2, 3, 4, 5], 2, replace=False)
    if random.random() < 0.5:
        sheet.line(0.5 + 0.45 * np.stack([np.sin(a * t + random.uniform(0.3, 1.3)), np.sin(b * t)], 1))
    else:
        radius = 0.45 * np.cos((a + 1) * t)
        sheet.line(0.5 + np.stack([radius * np.cos(t), radius * np.sin(t)], 1))
    return sheet.image


def random_strokes(random: np.random.Generator) -> np.ndarray:
    """Four to nine unconnected lines and arcs anywhere."""
    sheet = Sheet(random)
    for _ in range(int(random.integers(4, 10))):
        if random.random() < 0.6:
            sheet.line(random.uniform(0.05, 0.95, (2, 2)))
        else:
            start = random.uniform(0, 2 * np.pi)
            sheet.arc(
                tuple(random.uniform(0.2, 0.8, 2)),
                tuple(random.uniform(0.08, 0.35, 2)),
                start,
                start + random.uniform(1, 5),
                random.uniform(0, 3),
            )
    return sheet.image


def invented_sign(random: np.random.Generator) -> np.ndarray:
    """A character of no script: strokes between the knots of a small lattice, hooks, bowls, bars, marks."""
    sheet = Sheet(random)
    columns, rows = random.integers(2, 5, 2)
    knots = np.stack(
        np.meshgrid(np.linspace(0.12, 0.88, columns), np.linspace(0.12, 0.88, rows)), -1
    ).reshape(-1, 2)
    knots = jitter(knots, random, 0.03)
    here = knots[random.integers(len(knots))]
    for _ in range(int(random.integers(3, 8))):
        there = knots[random.integers(len(knots))]
        if random.random() < 0.35:
            here = knots[random.integers(len(knots))]
        middle = (here + there) / 2 + random.normal(0, 0.18, 2) * (random.random() < 0.5)
        sheet.curve(np.stack([here, middle, there]))
        here = there
    for _ in range(int(random.integers(0, 4))):
        place = knots[random.integers(len(knots))]
        what = random.integers(3)
        if what == 0:
            sheet.dot((place[0], place[1]), random.uniform(0.03, 0.07))
        elif what == 1:
            sheet.arc((place[0], place[1]), tuple(random.uniform(0.06, 0.2, 2)), 0, 2 * np.pi)
        else:
            start = random.uniform(0, 2 * np.pi)
            sheet.arc(
                (place[0], place[1]), tuple(random.uniform(0.1, 0.3, 2)), start, start + random.uniform(2, 5)
            )
    return sheet.image


def _turned(points: np.ndarray, angle: float) -> np.ndarray:
    cosine, sine = np.cos(angle), np.sin(angle)
    turned: np.ndarray = 0.5 + (np.asarray(points) - 0.5) @ np.array([[cosine, sine], [-sine, cosine]])
    return turned


def _star(corners: int, dent: float, random: np.random.Generator) -> np.ndarray:
    """Points of a polygon, every second one drawn in by `dent` (1: not at all)."""
    count = corners if dent == 1 else 2 * corners
    angle = np.arange(count) * 2 * np.pi / count + random.uniform(0, 2 * np.pi) + random.normal(0, 0.1, count)
    radius = 0.45 * np.where(np.arange(count) % 2, dent, 1.0) * random.uniform(0.8, 1, count)
    return 0.5 + radius[:, None] * np.stack([np.cos(angle), np.sin(angle)], 1)
