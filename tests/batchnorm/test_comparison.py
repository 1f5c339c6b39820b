"""Any network with pictures: both columns, a copy recalibrated, company; and no alarm for a healthy network."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import keras
import numpy as np
import pytest

from lib import zoo
from lib.batchnorm.comparison import compare, repaired_file
from lib.batchnorm.two_modes import NoBatchNormError, TwoModes
from lib.samples import samples
from tests.batchnorm.networks import SHAPE, network, pictures, plain


def test_untrained_statistics_diverge_and_recalibration_makes_both_modes_equal() -> None:
    model = plain()
    before = model.get_weights()
    found = compare(network(model), pictures(8))
    assert found.diverging == 0
    np.testing.assert_allclose(found.recalibrated, found.training, atol=1e-5)
    assert not np.allclose(found.inference, found.training, atol=1e-2)
    assert all(np.array_equal(a, b) for a, b in zip(before, model.get_weights(), strict=True))


def test_company_starts_alone_and_ends_with_the_whole_batch() -> None:
    found = compare(network(plain()), pictures(5))
    assert found.neighbours.shape == (5, 5, 3)
    for row in range(5):
        np.testing.assert_allclose(found.neighbours[row, -1], found.training[row], atol=1e-5)
    assert not np.allclose(found.neighbours[:, 0], found.training, atol=1e-2)


def test_a_healthy_network_on_pictures_of_its_kind_raises_no_alarm() -> None:
    healthy = zoo.load("letters-cnn")
    letters = [s.picture() for s in samples() if s.suits == "letter" and s.truth]
    tensors = np.stack([healthy.contract.pipeline().run(picture).final for picture in letters])
    found = compare(healthy, tensors)
    assert found.diverging is None
    assert (found.inference.argmax(axis=1) == found.recalibrated.argmax(axis=1)).mean() > 0.5


def test_with_few_pictures_chance_is_not_judged() -> None:
    found = compare(network(plain()), pictures(3))
    assert (found.allowance, found.diverging) == ((), None)


def test_the_file_is_the_network_with_the_pictures_statistics(tmp_path: Path) -> None:
    shared = network(plain())
    data = repaired_file(shared, pictures())
    assert "model.weights.h5" in zipfile.ZipFile(io.BytesIO(data)).namelist()
    (tmp_path / "repaired.keras").write_bytes(data)
    repaired = keras.models.load_model(tmp_path / "repaired.keras")
    wanted = TwoModes(shared.model).run(pictures(), training=True)
    np.testing.assert_allclose(repaired(pictures()), wanted.output, atol=1e-5)
    assert all((mean == 0).all() for mean in TwoModes(shared.model).stored.means), (
        "the shared network changed"
    )


def test_a_network_without_batchnorm_is_a_sentence() -> None:
    dense = keras.Sequential([keras.Input(SHAPE), keras.layers.Flatten(), keras.layers.Dense(3, "softmax")])
    with pytest.raises(NoBatchNormError, match="no BatchNorm layer"):
        compare(network(dense), pictures())
