"""Moving statistics at their beginning, not settled, and settled."""

from __future__ import annotations

import keras
import numpy as np
import pytest

from lib.autopsy import Finding
from lib.autopsy.fingerprint.batchnorm import batchnorm_findings
from lib.zoo.own.training_facts import TrainingFacts
from tests.autopsy.fingerprint.tiny import L, bare, network


def model(momentum: float = 0.99) -> keras.Model:
    layers = (
        L.Conv2D(2, 3),
        L.BatchNormalization(momentum=momentum),
        L.Conv2D(2, 3),
        L.BatchNormalization(momentum=momentum),
    )
    return network(*layers, L.Flatten(), L.Dense(3)).model


def found(model: keras.Model, iterations: int | None) -> Finding | None:
    return next(batchnorm_findings(bare(model), TrainingFacts(iterations=iterations)), None)


def test_thirty_steps_leave_74_percent_of_the_beginning() -> None:
    finding = found(model(), 30)
    assert finding is not None and finding.level == "proof"
    assert finding.witnesses[0].value == pytest.approx(0.7397, abs=1e-4)
    assert "74 %" in finding.sentence


@pytest.mark.parametrize(("momentum", "steps"), [(0.99, 1000), (0.9, 100), (0.99, None)])
def test_enough_steps_or_nobody_knows(momentum: float, steps: int | None) -> None:
    assert found(model(momentum), steps) is None


def test_statistics_as_they_began_need_no_count() -> None:
    one = model()
    for variable in one.layers[1].weights[2:]:
        variable.assign(np.full(variable.shape, float("variance" in variable.path)))
    finding = found(one, None)
    assert finding is not None
    assert finding.sentence.startswith("1 of 2 BatchNorm layers has still a moving mean of 0")


def test_a_network_without_batchnorm_is_silent() -> None:
    assert found(network(L.Flatten(), L.Dense(3)).model, 1) is None


def test_a_model_fitted_for_a_few_steps_tells_them_itself() -> None:
    from lib.autopsy.fingerprint import fingerprint

    few = model()
    few.compile("sgd", keras.losses.SparseCategoricalCrossentropy(from_logits=True), run_eagerly=True)
    few.fit(
        np.random.default_rng(0).random((8, 12, 12, 1)), np.arange(8) % 3, batch_size=4, epochs=2, verbose=0
    )
    causes = {f.cause: f for f in fingerprint(bare(few))}
    assert causes["batchnorm-not-converged"].witnesses[0].value == pytest.approx(0.99**4)
