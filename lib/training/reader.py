"""A reader: which files or folders a recipe asks for on the command line, and how they become `TrainingData`.

A reader must not import TensorFlow, so that `--help` and a wrong path are answered at once.
"""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from lib.training.data import TrainingData


@dataclass(frozen=True)
class PathArgument:
    """One option of the command line that takes a path.

    Attributes:
        flag: such as "--data".
        metavar: what stands for the path in the help and in a card, such as "FOLDER".
        help: half a sentence.
        required: without it the recipe cannot start.
    """

    flag: str
    metavar: str
    help: str
    required: bool = False

    @property
    def name(self) -> str:
        """The keyword under which the reader gets the path: "--svhn-train" becomes svhn_train."""
        return self.flag.lstrip("-").replace("-", "_")


@dataclass(frozen=True)
class Reader:
    """How the data of a recipe are asked for and read.

    Attributes:
        arguments: the options.
        read: called with every argument by its name, a Path or None for an optional one that was not given.
            Raises OSError or ValueError with a sentence that names the file.
    """

    arguments: tuple[PathArgument, ...]
    read: Callable[..., TrainingData]

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Give the options to a parser."""
        for argument in self.arguments:
            parser.add_argument(
                argument.flag,
                type=Path,
                required=argument.required,
                metavar=argument.metavar,
                help=argument.help,
            )

    def read_from(self, options: Namespace) -> TrainingData:
        """The data that the parsed options name."""
        return self.read(**{argument.name: getattr(options, argument.name) for argument in self.arguments})

    def in_words(self, options: Namespace) -> str:
        """The given options without a path of this machine, such as "--data PATH"."""
        given = [a for a in self.arguments if getattr(options, a.name) is not None]
        return " ".join(f"{argument.flag} {argument.metavar}" for argument in given)
