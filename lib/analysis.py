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
        problem: a sentence when the network cannot take what the pipeline gives, or when the pipeline cannot run to
            its end: then the stages are those of the default pipeline.
    """

    picture: Picture
    stages: Stages
    network: Network | None
    trace: Trace | None
    problem: str = ""


def analyse(
    picture: Picture,
    pipeline: Pipeline,
    network: Network | None,
    default: Pipeline,
    previous: Analysis | None = None,
    layers: tuple[str, ...] | None = None,
) -> Analysis:
    """Runs what has to be run: stages and trace of `previous` are taken over where nothing before them changed.

    Args:
        default: the model's own pipeline, which any picture can go through.
        layers: the activations to fetch; None means all.
    """
    known = previous.stages if previous else None
    problem = ""
    try:
        stages = pipeline.run(picture, known)
    except PipelineError as error:
        stages = default.run(picture, known)
        problem = f"{error} Shown meanwhile is what the model's own steps give."
    if network is None:
        return Analysis(picture, stages, None, None, problem)
    if stages.final.shape != network.contract.input_shape:
        problem = (
            f"The pipeline gives a tensor of shape {stages.final.shape}, {network.name} takes "
            f"{network.contract.input_shape}: set the steps Resize and Flatten back."
        )
        return Analysis(picture, stages, network, None, problem)
    same = previous and previous.network is network and previous.stages.final is stages.final
    trace = previous.trace if previous and same else None
    if trace is None or not set(layers or ()) <= trace.activations.keys():
        trace = network.trace(stages.final[None], layers=layers)
    return Analysis(picture, stages, network, trace, problem)
