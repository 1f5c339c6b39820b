"""Answers that change although the picture does not: random layers in inference, and BatchNorm on the batch."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from lib.autopsy.finding import Finding, Witness
from lib.autopsy.fingerprint.probes import Answers
from lib.wording import number
from lib.zoo.own.allowed import AUGMENTATIONS, DROPOUTS

if TYPE_CHECKING:
    from lib.network import Network

CALLS = 10
_TOLERANCE = 1e-3
_CODE = "outputs = model(inputs, training=False)"


def randomness_findings(network: Network, answers: Answers) -> Iterator[Finding]:
    """`dropout-at-inference` or `batchnorm-batch-dependent`."""
    batch = answers.tensors[:4]
    calls = np.stack([network.trace(batch, layers=()).logits for _ in range(CALLS)]).astype(np.float64)
    if not np.isfinite(calls).all():
        return
    scale = 1 + float(np.abs(calls).max())
    largest = float((calls.max(0) - calls.min(0)).max())
    if largest > _TOLERANCE * scale:
        yield _random(network, batch, calls, largest)
        return
    alone = np.concatenate([network.trace(image[None], layers=()).logits for image in batch])
    apart = float(np.abs(alone - calls[0]).max())
    if apart > _TOLERANCE * scale:
        yield Finding(
            "batchnorm-batch-dependent",
            f"A picture's scores depend on which pictures it shares a batch with: they differ by up to {number(apart)} "
            "between a batch of four and a batch of one.",
            "proof",
            (_hard_wired(network, frozenset({"BatchNormalization"})),),
            (Witness("largest difference of a score", apart, 0.0, _TOLERANCE * scale),),
            weight=1.0,
            code=_CODE,
        )


def _random(network: Network, batch: np.ndarray, calls: np.ndarray, largest: float) -> Finding:
    answers = calls.argmax(2)
    changed = int((answers != answers[0]).any(0).sum())
    classes = f", and {changed} of {len(batch)} get another class in some call" if changed else ""
    return Finding(
        "dropout-at-inference",
        f"The same picture gets other scores from call to call: over {CALLS} calls they vary by up to {number(largest)}"
        f"{classes}.",
        "proof",
        (_first_random(network, batch), _hard_wired(network, AUGMENTATIONS | DROPOUTS)),
        (Witness(f"largest spread of a score over {CALLS} calls", largest, 0.0, 0.0),),
        weight=1.0,
        code=_CODE,
    )


def _first_random(network: Network, batch: np.ndarray) -> str:
    """A sentence on where the randomness comes from."""
    one, other = network.trace(batch[:1]).activations, network.trace(batch[:1]).activations
    kinds = {layer.name: layer.kind for layer in network.layers}
    for name, value in one.items():
        if not np.allclose(value, other[name], rtol=_TOLERANCE, atol=1e-6):
            return f"The first layer that gives something else each time is “{name}” ({kinds[name]})."
    return "Which layer is random differs from call to call."


def _hard_wired(network: Network, kinds: frozenset[str]) -> str:
    names = [f"“{layer.name}”" for layer in network.layers if layer.kind in kinds]
    if not names:
        return "No layer's kind explains it; a layer of the model's own may be random."
    shown = ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")
    return f"Called with training=False, as here, only a layer that was built with training=True does this: {shown}."
