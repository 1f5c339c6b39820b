"""What a camera in the street makes of a scene: an angle, a loose crop, light, blur, few pixels, noise, JPEG.

It knows nothing of digits but where the box of one is.
"""

from __future__ import annotations

import cv2
import numpy as np

from lib.training.house_digits_scene import Scene

SIDE = 32
_SHARP_SIDE = 64
# A crop of which nobody could read anything, in gray levels of standard deviation, is photographed again.
_LEAST_DEVIATION = 11.0
_TRIES = 4


def photograph(scene: Scene, random: np.random.Generator) -> np.ndarray:
    """uint8 (32, 32, 3), RGB: the square around the digit as a crop out of a street photo shows it."""
    for _ in range(_TRIES):
        photo = _photograph(scene, random)
        if photo.mean(axis=2).std() >= _LEAST_DEVIATION:
            break
    return photo


def _photograph(scene: Scene, random: np.random.Generator) -> np.ndarray:
    image = _crop(scene, random)
    image = _light(image, random)
    image = _blur(image, random)
    image = _few_pixels(image, random)
    image = _expose(image, random)
    image = _sensor(image, random)
    return _stored(image, random)


def _crop(scene: Scene, random: np.random.Generator) -> np.ndarray:
    """float32 (64, 64, 3): a square a little larger than the digit, seen from an angle, seldom well centred."""
    left, top, right, bottom = scene.box
    side = max(bottom - top, right - left) / random.uniform(0.6, 1.05)
    centre = np.array([(left + right) / 2, (top + bottom) / 2])
    centre = centre + random.normal(0, 0.045, 2) * side
    corners = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * side / 2
    # Digits of houses are condensed, and narrower still when they are seen from the side.
    stretch = np.array([np.exp(random.normal(0.42, 0.22)), 1.0])
    turn = np.deg2rad(random.normal(0, 6))
    matrix = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    shear = np.array([[1.0, random.normal(0, 0.1)], [0.0, 1.0]])
    corners = (corners * stretch) @ shear.T @ matrix.T + random.normal(0, 0.035, (4, 2)) * side + centre
    target = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], np.float32) * _SHARP_SIDE
    homography = cv2.getPerspectiveTransform(corners.astype(np.float32), target)
    size = (_SHARP_SIDE, _SHARP_SIDE)
    return cv2.warpPerspective(
        scene.image, homography, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )


def _light(image: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """A gradient of brightness, sometimes the edge of a shadow or a glare."""
    side = image.shape[0]
    across = np.linspace(-1, 1, side, dtype=np.float32)
    angle = random.uniform(0, 2 * np.pi)
    ramp = np.cos(angle) * across[None, :] + np.sin(angle) * across[:, None]
    image = image * (1 + random.uniform(0, 0.3) * ramp)[..., None]
    kind = random.random()
    if kind < 0.1:
        edge = 1 / (1 + np.exp(-(ramp - random.uniform(-0.8, 0.8)) / random.uniform(0.02, 0.3)))
        image = image * (1 - random.uniform(0.2, 0.6) * edge[..., None])
    elif kind < 0.16:
        centre = random.uniform(-1, 1, 2)
        distance = (across[None, :] - centre[0]) ** 2 + (across[:, None] - centre[1]) ** 2
        image = image + random.uniform(30, 140) * np.exp(-distance / random.uniform(0.05, 0.8))[..., None]
    return image.astype(np.float32)


def _blur(image: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Out of focus, and sometimes moved."""
    sigma = abs(random.normal(0, 1.6))
    if sigma > 0.4:
        image = cv2.GaussianBlur(image, (0, 0), sigma)
    if random.random() < 0.12:
        length = int(random.integers(3, 10))
        kernel = np.zeros((length, length), np.float32)
        angle = random.uniform(0, np.pi)
        reach = (length - 1) / 2 * np.array([np.cos(angle), np.sin(angle)])
        ends = [tuple(round(float(value)) for value in (length - 1) / 2 + sign * reach) for sign in (-1, 1)]
        cv2.line(kernel, ends[0], ends[1], 1.0)
        image = cv2.filter2D(image, -1, kernel / kernel.sum(), borderType=cv2.BORDER_REPLICATE)
    return image


def _few_pixels(image: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """The number of pixels that the digit's square had in the photo: 10 to 64 each way."""
    pixels = round(float(np.exp(random.uniform(np.log(9.5), np.log(64)))))
    return cv2.resize(image, (pixels, pixels), interpolation=cv2.INTER_AREA)


def _expose(image: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Contrast mostly less than drawn, some haze or darkness, a cast of colour, a little less colour."""
    gray = image.mean(axis=2, keepdims=True)
    image = gray + random.uniform(0.2, 0.9) * (image - gray)
    mean = image.mean()
    contrast = random.uniform(0.4, 1.15)
    level = 0.6 * mean + 0.4 * random.uniform(30, 220)
    image = level + contrast * (image - mean)
    warmth = random.normal(-0.04, 0.06)
    cast = np.array([1 + warmth, 1.0, 1 - warmth]) + random.normal(0, 0.02, 3)
    return (image * cast).astype(np.float32)


def _sensor(image: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Noise and the sharpening of cameras with its halos; uint8 from here on."""
    if random.random() < 0.3:
        soft = cv2.GaussianBlur(image, (0, 0), random.uniform(0.7, 1.5))
        image = image + random.uniform(0.4, 1.5) * (image - soft)
    noise = random.normal(0, 1, image.shape) * random.exponential(2.2)
    return np.clip(np.rint(image + noise), 0, 255).astype(np.uint8)


def _stored(image: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Through JPEG, before or after the crop is brought to 32 x 32."""
    quality = [cv2.IMWRITE_JPEG_QUALITY, int(random.integers(35, 98))]
    encoded = cv2.imencode(".jpg", cv2.cvtColor(image, cv2.COLOR_RGB2BGR), quality)[1]
    image = np.asarray(cv2.imdecode(encoded, cv2.IMREAD_COLOR_RGB))
    if len(image) > SIDE:
        filters = (cv2.INTER_AREA, cv2.INTER_AREA, cv2.INTER_LINEAR)
    else:
        filters = (cv2.INTER_LINEAR, cv2.INTER_CUBIC, cv2.INTER_CUBIC)
    return cv2.resize(image, (SIDE, SIDE), interpolation=filters[int(random.integers(3))])
