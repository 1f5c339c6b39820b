"""The grid of wrong modes: what it says, that it hides nothing, and that names stay text."""

from __future__ import annotations

import base64
import dataclasses
import re
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from lib.contract import Contract
from lib.network import Trace
from lib.ui.wrong_modes import summary, wrong_modes_html
from lib.wrong_modes import ModeAnswer, wrong_modes

CONTRACT = Contract((4, 4, 3), (4, 4), ("<b>cat</b>", "dog & co", "owl"), channels=3, value_range="-1..1")


def answers(*tops: int, same: tuple[int, ...] = ()) -> tuple[ModeAnswer, ...]:
    """One answer per mode; `tops` are the first classes, the right mode's first."""
    found = []
    for row, (mode, top) in enumerate(zip(wrong_modes(CONTRACT), tops, strict=False)):
        logits = np.zeros((1, 3), np.float32)
        logits[0, top] = np.log(8)
        probabilities = np.full((1, 3), 0.1)
        probabilities[0, top] = 0.8
        tensor = np.full((4, 4, 3), row, np.float32)
        found.append(ModeAnswer(mode, tensor, Trace(logits, probabilities, {}), top == tops[0], row in same))
    return tuple(found)


def test_each_mode_has_its_cell_with_name_sentence_three_answers_and_verdict() -> None:
    html = wrong_modes_html(answers(2, 2, 1, 2, same=(3,)), CONTRACT, wrong_modes(CONTRACT)[1].pipeline)
    cells = html.split('<div role="listitem"')[1:]
    assert len(cells) == 4
    for cell, mode in zip(cells, wrong_modes(CONTRACT), strict=False):
        assert mode.name in cell and mode.sentence.split(":")[0] in cell
        assert cell.count("80.0 %") == 1 and cell.count("10.0 %") >= 2
    assert "The right way" in cells[0] and "✓ Same answer, by luck · your setting now" in cells[1]
    assert "✗ owl is at 10.0 %" in cells[2] and "✓ Same tensor" in cells[3]


def test_class_names_are_text_and_never_markup() -> None:
    html = wrong_modes_html(answers(0, 1), CONTRACT)
    assert "<b>" not in html and "&lt;b&gt;cat&lt;/b&gt; is at" in html and "dog &amp; co" in html


def test_the_pictures_are_what_the_network_sees() -> None:
    html = wrong_modes_html(answers(0, 1), CONTRACT)
    found = [
        cv2.imdecode(np.frombuffer(base64.b64decode(data), np.uint8), cv2.IMREAD_COLOR)
        for data in re.findall(r'src="data:image/png;base64,([^"]+)"', html)
    ]
    # Tensors of 0 and 1 are middle gray and white for a network of -1..1.
    assert [np.unique(image).tolist() for image in found] == [[128], [255]]
    assert html.count("alt=") == 2 and html.count("0 % outside the trained range") == 2


def test_large_pictures_travel_small() -> None:
    contract = dataclasses.replace(CONTRACT, input_shape=(224, 224, 3), size=(224, 224))
    noise = np.random.default_rng(0).uniform(-1, 1, (224, 224, 3)).astype(np.float32)
    html = wrong_modes_html([dataclasses.replace(answers(0)[0], tensor=noise)], contract)
    assert "data:image/jpeg" in html and len(html) < 120_000


def test_the_summary_counts_mistakes_that_change_something() -> None:
    assert "**1 of 2** mistakes" in summary(answers(2, 2, 1, 2, same=(3,)))
    assert "None of the usual mistakes" in summary(answers(2, 2, same=(1,)))


APP = """
import keras
import numpy as np
from lib.contract import Contract
from lib.network import Network
from lib.picture import Picture
from lib.ui.wrong_modes import wrong_modes_view

contract = Contract((4, 4, 3), (4, 4), ("cat", "dog", "owl"), channels=3, value_range="0..1")
model = keras.Sequential([keras.Input((4, 4, 3)), keras.layers.Flatten(), keras.layers.Dense(3)])
picture = Picture.from_array(np.random.default_rng(0).integers(0, 256, (9, 9, 3), np.uint8))
pipeline = contract.pipeline(){change}
wrong_modes_view(Network(model, contract, name="small"), picture, pipeline)
"""


@pytest.mark.parametrize("change", ["", '.with_step("resize", height=5)'])
def test_the_view_shows_the_grid_or_says_why_not(change: str) -> None:
    app = AppTest.from_string(APP.format(change=change), default_timeout=60).run()
    assert not app.exception
    if change:
        assert "cannot be compared: small takes batches of shape (N, 4, 4, 3)" in app.warning[0].value
    else:
        assert "mistakes change the answer" in app.markdown[0].value and not app.warning


def test_importing_the_view_does_not_bring_tensorflow() -> None:
    check = "import sys, lib.ui.wrong_modes; print('tensorflow' in sys.modules, 'keras' in sys.modules)"
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, cwd=root, check=True)
    assert done.stdout.split() == ["False", "False"]
