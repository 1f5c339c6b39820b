"""The last steps: the numbers' range and the tensor's layout, as the network's first layer wants them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lib.pipeline.step import PipelineError, Step, choice, number


def value_range(image: np.ndarray, mode: str, times: str) -> np.ndarray:
    """0..255 pixels in the range the network was trained on.

    "standardise" is tf.image.per_image_standardization; "caffe" and "torch" are the modes of
    keras.applications.imagenet_utils.preprocess_input, without caffe's change to BGR, which is the channel order step.
    "twice" is the mistake of calling preprocess_input on what went through it already; caffe's second call then turns
    the channels' order around again.
    """
    if times == "twice":
        image = np.asarray(value_range(image, mode, "once"), np.float32)
        if mode == "caffe" and image.ndim == 3:
            image = image[..., ::-1]
    if mode == "0..1":
        return image / np.float32(255)
    if mode == "-1..1":
        return image / np.float32(127.5) - np.float32(1)
    if mode == "standardise":
        spread = max(float(image.std(dtype=np.float64)), image.size**-0.5)
        return (image - image.mean(dtype=np.float64)) / spread
    if mode == "caffe":
        blue_green_red = np.array([103.939, 116.779, 123.68], np.float32)
        return image - (blue_green_red if image.ndim == 3 else blue_green_red.mean())
    if mode == "torch":
        mean, deviation = np.array([[0.485, 0.456, 0.406], [0.229, 0.224, 0.225]], np.float32)
        if image.ndim == 2:
            mean, deviation = mean.mean(), deviation.mean()
        return (image / np.float32(255) - mean) / deviation
    return image


def layout(image: np.ndarray, shape: str, channels: int) -> np.ndarray:
    """The tensor's axes: gray is repeated for a colour network; a vector goes row by row."""
    if image.ndim == 3 and channels == 1:
        raise ValueError("the network takes one channel and the picture still has three: turn Grayscale on")
    if image.ndim == 2:
        image = np.repeat(image[..., None], channels, axis=2)
    if shape == "vector":
        return image.reshape(-1)
    return image[..., 0] if shape == "height x width" and channels == 1 else image


@dataclass(frozen=True, repr=False)
class ValueRange(Step):
    name, title = "value_range", "Value range"
    why = "A network trained on 0..1 is lost on 0..255 and the other way round: the most common cause of all."
    kernel = value_range
    mode: str = choice("0..255", "range", "0..255", "0..1", "-1..1", "standardise", "caffe", "torch")
    times: str = choice("once", "applied", "once", "twice")


@dataclass(frozen=True, repr=False)
class Layout(Step):
    name, title = "layout", "Flatten"
    why = "A dense network takes the rows one after the other as one vector, a convolutional one takes the image."
    kernel = layout
    shape: str = choice(
        "height x width x channels", "shape", "height x width x channels", "height x width", "vector"
    )
    channels: int = number(1, "channels", 1, 3, 2)

    def apply(self, image: np.ndarray) -> np.ndarray:
        try:
            return super().apply(image)
        except ValueError as error:
            raise PipelineError(f"{self.title}: {error}.") from error
