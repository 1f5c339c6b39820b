"""Claims about which kinds are trained on and how drawings are framed."""

import numpy as np

from lib.training.outsiders import kinds


def test_what_chooses_and_what_measures_is_never_trained_on():
    trained = {*kinds.LINES, *kinds.SURFACES}
    choosing = {*kinds.VALIDATION_LINES, *kinds.VALIDATION_SURFACES}
    measuring = {*kinds.TEST_LINES, *kinds.TEST_SURFACES}
    assert not trained & choosing
    assert not trained & measuring
    assert not choosing & measuring


def test_drawings_are_in_normal_form_and_surfaces_fill_the_frame():
    lines = kinds.drawn(kinds.TEST_LINES, 5, np.random.default_rng(0))
    assert lines.shape == (15, 28, 28)
    extent = np.maximum((lines > 0).any(1).sum(1), (lines > 0).any(2).sum(1))
    assert (extent <= 20).all() and (extent >= 18).all()
    surfaces = kinds.surfaces(kinds.TEST_SURFACES, 5, np.random.default_rng(0))
    assert surfaces.shape == (5, 28, 28)
    assert (np.concatenate([surfaces[:, 0], surfaces[:, -1]], 1).max(1) > 0).all()


def test_photographs_are_pieces_and_negatives():
    pieces = kinds.photographs(8, np.random.default_rng(0))
    again = kinds.photographs(8, np.random.default_rng(0))
    assert pieces.shape == (8, 28, 28) and pieces.dtype == np.uint8
    np.testing.assert_array_equal(pieces, again)
    assert len({piece.tobytes() for piece in pieces}) == 8
