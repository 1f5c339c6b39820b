"""Claims about the calibrated probability and the record of predictions about as sure."""

import numpy as np
import pytest

from lib.verdict.sureness import WINDOW, Sureness


def made(count=400, wrong_below=100):
    """Logits (z, 0) with z growing; the label is 0 but for the least sure ones."""
    z = np.linspace(0.1, 8, count)
    return np.stack([z, np.zeros(count)], axis=1), (np.arange(count) < wrong_below).astype(int)


def test_the_record_counts_the_predictions_nearest_in_confidence():
    logits, labels = made()
    sureness = Sureness(logits, labels)
    confidence = sureness.calibrated(logits).max(1)
    middle = sureness.record(float(confidence[200]))
    assert (middle.n, middle.right) == (WINDOW, WINDOW)
    assert (middle.low, middle.high) == (confidence[150], confidence[249])
    border = sureness.record(float(confidence[100]))
    assert border.right == 50
    lowest, highest = sureness.record(0.0), sureness.record(1.0)
    assert lowest.right == 0 and lowest.low == confidence[0]
    assert highest.high == confidence[-1]


def test_the_sentence_never_says_certainty_for_less():
    logits, labels = made()
    record = Sureness(logits, labels).record(1.0)
    assert record.sentence.startswith("Of the 100 held-out predictions about as sure (")
    assert record.sentence.endswith("100 % are right.")
    assert "to 100 %)" not in record.sentence


def test_of_equally_sure_predictions_those_in_the_middle_are_counted():
    # Nine hundred of a thousand are sure alike, and right; the others are less sure, and wrong.
    logits = np.array([[0.5, 0.0]] * 100 + [[4.0, 0.0]] * 900)
    sureness = Sureness(logits, (np.arange(1000) < 100).astype(int))
    record = sureness.record(float(sureness.calibrated(logits).max()))
    assert (record.n, record.right) == (WINDOW, WINDOW)


def test_where_few_are_about_as_sure_fewer_are_counted():
    # Thirty hesitate, all wrongly; nine hundred and seventy are sure, and right.
    logits = np.array([[0.2, 0.0]] * 30 + [[6.0, 0.0]] * 970)
    sureness = Sureness(logits, (np.arange(1000) < 30).astype(int))
    hesitant = sureness.record(float(sureness.calibrated(logits).min()))
    assert (hesitant.n, hesitant.right) == (30, 0) and hesitant.low == hesitant.high


def test_calibration_keeps_the_order_and_undoes_a_factor():
    logits, labels = made()
    once, thrice = Sureness(logits, labels), Sureness(3 * logits, labels)
    assert thrice.temperature == pytest.approx(3 * once.temperature)
    np.testing.assert_allclose(thrice.calibrated(3 * logits), once.calibrated(logits))
    np.testing.assert_array_equal(once.calibrated(logits).argmax(1), logits.argmax(1))
    assert once.calibrated(np.array([[1e30, 0.0]]))[0].tolist() == [1, 0]
