"""Who may import whom: the library runs without Streamlit, the first page without TensorFlow, and nothing in circles."""

from __future__ import annotations

import ast
import graphlib
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {name_of(path): path for path in (ROOT / "lib").rglob("*.py")}


def imports(path: Path, only_when_running: bool = True) -> Iterator[str]:
    """Every module that a file imports, inside functions too; what only the type checker sees is left out."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    ignored: set[ast.AST] = set()
    if only_when_running:
        for node in ast.walk(tree):
            if isinstance(node, ast.If) and getattr(node.test, "id", "") == "TYPE_CHECKING":
                ignored |= {inner for statement in node.body for inner in ast.walk(statement)}
    for node in ast.walk(tree):
        if node in ignored:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0 and node.module is not None, f"{path}: imports are absolute"
            # `from lib import zoo` imports a module, `from lib.zoo import card` a name out of one.
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                yield inner if inner in MODULES else node.module


GRAPH = {name: set(imports(path)) & MODULES.keys() for name, path in MODULES.items()}


def unit(name: str) -> str:
    """A module of lib/, or the package that it is a part of: lib.pipeline.tone belongs to lib.pipeline."""
    return ".".join(name.split(".")[:2])


def test_only_the_user_interface_knows_streamlit_and_plotly() -> None:
    users = {
        name: sorted(
            {i.split(".")[0] for i in imports(path, only_when_running=False)} & {"streamlit", "plotly"}
        )
        for name, path in MODULES.items()
    }
    assert {name for name, found in users.items() if found and unit(name) != "lib.ui"} == set()
    assert users["lib.ui.component"] == ["streamlit"], "the test does see imports"


def test_the_library_never_imports_its_user_interface_or_the_pages() -> None:
    for name, path in MODULES.items():
        found = set(imports(path, only_when_running=False))
        assert not {i for i in found if i.split(".")[0] in ("pages", "app", "tests")}, name
        if unit(name) != "lib.ui":
            assert not {i for i in found if unit(i) == "lib.ui"}, name


def test_no_module_imports_itself_in_a_circle() -> None:
    graphlib.TopologicalSorter(GRAPH).prepare()  # CycleError names the circle


def test_no_package_imports_another_in_a_circle() -> None:
    units: dict[str, set[str]] = {}
    for name, found in GRAPH.items():
        units.setdefault(unit(name), set()).update({unit(i) for i in found} - {unit(name)})
    graphlib.TopologicalSorter(units).prepare()


@pytest.mark.parametrize(
    ("lower", "higher"),
    [
        ("lib.picture", "lib.pipeline"),
        ("lib.picture", "lib.drawing"),
        ("lib.pipeline", "lib.contract"),
        ("lib.pipeline", "lib.drawing"),
        ("lib.contract", "lib.network"),
        ("lib.unfold", "lib.network"),
        ("lib.unfold", "lib.contract"),
        ("lib.network", "lib.zoo"),
        ("lib.case", "lib.zoo"),
    ],
)
def test_the_data_flow_points_one_way(lower: str, higher: str) -> None:
    def reaches(name: str, seen: set[str]) -> set[str]:
        for found in GRAPH[name] - seen:
            seen |= reaches(found, seen | {found}) | {found}
        return seen

    members = [name for name in MODULES if unit(name) == lower]
    assert members
    for name in members:
        assert higher not in {unit(i) for i in reaches(name, set())}, name


def test_every_file_says_in_its_first_line_what_lives_in_it() -> None:
    for name, path in MODULES.items():
        tree = ast.parse(path.read_text(encoding="utf-8"))
        assert ast.get_docstring(tree), name
        assert len(path.read_text(encoding="utf-8").splitlines()) <= 400, name


CHECK = """
import importlib, json, sys
loaded = {}
for name in sys.argv[1:]:
    importlib.import_module(name)
    loaded[name] = sorted({"tensorflow", "keras", "streamlit", "plotly", "sklearn"} & set(sys.modules))
print(json.dumps(loaded))
"""


def test_the_first_page_does_not_wait_for_tensorflow_and_a_script_not_for_streamlit() -> None:
    scripts = ["lib.case", "lib.samples", "lib.zoo", "lib.zoo.engine", "lib.snippet", "lib.bundle"]
    pages = {name for page in (ROOT / "pages").glob("*.py") for name in imports(page)} & MODULES.keys()
    # The user interface comes last: what it loads stays loaded.
    names = [
        *scripts,
        *sorted(name for name in pages if unit(name) != "lib.ui"),
        "lib.ui.lab_state",
        "lib.ui.panels",
        *sorted(name for name in pages if unit(name) == "lib.ui"),
    ]
    done = subprocess.run(
        [sys.executable, "-c", CHECK, *names], capture_output=True, text=True, cwd=ROOT, timeout=100
    )
    assert done.returncode == 0, done.stderr
    loaded = json.loads(done.stdout)
    before_panels = names[: names.index("lib.ui.panels")]
    assert {name: loaded[name] for name in before_panels if loaded[name]} == {}
    assert "streamlit" in loaded["lib.ui.panels"]
    assert {
        name for name, found in loaded.items() if {"tensorflow", "keras", "sklearn"} & set(found)
    } == set()
