"""Hypothesis strategies for steps, pipelines and pictures; no tests live here."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from lib.contract import Contract
from lib.pipeline import STEPS, Number, Pipeline, Step


def steps_of(kind: type[Step]) -> st.SearchStrategy[Step]:
    """Steps of one kind with any allowed parameters, on or off."""
    values: dict[str, st.SearchStrategy] = {"on": st.booleans()}
    for name, parameter in kind.parameters().items():
        if not isinstance(parameter, Number):
            values[name] = st.sampled_from(parameter.options)
        elif parameter.whole:
            # A frame of 1024 px shows nothing that one of 64 does not, and takes longer.
            values[name] = st.integers(
                int(parameter.low), min(int(parameter.high), max(64, int(parameter.low)))
            )
        else:
            values[name] = st.floats(parameter.low, parameter.high)
    return st.builds(kind, **values)


def any_step() -> st.SearchStrategy[Step]:
    return st.sampled_from(sorted(STEPS)).flatmap(lambda name: steps_of(STEPS[name]))


def standard_pipelines(shape: str = "vector") -> st.SearchStrategy[Pipeline]:
    """Pipelines in the Lab's order with any parameters, ending in a one-channel tensor."""
    order = [step.name for step in Contract((784,), (28, 28), ("A",)).pipeline() if step.name != "layout"]
    layout = STEPS["layout"](shape=shape, channels=1)
    always = st.builds(
        STEPS["grayscale"], recipe=st.sampled_from(STEPS["grayscale"].parameters()["recipe"].options)
    )
    parts = [always if name == "grayscale" else steps_of(STEPS[name]) for name in order]
    return st.tuples(*parts).map(lambda steps: Pipeline((*steps, layout)))


@st.composite
def pictures(draw: st.DrawFn) -> np.ndarray:
    """uint8 arrays that make trouble: blank, one pixel, thin, ink on every border, noise, transparent."""
    height, width = draw(st.integers(1, 40)), draw(st.integers(1, 40))
    depth = draw(st.sampled_from([1, 3, 4]))
    kind = draw(st.sampled_from(["blank", "noise", "border", "block"]))
    rng = np.random.default_rng(draw(st.integers(0, 2**16)))
    image = np.full((height, width, depth), draw(st.sampled_from([0, 1, 128, 254, 255])), np.uint8)
    if kind == "noise":
        image = rng.integers(0, 256, image.shape, np.uint8)
    elif kind == "border":
        image[[0, -1]] = image[:, [0, -1]] = 255 - image[0, 0]
    elif kind == "block":
        image[height // 3 : 2 * height // 3 + 1, width // 3 : 2 * width // 3 + 1] = 255 - image[0, 0]
    return image[..., 0] if depth == 1 else image
