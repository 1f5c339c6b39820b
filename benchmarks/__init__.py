"""Scripts that print what the README and the documentation quote, as ratios measured in one run."""
