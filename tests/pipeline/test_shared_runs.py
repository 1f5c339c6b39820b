"""Many pipelines at once give what each gives alone, and no step is computed twice."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.contract import Contract
from lib.picture import Picture
from lib.pipeline import Invert, Pipeline
from lib.pipeline.shared_runs import SharedRuns
from tests.pipeline.strategies import steps_of

CONTRACT = Contract((12, 12, 1), (12, 12), ("A",), polarity="white on black", frame="crop to ink")
PIXELS = np.random.default_rng(0).integers(0, 256, (30, 20, 4), np.uint8)


@given(data=st.data())
@settings(max_examples=25, deadline=None)
def test_each_tensor_is_the_one_of_its_pipeline_alone(data: st.DataObject) -> None:
    picture = Picture.from_array(PIXELS)
    own = CONTRACT.pipeline()
    pipelines = [
        Pipeline(
            tuple(
                data.draw(steps_of(type(step)))
                if step.name in ("invert", "sigmoid", "transparency")
                else step
                for step in own
            )
        )
        for _ in range(4)
    ]
    runs = SharedRuns(picture)
    for pipeline in [*pipelines, *pipelines]:
        np.testing.assert_array_equal(runs.tensor(pipeline), pipeline.run(picture).final)


def test_a_common_beginning_is_computed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    applied = []
    apply = Invert.apply
    monkeypatch.setattr(Invert, "apply", lambda self, image: applied.append(self) or apply(self, image))
    runs = SharedRuns(Picture.from_array(PIXELS[..., :3].copy()))
    own = CONTRACT.pipeline()
    for mode in ("0..255", "0..1", "-1..1"):
        runs.tensor(own.with_step("value_range", mode=mode))
    assert len(applied) == 1


def test_steps_that_do_not_fit_give_none_and_the_others_go_on() -> None:
    own = CONTRACT.pipeline()
    runs = SharedRuns(Picture.from_array(PIXELS[..., :3].copy()))
    broken, fine = runs.tensors([own.with_step("grayscale", on=False), own])
    assert broken is None and fine is not None and fine.shape == (12, 12, 1)
