"""What protects visitors on the way: the proxy's headers and the server's own settings."""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path

import streamlit

ROOT = Path(__file__).resolve().parents[1]
NGINX = (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
CONFIG = (ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8")


def policy() -> dict[str, list[str]]:
    (text,) = re.findall(r'add_header Content-Security-Policy "([^"]+)"', NGINX)
    return {name: sources for name, *sources in (part.split() for part in text.split(";"))}


def test_no_script_runs_but_the_servers_own() -> None:
    scripts = policy()["script-src"]
    assert "'unsafe-inline'" not in scripts and "'unsafe-eval'" not in scripts
    page = (Path(streamlit.__file__).parent / "static" / "index.html").read_text(encoding="utf-8")
    for inline in re.findall(r"<script>(.*?)</script>", page, re.DOTALL):
        digest = base64.b64encode(hashlib.sha256(inline.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in scripts
    assert set(scripts) - {"'self'", "blob:"} == {s for s in scripts if s.startswith("'sha256-")}


def test_nothing_is_fetched_from_or_framed_by_another_host() -> None:
    rules = policy()
    assert rules["default-src"] == ["'self'"] and rules["object-src"] == ["'none'"]
    assert rules["frame-ancestors"] == rules["base-uri"] == rules["form-action"] == ["'self'"]
    assert not [source for sources in rules.values() for source in sources if "//" in source or source == "*"]


def test_uploads_need_the_token_of_the_servers_own_page() -> None:
    assert re.search(r"^enableXsrfProtection = true$", CONFIG, re.MULTILINE)
    assert re.search(r"^enableCORS = true$", CONFIG, re.MULTILINE)
    assert re.search(r'^showErrorDetails = "none"$', CONFIG, re.MULTILINE)
