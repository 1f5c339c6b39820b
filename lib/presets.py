"""Named pipelines that a visitor can start from. Each is the contract's default pipeline with a few steps changed."""

from __future__ import annotations

from dataclasses import dataclass

from lib.contract import Contract
from lib.pipeline import Pipeline


@dataclass(frozen=True)
class Preset:
    """A pipeline with a name and the reason to choose it."""

    name: str
    why: str
    pipeline: Pipeline


def presets(contract: Contract) -> tuple[Preset, ...]:
    """What the Lab offers for a network; the first is the contract's own pipeline."""
    plain = contract.pipeline()
    found = [Preset("As the model was trained", "The contract's own recipe.", plain)]
    if contract.channels == 1:
        paper = plain.with_step("grayscale", recipe="darkest channel").with_step(
            "background", on=True, window=30.0
        )
        thread = plain.with_step("sigmoid", on=True)
        found += [
            Preset(
                "Photo of paper",
                "Takes shadows away, then pushes paper towards black and ink towards white.",
                paper.with_step("sigmoid", on=True, slope=20.0, b=100.0),
            ),
            Preset("The thread's sigmoid", "s = 25, b = 50, times 255.", thread),
            Preset(
                "The thread's sigmoid, left in 0..1",
                "As the thread's code has it: a network trained on 0..255 then sees almost nothing.",
                thread.with_step("sigmoid", output="0..1"),
            ),
            Preset(
                "The question's 1 - img",
                "On uint8 pixels it wraps around: black becomes 1, white 2.",
                plain.with_step("invert", on=True, method="1 - x as uint8"),
            ),
        ]
    else:
        if contract.value_range != "0..255":
            found.append(
                Preset(
                    "Unscaled, 0..255",
                    "Pixels as cv2.imread gives them: the scaling of the training was forgotten.",
                    plain.with_step("value_range", mode="0..255"),
                )
            )
        other = "BGR" if contract.channel_order == "RGB" else "RGB"
        found.append(
            Preset(
                "Red and blue swapped",
                "OpenCV reads blue, green, red; Pillow and Keras red, green, blue.",
                plain.with_step("channel_order", on=True, order=other),
            )
        )
    return tuple(found)
