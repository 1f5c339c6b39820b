"""The remedy of each cause as a few lines of Python for somebody's own code, with the numbers of the pipeline that is right.

The whole right pipeline as a function is `Pipeline.to_python`; these are the lines to change where a program exists already.
`img` is the picture as it is loaded, 0..255, at the place where the mistake is made.
"""

from __future__ import annotations

from lib.contract import Contract
from lib.pipeline import Pipeline

_INVERT = "img = 255 - img"
_SCALED = {
    "0..1": "img = img / 255",
    "-1..1": "img = img / 127.5 - 1",
    "standardise": "img = tf.image.per_image_standardization(img)",
    "caffe": "img = keras.applications.resnet50.preprocess_input(img.astype('float32'))",
    "torch": "img = keras.applications.densenet.preprocess_input(img.astype('float32'))",
}
"""Value range -> plain pixels in it; of 0..255 there is nothing to do."""

_PLAIN = "# leave the scaling out: the network takes plain pixels, 0..255"
_TURNED_BACK = {
    "rotate 90°": "img = np.rot90(img)",
    "rotate 180°": "img = np.rot90(img, 2)",
    "rotate 270°": "img = np.rot90(img, 3)",
    "transpose": "img = img.swapaxes(0, 1)",
    "anti-transpose": "img = img[::-1, ::-1].swapaxes(0, 1)",
    "flip top-bottom": "img = img[::-1]",
    "mirror left-right": "img = img[:, ::-1]",
}
_GRAY = {
    "luma": "img = cv2.cvtColor(img, cv2.COLOR_RGB2GRAY)",
    "mean": "img = img.mean(axis=2)",
    "darkest channel": "img = img.min(axis=2)  # keeps ink of any colour",
    "red": "img = img[..., 0]",
    "green": "img = img[..., 1]",
    "blue": "img = img[..., 2]",
}
_FILTERS = {
    "nearest": "NEAREST",
    "bilinear": "LINEAR",
    "bicubic": "CUBIC",
    "area": "AREA",
    "lanczos": "LANCZOS4",
}


def own_code(cause: str, contract: Contract, right: Pipeline | None = None) -> str:
    """Lines of Python, or "" for a cause that no line of preprocessing puts right.

    Args:
        right: the pipeline to go to; None means the contract's own.
    """
    right = right or contract.pipeline()
    scaled = _SCALED.get(contract.value_range, "")
    fixed = {
        "range-too-large": scaled or _PLAIN,
        "range-too-small": _smaller(contract.value_range),
        "range-signed-expected": scaled or _PLAIN,
        "imagenet-mode": f"{scaled}  # of plain RGB pixels, 0..255" if scaled else _PLAIN,
        "row-normalised": scaled or _PLAIN,
        "preprocess-twice": f"{scaled}  # once, of plain pixels" if scaled else _PLAIN,
        "polarity": _INVERT,
        "uint8-wrap": _INVERT,
        "one-minus-float": _INVERT,
        "contrast-range": "img = img * 255  # after the sigmoid, or leave the sigmoid out",
        "channel-order": "img = img[..., ::-1]  # or cv2.cvtColor(img, cv2.COLOR_BGR2RGB)",
        "exif-rotation": "image = PIL.ImageOps.exif_transpose(PIL.Image.open(path))",
        "alpha-channel": _laid_on(str(_value(right, "transparency", "background", "white"))),
        "resize-filter": _resized(contract),
    }
    if cause in fixed:
        return fixed[cause]
    made = {
        "background-not-flat": _paper,
        "grayscale-recipe": _gray,
        "orientation": _turned,
        "mirrored": _turned,
        "size-and-centring": _geometry,
        "aspect-ratio": _geometry,
        "stroke-width": _stroke,
        "edge-softness": _softness,
    }
    return made[cause](right) if cause in made else ""


def _value(pipeline: Pipeline, step: str, parameter: str, otherwise: object) -> object:
    return getattr(pipeline[step], parameter, otherwise)


def _number(pipeline: Pipeline, step: str, parameter: str) -> float:
    return float(getattr(pipeline[step], parameter))


def _smaller(value_range: str) -> str:
    if value_range == "caffe":
        return _SCALED["caffe"]
    return "img = img * 255  # or leave the division by 255 out"


def _laid_on(ground: str) -> str:
    ground = ground if ground in ("white", "black") else "white"
    return f"image = PIL.Image.alpha_composite(PIL.Image.new('RGBA', image.size, '{ground}'), image)"


def _resized(contract: Contract) -> str:
    height, width = contract.size
    return f"img = cv2.resize(img, ({width}, {height}), interpolation=cv2.INTER_{_FILTERS[contract.resize_filter]})"


def _gray(right: Pipeline) -> str:
    return _GRAY[str(_value(right, "grayscale", "recipe", "luma"))]


def _turned(right: Pipeline) -> str:
    step = right["orientation"]
    if not step.on:
        return "# leave the turning out"
    return _TURNED_BACK.get(str(getattr(step, "turn", "")), "# leave the turning out")


def _paper(right: Pipeline) -> str:
    """Dark ink on paper, before it is inverted: the background off, then the contrast curve."""
    lines = []
    if _value(right, "grayscale", "recipe", "luma") == "darkest channel":
        lines.append("img = img.min(axis=2)  # instead of the luma: keeps pencil and coloured ink")
    background, curve = right["background"], right["sigmoid"]
    if background.on and getattr(background, "method", "") == "subtract":
        reach = _number(right, "background", "window") / 200
        lines += [
            f"reach = round({reach:g} * max(img.shape))",
            "disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1, 2 * reach + 1))",
            "paper = cv2.GaussianBlur(cv2.morphologyEx(img, cv2.MORPH_CLOSE, disc), (0, 0), reach / 2)",
            "img = np.clip(img.astype('float32') - paper + 255, 0, 255)  # the paper is 255 now",
        ]
    elif background.on and getattr(background, "method", "") == "adaptive":
        window, offset = _number(right, "background", "window") / 200, _number(right, "background", "offset")
        lines += [
            f"block = 2 * round({window:g} * max(img.shape)) + 1",
            "img = cv2.adaptiveThreshold(",
            f"    img, 255, cv2.ADAPTIVE_THRESH_GAUSSIAN_C, cv2.THRESH_BINARY, block, {offset:g}",
            ")",
        ]
    elif background.on:
        lines.append("_, img = cv2.threshold(img, 0, 255, cv2.THRESH_OTSU)")
    if right["invert"].on:
        lines.append(f"{_INVERT}  # in place of the inversion that is there")
    if curve.on:
        slope, b = _number(right, "sigmoid", "slope"), _number(right, "sigmoid", "b")
        lines.append(f"img = 255 / (1 + np.exp(-{slope:g} * (img / 255 - {slope:g} / {b:g})))")
    return "\n".join(lines) if background.on or curve.on else "# leave the treatment of the paper out"


def _geometry(right: Pipeline) -> str:
    """Of the picture with bright ink on a dark ground; pads and crops keep its shape."""
    mode = _value(right, "frame", "mode", "squash") if right["frame"].on else "squash"
    lines = []
    if mode == "crop to ink":
        margin = _number(right, "frame", "margin")
        lines += [
            "x, y, w, h = cv2.boundingRect((img > 0.5 * img.max()).astype('uint8'))  # bright ink on black",
            "img = img[y : y + h, x : x + w]",
            f"side = round(max(w, h) / {1 - 2 * margin:.3g})  # the margin that the training pictures have",
        ]
    elif mode == "pad to square":
        lines += ["h, w = img.shape[:2]", "side = max(h, w)"]
    elif mode == "centre crop":
        return (
            "h, w = img.shape[:2]\n"
            "side = min(h, w)\n"
            "img = img[(h - side) // 2 :, (w - side) // 2 :][:side, :side]"
        )
    if not lines:
        return _resize_whole(right)
    lines += [
        "top, left = (side - h) // 2, (side - w) // 2",
        "img = cv2.copyMakeBorder("
        "img, top, side - h - top, left, side - w - left, cv2.BORDER_CONSTANT, value=img[0, 0].tolist())"
        if mode == "pad to square"
        else "img = cv2.copyMakeBorder(img, top, side - h - top, left, side - w - left, cv2.BORDER_CONSTANT)",
    ]
    if right["centre"].on:
        lines += [
            "m = cv2.moments(img)  # then the centre of mass into the middle",
            "shift = (side - 1) / 2 - np.array([m['m10'], m['m01']]) / m['m00']",
            "img = cv2.warpAffine(img, np.float32([[1, 0, shift[0]], [0, 1, shift[1]]]), (side, side))",
        ]
    return "\n".join(lines)


def _resize_whole(right: Pipeline) -> str:
    height, width = (int(_number(right, "resize", name)) for name in ("height", "width"))
    return f"img = cv2.resize(img, ({width}, {height}), interpolation=cv2.INTER_AREA)  # the whole picture"


def _stroke(right: Pipeline) -> str:
    if not right["stroke"].on:
        return "# leave the change of the stroke's width out"
    amount = _number(right, "stroke", "amount")
    change = "cv2.erode" if amount > 0 else "cv2.dilate"
    return (
        f"radius = round({abs(amount) / 100:g} * max(img.shape[:2]))\n"
        "disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius + 1, 2 * radius + 1))\n"
        f"img = {change}(img, disc)  # {'widens' if amount > 0 else 'thins'} dark ink on white"
    )


def _softness(right: Pipeline) -> str:
    if not right["softness"].on:
        # On a flat ground a threshold or a steep curve makes edges as hard as the training pictures'.
        return _paper(right) if right["background"].on or right["sigmoid"].on else "# leave the blur out"
    sigma = _number(right, "softness", "sigma")
    return f"img = cv2.GaussianBlur(img, (0, 0), {sigma / 100:g} * max(img.shape[:2]))"
