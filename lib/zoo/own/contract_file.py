"""A contract as a JSON file beside the model: to keep, to send, to load again. It is trusted as little as a model."""

from __future__ import annotations

import json

from lib.contract import Contract, ContractError
from lib.picture.guards import called
from lib.zoo.class_names import LONGEST_NAME, MOST_NAMES

_FORMAT = "misread-contract"
_VERSION = 1
_MOST_BYTES = 4_000_000


def contract_to_json(contract: Contract) -> str:
    """The contract as a JSON document; `contract_from_json` reads it."""
    entries = {"format": _FORMAT, "version": _VERSION, **contract.to_dict()}
    return json.dumps(entries, indent=2, ensure_ascii=False) + "\n"


def contract_from_json(source: bytes | str, name: str = "") -> Contract:
    """Reads what `contract_to_json` wrote; a bundled model's card.json with a contract in it will do, too.

    Raises:
        ContractError: it is no contract, or an impossible one; the message says which field and what would be right.
    """
    if len(source) > _MOST_BYTES:
        raise ContractError(
            f"{called(name)} has {len(source) / 1e6:.1f} MB; a contract has at most {_MOST_BYTES / 1e6:g} MB."
        )
    try:
        text = source if isinstance(source, str) else source.decode("utf-8-sig")
        entries = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ContractError(
            f"{called(name)} is no JSON file. A contract is what “Download contract” gives."
        ) from error
    if isinstance(entries, dict) and "format" not in entries and isinstance(entries.get("contract"), dict):
        entries = entries["contract"]
    if not isinstance(entries, dict) or not all(isinstance(key, str) for key in entries):
        raise ContractError(f"{called(name)} holds no contract: it must be a JSON object with named fields.")
    entries = dict(entries)
    given, version = entries.pop("format", _FORMAT), entries.pop("version", _VERSION)
    if given != _FORMAT or version != _VERSION:
        raise ContractError(
            f"{called(name)} is of the format {str(given)!r:.40}, version {str(version)!r:.20}; this app reads {_FORMAT}, "
            f"version {_VERSION}."
        )
    names = entries.get("class_names")
    if isinstance(names, list) and len(names) > MOST_NAMES:
        raise ContractError(f"{called(name)} names {len(names):,} classes; the limit is {MOST_NAMES:,}.")
    if isinstance(names, list) and any(isinstance(text, str) and len(text) > LONGEST_NAME for text in names):
        raise ContractError(f"A class name in {called(name)} is longer than {LONGEST_NAME} characters.")
    try:
        return Contract.from_dict(entries)
    except ContractError as error:
        raise ContractError(f"{called(name)} is no contract that fits: {error}") from error
    except (TypeError, ValueError, OverflowError) as error:
        raise ContractError(
            f"A field of {called(name)} has a value of the wrong kind: {str(error)[:200]}"
        ) from error
