"""Claims about likeness: what is kept of held-out pictures is what is measured of new ones, and files keep it."""

import dataclasses

import numpy as np
import pytest

from lib.reference import Reference
from lib.reference.grain import grain_vectors
from lib.reference.likeness import Likeness
from lib.reference.strokes import stroke_vectors


def test_held_out_distances_are_those_of_the_pictures(reference, training):
    images, _ = training
    likeness = reference.likeness
    strokes = likeness.strokes.distances(stroke_vectors(images[300:], "0..1"), reference.held_out_logits)
    np.testing.assert_allclose(strokes, likeness.held_out_strokes, rtol=1e-5)
    grain = likeness.grain.distances(grain_vectors(images[300:], "0..1"))
    np.testing.assert_allclose(grain, likeness.held_out_grain, rtol=1e-5)


def test_a_file_keeps_it_and_an_older_one_has_none(reference, tmp_path):
    reference.save(tmp_path / "new.npz")
    loaded = Reference.load(tmp_path / "new.npz").likeness
    for name, array in reference.likeness.arrays().items():
        np.testing.assert_array_equal(loaded.arrays()[name], array)
    dataclasses.replace(reference, likeness=None).save(tmp_path / "old.npz")
    assert Reference.load(tmp_path / "old.npz").likeness is None


def test_without_strokes_the_grain_remains(reference, tmp_path):
    bare = dataclasses.replace(reference.likeness, strokes=None, held_out_strokes=np.zeros(0, np.float32))
    dataclasses.replace(reference, likeness=bare).save(tmp_path / "bare.npz")
    loaded = Reference.load(tmp_path / "bare.npz").likeness
    assert loaded.strokes is None and len(loaded.held_out_grain) == 100


def test_what_does_not_fit_the_reference_is_refused(reference):
    likeness = reference.likeness
    for changed in (
        {"held_out_grain": np.zeros(3)},
        {"held_out_strokes": np.full(100, np.nan)},
        {"strokes": dataclasses.replace(likeness.strokes, labels=np.int16([0, 7]))},
    ):
        with pytest.raises(ValueError, match="likeness"):
            dataclasses.replace(reference, likeness=dataclasses.replace(likeness, **changed))


def test_a_file_that_lost_an_array_is_incomplete(reference):
    arrays = reference.likeness.arrays()
    del arrays["grain_spread"]
    with pytest.raises(KeyError, match="grain_spread"):
        Likeness.from_arrays(arrays)
