"""The bridge to the browser: every view that Python mounts exists there, and its code travels once."""

import ast
import json
import re
from pathlib import Path

import pytest

from lib.ui import component
from lib.ui.component import reported, runtime_source, view
from lib.ui.feed import LIVE_VIEWS

UI = Path(component.__file__).parent
FRONTEND = UI / "frontend"
VIEWS = sorted(
    script.stem for script in FRONTEND.glob("*.js") if script.stem != "runtime" and "-" not in script.stem
)


def mounted_views() -> set[str]:
    """The live views, and the names that Python modules give to view()."""
    names = set(LIVE_VIEWS)
    for path in UI.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "view":
                names |= {argument.value for argument in node.args if isinstance(argument, ast.Constant)}
    return names


def test_every_view_that_python_mounts_has_its_script_and_none_is_left_over() -> None:
    assert mounted_views() == set(VIEWS)


@pytest.mark.parametrize("name", VIEWS)
def test_the_runtime_holds_each_view_with_its_own_style(name: str) -> None:
    source = runtime_source()
    start = source.index(f'views["{name}"] = {{ css: ')
    css, _ = json.JSONDecoder().raw_decode(source, start + len(f'views["{name}"] = {{ css: '))
    style = FRONTEND / f"{name}.css"
    assert css == (style.read_text(encoding="utf-8") if style.exists() else "")
    script = (FRONTEND / f"{name}.js").read_text(encoding="utf-8")
    assert source.count(script) == 1
    assert re.search(r"^(function show\(|const show = \()", script, re.MULTILINE), "what the runtime calls"


def test_parts_of_a_view_share_its_scope_and_come_before_it() -> None:
    source = runtime_source()
    parts = list(FRONTEND.glob("*-*.js"))
    assert parts
    for path in parts:
        owner = path.stem.split("-")[0]
        begin = source.index(f'views["{owner}"]')
        part = source.index(path.read_text(encoding="utf-8"), begin)
        whole = source.index((FRONTEND / f"{owner}.js").read_text(encoding="utf-8"), begin)
        assert begin < part < whole
        assert f'views["{path.stem}"]' not in source
        assert "return show;" not in source[begin:whole]


def test_the_runtime_comes_first_and_has_the_base_style() -> None:
    source = runtime_source()
    assert source.startswith((FRONTEND / "runtime.js").read_text(encoding="utf-8"))
    base = json.dumps((FRONTEND / "base.css").read_text(encoding="utf-8"))
    assert source.index(f"baseStyle = {base};") < min(source.index(f'views["{name}"]') for name in VIEWS)


def test_a_views_stub_is_small_because_it_travels_with_every_change(monkeypatch: pytest.MonkeyPatch) -> None:
    declared = {}

    def declare(name: str, **parts: str) -> str:
        declared[name] = parts
        return name

    monkeypatch.setattr(component.st.components.v2, "component", declare)
    assert view('odd"name') == 'misread_odd"name'
    parts = declared['misread_odd"name']
    assert len(parts["js"]) < 500
    assert 'host.show("odd\\"name", component)' in parts["js"]
    assert "css" not in parts, "the style is in the runtime"


@pytest.fixture
def state(monkeypatch: pytest.MonkeyPatch) -> dict:
    """What Streamlit keeps for the session."""
    found: dict = {}
    monkeypatch.setattr(component.st, "session_state", found)
    return found


@pytest.mark.parametrize("value", [{"seq": 3, "final": True}, "Photo of paper", 3, ["a"]])
def test_what_a_component_sent_is_handed_on_as_it_is(value: object, state: dict) -> None:
    state["feed"] = {"values": value}
    assert reported("feed", "values") == value
    assert reported("feed", "other") is None


@pytest.mark.parametrize("stored", [None, {}, {"values": None}, 3, "text", [], object()])
def test_nothing_sent_is_none(stored: object, state: dict) -> None:
    state["feed"] = stored
    assert reported("feed", "values") is None
    assert reported("never mounted", "values") is None
