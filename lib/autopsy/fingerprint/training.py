"""What is known about how a model was trained: from its file, or from the compiled model itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lib.zoo.own.training_facts import TrainingFacts, training_facts

if TYPE_CHECKING:
    from lib.network import Network
    from lib.zoo.own import Inspection


def known_training(network: Network, inspection: Inspection | None = None) -> TrainingFacts:
    """Loss, from_logits, optimizer and its steps; empty where nobody says it."""
    if inspection is not None:
        return TrainingFacts(
            loss=inspection.loss,
            optimizer=inspection.optimizer,
            from_logits=inspection.from_logits,
            iterations=inspection.iterations,
        )
    model = network.model
    if not getattr(model, "compiled", False):
        return TrainingFacts()
    optimizer = getattr(model, "optimizer", None)
    iterations = None if optimizer is None else int(optimizer.iterations)
    return training_facts(model.get_compile_config(), iterations)
