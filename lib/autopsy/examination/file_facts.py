"""What the file itself says: orientation, transparency, pixel format, compression."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from lib.autopsy.examination.clue import Clue, View
from lib.autopsy.finding import Witness
from lib.picture import composite
from lib.wording import share

# EXIF orientation -> the turn that makes of the upright picture what the file stores.
_AS_STORED = {
    2: "mirror left-right",
    3: "rotate 180°",
    4: "flip top-bottom",
    5: "transpose",
    6: "rotate 90°",
    7: "anti-transpose",
    8: "rotate 270°",
}
_PLAIN_MODES = frozenset({"L", "RGB", "RGBA", "LA", "RGBX"})
_STRONG_COMPRESSION = 45
_RUINOUS_COMPRESSION = 12
# Of 255: 12 bits stored in 16 reach 16. 14 bits reach 64, but so does many a dark picture.
_FEWER_BITS = 17
# Gray levels between the darkest and the brightest pixel: below the first nothing can be seen, above the second it can.
_LOST, _VISIBLE = 40, 90


def orientation_tag(view: View) -> Iterator[Clue]:
    """`exif-rotation`: a fault only if the pipeline turns the picture back to how the file stores it."""
    tag = view.picture.exif_orientation
    if tag == 1:
        return
    turned = view.acting("orientation")
    undone = turned is not None and getattr(turned[0], "turn", "") == _AS_STORED[tag]
    yield Clue(
        "exif-rotation",
        (Witness("EXIF orientation", float(tag), 1.0, 1.0),),
        (
            "PIL.Image.open, matplotlib and tf.io.decode_image ignore this tag; cv2.imread and browsers follow it.",
            "Compare by eye: does your own loader show the picture upright?",
        ),
        f"The file stores the picture turned or mirrored (“{_AS_STORED[tag]}”) and says so in its EXIF orientation, {tag}. "
        + (
            "The pipeline undoes the turn that makes it upright." if undone else "Here it was turned upright."
        ),
        "proof",
        1.0 if undone else 0.0,
        "image = PIL.ImageOps.exif_transpose(PIL.Image.open(path))",
    )


def transparency(view: View) -> Iterator[Clue]:
    """`alpha-channel`: a fault if the ground that the picture was laid on hides what can be seen on another."""
    picture = view.picture
    if picture.alpha is None:
        return
    step = view.acting("transparency")
    ground = getattr(step[0], "background", "") if step else picture.background
    used = _contrast(composite(picture.raw, ground))
    others = {name: _contrast(composite(picture.raw, name)) for name in ("white", "black") if name != ground}
    best = max(others, key=lambda name: others[name])
    clear = float((picture.alpha < 128).mean())
    lost = used < _LOST and others[best] > _VISIBLE
    hidden = picture.raw[picture.alpha == 0][:, :3]
    evidence = [f"{share(clear)} of the pixels are transparent."]
    if len(hidden) and (hidden == hidden[0]).all():
        evidence.append(
            f"Where the picture is transparent the file holds {tuple(int(v) for v in hidden[0])} everywhere."
        )
    laid = "with its transparency ignored" if ground == "ignore" else f"laid on {ground}"
    yield Clue(
        "alpha-channel",
        (
            Witness("contrast as it is", used, unit="gray levels"),
            Witness(f"contrast on {best}", others[best], unit="gray levels"),
        ),
        tuple(evidence),
        f"The picture is transparent, and {laid} it has a contrast of {used:.0f} gray levels"
        + (f"; on {best} it would have {others[best]:.0f}: nearly nothing is left of it." if lost else "."),
        "proof",
        1.0 if lost else 0.0,
        "image = PIL.Image.alpha_composite(PIL.Image.new('RGBA', image.size, 'white'), image)",
    )


def _contrast(pixels: np.ndarray) -> float:
    return float(np.ptp(pixels.astype(np.float32).mean(axis=2)))


def pixel_format(view: View) -> Iterator[Clue]:
    """`bit-depth-or-mode`: a fault only for fewer bits stored in sixteen, because decoding took care of the rest."""
    picture = view.picture
    if picture.mode in _PLAIN_MODES and picture.bit_depth == 8:
        return
    brightest = int(picture.pixels.max())
    if picture.bit_depth == 16 and 0 < brightest <= _FEWER_BITS:
        yield _fewer_bits(brightest)
        return
    yield Clue(
        "bit-depth-or-mode",
        (Witness("bits per channel", float(picture.bit_depth), 8.0, 8.0),),
        ("cv2.imread, PIL.Image.open and matplotlib.imread give such files in different types and ranges.",),
        f"The file stores its pixels in mode {picture.mode} with {picture.bit_depth} bits per channel; here they were made "
        "8-bit RGB.",
        "proof",
        0.0,
        "image = np.asarray(PIL.Image.open(path).convert('RGB'))"
        if picture.bit_depth <= 8
        else "image = (cv2.imread(path, cv2.IMREAD_UNCHANGED) / 257).round().astype('uint8')",
    )


def _fewer_bits(brightest: int) -> Clue:
    """Of a scanner's or a microscope's 12 bits in 16, white becomes 4095 / 257 = 16."""
    bits = round(float(np.log2(257 * brightest)))
    return Clue(
        "bit-depth-or-mode",
        (Witness("brightest pixel of 8 bits", float(brightest), 128.0, 255.0, "gray levels"),),
        (f"The largest value of the file is about {257 * brightest:,} of 65,535.",),
        f"The file has 16 bits per channel and uses about {bits} of them: made 8-bit as usual, its brightest pixel is "
        f"{brightest} of 255, and everything looks black.",
        "proof",
        1.0,
        "image = cv2.imread(path, cv2.IMREAD_UNCHANGED)\n"
        f"image = (image / {2**bits - 1} * 255).round().astype('uint8')  # {bits} bits, stored in 16",
    )


def compression(view: View) -> Iterator[Clue]:
    """`jpeg-artifacts`: worth knowing for strong compression, a fault where the blocks cover the picture."""
    quality = view.picture.jpeg_quality
    if quality is None:
        return
    yield Clue(
        "jpeg-artifacts",
        (Witness("JPEG quality", float(quality), 75.0, 100.0),),
        (f"The luminance table of the file is that of quality {quality}.",),
        f"The picture was compressed with a JPEG quality of about {quality}: every edge is surrounded by ringing."
        if quality < _STRONG_COMPRESSION
        else "",
        "proof",
        0.5 if quality <= _RUINOUS_COMPRESSION else 0.0,
        "cv2.imwrite('picture.png', image)",
    )
