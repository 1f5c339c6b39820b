"""Claims about the Autopsy of a dozen: twelve errors at most, every cause counted once a picture."""

import types

import numpy as np
import pytest

from lib import autopsy
from lib.ui.dataset.serving import _examinations
from tests.evaluate.tiny import answers, halves, pictures


def run_of() -> types.SimpleNamespace:
    return types.SimpleNamespace(pipeline=None)


def test_the_causes_of_some_errors_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []

    def examine(network, picture, pipeline):
        seen.append(picture.digest)
        causes = ["polarity", "polarity"] if len(seen) % 2 else []
        return types.SimpleNamespace(findings=[types.SimpleNamespace(cause=cause) for cause in causes])

    monkeypatch.setattr(autopsy, "examine", examine)
    dataset = pictures(40)
    found = answers([0] * 40, [1] * 30 + [0] * 10)
    work = _examinations(dataset, halves(), run_of(), found)  # type: ignore[arg-type]
    assert work.done.wait(30) and work.error == ""
    assert work.result == {"polarity": 6, "healthy-misread": 6}
    errors = {dataset.picture(row).digest for row in np.flatnonzero(~found.right)}
    assert len(set(seen)) == 12 and set(seen) <= errors
