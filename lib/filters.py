"""The first layer's weights as pictures: what each unit or filter looks for in the picture itself.

Dense units are laid out as the pixels that they weigh, kernels of a convolution as they are. Statistics of all weights
are lib/weights.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from lib.architecture import PICTURE, one_line

if TYPE_CHECKING:
    from lib.contract import Contract
    from lib.layer import Layer
    from lib.network import Network

# Blue below zero, white at zero, red above: the table that the Lab uses for differences.
_STOPS = "053061215d9f4695c693c5deddeaf2ffffffffe4cef4a683d6604db2182b67001f"
_NOT_FINITE = (255, 0, 255)

# These hand pixels on in their order and one by one: behind them a weight still belongs to a pixel.
_PIXEL_BY_PIXEL = frozenset(
    (
        *("Flatten", "Reshape", "Rescaling", "Normalization", "BatchNormalization", "Identity", "Activation"),
        *("Dropout", "SpatialDropout2D", "GaussianNoise", "GaussianDropout", "InputLayer"),
        *("Multiply", "Divide", "TrueDivide", "Add", "Subtract", "Cast"),
    )
)
# These keep the channels apart, which is all that the colours of a kernel need.
_CHANNEL_BY_CHANNEL = frozenset(
    (
        *("ZeroPadding2D", "Cropping2D", "Resizing", "CenterCrop", "MaxPooling2D", "AveragePooling2D"),
        *("RandomFlip", "RandomRotation", "RandomZoom", "RandomTranslation", "RandomContrast"),
        *("RandomBrightness", "RandomCrop"),
    )
)
_NOT_A_FILTER = frozenset(("Normalization", "BatchNormalization", "LayerNormalization", "Rescaling"))


@dataclass(frozen=True, eq=False)
class Filters:
    """The first layer's weights as pictures.

    Attributes:
        layer, kind: which layer it is.
        values: float32 (units, h, w), or (units, h, w, 3) in the order red, green, blue.
    """

    layer: str
    kind: str
    values: np.ndarray

    @property
    def in_colour(self) -> bool:
        return self.values.ndim == 4

    @property
    def sizes(self) -> np.ndarray:
        """float32 (units,): each picture's largest absolute finite weight."""
        flat = np.abs(self.values.reshape(len(self.values), -1))
        return np.where(np.isfinite(flat), flat, 0).max(axis=1)

    @property
    def strengths(self) -> np.ndarray:
        """float64 (units,): the Euclidean length of each unit's finite weights."""
        flat = self.values.reshape(len(self.values), -1).astype(np.float64)
        return np.sqrt((np.where(np.isfinite(flat), flat, 0) ** 2).sum(axis=1))


def first_filters(network: Network) -> tuple[Filters | None, str]:
    """The first layer's weights as pictures and how to read them; or None and why there is nothing to show."""
    layer = next(
        (
            one
            for one in network.layers
            if one.parameters and not (one.nested or one.repeated) and one.kind not in _NOT_A_FILTER
        ),
        None,
    )
    if layer is None:
        return None, "This network has no layer with weights, so there are no filters to show."
    name = one_line(layer.name)
    kernel = getattr(network.source(layer.name), "kernel", None)
    if layer.kind not in ("Dense", "Conv2D") or kernel is None:
        return None, (
            f"The first layer with weights is {name} ({layer.kind}). Only the units of a Dense layer and the filters of a "
            "Conv2D can be drawn as pictures."
        )
    values = np.asarray(kernel).astype(np.float32)
    passed = _passed(layer, network.layers)
    if layer.kind == "Dense":
        return _dense(layer, values, passed, network.contract)
    return _convolution(layer, values, passed, network.contract)


def _passed(layer: Layer, layers: tuple[Layer, ...]) -> list[str] | None:
    """The kinds of layers between the picture and `layer`; None if there is no single way."""
    by_name = {one.name: one for one in layers}
    kinds: list[str] = []
    here = layer
    while True:
        if len(here.inputs) != 1:
            return None
        if here.inputs[0] == PICTURE:
            return kinds
        here = by_name[here.inputs[0]]
        if not here.nested:
            kinds.append(here.kind)


def _dense(
    layer: Layer, kernel: np.ndarray, passed: list[str] | None, contract: Contract
) -> tuple[Filters | None, str]:
    (height, width), name = contract.size, one_line(layer.name)
    weights = height * width * contract.channels
    if kernel.ndim != 2 or kernel.shape[0] != weights or passed is None or not set(passed) <= _PIXEL_BY_PIXEL:
        return None, (
            f"The first layer with weights, {name} (Dense), does not weigh the picture's {weights:,} values one by one, "
            "so its weights cannot be laid out as pictures."
        )
    axes = (height, width, 3) if contract.channels == 3 else (height, width)
    pictures = _rgb(kernel.T.reshape(-1, *axes), contract)
    return Filters(layer.name, layer.kind, pictures), (
        f"Each picture is one unit of {name}: its {weights:,} weights, laid out as the {height} × {width} pixels that they "
        f"belong to. {_how_to_read(pictures)}"
    )


def _convolution(
    layer: Layer, kernel: np.ndarray, passed: list[str] | None, contract: Contract
) -> tuple[Filters | None, str]:
    name, (height, width, channels, _) = one_line(layer.name), kernel.shape
    if passed is None or not set(passed) <= _PIXEL_BY_PIXEL | _CHANNEL_BY_CHANNEL:
        return None, (
            f"Before the first convolution, {name}, other layers mix the picture, so its filters do not show what is "
            "looked for in the picture."
        )
    if channels not in (1, 3):
        return None, (
            f"The filters of the first convolution, {name}, have {channels:,} channels; only those with 1 or 3 can be drawn "
            "as pictures."
        )
    pictures = np.transpose(kernel, (3, 0, 1, 2))
    pictures = _rgb(pictures, contract) if channels == 3 else pictures[..., 0]
    return Filters(layer.name, layer.kind, np.ascontiguousarray(pictures)), (
        f"Each picture is one {height} × {width} filter of {name}, which slides over the picture. "
        f"{_how_to_read(pictures)}"
    )


def _rgb(pictures: np.ndarray, contract: Contract) -> np.ndarray:
    """Colour pictures with red first, whatever order the network wants."""
    swapped = pictures.ndim == 4 and contract.channel_order == "BGR"
    return np.ascontiguousarray(pictures[..., ::-1] if swapped else pictures)


def _how_to_read(pictures: np.ndarray) -> str:
    if pictures.ndim == 4:
        return (
            "The weights of red, green and blue are the picture's colours, on one scale for all three: middle gray is 0, "
            "brighter is positive, darker is negative."
        )
    return "Red weights speak for the unit where the pixel is high, blue ones against it; white is 0."


# ---- colours --------------------------------------------------------------------------------------------------------------


def coloured(filters: Filters, one_scale: bool = True) -> np.ndarray:
    """The pictures as uint8 (units, h, w, 3).

    One channel goes through the diverging table, three become a colour with 0 at middle gray; NaN and infinities are
    magenta.

    Args:
        one_scale: all pictures share one range, so that weak ones look weak; else each fills its own.
    """
    values = filters.values
    bounds = filters.sizes.astype(np.float64)
    bounds = np.full_like(bounds, bounds.max(initial=0.0)) if one_scale else bounds
    bounds = np.where(bounds > 0, bounds, 1.0).reshape(-1, *[1] * (values.ndim - 1))
    finite = np.isfinite(values)
    levels = np.rint(127.5 + 127.5 * np.clip(np.where(finite, values, 0) / bounds, -1, 1)).astype(np.uint8)
    if filters.in_colour:
        pictures, broken = levels, ~finite.all(axis=-1)
    else:
        pictures, broken = diverging()[levels], ~finite
    pictures[broken] = _NOT_FINITE
    return pictures


def diverging() -> np.ndarray:
    """uint8 (256, 3): blue, white in the middle, red."""
    stops: Any = np.frombuffer(bytes.fromhex(_STOPS), np.uint8).reshape(-1, 3).astype(np.float64)
    at = np.linspace(0, len(stops) - 1, 256)
    channels = [np.interp(at, np.arange(len(stops)), stops[:, c]) for c in range(3)]
    return np.rint(np.stack(channels, axis=1)).astype(np.uint8)
