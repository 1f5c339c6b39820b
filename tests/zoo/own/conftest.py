"""What the tests of a user's own files share: the check without its separate process, for files that the tests made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from lib.zoo.own import sandbox
from lib.zoo.own.limits import ModelLimits


@pytest.fixture
def in_process(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """`check_file` does in this process what it leaves to the separate one: all but its limits on memory and time."""

    def run(
        request: dict[str, Any],
        data: bytes,
        name: str,
        limits: ModelLimits,
        say: Callable[[str], None] = lambda text: None,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> tuple[dict[str, Any], bytes]:
        from lib.zoo.own.child import answered

        folder = tmp_path / "job"
        folder.mkdir(exist_ok=True)
        (folder / "model").write_bytes(data)
        entries = {**request, "name": name, "limits": asdict(limits)}
        return sandbox.believed(*answered(entries, folder, limits, say), name, limits)

    monkeypatch.setattr(sandbox, "run", run)
