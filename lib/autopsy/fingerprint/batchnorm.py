"""BatchNorm's moving statistics: still at their beginning, or not yet settled."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from lib.autopsy.finding import Finding, Witness
from lib.batchnorm.arithmetic import SETTLED, initial_weight
from lib.batchnorm.health import is_untouched
from lib.wording import share
from lib.zoo.own.training_facts import TrainingFacts

if TYPE_CHECKING:
    from lib.network import Network

_CODE = (
    "for layer in model.layers:\n"
    "    if isinstance(layer, keras.layers.BatchNormalization):\n"
    "        layer.momentum = 0.9  # then train on, or run fit with a learning rate of 0"
)


def batchnorm_findings(network: Network, training: TrainingFacts) -> Iterator[Finding]:
    """`batchnorm-not-converged`, at most once."""
    layers = [
        (layer.name, network.source(layer.name))
        for layer in network.layers
        if layer.kind == "BatchNormalization" and not layer.repeated
    ]
    untouched = [name for name, source in layers if is_untouched(source)]
    if untouched:
        yield Finding(
            "batchnorm-not-converged",
            f"{_count(len(untouched), len(layers))} still a moving mean of 0 and a moving variance of 1, as before any "
            "training: in inference they do not normalise at all, while in fit() they did.",
            "proof",
            (
                f"The first of them is “{untouched[0]}”.",
                "Only calls with training=True move these statistics.",
            ),
            weight=1.0,
            code=_CODE,
        )
    elif layers and training.iterations is not None:
        momentum = max(float(source.momentum) for _, source in layers)
        # A file can say any number.
        left = initial_weight(momentum, training.iterations) if 0 <= momentum <= 1 else 0.0
        if left > SETTLED:
            yield Finding(
                "batchnorm-not-converged",
                f"After {training.iterations:,} optimizer steps at momentum {momentum:g}, BatchNorm's moving statistics "
                f"still consist of their initial 0 and 1 to {share(left)}: predictions differ from what fit() reported.",
                "proof",
                (f"{momentum:g} to the power of {training.iterations:,} is {left:.3f}.",),
                (Witness("weight of the initial statistics", left, 0.0, SETTLED),),
                weight=1.0,
                code=_CODE,
            )


def _count(some: int, of: int) -> str:
    if some == of:
        return "The BatchNorm layer has" if of == 1 else f"All {of} BatchNorm layers have"
    return f"{some} of {of} BatchNorm layers {'has' if some == 1 else 'have'}"
