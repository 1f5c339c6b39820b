"""Prints the README's table of the letter networks from their cards: `python -m benchmarks.scores`.

The cards are written by `python -m lib.training NAME --data ...`, which measures the scores; nothing is measured here.
"""

from __future__ import annotations

from lib.zoo import bundled

# What the table calls the test sets of the cards. None of them is trained on.
_SETS = {
    "unipen new writers": "UNIPEN, new writers",
    "kaggle format": "Kaggle format",
    "chars74k capitals (external)": "chars74k capitals (external)",
    "tessalonica mouse-drawn (external)": "mouse-drawn (external)",
}


def table() -> str:
    """The table as Markdown."""
    lines = [
        f"| network | parameters | size | {' | '.join(_SETS.values())} |",
        "| --- " * (3 + len(_SETS)) + "|",
    ]
    for card in bundled():
        if not all(
            name in card.scores for name in _SETS
        ):  # house numbers, say, which are measured on other pictures
            continue
        size = card.model_path.stat().st_size / 1e6
        scores = " | ".join(f"{100 * card.scores[name]['accuracy']:.1f} %" for name in _SETS)
        lines.append(f"| `{card.name}` | {card.training['parameters']:,} | {size:.1f} MB | {scores} |")
    return "\n".join(lines)


if __name__ == "__main__":
    print(table())
