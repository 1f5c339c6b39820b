"""All findings about a model alone, in order. What is looked for lives in the files beside this one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lib.autopsy.finding import LEVELS, Finding
from lib.autopsy.fingerprint.batchnorm import batchnorm_findings
from lib.autopsy.fingerprint.ending import ending_findings
from lib.autopsy.fingerprint.labels import label_findings
from lib.autopsy.fingerprint.pixels import pixel_findings
from lib.autopsy.fingerprint.probes import ask
from lib.autopsy.fingerprint.randomness import randomness_findings
from lib.autopsy.fingerprint.training import known_training
from lib.autopsy.fingerprint.weights import weight_findings

if TYPE_CHECKING:
    from lib.network import Network
    from lib.zoo.own import Inspection


def fingerprint(network: Network, inspection: Inspection | None = None) -> tuple[Finding, ...]:
    """What is the matter with this model, whatever the picture; the most important first.

    Findings with the weight 0 are no faults: they say what one has to know about the model. It takes a tenth
    of a second for small networks and a second or two for large ones; callers keep it per network.

    Args:
        inspection: what was read from the model's file; without it the facts of a compiled model count.
    """
    training = known_training(network, inspection)
    answers = ask(network)
    found = (
        *weight_findings(network, answers),
        *randomness_findings(network, answers),
        *batchnorm_findings(network, training),
        *ending_findings(network, training, answers),
        *pixel_findings(network),
        *label_findings(network, answers),
    )
    return tuple(sorted(found, key=lambda finding: (-finding.weight, LEVELS.index(finding.level))))
