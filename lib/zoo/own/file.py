"""A visitor's own model file: checked in a separate process, then built in the app's."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lib.contract import Contract
from lib.picture.guards import called, shown_name
from lib.zoo.own import archive, sandbox
from lib.zoo.own.config import check, parse, without_training
from lib.zoo.own.inspection import Inspection, InspectionError
from lib.zoo.own.kind import KERAS, SAVED_MODEL, kind_of
from lib.zoo.own.limits import DEFAULT_MODEL_LIMITS, ModelFileError, ModelLimits

if TYPE_CHECKING:
    from lib.network import Network
    from lib.reference import Reference

Say = Callable[[str], None]


@dataclass(frozen=True)
class OwnModel:
    """A model file that passed the check. Keep it as long as its model is in use; it builds the model once.

    Attributes:
        name: of the file, as the app shows it.
        size_bytes: of the file.
        sha256: of the file, hexadecimal.
        seconds: that the check took.
        inspection: what was found.
    """

    name: str
    size_bytes: int
    sha256: str
    seconds: float
    inspection: Inspection
    _recipe: dict[str, Any] = field(repr=False)
    _weights: list[bytes] = field(repr=False)  # emptied when the model is built: it holds them then
    _probe: tuple[float, ...] = field(repr=False)
    _limits: ModelLimits = field(repr=False)
    _opened: list[Network] = field(default_factory=list, repr=False, compare=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False, compare=False)

    @property
    def contract(self) -> Contract:
        """The contract as it was guessed, with numbered classes."""
        return self.inspection.contract()

    @property
    def memory_bytes(self) -> int:
        """About what its weights take in memory."""
        return 4 * self.inspection.parameters

    def network(self, contract: Contract | None = None, reference: Reference | None = None) -> Network:
        """The model as a Network. Takes seconds the first time (TensorFlow, building); cheap afterwards.

        Args:
            contract: as edited by the visitor; the guess when None.

        Raises:
            ModelFileError: the model cannot be built here as it was in the separate process.
            NetworkError: the contract does not fit the model.
        """
        with self._lock:
            if not self._opened:
                self._opened.append(self._build())
            first = self._opened[0]
        return first.with_contract(contract or self.contract, reference)

    def _build(self) -> Network:
        import numpy as np

        from lib.network import Network
        from lib.zoo.own import transfer
        from lib.zoo.own.probe import probe

        try:
            model = transfer.received(self._recipe, self._weights[0], self.name, self._limits)
            network = Network(model, self.contract, name=self.name)
            logits = probe(network)
        except Exception as error:
            raise ModelFileError(
                f"{called(self.name)} passed the check but could not be built in the app: {error}. Load it again."
            ) from error
        if not np.allclose(logits[0], self._probe, rtol=1e-2, atol=1e-3, equal_nan=True):
            raise ModelFileError(
                f"{called(self.name)} answers differently here than in the check. Load it again."
            )
        self._weights.clear()
        return network


def check_file(
    source: bytes | str | Path,
    name: str = "",
    *,
    application: str = "",
    limits: ModelLimits = DEFAULT_MODEL_LIMITS,
    progress: Say = lambda text: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> OwnModel:
    """Checks a model file: first its form, here, then its content, in a separate process. Takes 5 to 20 seconds.

    Args:
        source: the file's bytes, or its path.
        name: what messages call it; the path's last part if empty.
        application: for weights alone, the function in keras.applications that they belong to, e.g. "ResNet50".
        limits: what it may cost.
        progress: told what is being done, e.g. "building the model".
        cancelled: asked often; True gives the check up.

    Raises:
        CancelledError: `cancelled` said so.
        ModelFileError: it is refused; the message says what is wrong, with which file, and what to do.
    """
    started = time.monotonic()
    progress("reading the file")
    data, shown = _read(source, name, limits)
    kind, lie = kind_of(data, shown, limits)
    if kind in (KERAS, SAVED_MODEL):
        progress("reading the archive")
        _check_archive(data, kind, shown, limits)
    digest = hashlib.sha256(data).hexdigest()
    request = {
        "kind": kind,
        "sha256": digest,
        "application": application,
        "notes": [lie] if lie else [],
    }
    answer, weights = sandbox.run(request, data, shown, limits, progress, cancelled)
    progress("done")
    return _own_model(answer, weights, shown, len(data), digest, time.monotonic() - started, limits)


def load_file(
    source: bytes | str | Path,
    name: str = "",
    *,
    class_names: Sequence[str] | None = None,
    contract: Contract | None = None,
    application: str = "",
    reference: Reference | None = None,
    limits: ModelLimits = DEFAULT_MODEL_LIMITS,
) -> Network:
    """A user's own model file as a Network: `check_file`, then the model with its contract.

    Args:
        class_names: for the guessed contract; numbered when None.
        contract: instead of the guessed one.
        reference: a memory of its training data.

    Raises:
        ModelFileError, ContractError, NetworkError: with a sentence.
    """
    own = check_file(source, name, application=application, limits=limits)
    return own.network(contract or own.inspection.contract(class_names), reference)


def _read(source: bytes | str | Path, name: str, limits: ModelLimits) -> tuple[bytes, str]:
    if isinstance(source, bytes):
        return source, shown_name(name)
    path = Path(source)
    shown = shown_name(name or path.name)
    try:
        if not path.is_file():
            raise ModelFileError(
                f"{called(shown)} is no file. A SavedModel folder must be packed as a .zip first."
                if path.is_dir()
                else f"There is no file {called(shown)}."
            )
        with path.open("rb") as file:
            return file.read(limits.file_bytes + 1), shown
    except OSError as error:
        raise ModelFileError(f"{called(shown)} cannot be read: {error.strerror}.") from error


def _check_archive(data: bytes, kind: str, name: str, limits: ModelLimits) -> None:
    """All that can be said of an archive without TensorFlow and HDF5."""
    with archive.opened(data, name, limits) as opened:
        archive.check_unpacked(opened, name, limits)
        if kind == SAVED_MODEL:
            return
        described = parse(archive.read(opened, "config.json", name, limits.config_bytes), name, limits)
        check(without_training(described), name, limits)
        weights = opened.open("model.weights.h5").read(8)
        if weights != b"\x89HDF\r\n\x1a\n":
            raise ModelFileError(
                f"The weights in {called(name)} (model.weights.h5) are no HDF5 file: it is damaged. Save the model again."
            )


def _own_model(
    answer: dict[str, Any],
    weights: bytes,
    name: str,
    size: int,
    digest: str,
    seconds: float,
    limits: ModelLimits,
) -> OwnModel:
    """Believes the separate process nothing: what it says goes through the same checks as the file."""
    try:
        inspection = Inspection.from_dict(answer.get("inspection"))
        probe = answer.get("probe")
        if not isinstance(probe, list) or not all(isinstance(value, float) for value in probe):
            raise InspectionError("the first trace is missing.")
    except InspectionError as error:
        raise ModelFileError(
            f"The separate process that checked {called(name)} gave an answer that makes no sense: {error} Load it again."
        ) from error
    recipe: dict[str, Any] = {key: answer[key] for key in ("config", "weights", "graph") if key in answer}
    if "graph" not in recipe:
        check(parse(str(recipe.get("config", "")), name, limits), name, limits)
    return OwnModel(
        name=name,
        size_bytes=size,
        sha256=digest,
        seconds=seconds,
        inspection=inspection,
        _recipe=recipe,
        _weights=[weights],
        _probe=tuple(probe),
        _limits=limits,
    )
