"""Teaching a copy of a network with changed pictures, in a process of its own; it waits in `lib.batchnorm`'s line."""

from __future__ import annotations

from lib.teach.lesson import Lesson, LessonSettings
from lib.teach.teaching import Teaching, TeachingError, prepare

__all__ = ["Lesson", "LessonSettings", "Teaching", "TeachingError", "prepare"]
