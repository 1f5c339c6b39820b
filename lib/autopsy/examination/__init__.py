"""The examination of one picture on its way into one network: what stands out in the file, the stages and the tensor.

Nothing here decides what is to blame; that is the search's business, which takes witnesses and evidence from here.
"""

from lib.autopsy.examination.clue import Clue, View
from lib.autopsy.examination.examination import (
    FACTS,
    RUIN,
    RUINED,
    Examination,
    evidence_for,
    examine_picture,
    look,
    witnesses_for,
)

__all__ = [
    "FACTS",
    "RUIN",
    "RUINED",
    "Clue",
    "Examination",
    "View",
    "evidence_for",
    "examine_picture",
    "look",
    "witnesses_for",
]
