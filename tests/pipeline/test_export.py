"""The exported code: complete in itself, and equal to the app's tensor bit for bit, in a process that has nothing else."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from lib.contract import Contract
from lib.pipeline import Grayscale, Invert, Layout, Pipeline, Resize
from lib.samples import samples
from tests.pipeline.strategies import standard_pipelines

COLOUR = Contract(
    (32, 48, 3), (32, 48), ["A"], channels=3, channel_order="BGR", value_range="torch", frame="pad to square"
).pipeline()

# Runs every exported module over every picture. Of what is installed, only numpy and cv2 may be imported.
RUNNER = """
import importlib.util, json, sys
from pathlib import Path

class OnlyNumpyAndOpenCV:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] not in {"numpy", "cv2", *sys.stdlib_module_names}:
            raise ImportError(f"{name} must not be needed")

already = set(sys.modules)
sys.meta_path.insert(0, OnlyNumpyAndOpenCV())
import numpy as np

folder = Path(sys.argv[1])
expected = np.load(folder / "expected.npz")
wrong = []
for job in json.loads((folder / "jobs.json").read_text(encoding="utf-8")):
    spec = importlib.util.spec_from_file_location(job["module"], folder / f"{job['module']}.py")
    exported = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(exported)
    for key, path in job["pictures"].items():
        found = exported.preprocess(path)
        if found.dtype != np.float32 or found.tobytes() != expected[key].tobytes() or found.shape != expected[key].shape:
            wrong.append(key)
loaded = sorted({name.partition(".")[0] for name in set(sys.modules) - already} - set(sys.stdlib_module_names))
print(json.dumps({"wrong": wrong, "compared": len(expected.files), "loaded": loaded}))
"""


def some(strategy: st.SearchStrategy, count: int) -> list:
    """As many examples as Hypothesis would try."""
    found: list = []

    @settings(max_examples=count, database=None, phases=[Phase.generate], deadline=None)
    @given(strategy)
    def collect(example: object) -> None:
        found.append(example)

    collect()
    return found


def test_exported_code_computes_the_apps_tensor_bit_for_bit(tmp_path: Path) -> None:
    pipelines = [COLOUR, *some(standard_pipelines(), 8), *some(standard_pipelines("height x width"), 4)]
    jobs, expected = [], {}
    for index, pipeline in enumerate(pipelines):
        background = ("white", "black", "ignore")[index % 3]
        module = f"pipeline_{index}"
        (tmp_path / f"{module}.py").write_text(pipeline.to_python(background), encoding="utf-8")
        pictures = {}
        for sample in samples():
            picture = sample.picture().on(background)
            assert picture.cv2_readable
            key = f"{module} {sample.id}"
            expected[key] = pipeline.run(picture).final
            pictures[key] = str(sample.path)
        jobs.append({"module": module, "pictures": pictures})
    (tmp_path / "jobs.json").write_text(json.dumps(jobs), encoding="utf-8")
    np.savez(tmp_path / "expected.npz", **expected)
    (tmp_path / "runner.py").write_text(RUNNER, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-I", tmp_path / "runner.py", tmp_path], capture_output=True, text=True, cwd=tmp_path
    )
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    broken = {key: str(pipelines[int(key.split()[0].removeprefix("pipeline_"))]) for key in report["wrong"]}
    assert broken == {}
    assert report["compared"] == len(pipelines) * len(samples()) > 100
    assert set(report["loaded"]) - {job["module"] for job in jobs} == {"cv2", "numpy"}


@given(pipeline=standard_pipelines())
@settings(max_examples=30, deadline=None)
def test_the_source_defines_each_function_once_and_imports_numpy_and_cv2_only(pipeline: Pipeline) -> None:
    tree = ast.parse(pipeline.to_python())
    functions = [node.name for node in tree.body if isinstance(node, ast.FunctionDef)]
    assert len(functions) == len(set(functions))
    assert functions[-2:] == ["preprocess", "preprocess_bytes"]
    imported = {
        alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names
    } | {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert imported == {"__future__", "cv2", "numpy"}
    called = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    assert set(functions) - called == {"preprocess"}, "every function is needed by another"


def test_no_name_in_the_source_is_undefined(tmp_path: Path) -> None:
    every = Pipeline(tuple(step for pipeline in (COLOUR, *all_on()) for step in pipeline))
    (tmp_path / "exported.py").write_text(every.to_python(), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "ruff", "check", "--isolated", "--select", "F", tmp_path / "exported.py"],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def all_on() -> list[Pipeline]:
    pipeline = COLOUR
    for step in COLOUR:
        pipeline = pipeline.with_step(step.name, on=True)
    return [pipeline]


def test_steps_that_are_off_are_left_out_and_repeated_ones_share_their_function() -> None:
    source = Pipeline((Grayscale(), Invert(), Invert(), Resize(on=False), Layout())).to_python()
    assert "cv2.resize" not in source
    assert source.count("def invert(") == 1
    assert source.count("invert(image, method='255 - x')") == 2


def test_the_source_says_how_to_use_it() -> None:
    source = Pipeline().to_python()
    assert "def preprocess(path):" in source and '"""Preprocessing written by Misread.' in source
    assert "opencv-python" in source


@pytest.mark.parametrize(("background", "level"), [("white", 255), ("black", 0)])
def test_without_a_transparency_step_the_pictures_own_background_is_written_in(
    background: str, level: int, tmp_path: Path
) -> None:
    from lib.picture import Picture

    picture = Picture.from_array(np.zeros((3, 3, 4), np.uint8), background=background)
    (tmp_path / "clear.png").write_bytes(picture.to_png())
    pipeline = Pipeline((Grayscale(), Layout()))
    names: dict = {}
    exec(compile(pipeline.to_python(background), "exported", "exec"), names)
    assert np.unique(names["preprocess"](tmp_path / "clear.png")).tolist() == [level]
    np.testing.assert_array_equal(names["preprocess"](tmp_path / "clear.png"), pipeline.run(picture).final)
