"""Recipes that made the bundled models: `python -m lib.training NAME --data PATH`. The app never imports this."""
