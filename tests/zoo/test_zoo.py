"""The catalogue: the bundled models are what their cards say, and others can be put beside them."""

import json
from pathlib import Path

import keras
import numpy as np
import pytest

from lib import zoo
from lib.contract import Contract
from lib.samples import samples
from lib.zoo import CardError, bundled, card, load, load_bundled
from tests.keras_models import batch_for, contract_for, sequential_vector, shaken

NAMES = [found.name for found in bundled()]

pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")


def put(folder: Path, name: str, model: keras.Model | None = None, question: int | None = None) -> Contract:
    """A model's folder; without a model a card alone."""
    contract = contract_for(model or sequential_vector()[0])
    (folder / name).mkdir()
    entries = {"title": name, "summary": name, "question": question, "contract": contract.to_dict()}
    (folder / name / "card.json").write_text(json.dumps(entries), encoding="utf-8")
    if model is not None:
        model.save(folder / name / "model.keras")
    return contract


# ---- the catalogue -------------------------------------------------------------------------------------------------------


def test_cards_come_in_the_order_of_their_questions_and_the_dense_network_first(tmp_path: Path) -> None:
    for name, question in [
        ("b", 1),
        ("letters-mlp", 1),
        ("none", None),
        ("third", 3),
        ("a", 1),
        ("second", 2),
    ]:
        put(tmp_path, name, question=question)
    (tmp_path / "no card").mkdir()
    assert [found.name for found in bundled(tmp_path)] == [
        "letters-mlp",
        "a",
        "b",
        "second",
        "third",
        "none",
    ]


def test_the_networks_of_keras_come_after_the_bundled_ones() -> None:
    names = [found.name for found in zoo.catalogue()]
    assert names[: len(NAMES)] == NAMES
    assert set(names[len(NAMES) :]) == {
        "ResNet50",
        "ResNet50V2",
        "EfficientNetB0",
        "MobileNet",
        "MobileNetV2",
    }
    assert {found.origin for found in zoo.catalogue()} == {"bundled", "keras.applications"}


def test_without_weights_a_network_of_keras_says_which_file_to_put_where(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MISREAD_WEIGHTS_DIR", str(tmp_path))
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("MISREAD_WEIGHTS_DOWNLOAD", "off")
    with pytest.raises(ValueError, match="mobilenet_v2_weights_tf_dim_ordering_tf_kernels"):
        load("MobileNetV2")


def test_an_unknown_name_is_answered_with_the_known_ones() -> None:
    for ask in (card, load):
        with pytest.raises(
            CardError, match="no model 'letters-mpl' in the catalogue; there are letters-mlp, "
        ):
            ask("letters-mpl")


def test_a_broken_card_is_told_with_its_file(tmp_path: Path) -> None:
    put(tmp_path, "good")
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / "card.json").write_text("{", encoding="utf-8")
    with pytest.raises(CardError, match=r"bad.card\.json does not make sense"):
        bundled(tmp_path)


# ---- loading -------------------------------------------------------------------------------------------------------------


def test_a_model_put_into_the_folder_is_loaded_with_its_contract(tmp_path: Path) -> None:
    model = shaken(sequential_vector()[0])
    contract = put(tmp_path, "mine", model)
    network = load_bundled(bundled(tmp_path)[0])
    assert (network.name, network.contract, network.reference) == ("mine", contract, None)
    expected = np.asarray(model(batch_for(model)))
    np.testing.assert_allclose(network.trace(batch_for(model)).logits, expected, rtol=1e-4, atol=1e-5)


def test_a_model_file_that_brings_code_along_is_refused_and_nothing_of_it_runs(tmp_path: Path) -> None:
    run = tmp_path / "it ran"
    spy = keras.layers.Lambda(lambda x, path=str(run): (Path(path).touch(), x)[1], output_shape=(3,))
    put(tmp_path, "mine", keras.Sequential([keras.Input((784,)), keras.layers.Dense(3), spy]))
    run.unlink(missing_ok=True)
    with pytest.raises(ValueError, match=r"(?i)lambda"):
        load_bundled(bundled(tmp_path)[0])
    assert not run.exists()


# ---- the bundled models --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module", params=NAMES)
def network(request: pytest.FixtureRequest) -> object:
    return load(request.param)


def test_there_are_bundled_models_and_each_card_carries_its_folders_name() -> None:
    assert {"letters-mlp", "letters-cnn"} <= set(NAMES)
    for found in bundled():
        written = json.loads((found.folder / "card.json").read_text(encoding="utf-8"))
        assert written["name"] == found.folder.name == found.name
        assert found.folder.parent == zoo.MODELS


def test_every_card_says_where_the_model_comes_from_how_good_it_is_and_what_it_cannot_do() -> None:
    for found in bundled():
        assert found.limits and all(limit.endswith(".") for limit in found.limits)
        assert found.provenance
        for source in found.provenance:
            assert all(source[key] for key in ("name", "source", "licence", "used_for"))
        assert found.scores and all(0 < s["accuracy"] <= 1 and s["n"] > 0 for s in found.scores.values())
        assert found.training["command"].startswith(f"python -m lib.training {found.name} ")


def test_the_weights_are_as_many_as_the_card_says(network) -> None:
    assert network.model.count_params() == card(network.name).training["parameters"]


def test_the_reference_is_in_the_contracts_units_and_knows_the_same_classes(network) -> None:
    assert network.reference is not None
    assert network.reference.value_range == network.contract.value_range
    assert network.reference.held_out_logits.shape[1] == len(network.contract.class_names)
    known = {layer.name for layer in network.layers}
    assert set(network.reference.activations) <= known


def test_a_bundled_model_reads_the_clean_samples(network) -> None:
    pipeline, names = network.contract.pipeline(), network.contract.class_names
    read = {}
    for sample in samples():
        trace = network.trace(pipeline.run(sample.picture()).final)
        read[sample.id] = names[trace.top(1)[0]]
    letters = {
        "r-clean": "R",
        "p-soft": "P",
        "x-hard": "X",
        "h-inverted": "H",
        "k-corner": "K",
        "s-thick": "S",
    }
    houses = {"house-seven": "7", "house-five": "5", "house-three": "3", "four": "4"}
    # A network of ink on white paper was never shown coloured house numbers.
    digits = houses if network.contract.channels == 3 else {"four": "4"}
    clean = letters if "A" in names else digits
    assert {id: read[id] for id in clean} == clean


def test_what_was_loaded_is_compiled_already(network) -> None:
    assert len(network._compiled) >= 1
