"""The one patch of somebody else's library: it does what it says, and is still needed."""

import inspect
import json
import subprocess
import sys
from pathlib import Path

import streamlit.runtime.scriptrunner.script_runner as script_runner

ROOT = Path(__file__).resolve().parents[2]

CHECK = """
import gc, json, sys
import keras
from lib.ui.rerun_cost import cheapen_reruns

class Counted:
    alive = 0
    def __init__(self):
        Counted.alive += 1
        self.itself = self
    def __del__(self):
        Counted.alive -= 1

before = keras.backend.clear_session
frozen_before = gc.get_freeze_count()
model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(2)])
Counted()  # garbage that only a collection finds
cheapen_reruns()
garbage = Counted.alive
names = [keras.backend.get_uid("layer"), keras.backend.get_uid("layer")]
keras.backend.clear_session(free_memory=True)
names.append(keras.backend.get_uid("layer"))  # a real clear_session counts from 1 again
Counted()
later = gc.collect() >= 1 and Counted.alive
before()
names.append(keras.backend.get_uid("layer"))
print(json.dumps({
    "same": keras.backend.clear_session is before,
    "frozen": [frozen_before, gc.get_freeze_count()],
    "garbage": garbage,
    "later": later,
    "names": names,
}))
"""


def test_clearing_the_session_does_nothing_and_what_was_loaded_is_not_searched_again() -> None:
    done = subprocess.run(
        [sys.executable, "-c", CHECK], capture_output=True, text=True, cwd=ROOT, timeout=100
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    assert found["same"] is False
    assert found["frozen"][0] == 0 and found["frozen"][1] > 100_000
    assert found["garbage"] == 0, "garbage is collected before the rest is frozen"
    assert found["later"] == 0, "garbage made later is still collected"
    assert found["names"] == [1, 2, 3, 1]


def test_streamlit_still_does_after_every_run_what_is_prevented() -> None:
    # When one of these fails Streamlit has changed: measure again, and take the patch out if it is needless.
    source = inspect.getsource(script_runner)
    assert "clear_session()" in source
    assert "_clean_problem_modules()" in source
    assert "gc.collect(2)" in source
