"""The script of a bundle, and that it prints what the app shows: run as it is, outside of the project."""

from __future__ import annotations

import ast
import dataclasses
import hashlib
import io
import os
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

import keras
import pytest

from lib import zoo
from lib.bundle import write_bundle
from lib.bundle.reproduction import reproduction
from lib.contract import Contract
from lib.network import Network, Trace
from lib.samples import sample
from lib.zoo.card import Card

CARD = zoo.card("letters-mlp")
# Flattened and gray, an image and gray, colour with BatchNorm, a refusal class; each with a picture of another kind.
CASES = {
    "letters-mlp": "x-photo",
    "letters-cnn": "m-transparent",
    "letters-robust": "flower",
    "house-numbers": "house-seven",
}

# Runs the scripts of several bundles in one process without this project and without what they must not need.
_RUNNER = """
import runpy, sys
for name in ("lib", "streamlit", "PIL", "scipy", "sklearn", "plotly"):
    sys.modules[name] = None
for folder in sys.argv[1:]:
    sys.modules.pop("preprocess", None)
    sys.path[0] = folder
    print("##", flush=True)
    runpy.run_path(folder + "/reproduce.py", run_name="__main__")
"""


@dataclass(frozen=True, eq=False)
class Told:
    """What the app shows of one case."""

    card: Card
    trace: Trace

    @property
    def lines(self) -> list[str]:
        names, shown = self.card.contract.class_names, self.trace.probabilities[0]
        return [f"{names[k]:12s} {shown[k]:.6f}, in the app {shown[k]:.6f}" for k in self.trace.top(5)]


def unpacked(folder: Path, card: Card, network: Network, id: str, own_file: bytes = b"") -> Told:
    """Writes a bundle of that sample under a pipeline that is not the usual one, and unpacks it as its receiver does."""
    picture = sample(id).picture()
    pipeline = card.contract.pipeline().with_step("sigmoid", on=True, b=35.0)
    stages = pipeline.run(picture)
    trace = network.trace(stages.final[None])
    digest = hashlib.sha256(own_file).hexdigest() if own_file else None
    data = write_bundle({"v": "1", "model": card.name}, picture, stages, trace, card, own_sha256=digest)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        archive.extractall(folder)
    if own_file:
        (folder / card.title).write_bytes(own_file)
    return Told(card, trace)


def own_model(folder: Path) -> tuple[Card, Network, bytes]:
    """A visitor's own file, with its network."""
    model = keras.Sequential(
        [
            keras.Input((20, 24, 3)),
            keras.layers.Rescaling(1 / 255),
            keras.layers.Conv2D(4, 3, activation="relu"),
            keras.layers.GlobalAveragePooling2D(),
            keras.layers.Dense(3, activation="softmax"),
        ]
    )
    model.save(folder / "mine.keras")
    data = (folder / "mine.keras").read_bytes()
    contract = Contract(
        (20, 24, 3), (20, 24), ("a", "b", "c"), channels=3, value_range="0..255", output="softmax"
    )
    network = Network(model, contract, name="mine")
    card = dataclasses.replace(
        CARD,
        name="upload:mine.keras",
        title="mine.keras",
        origin="own",
        folder=None,
        contract=network.contract,
    )
    return card, network, data


def test_the_scripts_print_the_apps_tensors_and_numbers_from_the_bundles_alone(tmp_path: Path) -> None:
    told = {name: unpacked(tmp_path / name, zoo.card(name), zoo.load(name), id) for name, id in CASES.items()}
    card, network, data = own_model(tmp_path)
    told["own"] = unpacked(tmp_path / "own", card, network, "cat", data)
    runner = tmp_path / "runner.py"
    runner.write_text(_RUNNER, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, runner, *(str(tmp_path / name) for name in told)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=tmp_path,
        env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3", "PYTHONPATH": ""},
        timeout=250,
    )
    assert done.returncode == 0, done.stderr
    for name, printed in zip(told, done.stdout.split("##\n")[1:], strict=True):
        same = ["tensor as in the app, bit for bit: True"]
        same += ["model file as in the app: True"] if name == "own" else []
        assert printed.splitlines() == [*same, *told[name].lines], name


@pytest.mark.parametrize("card", zoo.catalogue(), ids=lambda card: card.name)
def test_the_script_is_python_and_about_fifteen_lines(card: Card) -> None:
    code = reproduction(card)
    ast.parse(code)
    assert len([line for line in code.splitlines() if line.strip()]) <= 15


def test_an_own_model_is_looked_for_by_its_files_name_however_it_is_called() -> None:
    title = "my '\"\nmodel.keras"
    own = dataclasses.replace(CARD, origin="own", folder=None, title=title)
    values = [node.value for node in ast.walk(ast.parse(reproduction(own))) if isinstance(node, ast.Constant)]
    assert title in values
