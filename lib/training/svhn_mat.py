"""Reads the official SVHN files of cropped digits, `train_32x32.mat` and `test_32x32.mat` (Netzer et al. 2011).

They are made by http://ufldl.stanford.edu/housenumbers/, for non-commercial use, and are not part of this project.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import scipy.io

from lib.training.data import Labelled

SIDE = 32
# The files come from MATLAB, which counts from 1: class 10 is the digit 0.
_ZERO = 10


def read_svhn_mat(path: Path) -> Labelled:
    """The crops of one file.

    The 73,257 images of the official training part take 225 MB as uint8 and stay uint8; while they are brought
    from MATLAB's order (the image index last) into the order of batches, twice that is needed for a moment.

    Args:
        path: a MATLAB 5 file with `X`, uint8 (32, 32, 3, N), and `y`, (N, 1), 1..9 and 10 for the digit 0.

    Returns:
        images uint8 (N, 32, 32, 3), RGB, and labels int64 (N,), 0..9.

    Raises:
        FileNotFoundError: if there is no file at `path`.
        ValueError: if it is no such file; the message says what is wrong.
    """
    if not path.is_file():
        raise FileNotFoundError(
            f"There is no SVHN file at {path}; give the path of train_32x32.mat or test_32x32.mat."
        )
    arrays = _arrays(path)
    pixels, labels = arrays["X"], np.asarray(arrays["y"]).reshape(-1)
    if pixels.ndim == 3:
        # MATLAB drops a last axis of length one: a file of a single image.
        pixels = pixels[..., None]
    if pixels.shape[:3] != (SIDE, SIDE, 3) or pixels.dtype != np.uint8:
        raise ValueError(
            f"{path}: X should be uint8 (32, 32, 3, N), as in the cropped digits (format 2), "
            f"not {pixels.dtype} {pixels.shape}."
        )
    if len(labels) != pixels.shape[3]:
        raise ValueError(
            f"{path} has {pixels.shape[3]} images in X and {len(labels)} labels in y; they must be as many."
        )
    if len(labels) == 0:
        raise ValueError(f"{path} holds no image.")
    if labels.dtype.kind not in "uif" or not np.isin(labels, np.arange(_ZERO + 1)).all():
        odd = next((label for label in labels.tolist() if label not in range(_ZERO + 1)), labels[0])
        raise ValueError(f"{path}: labels must be 1 to 9, and 10 (or 0) for the digit 0; one is {odd!r:.20}.")
    del arrays
    images = np.ascontiguousarray(np.moveaxis(pixels, 3, 0))
    return Labelled(images, labels.astype(np.int64) % _ZERO)


def _arrays(path: Path) -> dict[str, np.ndarray]:
    try:
        arrays = scipy.io.loadmat(path, variable_names=("X", "y"))
    except NotImplementedError:
        raise ValueError(
            f"{path} is a MATLAB 7.3 file; SVHN's cropped digits are MATLAB 5 files: download them again, or "
            "save X and y with scipy.io.savemat."
        ) from None
    except Exception as error:
        # On a damaged file SciPy raises whatever it stumbles over: ValueError, TypeError, zlib.error, IndexError ...
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise ValueError(f"{path} is not a readable MATLAB file: {reason:.200}.") from None
    missing = [name for name in ("X", "y") if name not in arrays]
    if missing:
        raise ValueError(
            f"{path} has no variable {' or '.join(missing)}; the cropped digits are train_32x32.mat and test_32x32.mat."
        )
    return {name: arrays[name] for name in ("X", "y")}
