"""Claims about the cost of a threshold in words."""

import numpy as np

from lib.evaluate.unknown import Comparison, Cost, Separation
from lib.ui.dataset.strangers import doubt, in_words


def test_the_cost_is_said_in_full_and_what_does_not_exist_is_left_out() -> None:
    said = in_words(Cost(0.6968, 0.95, 0.02, 0.25, 0.93))
    assert said == (
        "Turning away what scores below 0.6968 keeps 95.0 % of yours and lets 2.0 % of the outsiders pass. Of your pictures "
        "that are read wrong, 25 % are turned away as well. Of those that are kept, 93.0 % are read right."
    )
    assert "read wrong" not in in_words(Cost(0.5, 1.0, 0.0, float("nan"), 1.0))


def test_a_data_set_that_is_itself_unlike_the_training_is_told() -> None:
    scores = np.zeros(3)
    like = Separation("likeness to a prototype", "", scores, scores, 0.02, 1.0)
    other = Separation("energy", "", scores, scores, 0.3, 1.0)
    assert "By likeness to a prototype the outsiders look more like the training" in doubt(
        Comparison("noise", (like, other), scores > 0, ())
    )
    assert doubt(Comparison("noise", (other,), scores > 0, ())) == ""
