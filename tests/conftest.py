"""What holds for all tests: no test fails because the machine is slow, and which of them stay together in one worker."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

TESTS = Path(__file__).resolve().parent
TOGETHER = ("browser", "pages")

# By default Hypothesis fails an example that takes more than 0.2 seconds, which says more about the machine than about us.
settings.register_profile("misread", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("misread")


# Before xdist's own, which reads the marks.
@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """With pytest-xdist (`-n 2 --dist loadgroup`) a file stays whole, since its fixtures are made once for the file.

    The browser's tests share one server and one browser, the pages' tests one set of loaded networks.
    """
    if not config.pluginmanager.has_plugin("xdist"):
        return
    for item in items:
        place = item.path.relative_to(TESTS)
        folder = place.parts[0]
        item.add_marker(pytest.mark.xdist_group(folder if folder in TOGETHER else place.as_posix()))
