"""The one path of the data: picture -> pipeline -> network. Every view is a function of what is computed here, once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lib.picture import Picture
from lib.pipeline import Pipeline, PipelineError, Stages

if TYPE_CHECKING:
    from lib.network import Network, Trace


@dataclass(frozen=True)
class Analysis:
    """One picture through one pipeline and one network.

    Attributes:
        picture: what went in.
        stages: every intermediate image; `stages.final` is the tensor that the network got.
        network: the network, or None while it is loading.
        trace: what the network answered, or None while it is loading or when the steps do not fit.
        problem: a sentence when the pipeline could not run to its end; the stages are then of the last good pipeline.
    """

    picture: Picture
    stages: Stages
    network: Network | None
    trace: Trace | None
    problem: str = ""


def analyse(
    picture: Picture, pipeline: Pipeline, network: Network | None, previous: Analysis | None = None
) -> Analysis:
    """Runs what has to be run: stages and trace of `previous` are taken over where nothing before them changed.

    A pipeline that does not fit the picture is reported in `problem`; only without a previous run it raises.

    Raises:
        PipelineError: the pipeline cannot run, and there is no earlier result to show instead.
    """
    try:
        stages = pipeline.run(picture, previous.stages if previous else None)
    except PipelineError as error:
        if previous is None:
            raise
        return Analysis(previous.picture, previous.stages, previous.network, previous.trace, str(error))
    if network is None:
        return Analysis(picture, stages, None, None)
    if (
        previous is not None
        and previous.trace is not None
        and previous.network is network
        and previous.stages.final is stages.final
    ):
        return Analysis(picture, stages, network, previous.trace)
    problem = ""
    trace = None
    if stages.final.shape == network.contract.input_shape:
        trace = network.trace(stages.final[None])
    else:
        problem = (
            f"The pipeline gives a tensor of shape {stages.final.shape}, {network.name} takes "
            f"{network.contract.input_shape}: set the steps Resize and Flatten back."
        )
    return Analysis(picture, stages, network, trace, problem)
