"""Which models there are recipes for: found by their sources, because importing one brings TensorFlow."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path
from typing import NamedTuple


class Found(NamedTuple):
    """Modules of one model: the one that holds RECIPE, and the one that holds READER, which the recipe names as DATA."""

    recipe: str
    reader: str


@cache
def recipes() -> dict[str, Found]:
    """Model name -> its modules, for every file in this folder with a top-level `RECIPE = Recipe(name="...", ...)`.

    Raises:
        ValueError: a recipe does not say where its data are read.
    """
    found = {}
    for path in sorted(Path(__file__).parent.glob("*.py")):
        constants = _assigned(ast.parse(path.read_text(encoding="utf-8")))
        name = _name_of(constants.get("RECIPE"))
        if name is None:
            continue
        data = constants.get("DATA")
        if not isinstance(data, ast.Constant) or not isinstance(data.value, str):
            raise ValueError(f'{path.name} has no line DATA = "module that holds READER".')
        found[name] = Found(f"{__package__}.{path.stem}", f"{__package__}.{data.value}")
    return found


def _assigned(tree: ast.Module) -> dict[str, ast.expr]:
    return {
        node.targets[0].id: node.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    }


def _name_of(recipe: ast.expr | None) -> str | None:
    """The `name` that a call Recipe(name=...) is given."""
    if not isinstance(recipe, ast.Call):
        return None
    for keyword in recipe.keywords:
        if keyword.arg == "name" and isinstance(keyword.value, ast.Constant):
            return str(keyword.value.value)
    return None
