"""Claims about the house-number network, its training in two parts, and the bundled files."""

import dataclasses
import json
from pathlib import Path

import keras
import numpy as np
import pytest

import lib.training.house_numbers as house_numbers
from lib.reference import Reference
from lib.training.__main__ import main
from lib.training.card import write_folder
from lib.training.data import Labelled
from lib.training.fit import Fitted, logits_of
from lib.training.house_numbers import (
    CROSS_VALIDATED,
    GENERATED_ALONE,
    RECIPE,
    augment,
    build,
    to_tensor,
    train,
    with_softmax,
)
from lib.training.house_numbers_data import GENERATED, SIGN, HouseNumbers
from tests.training.test_svhn_mat import save_mat

FOLDER = Path(__file__).parents[2] / "models" / "house-numbers"


def test_its_layers_have_readable_names_and_the_order_of_the_question():
    names = [layer.name for layer in build().layers]
    assert names[:4] == ["conv1", "relu1", "bn1", "pool1"]
    assert names[-4:] == ["flatten", "dense", "dropout", "logits"]
    first, pool = build().get_layer("conv1"), build().get_layer("pool1")
    assert first.kernel_size == (7, 7)
    assert pool.pool_size == (3, 3) and pool.strides == (2, 2)
    assert build().input_shape == (None, 32, 32, 3) and build().output_shape == (None, 10)


def test_it_takes_colours_from_0_to_1_and_scales_nothing_itself():
    images = np.zeros((1, 32, 32, 3), np.uint8)
    images[0, 0, 0] = (0, 51, 255)
    np.testing.assert_allclose(to_tensor(images)[0, 0, 0], [0, 0.2, 1], rtol=1e-6)
    assert RECIPE.contract["value_range"] == "0..1"
    assert not any(isinstance(layer, keras.layers.Rescaling) for layer in build().layers)


def blocks(count: int, seed: int) -> Labelled:
    """Ten patterns of gray blocks with noise, which a few steps learn."""
    random = np.random.default_rng(seed)
    labels = random.integers(0, 10, count)
    patterns = np.random.default_rng(9).integers(0, 2, (10, 4, 4)) * 200
    images = np.kron(patterns[labels], np.ones((1, 8, 8)))[..., None] + random.integers(
        0, 50, (count, 32, 32, 3)
    )
    return Labelled(images.astype(np.uint8), labels.astype(np.int64))


PHOTOS = np.concatenate([np.arange(40) // 2, np.full(20, SIGN), np.full(340, GENERATED)])


def two_layers() -> keras.Model:
    layers = [
        keras.layers.Flatten(),
        keras.layers.BatchNormalization(),
        keras.layers.Dense(10, name="logits"),
    ]
    return keras.Sequential([keras.layers.Input((32, 32, 3)), *layers], name="house-numbers")


@pytest.fixture(scope="module")
def data() -> HouseNumbers:
    return HouseNumbers(blocks(400, 0), blocks(50, 1), blocks(50, 2), {}, (), photos=PHOTOS)


SMALL = dataclasses.replace(RECIPE, build=two_layers, epochs=1)


@pytest.fixture(scope="module")
def seen() -> list[np.ndarray]:
    """The labels and images that each call of `fit` got, in the order of the calls."""
    return []


@pytest.fixture(scope="module")
def fitted(data, seen) -> Fitted:
    original = house_numbers.fit

    def spy(recipe, given, seed, progress=True):
        seen.append(given.fit.images)
        return original(recipe, given, seed, progress)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(house_numbers, "fit", spy)
        patch.setattr(house_numbers, "_GENERATED_SHARE", 100)
        patch.setattr(house_numbers, "FOLDS", 2)
        return train(SMALL, data, seed=3, progress=False)


def rows(images: np.ndarray) -> set[bytes]:
    return {image.tobytes() for image in images}


def test_what_learns_beside_the_network_sees_real_crops_as_often_and_fewer_generated_digits(
    data, monkeypatch
):
    asked = {}

    def read(folder: Path, fonts: Path | None = None, digits: int = 0) -> HouseNumbers:
        asked.update(folder=folder, digits=digits)
        return data

    monkeypatch.setattr(house_numbers, "read_house_numbers", read)
    mixed = house_numbers.mostly_generated(Path("crops"), digits=340)
    assert asked == {"folder": Path("crops"), "digits": 340}
    # 40 crops of photos eight times, 20 digits of signs twice, every generated one once.
    assert len(mixed.fit) == 40 * 8 + 20 * 2 + 340
    assert rows(mixed.fit.images[-340:]) == rows(data.fit.images[PHOTOS == GENERATED])
    assert mixed.held_out is data.held_out and mixed.photos is None


def test_the_generated_digits_come_first_and_no_real_crop_is_among_them(fitted, data, seen):
    assert rows(seen[0]) == rows(data.fit.images[PHOTOS == GENERATED])


def test_the_final_network_learns_from_every_real_crop_as_often_as_stated(fitted, data, seen):
    assert rows(seen[1]) == rows(data.fit.images[PHOTOS != GENERATED])
    assert len(seen[1]) == 40 * house_numbers._CROP_COPIES + 20 * house_numbers._SIGN_COPIES


def test_no_fold_is_read_by_a_network_that_saw_one_of_its_photos(fitted, data, seen):
    real, left_out = rows(data.fit.images[PHOTOS >= 0]), []
    assert len(seen) == 2 + 2
    for images in seen[2:]:
        missing = real - rows(images)
        photos = {int(PHOTOS[i]) for i in range(40) if data.fit.images[i].tobytes() in missing}
        assert len(missing) == 2 * len(photos) == 20
        assert rows(images) >= rows(data.fit.images[PHOTOS == SIGN])
        left_out.append(photos)
    assert sorted(photo for photos in left_out for photo in photos) == list(range(20))


def test_the_cross_validated_accuracy_is_reported_with_its_interval(fitted):
    result = fitted.scores[CROSS_VALIDATED]
    assert result["n"] == 40 and result["photos"] == 20
    low, high = result["interval_95"]
    assert low <= result["accuracy"] <= high
    assert "not the official SVHN test" in CROSS_VALIDATED


def test_what_generated_digits_alone_teach_is_reported_too(fitted):
    assert fitted.scores[GENERATED_ALONE]["n"] == 40
    assert list(fitted.scores) == [CROSS_VALIDATED, GENERATED_ALONE]


def test_the_network_ends_in_probabilities_and_knows_the_steps_of_both_parts(fitted, data, tmp_path):
    fitted.model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    probabilities = loaded(to_tensor(data.validation.images)).numpy()
    np.testing.assert_allclose(probabilities.sum(1), 1, rtol=1e-5)
    assert loaded.layers[-1].name == "softmax"
    first = 340 // 64 * house_numbers._EPOCHS_OF_GENERATED
    assert first < int(loaded.optimizer.iterations) <= first + 460 // 64


def test_probabilities_are_the_softmax_of_the_trained_logits():
    keras.utils.set_random_seed(0)
    model = two_layers()
    model.compile("sgd", "mse")
    images = to_tensor(blocks(5, 0).images)
    logits = logits_of(model, images)
    ended = with_softmax(Fitted(model, 1, 1, 0.0)).model
    exponentials = np.exp(logits - logits.max(1, keepdims=True))
    expected = exponentials / exponentials.sum(1, keepdims=True)
    np.testing.assert_allclose(ended(images).numpy(), expected, atol=1e-6)


def test_the_card_carries_the_cross_validation(fitted, data, tmp_path):
    small = dataclasses.replace(SMALL, contract=RECIPE.contract)
    card = write_folder(tmp_path / "house-numbers", small, fitted, data, "python", 3, 1.0)
    assert card["scores"][CROSS_VALIDATED] == fitted.scores[CROSS_VALIDATED]
    assert card["contract"]["output"] == "softmax"
    assert Reference.load(tmp_path / "house-numbers" / "reference.npz").prototypes.shape[1:] == (32, 32, 3)


def test_augmentation_changes_the_pictures_and_no_label():
    real = blocks(30, 0)
    changed = augment(real, np.random.default_rng(0))
    np.testing.assert_array_equal(changed.labels, real.labels)
    assert changed.images.shape == real.images.shape and (changed.images != real.images).any((1, 2, 3)).all()


def test_large_sets_are_augmented_in_parts_with_the_same_kind_of_result(monkeypatch):
    monkeypatch.setattr(house_numbers, "_AUGMENTED_AT_ONCE", 8)
    changed = augment(blocks(30, 0), np.random.default_rng(0))
    assert (changed.images.std((1, 2, 3)) > 0).all()


def test_the_official_files_train_from_the_command_line(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(house_numbers, "RECIPE", SMALL)
    monkeypatch.setattr(house_numbers, "_EPOCHS_OF_OFFICIAL", 1)
    save_mat(tmp_path / "train_32x32.mat", count=200)
    save_mat(tmp_path / "test_32x32.mat", count=30)
    arguments = [
        "--svhn-train",
        str(tmp_path / "train_32x32.mat"),
        "--svhn-test",
        str(tmp_path / "test_32x32.mat"),
    ]
    assert main(["house-numbers", *arguments, "--out", str(tmp_path / "out")]) == 0
    card = json.loads((tmp_path / "out" / "card.json").read_text(encoding="utf-8"))
    assert card["scores"]["official SVHN test"]["n"] == 30
    assert "--svhn-train FILE --svhn-test FILE" in card["training"]["command"]
    assert CROSS_VALIDATED not in card["scores"]


def test_a_missing_file_is_named_before_anything_is_trained(tmp_path, capsys):
    assert main(["house-numbers", "--svhn-train", str(tmp_path / "train_32x32.mat")]) == 1
    assert "There is no SVHN file" in capsys.readouterr().err
    assert main(["house-numbers"]) == 1
    assert "either --data" in capsys.readouterr().err
