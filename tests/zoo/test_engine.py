"""Loading in the background: pages never wait, one bad model does not stop the others, and visitors are told."""

from __future__ import annotations

import json
import re
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from lib import zoo
from lib.zoo import engine as module
from lib.zoo.card import read_card
from lib.zoo.engine import Engine
from tests.keras_models import batch_for, contract_for, sequential_vector, shaken

pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")
SECONDS = 60  # far more than any of these needs


@pytest.fixture
def loads(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[str], object]], None]:
    """Puts another function in the place of `load`."""
    return lambda load: monkeypatch.setattr(module, "load", lambda name, progress: load(name))


def ended(engine: Engine, delay: float = 0.0) -> Engine:
    engine.start(delay)
    assert engine.finished.wait(SECONDS)
    for thread in threading.enumerate():
        if thread.name == "misread-engine":
            thread.join(SECONDS)
    return engine


def test_every_model_is_loaded_in_a_thread_of_its_own_and_handed_out(loads) -> None:
    threads = []

    def load(name: str) -> str:
        threads.append(threading.current_thread())
        return f"network {name}"

    loads(load)
    engine = ended(Engine(["a", "b"]))
    assert [engine.network(name) for name in ("a", "b", "c")] == ["network a", "network b", None]
    assert [engine.failure(name) for name in ("a", "b", "c")] == ["", "", ""]
    assert threads[0] is threads[1] is not threading.main_thread()
    assert threads[0].daemon, "a server that stops does not wait for it"


def test_nothing_is_loaded_before_it_starts_and_starting_twice_is_starting_once(loads) -> None:
    loaded: list[str] = []
    loads(lambda name: loaded.append(name) or name)
    engine = Engine(["a", "b"])
    assert engine.network("a") is None and loaded == []
    for _ in range(5):
        engine.start()
    ended(engine)
    assert loaded == ["a", "b"]


def test_the_head_start_of_the_first_page_ends_when_it_asks_again(loads) -> None:
    loads(lambda name: name)
    engine = Engine(["a"])
    assert engine.network("a") is None, "the page that begins everything"
    engine.start(delay=1000 * SECONDS)
    assert not engine.finished.is_set()
    assert engine.network("a") is None
    assert engine.finished.wait(SECONDS)
    assert engine.network("a") == "a"


def test_a_page_gets_none_while_a_model_is_loading_and_the_status_says_which(loads) -> None:
    may_go_on, begun = threading.Event(), threading.Event()

    def load(name: str) -> str:
        begun.set()
        assert may_go_on.wait(SECONDS)
        return name

    loads(load)
    engine = Engine(["slow"])
    assert re.fullmatch(r"Loading TensorFlow … 0 s", engine.status())
    engine.start()
    assert begun.wait(SECONDS)
    assert engine.network("slow") is None and not engine.finished.is_set()
    assert re.fullmatch(r"Loading the model slow … \d+ s", engine.status())
    may_go_on.set()
    assert engine.finished.wait(SECONDS)
    assert engine.network("slow") == "slow"


def test_the_model_that_is_asked_for_is_loaded_next(loads) -> None:
    may_go_on, begun = threading.Event(), threading.Event()
    loaded: list[str] = []

    def load(name: str) -> str:
        loaded.append(name)
        begun.set()
        assert may_go_on.wait(SECONDS)
        return name

    loads(load)
    engine = Engine(["a", "b", "c", "d"])
    engine.start()
    assert begun.wait(SECONDS)
    assert engine.network("d") is None
    may_go_on.set()
    ended(engine)
    assert loaded == ["a", "d", "b", "c"]


def test_one_failure_is_a_sentence_and_the_others_go_on(loads) -> None:
    def load(name: str) -> str:
        if name == "bad":
            raise OSError("the file is cut off")
        return name

    loads(load)
    engine = ended(Engine(["a", "bad", "b"]))
    assert engine.failure("bad") == "The model bad could not be loaded: the file is cut off"
    assert [engine.network(name) for name in ("a", "bad", "b")] == ["a", None, "b"]
    assert engine.failure("a") == engine.failure("b") == ""


@pytest.mark.parametrize("error", [ImportError("no module named tensorflow"), RuntimeError("wrong version")])
def test_without_tensorflow_every_visitor_is_told(
    error: Exception, loads, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Broken:
        def find_spec(self, name: str, path: object = None, target: object = None) -> None:
            if name == "lib.network":
                raise error

    monkeypatch.delitem(sys.modules, "lib.network", raising=False)
    monkeypatch.setattr(sys, "meta_path", [Broken(), *sys.meta_path])
    loads(lambda name: pytest.fail("nothing can be loaded"))
    engine = ended(Engine(["a", "b"]))
    for name in ("a", "b"):
        assert str(error) in engine.failure(name) and "requirements.txt" in engine.failure(name)
        assert engine.network(name) is None


def test_what_has_to_come_after_is_called_once_after_the_last_model(loads) -> None:
    order: list[str] = []
    loads(lambda name: order.append(name) or name)
    ended(Engine(["a", "b"], on_loaded=lambda: order.append("after")))
    assert order == ["a", "b", "after"]


def test_it_is_not_called_again_after_what_is_loaded_on_demand(loads) -> None:
    order: list[str] = []
    loads(lambda name: order.append(name) or name)
    engine = ended(Engine(["a"], ["large"], on_loaded=lambda: order.append("after")))
    engine.network("large")
    ended(engine)
    assert order == ["a", "after", "large"]


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_failure_of_what_comes_after_takes_no_model_away(loads) -> None:
    loads(lambda name: name)

    def fails() -> None:
        raise RuntimeError("cannot be patched")

    engine = ended(Engine(["a"], on_loaded=fails))
    assert engine.network("a") == "a"


def test_real_models_from_a_folder_one_of_them_damaged(loads, tmp_path: Path) -> None:
    model = shaken(sequential_vector()[0])
    for name in ("good", "damaged", "gone"):
        (tmp_path / name).mkdir()
        entries = {"title": name, "summary": name, "contract": contract_for(model).to_dict()}
        (tmp_path / name / "card.json").write_text(json.dumps(entries), encoding="utf-8")
    model.save(tmp_path / "good" / "model.keras")
    whole = (tmp_path / "good" / "model.keras").read_bytes()
    (tmp_path / "damaged" / "model.keras").write_bytes(whole[: len(whole) // 2])
    loads(lambda name: zoo.load_bundled(read_card(tmp_path / name)))
    engine = ended(Engine(["damaged", "gone", "unknown", "good"]))
    network = engine.network("good")
    assert network is not None
    np.testing.assert_allclose(
        network.trace(batch_for(model)).logits, np.asarray(model(batch_for(model))), rtol=1e-4, atol=1e-5
    )
    for name in ("damaged", "gone", "unknown"):
        assert engine.network(name) is None
        assert engine.failure(name).startswith(f"The model {name} could not be loaded: ")


# ---- on demand -----------------------------------------------------------------------------------------------------------


def test_what_is_not_asked_for_is_not_loaded_and_what_is_asked_for_later_is(loads) -> None:
    loaded: list[str] = []
    loads(lambda name: loaded.append(name) or name)
    engine = ended(Engine(["a"], on_demand=["large", "larger"]))
    assert loaded == ["a"]
    assert engine.network("large") is None
    ended(engine)
    assert engine.network("large") == "large" and loaded == ["a", "large"]


def test_the_large_networks_that_were_not_used_for_longest_make_room_and_the_others_stay(loads) -> None:
    loads(lambda name: name)
    names = [f"large {i}" for i in range(5)]
    engine = ended(Engine(["a"], on_demand=names))
    for name in names[:3]:
        engine.network(name)
        ended(engine)
    assert engine.network(names[0]) == names[0], "used again: now the second one is the oldest"
    engine.network(names[3])
    ended(engine)
    assert {n: n in engine._networks for n in names} == dict(
        zip(names, (True, False, True, True, False), strict=True)
    )
    assert engine.network("a") == "a"


def test_large_networks_that_nobody_asked_for_in_long_go_and_come_back_when_they_are_asked_for(loads) -> None:
    loads(lambda name: name)
    engine = ended(Engine(["a"], on_demand=["large", "larger"]))
    for name in ("large", "larger"):
        engine.network(name)
        ended(engine)
    assert engine.put_away_idle(3600) == ()
    engine._used["large"] -= 3600
    assert engine.put_away_idle(3600) == ("large",)
    assert (engine.network("larger"), engine.network("a")) == ("larger", "a")
    assert engine.network("large") is None
    ended(engine)
    assert engine.network("large") == "large"


def test_a_failure_stays_until_somebody_tries_again(loads) -> None:
    weights: list[str] = []

    def load(name: str) -> str:
        if not weights:
            raise OSError("put the file there")
        return name

    loads(load)
    engine = ended(Engine([], on_demand=["large"]))
    assert engine.network("large") is None
    ended(engine)
    assert "put the file there" in engine.failure("large")
    weights.append("they are there now")
    assert engine.network("large") is None and engine.failure("large"), "not in a loop"
    engine.try_again("large")
    assert engine.network("large") is None
    ended(engine)
    assert engine.network("large") == "large" and engine.failure("large") == ""


def test_the_status_says_how_far_a_download_is(monkeypatch: pytest.MonkeyPatch) -> None:
    said = []

    def load(name: str, progress: Callable[[str, float | None], None]) -> str:
        for share in (None, 0.25):
            progress(f"the weights of {name}", share)
            said.append(engine.status())
        return name

    monkeypatch.setattr(module, "load", load)
    engine = Engine(["large"])
    ended(engine)
    assert [re.sub(r"\d+ s", "N s", text) for text in said] == [
        "Loading the weights of large … N s",
        "Loading the weights of large, 25% … N s",
    ]
