"""The Autopsy: given a model and a picture that it misreads, which difference between training and serving is to blame."""

from lib.autopsy.causes import CAUSES, Cause
from lib.autopsy.examine import examine
from lib.autopsy.examine_several import examine_several
from lib.autopsy.finding import LEVELS, Autopsy, Finding, Pictured, Reading, Witness

__all__ = [
    "CAUSES",
    "LEVELS",
    "Autopsy",
    "Cause",
    "Finding",
    "Pictured",
    "Reading",
    "Witness",
    "examine",
    "examine_several",
]
