"""What a network does over a whole data set: answers, scores, calibration, outsiders, sweeps, and how two sets differ.

Reading a data set lives in `lib.dataset`, showing the results in `lib.ui.dataset`.
"""

from __future__ import annotations

from lib.evaluate.answers import Answers
from lib.evaluate.errors import EvaluationCancelled, EvaluationError
from lib.evaluate.running import answer

__all__ = ["Answers", "EvaluationCancelled", "EvaluationError", "answer"]
