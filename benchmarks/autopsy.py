"""The Autopsy's yardstick: `python -m benchmarks.autopsy --data FOLDER [--model NAME ... | --all] [--out FOLDER]`.

For labelled pictures that the network has never seen (`autopsy_pictures`) one known mistake at a time, or two, is made
(`skews`) and the Autopsy asked: how much of the accuracy its fix recovers, whether it names the mistake first, how often it
is alarmed by a healthy picture, and how long it takes. Prints Markdown; with --out also writes one JSON file a run, from
which `python -m benchmarks.autopsy_report` makes the tables of the docs.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

from benchmarks.autopsy_pictures import PARTS, SUBJECTS, Pictures
from benchmarks.autopsy_tables import MISREAD, WITNESSES, run_table
from benchmarks.autopsy_tally import Outcome, summary
from benchmarks.skew import NOTHING_WRONG, Case, Make, Skew
from benchmarks.skews import FAMILIES
from lib import zoo
from lib.autopsy import examine
from lib.autopsy.batchnorm_witness import usable_layers
from lib.network import Network

# Healthy pictures of the plain kind for every case of a mistake: false alarms are rare, so they need more of them.
_HEALTHY_EACH = 4
# So many pictures are looked through, for each that is wanted, for those that the network misreads.
_LOOKED_AT = 25
_TRIES = 20


def measure(
    subject: str,
    folder: Path,
    part: str,
    cases: int,
    seed: int,
    witnesses: str,
    say: Callable[[str], None] = lambda text: None,
) -> dict[str, Any]:
    """One run, as JSON: `rows` of `autopsy_tally.summary` and what they are about.

    Args:
        subject: key of SUBJECTS.
        cases: pictures for each mistake; the plain healthy ones are four times as many.
        witnesses: key of WITNESSES: what the Autopsy may know of the training data.
    """
    about = SUBJECTS[subject]
    network = knowing(zoo.load(about.model), witnesses)
    pictures = about.read(folder, part, cases * _LOOKED_AT, seed)
    family = FAMILIES[pictures.family]
    outcomes: list[Outcome] = []
    rows = []
    for number, skew in enumerate(family.skews):
        if not skew.applies(network.contract):
            continue
        wanted = cases * (_HEALTHY_EACH if skew.name == "healthy" else 1)
        chosen = _cases(pictures, skew, family.right, network, wanted, number * 997)
        found = [ask(network, skew, family.right, *case) for case in chosen]
        rows.append(summary(skew, found))
        outcomes += found
        say(f"{subject}, {witnesses}: {skew.name}, {len(found)} cases")
    healthy = family.skews[0]
    misread = list(_misread(pictures, healthy, network, cases))
    found = [ask(network, healthy, family.right, *case) for case in misread]
    rows.append({**summary(healthy, found), "skew": MISREAD})
    outcomes += found
    seconds = [outcome.seconds for outcome in outcomes]
    return {
        "subject": subject,
        "model": about.model,
        "witnesses": witnesses,
        "part": part,
        "seed": seed,
        "pictures": pictures.words,
        "cases": len(outcomes),
        "rows": rows,
        "seconds": {f"p{p}": round(float(np.percentile(seconds, p)), 3) for p in (50, 95)},
    }


def knowing(network: Network, witnesses: str) -> Network:
    """The network with what the Autopsy may know of its training data.

    Raises:
        ValueError: a network without that kind of witness.
    """
    if witnesses == "reference":
        if network.reference is None:
            raise ValueError(f"{network.name} has no Reference.")
        return network
    bare = network.with_contract(network.contract)
    if witnesses == "batchnorm" and not usable_layers(bare):
        raise ValueError(f"{network.name} has no BatchNorm statistics to go by.")
    if witnesses == "none":
        # In inference BatchNorm only scales and shifts; under another name nobody asks it about the training data.
        bare.layers = tuple(
            replace(layer, kind="ScaleAndShift") if layer.kind == "BatchNormalization" else layer
            for layer in bare.layers
        )
    return bare


def ask(
    network: Network, skew: Skew, right: Make, image: np.ndarray, label: frozenset[int], seed: int
) -> Outcome:
    """One case."""
    picture, pipeline = skew.make(image, network.contract, np.random.default_rng(seed))
    started = time.perf_counter()
    found = examine(network, picture, pipeline, model_findings=())
    seconds = time.perf_counter() - started
    good = (skew.right or right)(image, network.contract, np.random.default_rng(seed))
    return Outcome(
        reads(network, good, label),
        reads(network, (picture, pipeline), label),
        reads(network, (picture, found.fix or pipeline), label),
        tuple(finding.cause for finding in found.findings),
        found.verdict,
        seconds,
    )


def reads(network: Network, case: Case, label: frozenset[int]) -> bool:
    """Whether the network's first answer is right."""
    picture, pipeline = case
    trace = network.trace(pipeline.run(picture).final, layers=())
    return trace.top(1)[0] in label


def _cases(
    pictures: Pictures, skew: Skew, right: Make, network: Network, count: int, start: int
) -> Iterator[tuple[np.ndarray, frozenset[int], int]]:
    """Pictures on which the mistake makes a difference: a mirrored A is an A. Each skew starts elsewhere."""
    total = len(pictures.images)
    given = 0
    for offset in range(count * _TRIES):
        row = (start + offset) % total
        image, label = pictures.images[row], pictures.labels[row]
        # A picture that comes again is drawn in another way.
        seed = row + total * (offset // total)
        if skew.kind != NOTHING_WRONG and _same(network, skew, right, image, seed):
            continue
        yield image, label, seed
        given += 1
        if given == count:
            return


def _same(network: Network, skew: Skew, right: Make, image: np.ndarray, seed: int) -> bool:
    one, other = (
        pipeline.run(picture).final
        for picture, pipeline in (
            make(image, network.contract, np.random.default_rng(seed)) for make in (skew.make, skew.right or right)
        )
    )  # fmt: skip
    return np.array_equal(one, other)


def _misread(
    pictures: Pictures, healthy: Skew, network: Network, count: int
) -> Iterator[tuple[np.ndarray, frozenset[int], int]]:
    given = 0
    for row, (image, label) in enumerate(zip(pictures.images, pictures.labels, strict=True)):
        if not reads(network, healthy.make(image, network.contract, np.random.default_rng(row)), label):
            yield image, label, row
            given += 1
            if given == count:
                return


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="the folder with the data sets' files")
    parser.add_argument("--model", nargs="+", choices=list(SUBJECTS), default=["letters-mlp"])
    parser.add_argument("--all", action="store_true", help="every subject with every kind of witness it has")
    parser.add_argument("--witnesses", nargs="+", choices=list(WITNESSES), default=["reference"])
    parser.add_argument("--part", choices=PARTS, default="validation")
    parser.add_argument("--cases", type=int, default=40, help="pictures for each mistake (default 40)")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, help="folder for one JSON file a run")
    options = parser.parse_args(arguments)
    for subject in SUBJECTS if options.all else options.model:
        for witnesses in WITNESSES if options.all else options.witnesses:
            try:
                run = measure(
                    subject, options.data, options.part, options.cases, options.seed, witnesses,
                    say=lambda text: print(text, flush=True),
                )  # fmt: skip
            except ValueError as error:
                print(f"{subject}, {witnesses}: {error}")
                continue
            print(f"\n{run_table(run)}\n", flush=True)
            if options.out:
                options.out.mkdir(parents=True, exist_ok=True)
                text = json.dumps(run, indent=1, ensure_ascii=False)
                (options.out / f"autopsy-{subject}-{witnesses}.json").write_text(f"{text}\n", "utf-8")


if __name__ == "__main__":
    main()
