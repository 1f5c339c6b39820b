"""Claims about sweeps, with answers that can be worked out: where the halves change places, right turns wrong."""

import csv
import io

import numpy as np
import pytest

from lib.contract import Contract
from lib.evaluate import EvaluationCancelled, EvaluationError, answer
from lib.evaluate.axis import Axis
from lib.evaluate.point_cache import PointCache
from lib.evaluate.running import as_stored
from lib.evaluate.sweep import grid_of, sweep, to_csv
from tests.evaluate.tiny import halves, pictures

DATA = pictures(40, wrong=4)
PIPELINE = as_stored(DATA, halves().contract)
TURNS = Axis("orientation", "turn", ("as is", "mirror left-right", "rotate 180°"))


def test_mirroring_turns_every_answer_round() -> None:
    found = sweep(halves(), DATA, PIPELINE, [TURNS])
    assert [entry.point.right for entry in found.points] == [36, 4, 4]
    assert found.finished and found.pictures == 40
    assert found.points[0].point.confidence == pytest.approx(answer(halves(), DATA).confidence.mean())


def test_every_point_is_what_an_evaluation_of_that_pipeline_gives() -> None:
    axis = Axis("move", "shift_x", (0.0, 12.5, 25.0, 37.5))
    for value, entry in zip(axis.values, sweep(halves(), DATA, PIPELINE, [axis]).points, strict=True):
        alone = answer(halves(), DATA, axis.at(PIPELINE, value))
        assert entry.point.right == int(alone.right.sum())
        assert entry.point.confidence == pytest.approx(float(alone.confidence.mean()))


def test_two_parameters_make_a_grid_the_last_one_fastest() -> None:
    tones = Axis("tone", "contrast", (1.0, 2.0))
    found = sweep(halves(), DATA, PIPELINE, [TURNS, tones])
    assert [place for place, _ in grid_of(found)] == [(0, 0), (0, 1), (1, 0), (1, 1), (2, 0), (2, 1)]
    assert found.points[3].values == ("mirror left-right", 2.0) and found.points[3].point.right == 4


def test_a_stopped_sweep_goes_on_where_it_was() -> None:
    cache, seen = PointCache(), []
    with pytest.raises(EvaluationCancelled):
        sweep(
            halves(),
            DATA,
            PIPELINE,
            [TURNS],
            cache=cache,
            on_point=lambda point, done, total: seen.append((done, total)),
            cancelled=lambda: len(seen) == 2,
        )
    assert seen == [(1, 3), (2, 3)] and len(cache) == 2
    calls: list[int] = []

    class Counting:
        contract, name, model, reference = halves().contract, "counting", halves().model, None

        def trace(self, batch, layers):
            calls.append(len(batch))
            return halves().trace(batch, layers=layers)

    found = sweep(Counting(), DATA, PIPELINE, [TURNS], cache=cache)  # type: ignore[arg-type]
    assert calls == [40], "only the third point was missing, and the same weights are the same network"
    assert [entry.point.right for entry in found.points] == [36, 4, 4]


def test_other_pictures_labels_or_settings_are_other_points() -> None:
    cache = PointCache()
    for dataset in (DATA, pictures(40, wrong=5), pictures(40, seed=1)):
        sweep(halves(), dataset, PIPELINE, [TURNS], cache=cache)
    sweep(halves(), DATA, PIPELINE.with_step("tone", on=True, gamma=2.0), [TURNS], cache=cache)
    assert len(cache) == 12
    sweep(halves(), DATA, PIPELINE.with_step("tone", gamma=3.0), [TURNS], cache=cache)
    assert len(cache) == 12, "what is off does not count"


def test_noise_comes_before_the_pipeline_and_is_the_same_every_time() -> None:
    axis = Axis("noise", "", (0, 120))
    first, again = (sweep(halves(), DATA, PIPELINE, [axis]) for _ in range(2))
    assert first == again
    assert first.points[0].point.confidence > first.points[1].point.confidence


def test_the_visitors_own_picture_is_read_at_every_point_by_its_own_pipeline() -> None:
    own = DATA.picture(0)  # bright on the left
    found = sweep(halves(), DATA, PIPELINE, [TURNS], own=(own, PIPELINE))
    assert [entry.own[0] for entry in found.points if entry.own] == ["left", "right", "right"]
    wrong_shape = Contract((9, 9, 1), (9, 9), ("a", "b")).pipeline()
    assert sweep(halves(), DATA, PIPELINE, [TURNS], own=(own, wrong_shape)).points[0].own is None


def test_a_large_data_set_is_sampled_alike_of_each_class() -> None:
    found = sweep(halves(), pictures(400), PIPELINE, [TURNS], most=50)
    assert found.pictures == 50 and found.points[0].point.n == 50


def test_what_is_too_much_or_does_not_fit_is_refused() -> None:
    many = Axis("move", "rotation", tuple(float(d) for d in range(-180, 180)))
    with pytest.raises(EvaluationError, match="at most 400 points"):
        sweep(halves(), DATA, PIPELINE, [many, TURNS])
    with pytest.raises(EvaluationError, match="set Resize and Flatten back"):
        sweep(halves(), DATA, PIPELINE.with_step("resize", height=9, width=9), [TURNS])


def test_the_csv_has_a_row_for_every_point_and_no_formula_in_it() -> None:
    found = sweep(halves(), DATA, PIPELINE, [TURNS], title="=cmd()")
    rows = list(csv.DictReader(io.StringIO(to_csv([found]))))
    assert [row["orientation.turn"] for row in rows] == list(TURNS.values)
    assert [int(row["right"]) for row in rows] == [36, 4, 4] and float(rows[0]["accuracy"]) == 0.9
    assert rows[0]["model"] == "'=cmd()"
    np.testing.assert_allclose(float(rows[0]["mean_confidence"]), found.points[0].point.confidence, atol=1e-6)
