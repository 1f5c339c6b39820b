"""A bundle: one case as a zip file, with everything that reproduces its numbers, and how the app opens it again."""

from __future__ import annotations

from lib.bundle.opening import BundleError, Opened, is_bundle, open_bundle
from lib.bundle.writing import write_bundle

__all__ = ["BundleError", "Opened", "is_bundle", "open_bundle", "write_bundle"]
