"""The command line of the recipes: `python -m lib.training NAME --data PATH [--seed N] [--out DIR] [--reference]`."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from lib.training.reader import Reader
from lib.training.recipes import recipes

if TYPE_CHECKING:
    from lib.training.data import TrainingData
    from lib.training.recipe import Recipe


def main(arguments: list[str] | None = None) -> int:
    """Train one bundled model; returns 0, or 1 after a sentence on what is wrong with the data."""
    options = parser().parse_args(arguments)
    reader = _reader(options.name)
    print("reading the data", flush=True)
    try:
        data = reader.read_from(options)
    except (OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{len(data.fit)} images to fit, {len(data.validation)} to validate, {len(data.held_out)} held out")

    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    from lib.training.card import write_folder
    from lib.training.fit import fit

    module = importlib.import_module(recipes()[options.name].recipe)
    recipe = module.RECIPE
    folder = options.out or Path("models") / recipe.name
    if options.reference:
        return _rebuild(folder, recipe, data, options.seed)
    start = time.perf_counter()
    # A recipe of several steps has a `train` of its own, with the arguments of `fit`.
    fitted = getattr(module, "train", fit)(recipe, data, options.seed)
    seconds = time.perf_counter() - start

    command = f"python -m lib.training {recipe.name} {reader.in_words(options)} --seed {options.seed}"
    card = write_folder(folder, recipe, fitted, data, command, options.seed, seconds)
    for name, score in card["scores"].items():
        print(f"{name:50} {score['accuracy']} of {score['n']}")
    print(f"wrote {folder}")
    return 0


def _rebuild(folder: Path, recipe: Recipe, data: TrainingData, seed: int) -> int:
    from lib.training.reference import rebuild_reference

    try:
        reference = rebuild_reference(folder, recipe, data, seed)
    except FileNotFoundError as error:
        print(error, file=sys.stderr)
        return 1
    print(
        f"{len(reference.features)} images in the bank of {reference.feature_layer}; wrote {folder / 'reference.npz'}"
    )
    return 0


def parser() -> argparse.ArgumentParser:
    """The command line, with the options of every model's reader."""
    whole = argparse.ArgumentParser(prog="python -m lib.training", description="Train a bundled model.")
    models = whole.add_subparsers(
        dest="name", required=True, metavar="NAME", help=", ".join(sorted(recipes()))
    )
    for name in sorted(recipes()):
        model = models.add_parser(name, description=f"Train {name}.")
        _reader(name).add_arguments(model)
        model.add_argument(
            "--seed", type=int, default=0, help="of weights, order and augmentation (default 0)"
        )
        model.add_argument(
            "--reference",
            action="store_true",
            help="only make the folder's reference.npz again, from the data that the model was trained on",
        )
        model.add_argument("--out", type=Path, help="folder to write (default models/NAME)")
    return whole


def _reader(name: str) -> Reader:
    reader: Reader = importlib.import_module(recipes()[name].reader).READER
    return reader


if __name__ == "__main__":
    sys.exit(main())
