"""Finds the Chromium that the browser tests drive; with `--install`, sees to it that there is one.

An installed browser comes first, then Debian's package when we are root there, then Playwright's own download.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

from lib import settings

# Headless in a container, and quiet: without these a browser looks up its maker's hosts at every start.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]

_COMMANDS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_PLACES = (
    Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"),
    Path("/Applications/Chromium.app/Contents/MacOS/Chromium"),
    Path(os.environ.get("PROGRAMFILES", "C:/Program Files")) / "Google/Chrome/Application/chrome.exe",
)


def find() -> str | None:
    """The path of a Chromium, or None."""
    given = settings.path("MISREAD_CHROMIUM")
    if given:
        return str(given)
    for command in _COMMANDS:
        path = shutil.which(command)
        if path:
            return path
    for place in _PLACES:
        if place.exists():
            return str(place)
    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
    return own if Path(own).exists() else None


def install() -> None:
    """Installs one.

    Raises:
        subprocess.CalledProcessError: neither way worked.
    """
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    if is_root and shutil.which("apt-get"):
        subprocess.run(["apt-get", "update", "-qq"], check=True)
        subprocess.run(
            ["apt-get", "install", "-qq", "-y", "--no-install-recommends", "chromium"],
            check=True,
            env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
        )
    else:
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=True)


def main() -> None:
    if find() is None and "--install" in sys.argv:
        install()
    path = find()
    if path is None:
        sys.exit("There is no Chromium: run `python -m tests.browser.chromium --install`.")
    print(f"Browser tests drive {path}")


if __name__ == "__main__":
    main()
