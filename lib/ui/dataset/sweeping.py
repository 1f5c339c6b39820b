"""The sweeps of one session: what is to be varied, the work in the background, and the curves that are there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import streamlit as st

from lib.carry_over import carry_over
from lib.dataset import Dataset
from lib.evaluate.axis import Axis
from lib.evaluate.point_cache import PointCache
from lib.evaluate.sweep import Sweep, SweepPoint, sweep
from lib.pipeline import Pipeline
from lib.ui.dataset.state import DatasetState
from lib.ui.dataset.work import Cancelled, Report, Work
from lib.ui.lab_state import LabState

if TYPE_CHECKING:
    from lib.network import Network


@st.cache_resource(show_spinner=False)
def points() -> PointCache:
    """What all visitors' sweeps have measured."""
    return PointCache()


@dataclass(eq=False)
class Sweeping:
    """One sweep of some networks.

    Attributes:
        axes: what is varied.
        titles: of the networks.
        work: gives the finished curves.
        come: the points that are there while it works, by network.
        pictures: that each point is measured on, as far as known.
    """

    axes: tuple[Axis, ...]
    titles: tuple[str, ...]
    come: dict[str, list[SweepPoint]] = field(default_factory=dict)
    work: Work[list[Sweep]] | None = None
    pictures: int = 0

    @property
    def sweeps(self) -> list[Sweep]:
        """What is there by now."""
        if self.work is not None and self.work.result is not None:
            return self.work.result
        return [
            Sweep(title, self.axes, tuple(found), self.pictures)
            for title, found in list(self.come.items())
            if found
        ]


def start(
    state: DatasetState,
    lab: LabState,
    dataset: Dataset,
    networks: Sequence[tuple[str, Network]],
    axes: tuple[Axis, ...],
    most: int,
) -> Sweeping:
    """Begins a sweep of some networks, each with its own pipeline.

    Args:
        networks: (name in the Lab, network).
    """
    titles = tuple(lab.card_of(name).title for name, _ in networks)
    begun = Sweeping(axes, titles, pictures=min(most, len(dataset)))
    picture = lab.picture()
    jobs = [
        (network, title, state.pipeline_of(lab, dataset, name), own_pipeline(lab, name))
        for (name, network), title in zip(networks, titles, strict=True)
    ]

    def do(report: Report, cancelled: Cancelled) -> list[Sweep]:
        done = []
        for number, (network, title, pipeline, own) in enumerate(jobs):
            come = begun.come.setdefault(title, [])

            def on_point(
                point: SweepPoint, there: int, of: int, come: list[SweepPoint] = come, number: int = number
            ) -> None:
                come.append(point)
                report(number * of + there, len(jobs) * of)

            done.append(
                sweep(
                    network,
                    dataset,
                    pipeline,
                    axes,
                    most,
                    (picture, own),
                    points(),
                    on_point,
                    cancelled,
                    title,
                )
            )
        return done

    begun.work = Work(do, "Measuring points")
    return begun


def own_pipeline(lab: LabState, name: str) -> Pipeline:
    """What the Lab does to the visitor's picture before it shows it to a model."""
    if name == lab.model:
        return lab.pipeline
    return carry_over(lab.pipeline, lab.card.contract, lab.card_of(name).contract).pipeline
