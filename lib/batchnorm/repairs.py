"""The repairs that are further trainings: the same pictures and seed with one setting changed, by what was measured."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from lib.batchnorm.arithmetic import initial_weight
from lib.batchnorm.recovery import Recovery
from lib.batchnorm.settings import TrainingLimits, TrainingSettings

EPOCHS, MOMENTUM, BATCH = "more epochs", "smaller momentum", "larger batches"
_MOMENTA = (0.9, 0.8, 0.7, 0.5, 0.3, 0.1, 0.01)
# The weights go on changing while the statistics catch up, so the prediction for weights that stand still is the least.
_MARGIN = 1.3
_ENOUGH = 0.5  # of the share that the prediction asks for


@dataclass(frozen=True)
class Repair:
    """One way out.

    Attributes:
        settings: of the training, or None where there is nothing to try.
        says: what is changed and why that much, as a sentence.
    """

    name: str
    settings: TrainingSettings | None
    says: str


def repairs(
    settings: TrainingSettings, pictures: int, found: Recovery | None, limits: TrainingLimits
) -> tuple[Repair, ...]:
    """More epochs, a smaller momentum, larger batches; each as much as the measured way to recovery asks for."""
    share = (found.share if found is not None else None) or 0.01
    return (
        _more_epochs(settings, pictures, share, limits),
        _smaller_momentum(settings, pictures, share),
        _larger_batches(settings, pictures),
    )


def _more_epochs(settings: TrainingSettings, pictures: int, share: float, limits: TrainingLimits) -> Repair:
    each = settings.updates_per_epoch(pictures)
    for epochs in _steps(settings.epochs, limits.epochs):
        if initial_weight(settings.momentum, (epochs - settings.epochs) * each / _MARGIN) <= share:
            return Repair(
                EPOCHS,
                replace(settings, epochs=epochs),
                f"{epochs} epochs instead of {settings.epochs}: {epochs * each:,} updates. Slow, but nothing else "
                "changes.",
            )
    if settings.epochs >= limits.epochs:
        return Repair(EPOCHS, None, f"{settings.epochs} epochs are the most that this server trains.")
    return Repair(
        EPOCHS,
        replace(settings, epochs=limits.epochs),
        f"{limits.epochs} epochs, the most that this server trains; by the prediction that is not enough.",
    )


def _steps(epochs: int, most: int) -> Sequence[int]:
    """Numbers of epochs to choose from, each a fifth larger than the one before."""
    found, current = [], epochs
    while current < most:
        current = min(most, max(current + 1, round(current * 1.2)))
        found.append(current)
    return found


def _smaller_momentum(settings: TrainingSettings, pictures: int, share: float) -> Repair:
    updates = settings.epochs * settings.updates_per_epoch(pictures)
    for momentum in _MOMENTA:
        if momentum < settings.momentum and initial_weight(momentum, updates) <= _ENOUGH * share:
            return Repair(
                MOMENTUM,
                replace(settings, momentum=momentum),
                f"Momentum {momentum:g} instead of {settings.momentum:g}: after {updates:,} updates the initial "
                "statistics "
                f"weigh {initial_weight(momentum, updates):.2g}. The average follows the last few batches only, "
                "which with "
                "small batches makes it noisy.",
            )
    if settings.momentum > _MOMENTA[-1]:
        return Repair(
            MOMENTUM,
            replace(settings, momentum=_MOMENTA[-1]),
            f"Momentum {_MOMENTA[-1]:g}: the last batch alone counts.",
        )
    return Repair(
        MOMENTUM, None, f"The momentum is {settings.momentum:g} already: the last batch alone counts."
    )


def _larger_batches(settings: TrainingSettings, pictures: int) -> Repair:
    if settings.batch_size >= pictures:
        return Repair(
            BATCH,
            None,
            f"All {pictures} pictures are in one batch already. Batches of 32 and more of a larger data set bring stored "
            "and batch statistics together; train with a batch size of 1 to see the opposite.",
        )
    return Repair(
        BATCH,
        replace(settings, batch_size=pictures),
        f"All {pictures} pictures in one batch instead of {settings.batch_size}: what fit() normalises with is what it "
        "stores. But there are fewer updates in an epoch, so this alone forgets the beginning more slowly.",
    )
