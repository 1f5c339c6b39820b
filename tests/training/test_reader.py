"""Claims about what a recipe asks for on the command line."""

import argparse
from pathlib import Path

import pytest

from lib.training.reader import PathArgument, Reader

READER = Reader(
    (
        PathArgument("--data", "FOLDER", "crops", required=True),
        PathArgument("--svhn-train", "MAT", "the official file"),
        PathArgument("--svhn-test", "MAT", "the official test file"),
    ),
    lambda **paths: paths,
)


def parsed(*words):
    parser = argparse.ArgumentParser()
    READER.add_arguments(parser)
    return parser.parse_args(words)


def test_every_argument_reaches_the_reader_as_a_path_or_none():
    options = parsed("--data", "here", "--svhn-train", "there/train.mat")
    assert READER.read_from(options) == {
        "data": Path("here"),
        "svhn_train": Path("there/train.mat"),
        "svhn_test": None,
    }


def test_the_command_for_the_card_names_what_was_given_and_no_path_of_this_machine():
    assert READER.in_words(parsed("--data", "/home/me/x")) == "--data FOLDER"
    assert READER.in_words(parsed("--data", "x", "--svhn-test", "y")) == "--data FOLDER --svhn-test MAT"


def test_a_required_argument_is_required_and_another_is_not(capsys):
    with pytest.raises(SystemExit):
        parsed("--svhn-train", "x")
    assert "--data" in capsys.readouterr().err
