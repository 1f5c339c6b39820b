"""The verdict beside the top-k: does this look like anything the network was trained on, and how sure is it really?"""

from __future__ import annotations

from lib.verdict.judging import judge, judge_trace
from lib.verdict.verdict import LEVELS, Answer, Verdict

__all__ = ["LEVELS", "Answer", "Verdict", "judge", "judge_trace"]
