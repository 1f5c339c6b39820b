"""Labelled data sets out of an uploaded file: CSV rows, IDX, `.npz`, or a zip of pictures by class folder.

One format per file; `reading.py` finds out which it is. What is done with a data set (a Reference, an evaluation)
lives elsewhere, and so does the decoding of a single picture (`lib.picture`).
"""

from __future__ import annotations

from lib.dataset.dataset import Dataset, Pictures
from lib.dataset.guards import DatasetCancelled, DatasetError, DatasetLimits
from lib.dataset.reading import read_dataset

__all__ = ["Dataset", "DatasetCancelled", "DatasetError", "DatasetLimits", "Pictures", "read_dataset"]
