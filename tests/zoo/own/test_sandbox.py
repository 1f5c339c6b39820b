"""The separate process gets nothing of the app's secrets, ends when a limit is reached, and is believed nothing."""

from __future__ import annotations

import errno
import json
import os
import signal
import tempfile
import textwrap
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from lib.zoo.own import sandbox
from lib.zoo.own.limits import DEFAULT_MODEL_LIMITS, ModelFileError, ModelLimits

Run = Callable[..., tuple[dict[str, Any], bytes]]
QUICK = replace(DEFAULT_MODEL_LIMITS, seconds=0.5, start_seconds=20.0)
posix = pytest.mark.skipif(os.name == "nt", reason="signals and process groups are POSIX's")


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a program of the test's own in place of the check."""

    def with_program(
        program: str, limits: ModelLimits = QUICK, **options: Any
    ) -> tuple[dict[str, Any], bytes]:
        text = "import json, os, sys, time\nfrom pathlib import Path\n" + textwrap.dedent(program)
        monkeypatch.setattr(sandbox, "_program", lambda: text)
        return sandbox.run({}, b"the model", "m.keras", limits, **options)

    return with_program


ANSWER = "Path('weights.bin').write_bytes(b'123'); Path('answer.json').write_text(json.dumps(answer))"


def test_it_inherits_no_secrets_and_works_in_a_folder_of_its_own(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STREAMLIT_SECRET_TOKEN", "hush")
    monkeypatch.setenv("PYTHONSTARTUP", "/etc/passwd")
    answer, weights = run(
        f"""
        answer = dict(environment=dict(os.environ), place=os.getcwd(), arguments=sys.argv, isolated=sys.flags.isolated,
                      model=Path('model').read_bytes().decode(), standard_input=sys.stdin.read())
        {ANSWER}
        """
    )
    assert weights == b"123" and answer["model"] == "the model"
    assert "hush" not in str(answer) and "PYTHONSTARTUP" not in answer["environment"]
    assert {answer["environment"][name] for name in ("HOME", "TMPDIR", "KERAS_HOME")} == {answer["place"]}
    assert answer["isolated"] == 1 and answer["standard_input"] == ""
    assert not Path(answer["place"]).exists()


@posix
@pytest.mark.parametrize(
    ("program", "says"),
    [
        ("os.abort()", r"crashed \(signal 6\)"),
        ("os.kill(os.getpid(), 11)", r"crashed \(signal 11\)"),
        (
            "os.kill(os.getpid(), 9)",
            "ended from outside, as a system does that runs out of memory. Try again",
        ),
        ("sys.exit(87)", "room for temporary files"),
        ("sys.exit(86)", "of memory"),
        ("sys.exit(3)", r"failed \(code 3\)"),
        ("pass", r"failed \(code 0\)"),
    ],
)
def test_a_crash_becomes_a_sentence(run: Run, program: str, says: str) -> None:
    with pytest.raises(ModelFileError, match=says) as refused:
        run(program)
    assert "“m.keras”" in str(refused.value)


@pytest.mark.parametrize(
    "program",
    [
        "Path('answer.json').write_text('{'); Path('weights.bin').touch()",
        "Path('answer.json').write_text('[1, 2]'); Path('weights.bin').touch()",
        "Path('answer.json').write_text('[' * 100000); Path('weights.bin').touch()",
        "Path('answer.json').write_text('{}')",
        "os.symlink('/etc/passwd', 'weights.bin'); Path('answer.json').write_text('{}')",
        "Path('answer.json').write_text('{}'); open('weights.bin', 'wb').truncate(10**9)",
    ],
)
def test_an_answer_that_makes_no_sense_is_not_believed(run: Run, program: str) -> None:
    with pytest.raises(ModelFileError, match="The app was not touched"):
        run(program)


def test_a_refusal_is_passed_on_but_not_at_any_length(run: Run) -> None:
    with pytest.raises(ModelFileError) as refused:
        run(f"answer = dict(refused='no ' * 100000); {ANSWER}")
    assert str(refused.value).startswith("no no") and len(str(refused.value)) <= 2000


def test_what_never_ends_is_ended_with_everything_that_it_started(run: Run, tmp_path: Path) -> None:
    note = tmp_path / "pid"
    program = f"""
    import subprocess
    other = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])
    Path({str(note)!r}).write_text(str(other.pid))
    Path('stage').write_text('building the model')
    Path('ready').touch()
    while True: pass
    """
    with pytest.raises(ModelFileError, match=r"not ready after 0\.5 seconds \(while building the model\)"):
        run(program)
    if Path("/proc").is_dir():
        status = Path(f"/proc/{note.read_text()}/stat")
        deadline = time.monotonic() + 10
        while status.exists() and status.read_text().split()[2] != "Z" and time.monotonic() < deadline:
            time.sleep(0.02)
        assert not status.exists() or status.read_text().split()[2] == "Z"


def test_what_never_starts_is_ended(run: Run) -> None:
    with pytest.raises(ModelFileError, match=r"did not start within 0\.3 seconds"):
        run("time.sleep(600)", replace(QUICK, start_seconds=0.3))


def test_what_fills_the_memory_is_ended(run: Run) -> None:
    program = """
    Path('ready').touch()
    time.sleep(0.5)
    much = bytearray(os.urandom(1)) * 400_000_000
    time.sleep(600)
    """
    with pytest.raises(ModelFileError, match="needs more than 100 MB of memory"):
        run(program, replace(QUICK, seconds=60.0, memory_bytes=100_000_000))


def test_a_visitor_can_give_up(run: Run) -> None:
    asked = iter([False, False, True])
    with pytest.raises(sandbox.CancelledError, match="was given up"):
        run("time.sleep(600)", cancelled=lambda: next(asked, True))


def test_a_process_that_is_killed_from_outside_leaves_its_place_to_the_next(run: Run) -> None:
    """As an operator or a system without memory kills it: in the middle of the work."""
    pids: list[int] = []
    note = "Path('stage').write_text(str(os.getpid())); Path('ready').touch(); time.sleep(600)"

    def say(text: str) -> None:
        if text.isdigit() and not pids:
            pids.append(int(text))
            os.kill(pids[0], getattr(signal, "SIGKILL", signal.SIGTERM))

    with pytest.raises(ModelFileError, match=r"ended from outside|failed"):
        run(note, replace(QUICK, seconds=60.0), say=say)
    assert len(pids) == 1
    answer, weights = run(f"answer = dict(fine=True); {ANSWER}", replace(QUICK, seconds=60.0))
    assert answer == {"fine": True} and weights == b"123"


def test_without_room_for_temporary_files_the_check_says_so_and_works_again_when_there_is(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "is not there"))
    with pytest.raises(ModelFileError, match="room for temporary files") as refused:
        run(f"answer = dict(); {ANSWER}")
    assert str(tmp_path) not in str(refused.value)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    def full(path: Path, data: bytes) -> int:
        raise OSError(errno.ENOSPC, "No space left on device", str(path))

    with monkeypatch.context() as patched:
        patched.setattr(Path, "write_bytes", full)
        with pytest.raises(ModelFileError, match="Nothing of yours is lost"):
            run(f"answer = dict(); {ANSWER}")
    assert list(tmp_path.iterdir()) == []
    assert run(f"answer = dict(fine=True); {ANSWER}")[0] == {"fine": True}


def test_stages_are_passed_on_as_short_single_lines(run: Run) -> None:
    said: list[str] = []
    run(
        f"Path('stage').write_text('first\\ntrace ' * 50); time.sleep(0.3); answer = dict(); {ANSWER}",
        say=said.append,
    )
    assert said[0] == "starting a separate process"
    assert all("\n" not in text and len(text) <= 100 for text in said) and said[-1].startswith("first trace")


def test_only_so_many_run_at_a_time(run: Run, tmp_path: Path) -> None:
    go, results, waiting = tmp_path / "go", [], threading.Event()
    program = f"""
    while not Path({str(go)!r}).exists(): time.sleep(0.02)
    answer = dict(time=time.monotonic()); {ANSWER}
    """
    one = replace(QUICK, seconds=60.0, concurrency=1)
    begun = threading.Event()

    def say(text: str) -> None:
        begun.set()
        if text == "waiting, one other is before you on this server":
            waiting.set()

    first = threading.Thread(target=lambda: results.append(run(program, one, say=say)))
    first.start()
    assert begun.wait(20)
    second = threading.Thread(target=lambda: results.append(run(program, one, say=say)))
    second.start()
    assert waiting.wait(20)
    go.touch()
    first.join(20), second.join(20)
    assert len(results) == 2


CONFINED = """
import json, socket, subprocess, sys
from pathlib import Path
from lib.zoo.own.confine import confine
from lib.zoo.own.limits import ModelLimits
outside = Path(sys.argv[1])
confine(Path.cwd(), ModelLimits(memory_bytes=200_000_000))
def refused(what):
    try:
        what()
    except Exception as error:
        return type(error).__name__
    return ""
print(json.dumps({
    "network": refused(lambda: socket.create_connection(("127.0.0.1", 9))),
    "program": refused(lambda: subprocess.run(["true"])),
    "outside": refused(lambda: outside.write_text("x")),
    "inside": refused(lambda: Path("x").write_text("x")),
    "reading": refused(lambda: outside.parent.exists()),
    "memory": refused(lambda: bytearray(1_000_000_000)) if sys.platform == "linux" else "MemoryError",
}))
"""


def test_the_process_confines_itself(tmp_path: Path) -> None:
    import subprocess
    import sys

    root = Path(sandbox.__file__).parents[3]
    inside = tmp_path / "inside"
    inside.mkdir()
    environment = {**os.environ, "PYTHONPATH": str(root)}
    done = subprocess.run(
        [sys.executable, "-c", CONFINED, str(tmp_path / "evil")],
        cwd=inside,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert json.loads(done.stdout) == {
        "network": "PermissionError",
        "program": "PermissionError",
        "outside": "PermissionError",
        "inside": "",
        "reading": "",
        "memory": "MemoryError",
    }
