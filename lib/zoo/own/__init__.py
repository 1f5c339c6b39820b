"""A visitor's own model file: checked as hostile until proven otherwise, then a Network like any other.

Importing this brings neither TensorFlow nor h5py in.
"""

from lib.zoo.own.file import OwnModel, check_file, load_file
from lib.zoo.own.inspection import BatchNormFacts, Guess, Inspection
from lib.zoo.own.limits import DEFAULT_MODEL_LIMITS, ModelFileError, ModelLimits, from_environment
from lib.zoo.own.sandbox import CancelledError

__all__ = [
    "DEFAULT_MODEL_LIMITS",
    "BatchNormFacts",
    "CancelledError",
    "Guess",
    "Inspection",
    "ModelFileError",
    "ModelLimits",
    "OwnModel",
    "check_file",
    "from_environment",
    "load_file",
]
