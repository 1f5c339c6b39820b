"""The fingerprint: what is the matter with a model whatever the picture, read from its layers and weights and a few probes.

`fingerprint` gives the findings; `behaviour` (`attractor` and `scale_table`) are measurements to show beside them.
"""

from lib.autopsy.fingerprint.attractor import Attractor, attractor
from lib.autopsy.fingerprint.behaviour import Behaviour, behaviour
from lib.autopsy.fingerprint.findings import fingerprint
from lib.autopsy.fingerprint.scale import ScaleRow, scale_table

__all__ = ["Attractor", "Behaviour", "ScaleRow", "attractor", "behaviour", "fingerprint", "scale_table"]
