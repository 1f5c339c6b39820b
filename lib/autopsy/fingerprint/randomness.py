"""Answers that change although the picture does not: random layers in inference, and BatchNorm on the batch.

Keras 3 lets `predict` and `model(x, training=False)` overrule a layer that was built with training=True; `model(x)` and
Keras 2 do not. So both ways of calling are tried.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lib.autopsy.finding import Finding, Witness
from lib.autopsy.fingerprint.probes import Answers
from lib.wording import number
from lib.zoo.own.allowed import AUGMENTATIONS, DROPOUTS
from lib.zoo.own.evidence import training_calls
from lib.zoo.own.transfer import describe

if TYPE_CHECKING:
    from lib.network import Network

CALLS = 10
_TOLERANCE = 1e-3
_CODE = "outputs = model(inputs, training=False)"
_OVERRULED = (
    "model.predict of Keras 3 switches this off, and so does Misread; model(x) does not, nor does Keras 2."
)

Ask = Callable[[np.ndarray], np.ndarray]
"""A batch of pictures -> (N, K) scores."""


@dataclass(frozen=True)
class _Place:
    """Where it comes from: in words, and whether it is augmentation."""

    sentence: str
    augments: bool = False


def randomness_findings(network: Network, answers: Answers) -> Iterator[Finding]:
    """`dropout-at-inference`, `augmentation-at-inference` or `batchnorm-batch-dependent`, at most one of them."""
    batch = answers.tensors[:2]
    found = _changes(
        lambda pictures: network.trace(pictures, layers=()).logits, batch, lambda: _first(network, batch)
    )
    if found is None:
        names = _built_to_train(network)
        if names:
            shown = ", ".join(f"“{name}”" for name in names[:5])
            kinds = {layer.kind for layer in network.layers if layer.name in names}
            augments = bool(kinds & AUGMENTATIONS) and not kinds & DROPOUTS
            place = _Place(f"Built with training=True: {shown}. {_OVERRULED}", augments)
            found = _changes(_as_built(network), batch, lambda: place, "with model(x), ")
    if found is not None:
        yield found


def _built_to_train(network: Network) -> tuple[str, ...]:
    """Names of the layers that the model itself calls with training=True."""
    try:
        return training_calls(describe(network.model))
    except (
        TypeError,
        ValueError,
        NotImplementedError,
    ):  # a layer of somebody's own that cannot describe itself
        return ()


def _changes(ask: Ask, batch: np.ndarray, where: Callable[[], _Place], how: str = "") -> Finding | None:
    """What ten calls on the same pictures, and calls on each picture alone, show."""
    with np.errstate(all="ignore"):
        calls = np.stack([ask(batch) for _ in range(CALLS)]).astype(np.float64)
        alone = np.concatenate([ask(picture[None]) for picture in batch]).astype(np.float64)
    if not np.isfinite(calls).all() or not np.isfinite(alone).all():
        return None
    enough = _TOLERANCE * (1 + float(np.abs(calls).max()))
    largest = float((calls.max(0) - calls.min(0)).max())
    if largest > enough:
        return _random(calls, largest, where(), how)
    apart = float(np.abs(alone - calls[0]).max())
    if apart <= enough:
        return None
    return Finding(
        "batchnorm-batch-dependent",
        f"A picture's scores depend on what it shares a batch with: {how}they differ by up to {number(apart)} between a "
        "batch of two and a batch of one.",
        "proof",
        (where().sentence if how else "A layer of the model computes with the whole batch.",),
        (Witness("largest difference of a score", apart, 0.0, enough),),
        weight=1.0,
        code=_CODE,
    )


def _random(calls: np.ndarray, largest: float, place: _Place, how: str) -> Finding:
    answers = calls.argmax(2)
    changed = int((answers != answers[0]).any(0).sum())
    classes = f", and {changed} of {calls.shape[1]} get another class in some call" if changed else ""
    return Finding(
        "augmentation-at-inference" if place.augments else "dropout-at-inference",
        f"The same picture gets other scores from call to call: {how}over {CALLS} calls they vary by up to {number(largest)}"
        f"{classes}.",
        "proof",
        (place.sentence,),
        (Witness(f"largest spread of a score over {CALLS} calls", largest, 0.0, 0.0),),
        weight=1.0,
        code=_CODE,
    )


def _first(network: Network, batch: np.ndarray) -> _Place:
    """The first layer that gives something else each time."""
    one, other = network.trace(batch[:1]).activations, network.trace(batch[:1]).activations
    kinds = {layer.name: layer.kind for layer in network.layers}
    for name, value in one.items():
        if not np.allclose(value, other[name], rtol=_TOLERANCE, atol=1e-6):
            sentence = f"The first layer that gives something else each time is “{name}” ({kinds[name]})."
            return _Place(sentence, kinds[name] in AUGMENTATIONS)
    return _Place("Which layer is random differs from call to call.")


def _as_built(network: Network) -> Ask:
    """Calls the model as `model(x)` does, without changing it: its random seeds and moving averages move in a copy."""
    model = network.model
    trainable = [variable.value for variable in model.trainable_variables]
    rest = [variable.value for variable in model.non_trainable_variables]

    def ask(pictures: np.ndarray) -> np.ndarray:
        nonlocal rest
        outputs, rest = model.stateless_call(trainable, rest, pictures)
        return np.asarray(outputs, np.float32)

    return ask
