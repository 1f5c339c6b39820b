"""What the Lab sends its two views of the verdict about an analysis: the verdict from the same trace, open details."""

from __future__ import annotations

import numpy as np

from lib.analysis import Analysis
from lib.ui.verdict import SOFTMAX, Details, SurenessOptions, sureness_message, verdict_message
from lib.verdict import judge_trace
from lib.verdict.judging import memory_of
from lib.verdict.prototypes import nearest_prototypes


def verdict_parts(analysis: Analysis, options: object) -> dict[str, bytes]:
    """The messages of both views; empty ones while there is no answer.

    Args:
        options: of the view below the answers, out of a link or a report of the browser.
    """
    chosen = SurenessOptions.from_json(options)
    network, trace = analysis.network, analysis.trace
    if network is None or trace is None:
        return {"verdict": verdict_message(None), "sureness": sureness_message((), None, chosen)}
    verdict = judge_trace(network, analysis.stages.final[None], trace, k=1)[0]
    details = _details(analysis, chosen) if chosen.open and np.isfinite(trace.logits).all() else Details()
    softmax = network.contract.task == "single label" and network.contract.output != "sigmoid"
    names = network.contract.class_names
    return {
        "verdict": verdict_message(verdict),
        "sureness": sureness_message(names, verdict, chosen, details, softmax),
    }


def _details(analysis: Analysis, chosen: SurenessOptions) -> Details:
    # The page is there before TensorFlow is, which this brings along.
    from lib.noise_probe import noise_probe

    network, trace = analysis.network, analysis.trace
    assert network is not None and trace is not None
    reference = network.reference
    if chosen.open == SOFTMAX:
        return Details(probe=noise_probe(network), logits=trace.logits[0])
    if reference is None:
        return Details(probe=noise_probe(network))
    memory = memory_of(network)
    refusing = memory.refusing if memory else ()
    refusal = None
    if len(refusing) == 1:
        name = network.contract.class_names[refusing[0]]
        refusal = (name, float(trace.probabilities[0, refusing[0]]))
    return Details(neighbours=nearest_prototypes(reference, analysis.stages.final), refusal=refusal)
