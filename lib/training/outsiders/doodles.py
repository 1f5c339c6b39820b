"""Small drawings that stand for something: faces, houses, flowers, arrows, hearts, ticks, suns, fish, dots, blobs."""

from __future__ import annotations

import cv2
import numpy as np

from lib.training.outsiders.pen import SIDE, Sheet, jitter

_ROUND = 2 * np.pi


def face(random: np.random.Generator) -> np.ndarray:
    """A round with eyes, and often a mouth, a nose or ears."""
    sheet = Sheet(random, int(random.integers(1, 5)))
    wide, high = random.uniform(0.3, 0.46, 2)
    sheet.arc((0.5, 0.5), (wide, high), random.uniform(0, 6), random.uniform(0, 6) + 6.3)
    for x in (-0.15, 0.15):
        sheet.dot((0.5 + x, 0.4 + random.normal(0, 0.02)), random.uniform(0.02, 0.06))
    if random.random() < 0.8:
        smile = random.choice([1, -1])
        start = 0.3 if smile > 0 else np.pi + 0.3
        sheet.arc((0.5, 0.62), (0.16, random.uniform(0.02, 0.14)), start, start + np.pi - 0.6)
    if random.random() < 0.3:
        sheet.line(jitter(np.array([[0.5, 0.42], [0.47, 0.55], [0.53, 0.55]]), random))
    if random.random() < 0.3:
        for x in (0.18, 0.82):
            sheet.arc((x, 0.18), (0.1, 0.1), 0, _ROUND)
    return sheet.image


def house(random: np.random.Generator) -> np.ndarray:
    """A box with a roof, a door and sometimes windows."""
    sheet = Sheet(random, int(random.integers(1, 5)))
    eaves, foot = random.uniform(0.35, 0.55), 0.93
    sheet.line(
        jitter(np.array([[0.15, eaves], [0.85, eaves], [0.85, foot], [0.15, foot]]), random), closed=True
    )
    sheet.line(jitter(np.array([[0.08, eaves], [random.uniform(0.35, 0.65), 0.06], [0.92, eaves]]), random))
    if random.random() < 0.8:
        sheet.line(np.array([[0.42, foot], [0.42, 0.68], [0.58, 0.68], [0.58, foot]]))
    if random.random() < 0.5:
        sheet.line(np.array([[0.22, 0.62], [0.34, 0.62], [0.34, 0.74], [0.22, 0.74]]), closed=True)
    return sheet.image


def flower(random: np.random.Generator) -> np.ndarray:
    """Petals around a middle, often on a stem."""
    sheet = Sheet(random, int(random.integers(1, 5)))
    petals, top = int(random.integers(4, 9)), random.uniform(0.3, 0.5)
    for angle in np.arange(petals) * _ROUND / petals + random.uniform(0, 1):
        middle = (0.5 + 0.19 * np.cos(angle), top + 0.19 * np.sin(angle))
        sheet.arc(middle, (0.11, random.uniform(0.05, 0.1)), 0, _ROUND, angle)
    if random.random() < 0.6:
        sheet.dot((0.5, top), 0.06)
    if random.random() < 0.7:
        sheet.curve(jitter(np.array([[0.5, top + 0.2], [0.5, 0.75], [0.5, 0.97]]), random, 0.03))
    return sheet.image


def sun(random: np.random.Generator) -> np.ndarray:
    """A round or a dot with rays; without the round an asterisk of at least five rays."""
    sheet = Sheet(random, int(random.integers(1, 5)))
    inner = random.choice([0.0, 0.12, 0.2])
    if inner:
        sheet.arc((0.5, 0.5), (inner, inner), 0, _ROUND)
    rays = int(random.integers(5, 13))
    for angle in np.arange(rays) * _ROUND / rays + random.uniform(0, 6):
        way = np.array([np.cos(angle), np.sin(angle)])
        sheet.line(0.5 + np.outer([inner * 1.4, random.uniform(0.38, 0.48)], way))
    return sheet.image


def arrow(random: np.random.Generator) -> np.ndarray:
    """With one head or two, straight or bent, in any direction but the one that makes a T or a Y."""
    sheet = Sheet(random)
    angle = random.uniform(0, _ROUND)
    way, side = np.array([np.cos(angle), np.sin(angle)]), np.array([-np.sin(angle), np.cos(angle)])
    tail, tip = 0.5 - 0.45 * way, 0.5 + 0.45 * way
    sheet.curve(np.stack([tail, np.array([0.5, 0.5]) + side * random.normal(0, 0.08), tip]))
    for end, sign in ((tip, -1), (tail, 1))[: 2 if random.random() < 0.35 else 1]:
        back = end + sign * random.uniform(0.18, 0.3) * way
        wide = random.uniform(0.12, 0.25)
        head = np.stack([back + wide * side, end, back - wide * side])
        (sheet.fill if random.random() < 0.3 else sheet.line)(head)
    return sheet.image


def heart(random: np.random.Generator) -> np.ndarray:
    """Drawn or filled."""
    sheet = Sheet(random)
    t = np.linspace(0, _ROUND, 80)
    x = 16 * np.sin(t) ** 3
    y = -(13 * np.cos(t) - 5 * np.cos(2 * t) - 2 * np.cos(3 * t) - np.cos(4 * t))
    points = 0.5 + np.stack([x, y + 2], 1) / 38 * random.uniform(0.8, 1.1, 2)
    (sheet.fill if random.random() < 0.4 else sheet.line)(points)
    return sheet.image


def fish(random: np.random.Generator) -> np.ndarray:
    """A body, a tail, an eye, swimming either way."""
    sheet = Sheet(random, int(random.integers(1, 5)))
    high = random.uniform(0.15, 0.28)
    sheet.arc((0.42, 0.5), (0.36, high), 0, _ROUND)
    sheet.line(np.array([[0.76, 0.5], [0.96, 0.5 - high], [0.96, 0.5 + high], [0.76, 0.5]]))
    sheet.dot((0.22, 0.45), 0.04)
    return sheet.image[:, ::-1].copy() if random.random() < 0.5 else sheet.image


def stick_figure(random: np.random.Generator) -> np.ndarray:
    """A person of six strokes."""
    sheet = Sheet(random, int(random.integers(1, 5)))
    sheet.arc((0.5, 0.17), (0.12, 0.12), 0, _ROUND)
    arms = random.uniform(0.28, 0.55, 2)
    for line in (
        [[0.5, 0.3], [0.5, 0.62]],
        [[0.2, arms[0]], [0.5, 0.4], [0.8, arms[1]]],
        [[0.28, 0.95], [0.5, 0.62], [0.72, 0.95]],
    ):
        sheet.line(jitter(np.array(line), random))
    return sheet.image


def tree(random: np.random.Generator) -> np.ndarray:
    """A trunk that branches three or four times."""
    sheet = Sheet(random, int(random.integers(1, 4)))
    ends = [(np.array([0.5, 0.97]), -np.pi / 2, 0.3)]
    for _ in range(int(random.integers(3, 5))):
        following = []
        for place, angle, length in ends:
            there = place + length * np.array([np.cos(angle), np.sin(angle)])
            sheet.line(np.stack([place, there]))
            following += [(there, angle + s * random.uniform(0.3, 0.8), length * 0.72) for s in (-1, 1)]
        ends = following
    return sheet.image


def dots(random: np.random.Generator) -> np.ndarray:
    """One to nine dots, anywhere or in rows."""
    sheet = Sheet(random)
    count = int(random.integers(1, 10))
    in_rows = random.random() < 0.4
    for index in range(count):
        place = (
            (0.2 + 0.3 * (index % 3), 0.2 + 0.3 * (index // 3)) if in_rows else random.uniform(0.1, 0.9, 2)
        )
        sheet.dot((place[0], place[1]), random.uniform(0.04, 0.16))
    return sheet.image


def blobs(random: np.random.Generator) -> np.ndarray:
    """Solid patches with uneven edges: an ink spill."""
    rough = random.normal(size=(SIDE, SIDE)).astype(np.float32)
    smooth = cv2.GaussianBlur(rough, (0, 0), random.uniform(3, 9))
    rows, columns = np.indices((SIDE, SIDE)) / SIDE - 0.5
    hill = np.exp(-((rows / random.uniform(0.15, 0.4)) ** 2) - (columns / random.uniform(0.15, 0.4)) ** 2)
    field = smooth / smooth.std() * random.uniform(0.05, 0.6) + hill
    level = np.quantile(field, random.uniform(0.55, 0.92))
    return cv2.GaussianBlur((field > level).astype(np.uint8) * np.uint8(255), (3, 3), 0)


def tick_or_crossed_circle(random: np.random.Generator) -> np.ndarray:
    """A tick, a percent sign, a crossed circle, a target, a clock, or a note: the marks on forms."""
    sheet = Sheet(random)
    what = random.integers(6)
    if what == 0:
        sheet.line(jitter(np.array([[0.08, 0.6], [0.32, 0.9], [0.95, 0.08]]), random, 0.04))
    elif what == 1:
        sheet.line(jitter(np.array([[0.15, 0.95], [0.85, 0.05]]), random))
        sheet.arc((0.25, 0.25), (0.16, 0.16), 0, _ROUND)
        sheet.arc((0.75, 0.75), (0.16, 0.16), 0, _ROUND)
    elif what == 2:
        sheet.arc((0.5, 0.5), (0.42, 0.42), 0, _ROUND)
        sheet.line(jitter(np.array([[0.1, 0.9], [0.9, 0.1]]), random))
    elif what == 3:
        for radius in (0.44, 0.29, 0.14)[: random.integers(2, 4)]:
            sheet.arc((0.5, 0.5), (radius, radius * random.uniform(0.8, 1)), 0, _ROUND)
    elif what == 4:
        sheet.arc((0.5, 0.5), (0.44, 0.44), 0, _ROUND)
        for reach in (0.2, 0.33):
            angle = random.uniform(0, _ROUND)
            sheet.line(0.5 + np.outer([0, reach], [np.cos(angle), np.sin(angle)]))
    else:
        sheet.dot((0.3, 0.8), 0.14)
        sheet.line(np.array([[0.42, 0.8], [0.42, 0.08], [0.85, 0.25]]))
    return sheet.image
