"""From a checked file to one of the visitor's models: its card, its network, its place on the server's shelf."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lib.case import OWN_MODEL
from lib.contract import Contract
from lib.zoo.card import Card
from lib.zoo.own import Inspection, OwnModel, check_file, from_environment

if TYPE_CHECKING:
    from lib.network import Network


@dataclass(frozen=True)
class Brought:
    """A file that passed, with its network.

    Attributes:
        name: of the file, as the app shows it.
        size_bytes, sha256: of the file.
        network: under the contract that was guessed.
    """

    name: str
    size_bytes: int
    inspection: Inspection
    network: Network
    sha256: str = ""

    def card(self, contract: Contract) -> Card:
        """What the catalogue would say about it."""
        height, width = contract.size
        colour = "gray" if contract.channels == 1 else "colour"
        return Card(
            name=f"{OWN_MODEL}{self.name}",
            title=self.name,
            summary=f"Your own model: {height} × {width} {colour}, {len(contract.class_names):,} classes, "
            f"{self.inspection.parameters:,} weights. Only you see it, and it goes when you leave.",
            question=None,
            contract=contract,
            scores={},
            provenance=(),
            training={"iterations": self.inspection.iterations}
            if self.inspection.iterations is not None
            else {},
            limits=(),
            origin="own",
            parameters=self.inspection.parameters,
            size_bytes=self.size_bytes,
        )


def bring(
    data: bytes, name: str, application: str, say: Callable[[str], None], cancelled: Callable[[], bool]
) -> Brought:
    """Checks a file and builds its network.

    Raises:
        ModelFileError: it is refused, with a sentence.
    """
    found: OwnModel = check_file(
        data, name, application=application, limits=from_environment(), progress=say, cancelled=cancelled
    )
    say("building the model here")
    network = found.network()
    say("compiling")
    digest = hashlib.sha256(data).hexdigest()
    return Brought(found.name, found.size_bytes, found.inspection, network, digest)
