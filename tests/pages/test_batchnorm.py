"""The BatchNorm page without a browser: its pictures and settings, its answers, the queue, and any model that is checked."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from lib.batchnorm import process
from lib.batchnorm.record import EpochRecord, Outcome
from lib.batchnorm.recovery import Recovery
from lib.batchnorm.statistics import BatchNormLayer, Statistics
from lib.batchnorm.trainings import DONE, Run
from lib.ui.batchnorm.bench import Bench, trainings
from tests.batchnorm.conftest import wait_for_threads
from tests.pages.visitor import PATIENCE, load_networks, run, shown, visit

PAGE = "pages/batchnorm.py"
LAYERS = (BatchNormLayer("one", 2, 0.99, 1e-3), BatchNormLayer("two", 1, 0.99, 1e-3))
RIGHT, WRONG = np.eye(3, dtype=np.float32) * 0.9 + 0.03, np.tile(np.float32([0.9, 0.05, 0.05]), (3, 1))


@pytest.fixture(scope="module", autouse=True)
def _networks_are_loaded() -> None:
    load_networks()


def statistics(mean: float, variance: float) -> Statistics:
    return Statistics(
        tuple(np.full(layer.channels, mean, np.float32) for layer in LAYERS),
        tuple(np.full(layer.channels, variance, np.float32) for layer in LAYERS),
    )


def record(epoch: int) -> EpochRecord:
    return EpochRecord(
        epoch, epoch, 1.0 / epoch, 1.0, WRONG, RIGHT, statistics(0, 1), statistics(5, 4), float(epoch)
    )


OUTCOME = Outcome(
    RIGHT,
    RIGHT,
    Recovery(
        np.array([1.0, 0.2, 0.0]),
        np.array([[0.9, 0.0, 0.0], [0.9, 0.6, 0.7], [0.9, 0.9, 0.9]]),
        np.array([[True, False, False], [True, True, True], [True, True, True]]),
    ),
    np.stack([np.stack([WRONG[0], RIGHT[i], RIGHT[i]]) for i in range(3)]),
    9.0,
)


@pytest.fixture
def finished(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Trainings end at once with the same two epochs."""

    def train(self: Run, limits: object) -> None:
        self.layers, self.records, self.outcome = LAYERS, [record(1), record(2)], OUTCOME
        self.state = DONE
        self.ended.set()

    monkeypatch.setattr(Run, "train", train)
    yield
    wait_for_threads()


@pytest.fixture
def stuck(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Trainings that go on until they are stopped."""

    def wait(*arguments: object) -> None:
        stopped = arguments[-2]
        while not stopped():
            threading.Event().wait(0.01)
        raise process.StoppedError("stopped")

    monkeypatch.setattr(process, "run", wait)
    yield
    for experiment in list(trainings()._experiments.values()):
        for each in experiment.runs:
            each.stop()
    wait_for_threads()


def bench_of(app: AppTest) -> Bench:
    return app.session_state["batchnorm_bench"]


def trained(app: AppTest) -> AppTest:
    app.button(key="bn_train").click()
    run(app)
    experiment = trainings().find(bench_of(app).token)
    assert experiment is not None and experiment.base.ended.wait(10)
    return run(app)


def test_the_page_opens_with_three_pictures_and_says_what_will_happen() -> None:
    app = visit(PAGE)
    assert [slot.label for slot in bench_of(app).slots] == ["cat", "rocket", "flower"]
    assert any("92 % of what BatchNorm stores will still be its initial" in c.value for c in app.caption)
    app.number_input(key="bn_epochs_small").set_value(300)
    assert any("300 updates in all" in c.value and "5 % of what" in c.value for c in run(app).caption)


@pytest.mark.usefixtures("finished")
def test_after_a_training_both_columns_the_gauge_and_the_repair_are_there() -> None:
    app = trained(visit(PAGE))
    page = shown(app)
    assert "fit() reported 100 % on these 3 pictures; predict() reads 33 %" in page
    assert 'data-testid="bn-stored"' in page and 'data-testid="bn-repaired"' not in page
    assert "Your statistics are still 98 % the initial 0 and 1." in page
    assert "is right about every picture after 161 more updates" in page
    app.button(key="bn_recalibrate").click()
    page = shown(run(app))
    assert 'data-testid="bn-repaired"' in page and "100 % after recalibration" in page
    assert "<td>recalibration</td>" in page


@pytest.mark.usefixtures("finished")
def test_a_repair_that_trains_gets_a_row_of_its_own() -> None:
    app = trained(visit(PAGE))
    app.button(key="bn_repair_smaller momentum").click()
    run(app)
    assert "<td>smaller momentum</td>" in shown(run(app))


@pytest.mark.usefixtures("finished")
def test_another_session_with_the_link_sees_the_same_and_a_wrong_link_nothing() -> None:
    app = trained(visit(PAGE))
    token = bench_of(app).token
    assert app.query_params["run"] in (token, [token])
    assert "fit() reported" in shown(visit(PAGE, run=token))
    stranger = visit(PAGE, run=token[:-2] + "xx")
    assert "fit() reported" not in shown(stranger)
    assert "That training is not here any more" in shown(stranger)


@pytest.mark.usefixtures("stuck")
def test_while_one_trains_another_visitor_waits_visibly_and_can_stop() -> None:
    first, second = visit(PAGE), visit(PAGE)
    first.button(key="bn_train").click()
    run(first)
    assert first.button(key="bn_train").disabled
    second.button(key="bn_train").click()
    assert "one training is before yours" in shown(run(second))
    second.button(key="bn_stop").click()
    run(second)
    waiting = trainings().find(bench_of(second).token)
    assert waiting is not None and waiting.base.ended.wait(10)
    assert "stopped before its first epoch" in shown(run(second))


@pytest.mark.usefixtures("finished")
def test_pictures_can_be_named_added_and_taken_away() -> None:
    app = visit(PAGE)
    first = bench_of(app).slots[0]
    app.text_input(key=f"bn_label_{first.id}").set_value("<b>*tiger*</b>")
    run(app)
    app.button(key="bn_add_sample").click()
    run(app)
    app.button(key=f"bn_away_{bench_of(app).slots[1].id}").click()
    run(app)
    assert [slot.label for slot in bench_of(app).slots] == ["<b>*tiger*</b>", "flower", "espresso"]
    page = shown(trained(app))
    assert "<b>*tiger*</b>" not in page and "&lt;b&gt;*tiger*&lt;/b&gt;" in page


def test_one_label_for_all_is_refused_with_a_sentence() -> None:
    app = visit(PAGE)
    for slot in bench_of(app).slots:
        app.text_input(key=f"bn_label_{slot.id}").set_value("same")
    run(app)
    app.button(key="bn_train").click()
    assert "at least two pictures with different labels" in shown(run(app))


def checked(app: AppTest, model: str) -> AppTest:
    app.session_state["bn_tab"] = "Check a model"
    run(app)
    app.selectbox(key="bn_model").set_value(model)
    return run(app)


def test_a_healthy_model_of_the_catalogue_raises_no_alarm_in_both_modes() -> None:
    app = checked(visit(PAGE), "letters-cnn")
    page = shown(app)
    assert 'data-testid="bn-fine"' in page and 'data-testid="bn-alarm"' not in page
    assert "8,740" in page
    app.button(key="bn_look").click()
    run(app)
    look = app.session_state["bn_look_kept"]
    assert look.job.done.wait(PATIENCE) and look.job.error == ""
    page = shown(run(app))
    assert 'data-testid="bn-agreement"' in page and "further from these pictures" not in page
    assert 'data-testid="bn-batch"' in page


def test_a_model_without_batchnorm_says_so() -> None:
    assert 'data-testid="bn-none"' in shown(checked(visit(PAGE), "letters-mlp"))
