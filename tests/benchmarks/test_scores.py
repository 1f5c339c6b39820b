"""The README's table of letter networks."""

from __future__ import annotations

from benchmarks.scores import table
from lib.zoo import card


def test_every_letter_network_has_a_row_with_its_cards_figures_and_no_network_of_digits_has() -> None:
    rows = {line.split("`")[1]: line for line in table().splitlines()[2:]}
    assert {"letters-mlp", "letters-cnn", "letters-mlp-augmented", "letters-robust"} <= set(rows)
    assert not {"digits-cnn", "house-numbers"} & set(rows)
    for name, row in rows.items():
        accuracy = card(name).scores["unipen new writers"]["accuracy"]
        assert f"| {100 * accuracy:.1f} % |" in row and f"{card(name).training['parameters']:,}" in row
