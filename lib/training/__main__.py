"""The command line of the recipes: `python -m lib.training NAME --data PATH [--seed N] [--out DIR]`."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
import time
from pathlib import Path

# Recipes by name; a module is imported only when it is asked for, because TensorFlow takes seconds.
RECIPES = {"letters-mlp": "lib.training.letters_mlp", "letters-cnn": "lib.training.letters_cnn"}


def main(arguments: list[str] | None = None) -> int:
    """Train one bundled model; returns 0, or 1 after a sentence on what is wrong with the data."""
    parser = argparse.ArgumentParser(prog="python -m lib.training", description="Train a bundled model.")
    parser.add_argument("name", choices=sorted(RECIPES), help="the model")
    parser.add_argument(
        "--data",
        type=Path,
        required=True,
        help="a folder of npz files (see letters_data.py) or a Kaggle A-Z CSV file",
    )
    parser.add_argument("--seed", type=int, default=0, help="of weights, order and augmentation (default 0)")
    parser.add_argument("--out", type=Path, help="folder to write (default models/NAME)")
    options = parser.parse_args(arguments)

    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    from lib.training.card import write_folder
    from lib.training.fit import fit
    from lib.training.letters_data import read_letters

    recipe = importlib.import_module(RECIPES[options.name]).RECIPE
    print(f"reading {options.data}", flush=True)
    try:
        data = read_letters(options.data)
    except (OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    print(
        f"{len(data.fit)} letters to fit, {len(data.validation)} to validate, {len(data.held_out)} held out"
    )
    start = time.perf_counter()
    fitted = fit(recipe, data, options.seed)
    seconds = time.perf_counter() - start

    folder = options.out or Path("models") / recipe.name
    command = f"python -m lib.training {recipe.name} --data PATH --seed {options.seed}"
    card = write_folder(folder, recipe, fitted, data, command, options.seed, seconds)
    for name, score in card["scores"].items():
        print(f"{name:50} {score['accuracy']} of {score['n']}")
    print(f"wrote {folder}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
