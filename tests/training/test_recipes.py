"""Recipes are found by their sources, with the module that reads their data, and without TensorFlow."""

from __future__ import annotations

import importlib
import subprocess
import sys

import pytest

from lib import zoo
from lib.training.reader import Reader
from lib.training.recipes import recipes


def test_every_bundled_model_has_its_recipe() -> None:
    assert set(recipes()) == {card.name for card in zoo.bundled()}


@pytest.mark.parametrize("name", recipes())
def test_a_recipe_is_where_it_was_found_and_its_data_have_a_reader(name: str) -> None:
    assert importlib.import_module(recipes()[name].recipe).RECIPE.name == name
    assert isinstance(importlib.import_module(recipes()[name].reader).READER, Reader)


def test_finding_them_does_not_bring_tensorflow() -> None:
    code = "import sys; from lib.training.recipes import recipes; recipes(); print('keras' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
