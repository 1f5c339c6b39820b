"""Small pieces of HTML with everybody's text in them. Whatever is not markup of ours goes through `text`."""

from __future__ import annotations

import base64
import html
from collections.abc import Iterable

import cv2
import numpy as np

from lib.architecture import one_line

_PHOTO = 96  # pixels a side from which JPEG is smaller by far and its artefacts cannot be seen


def text(value: object, longest: int = 2000) -> str:
    """Anything as text that cannot become markup, in an element or in a quoted attribute."""
    return html.escape(one_line(str(value), longest), quote=True)


def picture(pixels: np.ndarray, alt: str, css_class: str = "") -> str:
    """An image element that carries its own pixels: colour pictures as JPEG, small and gray ones exactly.

    Args:
        pixels: uint8 (H, W) or (H, W, 3) RGB.
    """
    photo = pixels.ndim == 3 and min(pixels.shape[:2]) >= _PHOTO
    blue_first = pixels if pixels.ndim == 2 else np.ascontiguousarray(pixels[..., ::-1])
    kind, options = ("jpeg", [cv2.IMWRITE_JPEG_QUALITY, 88]) if photo else ("png", [])
    data = base64.b64encode(cv2.imencode(f".{kind}", blue_first, options)[1].tobytes()).decode()
    return f'<img class="{text(css_class)}" alt="{text(alt)}" src="data:image/{kind};base64,{data}">'


def table(head: Iterable[object], rows: Iterable[Iterable[object]]) -> str:
    """A table of texts."""
    top = "".join(f"<th>{text(cell)}</th>" for cell in head)
    body = "".join("<tr>" + "".join(f"<td>{text(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>"


def points(entries: Iterable[tuple[object, object]]) -> str:
    """Names and what is said about them, in two columns."""
    rows = "".join(f"<dt>{text(name)}</dt><dd>{text(said)}</dd>" for name, said in entries)
    return f"<dl>{rows}</dl>"


def bullets(sentences: Iterable[object]) -> str:
    return "<ul>" + "".join(f"<li>{text(sentence)}</li>" for sentence in sentences) + "</ul>"
