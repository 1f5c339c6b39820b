"""Preprocessing as a value: steps, and the pipeline that holds them in order."""

from lib.pipeline.geometry import Centre, Frame, Move, Resize
from lib.pipeline.pipeline import Change, Pipeline, Stages
from lib.pipeline.source import ChannelOrder, Grayscale, Orientation, Transparency, WorkingSize
from lib.pipeline.step import STEPS, Choice, Number, PipelineError, Step
from lib.pipeline.tone import Background, EdgeSoftness, Invert, SigmoidContrast, Stroke, Tone
from lib.pipeline.value import Layout, ValueRange

__all__ = [
    "STEPS",
    "Background",
    "Centre",
    "Change",
    "ChannelOrder",
    "Choice",
    "EdgeSoftness",
    "Frame",
    "Grayscale",
    "Invert",
    "Layout",
    "Move",
    "Number",
    "Orientation",
    "Pipeline",
    "PipelineError",
    "Resize",
    "SigmoidContrast",
    "Stages",
    "Step",
    "Stroke",
    "Tone",
    "Transparency",
    "ValueRange",
    "WorkingSize",
]

# Every step under its own name: the repr of a pipeline is Python for `from lib.pipeline import *`.
globals().update({kind.__name__: kind for kind in STEPS.values()})
__all__ += sorted({kind.__name__ for kind in STEPS.values()} - set(__all__))
