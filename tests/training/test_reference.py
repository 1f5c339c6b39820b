"""Claims about making a Reference again for a model that is there already."""

import dataclasses

import numpy as np
import pytest

import lib.training.letters_mlp as letters_mlp
from lib.reference import Reference
from lib.training.__main__ import main
from lib.training.card import write_folder
from lib.training.fit import fit
from lib.training.letters_mlp import RECIPE
from lib.training.reference import rebuild_reference
from tests.training.test_main import write_csv


@pytest.fixture(scope="module")
def folder(tiny_letters, tmp_path_factory):
    recipe = dataclasses.replace(RECIPE, epochs=1, average=None)
    path = tmp_path_factory.mktemp("models") / "letters-mlp"
    write_folder(
        path, recipe, fit(recipe, tiny_letters, 0, progress=False), tiny_letters, "a command", 0, 1.0
    )
    return path


def test_the_same_data_give_the_same_reference_again_and_leave_the_model_alone(folder, tiny_letters):
    before = Reference.load(folder / "reference.npz")
    weights = (folder / "model.keras").read_bytes()
    rebuild_reference(folder, RECIPE, tiny_letters, seed=0)
    after = Reference.load(folder / "reference.npz")
    for name, value in vars(before).items():
        if isinstance(value, np.ndarray):
            np.testing.assert_allclose(getattr(after, name), value, atol=1e-3, err_msg=name)
    assert (folder / "model.keras").read_bytes() == weights
    assert after.feature_layer == "dense4"
    assert len(after.features) == 600 and len(after.held_out_feature_distances) == 100


def test_the_command_line_makes_it_without_training(folder, tiny_letters, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(letters_mlp, "build", lambda: pytest.fail("a model was built to be trained"))
    csv = write_csv(tmp_path / "letters.csv", tiny_letters)
    (folder / "reference.npz").unlink()
    assert main(["letters-mlp", "--data", str(csv), "--out", str(folder), "--reference"]) == 0
    assert "bank of dense4" in capsys.readouterr().out
    assert Reference.load(folder / "reference.npz").feature_layer == "dense4"


def test_without_a_model_there_is_one_sentence(tiny_letters, tmp_path, capsys):
    csv = write_csv(tmp_path / "letters.csv", tiny_letters)
    assert main(["letters-mlp", "--data", str(csv), "--out", str(tmp_path / "none"), "--reference"]) == 1
    assert "train letters-mlp first" in capsys.readouterr().err
