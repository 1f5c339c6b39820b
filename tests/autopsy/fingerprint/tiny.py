"""Tiny networks for the fingerprint's tests, trained in the sense that no weight is as it was drawn; no tests here."""

from __future__ import annotations

import dataclasses
from functools import cache
from typing import Any

import keras

from lib.contract import Contract
from lib.network import Network
from lib.zoo import load
from tests.keras_models import contract_for, shaken

L = keras.layers
SHAPE = (12, 12, 1)


def network(*layers: Any, output: str = "logits", shape: tuple[int, ...] = SHAPE, **changed: Any) -> Network:
    """A sequential network of these layers with random weights everywhere; `changed` are fields of the contract."""
    model = shaken(keras.Sequential([keras.Input(shape), *layers]))
    return bare(model, output, **changed)


def bare(model: keras.Model, output: str = "logits", **changed: Any) -> Network:
    """The model as it is, under a contract that fits it."""
    return Network(model, dataclasses.replace(contract(model, output, changed.get("task", "")), **changed))


@cache
def bundled(name: str) -> Network:
    """A network of the catalogue, opened once for all tests."""
    return load(name)


def contract(model: keras.Model, output: str, task: str) -> Contract:
    if task != "binary":
        return contract_for(model, output)
    shape = tuple(model.inputs[0].shape[1:])
    return Contract(shape, shape[:2], ("no", "yes"), channels=shape[2], output=output, task=task)
