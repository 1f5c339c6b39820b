"""Causes that are seen in the picture on its way, each in one file: its entry in the catalogue and its examiner.

Every file in this folder is found by itself. It holds `CAUSE`, whose id never changes, and `examine(view)`, which yields a
Clue with what it measured, and a sentence in it where the cause stands out. `IN_THE_PICTURE = True` says that the picture
itself is at fault and no preprocessing puts it right.
"""

from __future__ import annotations

import importlib
import pkgutil
from types import ModuleType

from lib.autopsy import causes
from lib.autopsy.examination.clue import Examiner

MODULES: tuple[ModuleType, ...] = tuple(
    importlib.import_module(f"{__name__}.{found.name}") for found in pkgutil.iter_modules(__path__)
)
for _module in MODULES:
    causes.add(_module.CAUSE)

EXAMINERS: tuple[Examiner, ...] = tuple(module.examine for module in MODULES)
IN_THE_PICTURE: frozenset[str] = frozenset(
    module.CAUSE.id for module in MODULES if getattr(module, "IN_THE_PICTURE", False)
)
