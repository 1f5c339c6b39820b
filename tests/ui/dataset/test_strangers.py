"""Claims about the cost of a threshold in words."""

from lib.evaluate.unknown import Cost
from lib.ui.dataset.strangers import in_words


def test_the_cost_is_said_in_full_and_what_does_not_exist_is_left_out() -> None:
    said = in_words(Cost(0.6968, 0.95, 0.02, 0.25, 0.93))
    assert said == (
        "Turning away what scores below 0.6968 keeps 95.0 % of yours and lets 2.0 % of the outsiders pass. Of your pictures "
        "that are read wrong, 25 % are turned away as well. Of those that are kept, 93.0 % are read right."
    )
    assert "read wrong" not in in_words(Cost(0.5, 1.0, 0.0, float("nan"), 1.0))
