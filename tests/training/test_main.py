"""Claims about the command line of the recipes (`lib/training/__main__.py`)."""

import dataclasses
import json
import subprocess
import sys

import numpy as np
import pytest

import lib.training.letters_mlp as letters_mlp
from lib.training.__main__ import main
from lib.training.recipes import recipes


def write_csv(path, tiny_letters):
    letters = tiny_letters.fit
    table = np.column_stack([letters.labels, letters.images.reshape(len(letters), 784)])
    path.write_text("\n".join(",".join(map(str, row)) for row in table))
    return path


def test_a_csv_file_and_a_name_are_enough_to_make_a_model(tiny_letters, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(letters_mlp, "RECIPE", dataclasses.replace(letters_mlp.RECIPE, epochs=1))
    csv, out = write_csv(tmp_path / "letters.csv", tiny_letters), tmp_path / "out"
    assert main(["letters-mlp", "--data", str(csv), "--seed", "3", "--out", str(out)]) == 0
    card = json.loads((out / "card.json").read_text(encoding="utf-8"))
    assert card["training"]["command"] == "python -m lib.training letters-mlp --data PATH --seed 3"
    assert card["scores"]["random split of the CSV"]["n"] == 120
    assert str(tmp_path) not in json.dumps(card)
    assert "random split of the CSV" in capsys.readouterr().out
    assert (out / "model.keras").is_file()
    assert (out / "reference.npz").is_file()


def test_asking_for_help_does_not_wait_for_tensorflow():
    program = (
        "import sys; from lib.training.__main__ import parser; parser(); print('tensorflow' in sys.modules)"
    )
    shown = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "False"


def test_unusable_data_end_in_one_sentence(tmp_path, capsys):
    assert main(["letters-mlp", "--data", str(tmp_path / "nowhere")]) == 1
    assert "There is no folder or CSV file" in capsys.readouterr().err


def test_an_unknown_model_is_refused_with_the_known_ones(tmp_path, capsys):
    with pytest.raises(SystemExit):
        main(["letters-rnn", "--data", str(tmp_path)])
    message = capsys.readouterr().err
    assert all(name in message for name in recipes())
