"""What the BatchNorm tests share: one training of the small network, made once in a process of its own."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest

from lib.batchnorm.settings import TrainingLimits, TrainingSettings
from lib.batchnorm.trainings import Experiment, Subject, Trainings
from lib.samples import sample

IDS = ("cat", "rocket", "flower")


def wait_for_threads() -> None:
    """Until no training is under way: one that a test left waiting must not begin when the test's stand-ins are gone."""
    for thread in threading.enumerate():
        if thread.name == "misread-training":
            thread.join(20)
            assert not thread.is_alive()


def subject(*ids: str) -> Subject:
    chosen = ids or IDS
    pictures = tuple(sample(id).picture() for id in chosen)
    return Subject(pictures, chosen, (sample("astronaut").picture(),))


@pytest.fixture(scope="session")
def trained() -> Iterator[Experiment]:
    """The question's failure, with the page's own settings."""
    trainings = Trainings(replace(TrainingLimits(), nice=0))
    experiment = trainings.begin(subject(), TrainingSettings(), "visitor")
    assert experiment.base.ended.wait(110)
    yield experiment
    experiment.base.forget()
