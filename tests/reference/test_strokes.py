"""Claims about strokes: what the histograms see and do not see, and how far a picture lies from a class's subspace."""

import numpy as np
import pytest

from lib.reference.strokes import WIDTH, Strokes, fit_strokes, stroke_vectors


def bar(upright: bool, side: int = 12, level: float = 1.0) -> np.ndarray:
    """float32 (1, side, side): a bar of a third of the side in the middle."""
    image = np.zeros((1, side, side), np.float32)
    image[:, side // 3 : 2 * side // 3] = level
    return image.swapaxes(1, 2) if upright else image


def test_a_histogram_has_length_one_and_an_even_picture_none():
    found = stroke_vectors(np.concatenate([bar(True), np.full((1, 12, 12), 0.4)]), "0..1")
    assert found.shape == (2, WIDTH)
    assert np.linalg.norm(found, axis=1) == pytest.approx([1, 0])


def test_brightness_contrast_and_range_change_nothing_and_direction_changes_all():
    plain = stroke_vectors(bar(True), "0..1")
    np.testing.assert_allclose(stroke_vectors(0.3 + 0.2 * bar(True), "0..1"), plain, atol=1e-5)
    np.testing.assert_allclose(stroke_vectors(255 * bar(True), "0..255"), plain, atol=1e-5)
    assert (plain * stroke_vectors(bar(False), "0..1")).sum() == pytest.approx(0, abs=1e-6)


def test_an_inverted_picture_has_every_gradient_the_other_way():
    plain, inverted = (stroke_vectors(image, "0..1").reshape(8, 6, 6) for image in (bar(True), 1 - bar(True)))
    np.testing.assert_allclose(inverted, np.roll(plain, 4, axis=0), atol=1e-6)


def test_vectors_squares_and_colours_are_seen_alike():
    square = bar(True)
    for other in (square.reshape(1, -1), square[..., None], np.repeat(square[..., None], 3, axis=-1)):
        np.testing.assert_allclose(stroke_vectors(other, "0..1"), stroke_vectors(square, "0..1"), atol=1e-6)


def test_a_large_picture_is_shrunk_by_means_of_its_parts():
    small = np.random.default_rng(0).random((2, 32, 32))
    large = small.repeat(3, axis=1).repeat(3, axis=2)
    np.testing.assert_allclose(stroke_vectors(large, "0..1"), stroke_vectors(small, "0..1"), atol=1e-4)


def test_what_a_class_varies_in_is_near_and_the_rest_counts_squared():
    random = np.random.default_rng(1)
    base, along, beside = np.eye(WIDTH, dtype=np.float32)[:3]
    vectors = base + random.normal(0, 0.2, (40, 1)).astype(np.float32) * along
    found = fit_strokes(vectors, np.zeros(40, int))
    assert found is not None and found.leftover < 1e-5 and found.tell
    moved = np.stack([base + 3 * along, base + 0.5 * beside])
    np.testing.assert_allclose(found.distances(moved, np.zeros((2, 1))), [0, 0.25], atol=1e-3)


def test_the_distance_is_to_the_class_that_the_network_names_among_the_known_ones():
    first, second, third = np.eye(WIDTH, dtype=np.float32)[:3]
    vectors, labels = (
        np.repeat([first, second, third], [10, 10, 9], axis=0),
        np.repeat([0, 2, 1], [10, 10, 9]),
    )
    found = fit_strokes(vectors, labels)
    assert found is not None and found.labels.tolist() == [0, 2]  # nine pictures are too few
    logits = np.array([[1.0, 9.0, 0.0], [0.0, 9.0, 1.0]])
    np.testing.assert_allclose(found.distances(np.stack([first, first]), logits), [0, 2], atol=1e-3)


def test_classes_without_ten_pictures_give_nothing_and_numbers_that_do_not_fit_are_refused():
    assert fit_strokes(np.zeros((9, WIDTH), np.float32), np.zeros(9, int)) is None
    with pytest.raises(ValueError, match="do not fit"):
        Strokes(np.zeros(2, np.int16), np.zeros((1, WIDTH)), np.zeros((2, WIDTH, 1)), 0.1)
