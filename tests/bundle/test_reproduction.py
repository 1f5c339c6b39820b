"""The script of a bundle, and that it prints what the app shows: run as it is, outside of the project."""

from __future__ import annotations

import ast
import dataclasses
import io
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from lib import zoo
from lib.bundle import write_bundle
from lib.bundle.reproduction import reproduction
from lib.case import Case, SampleSource, to_query
from lib.samples import sample

CARD = zoo.card("letters-mlp")


def test_the_script_prints_the_apps_tensor_and_numbers_from_the_bundle_alone(tmp_path: Path) -> None:
    network, picture = zoo.load(CARD.name), sample("x-photo").picture()
    pipeline = CARD.contract.pipeline().with_step("sigmoid", on=True, b=35.0)
    stages = pipeline.run(picture)
    trace = network.trace(stages.final[None])
    query = to_query(
        Case(CARD.name, SampleSource("x-photo"), pipeline), lambda name: zoo.card(name).contract.pipeline()
    )
    with zipfile.ZipFile(io.BytesIO(write_bundle(query, picture, stages, trace, CARD))) as archive:
        archive.extractall(tmp_path)
    done = subprocess.run(
        [sys.executable, tmp_path / "reproduce.py"],
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=tmp_path.parent,
        env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"},
        timeout=100,
    )
    assert done.returncode == 0, done.stderr
    names, shown = CARD.contract.class_names, trace.probabilities[0]
    expected = [f"{names[k]:12s} {shown[k]:.6f}" for k in trace.top(5)]
    assert done.stdout.splitlines() == ["tensor: the same, bit for bit", *expected]


@pytest.mark.parametrize("name", ["letters-mlp", "letters-robust", "MobileNetV2"])
def test_the_script_is_python_and_about_fifteen_lines(name: str) -> None:
    code = reproduction(zoo.card(name))
    ast.parse(code)
    assert len([line for line in code.splitlines() if line.strip()]) <= 22


def test_an_own_model_is_looked_for_by_its_files_name_however_it_is_called() -> None:
    title = "my '\"\nmodel.keras"
    own = dataclasses.replace(CARD, origin="own", folder=None, title=title)
    values = [node.value for node in ast.walk(ast.parse(reproduction(own))) if isinstance(node, ast.Constant)]
    assert title in values
