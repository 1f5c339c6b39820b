"""The copied code: run as it is, it prints what the app shows."""

from __future__ import annotations

import ast
import dataclasses
import os
import runpy
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from lib import zoo
from lib.case import SampleSource, Source, UploadSource
from lib.drawing import Drawing, Stroke
from lib.picture import Picture
from lib.samples import sample, samples
from lib.snippet import snippet
from lib.zoo.card import Card

ROOT = Path(__file__).resolve().parents[1]
CARD = zoo.card("letters-mlp")
T = Drawing(
    (
        Stroke("brush", 90, ((200, 200, 255), (800, 210, 255))),
        Stroke("brush", 90, ((500, 200, 255), (510, 850, 128))),
    )
)


def picture_of(source: Source) -> Picture:
    return source.picture() if isinstance(source, Drawing) else sample(source.id).picture()


def test_the_script_prints_the_apps_names_and_probabilities(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    # The photo's answer is spread over many classes: their order and digits say more than one near 1.
    script, expected = written(SampleSource("x-photo"), zoo.card("letters-mlp"), 7, tmp_path)
    done = subprocess.run(
        [sys.executable, script],
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=ROOT,
        env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"},
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == expected
    # That it needs nothing of ours has been shown; bringing TensorFlow in a second time would show nothing more.
    script, expected = written(T, zoo.card("letters-cnn"), 5, tmp_path)
    monkeypatch.chdir(ROOT)
    runpy.run_path(str(script), run_name="__main__")
    assert capsys.readouterr().out.splitlines() == expected


def written(source: Source, card: Card, k: int, folder: Path) -> tuple[Path, list[str]]:
    """The script in a file, and the lines that the app would show."""
    pipeline = card.contract.pipeline().with_step("sigmoid", on=True, b=35.0)
    script = folder / f"{card.name}.py"
    script.write_text(snippet(pipeline, source, picture_of(source), card, k), encoding="utf-8")
    trace = zoo.load(card.name).trace(pipeline.run(picture_of(source)).final)
    names, shown = card.contract.class_names, trace.probabilities[0]
    return script, [f"{names[index]:12s} {shown[index]:.6f}" for index in trace.top(k)]


def constants(code: str) -> set[object]:
    return {node.value for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Constant)}


@pytest.mark.parametrize(
    "name", ["letter.png", "a\"b'c.png", "'); import os; ('", "\\", "\n", "ü.png", "{k}"]
)
def test_an_upload_is_read_by_its_name_whatever_it_is_called(name: str) -> None:
    picture = Picture.from_array(np.zeros((9, 9, 3), np.uint8))
    code = snippet(CARD.contract.pipeline(), UploadSource(name), picture, CARD, 5)
    assert name in constants(code)
    calls = [node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Call)]
    (read,) = (c for c in calls if getattr(c.func, "id", "") == "preprocess")
    assert read.args[0].value == name


@pytest.mark.parametrize("found", samples(), ids=lambda found: found.id)
def test_a_sample_is_read_from_the_projects_folder(found) -> None:
    code = snippet(CARD.contract.pipeline(), SampleSource(found.id), found.picture(), CARD, 5)
    path = f"sample_images/{found.path.name}"
    assert path in constants(code) and (ROOT / path).is_file()
    assert "models/letters-mlp/model.keras" in constants(code)
    assert (ROOT / "models/letters-mlp/model.keras").is_file()


def test_a_drawing_is_written_into_the_script_pixel_for_pixel() -> None:
    code = snippet(CARD.contract.pipeline(), T, T.picture(), CARD, 5)
    assert max(map(len, code.splitlines())) < 200
    before_keras = code.replace("import keras", "").split("    model = keras")[0]
    names: dict = {"__name__": "__main__"}
    exec(compile(before_keras, "script", "exec"), names)
    np.testing.assert_array_equal(names["tensor"], CARD.contract.pipeline().run(T.picture()).final)


def test_a_file_that_opencv_reads_differently_is_to_be_saved_as_png_first() -> None:
    plain = Picture.from_array(np.zeros((9, 9, 3), np.uint8))
    odd = dataclasses.replace(plain, cv2_readable=False)
    code = [snippet(CARD.contract.pipeline(), UploadSource("a.heic"), p, CARD, 5) for p in (plain, odd)]
    assert "save it as PNG first" not in code[0]
    assert "save it as PNG first" in code[1]


def test_probabilities_are_computed_from_logits_and_taken_from_softmax() -> None:
    contract = dataclasses.replace(CARD.contract, output="softmax")
    finished = dataclasses.replace(CARD, contract=contract)
    codes = [snippet(card.contract.pipeline(), T, T.picture(), card, 3) for card in (CARD, finished)]
    ends = [code.split("output = np.asarray")[1] for code in codes]
    assert "np.exp" in ends[0] and "np.exp" not in ends[1]
    assert "probabilities = output" in ends[1]
    assert all("[:3]" in end for end in ends)


@pytest.mark.parametrize("output", ["sigmoid", "logits"])
def test_one_output_for_two_classes_becomes_two_probabilities(output: str) -> None:
    contract = dataclasses.replace(CARD.contract, class_names=("cat", "dog"), output=output, task="binary")
    code = snippet(contract.pipeline(), T, T.picture(), dataclasses.replace(CARD, contract=contract), 2)
    names: dict = {"np": np, "output": np.array([0.25 if output == "sigmoid" else -np.log(3)])}
    exec(
        "\n".join(line.strip() for line in code.splitlines() if line.startswith("    probabilities =")), names
    )
    np.testing.assert_allclose(names["probabilities"], [0.75, 0.25])


def test_other_models_are_opened_by_what_their_owner_calls_them() -> None:
    def opened(origin: str, name: str, title: str) -> str:
        card = dataclasses.replace(CARD, origin=origin, name=name, title=title, folder=None)
        return snippet(CARD.contract.pipeline(), T, T.picture(), card, 3)

    code = opened("keras.applications", "MobileNetV2", "MobileNetV2 (ImageNet)")
    assert 'getattr(keras.applications, MODEL)(weights="imagenet")' in code and "MobileNetV2" in constants(
        code
    )
    code = opened("own", "own-1", "my'); import os; ('.keras")
    assert "my'); import os; ('.keras" in constants(code)
