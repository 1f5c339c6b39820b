"""The catalogue of causes: why a classifier that scores well on its data set reads a picture wrong. Words only, no tests.

The ids are what `Finding.cause` holds. They name what people search for, so they never change.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Cause:
    """One entry.

    Attributes:
        id: never changes.
        title: for a heading.
        what: a sentence: what went wrong.
        remedy: a sentence: what to do about it.
    """

    id: str
    title: str
    what: str
    remedy: str


_ENTRIES = (
    Cause(
        "range-too-large",
        "Values too large",
        "The network was trained on small numbers and gets large ones: every answer is saturated.",
        "Scale the pixels as in training, for example divide by 255, or put a Rescaling layer into the model.",
    ),
    Cause(
        "range-too-small",
        "Values too small",
        "The network was trained on large numbers and gets small ones: it sees almost nothing and answers by its biases.",
        "Do not divide by 255 here; check that the loader does not do it already (matplotlib reads PNG as 0..1).",
    ),
    Cause(
        "range-signed-expected",
        "Values from -1 to 1 expected",
        "The network was trained on -1..1 and gets values without a negative half: all is too bright to it.",
        "Use x / 127.5 - 1, as in training.",
    ),
    Cause(
        "imagenet-mode",
        "Another network's preprocess_input",
        "The pixels were prepared as for another family of ImageNet networks.",
        "Use the preprocess_input of the very module that the network comes from.",
    ),
    Cause(
        "preprocess-twice",
        "Preprocessed twice",
        "The scaling was applied to numbers that were scaled already.",
        "Scale once: either in the loader, or before predict, or in the model.",
    ),
    Cause(
        "rescaling-in-model",
        "Scaled inside the model as well",
        "The model has a Rescaling or Normalization layer of its own, and the pixels were scaled before it, too.",
        "Give the model raw pixels, 0..255.",
    ),
    Cause(
        "polarity",
        "Inverted polarity",
        "Ink and background are swapped compared with the training pictures.",
        "Invert: 255 - x for pixels 0..255, 1 - x for pixels 0..1.",
    ),
    Cause(
        "uint8-wrap",
        "1 - img on bytes wraps around",
        "1 - img on uint8 pixels counts modulo 256: black becomes 1 and white 2, so the picture vanishes.",
        "Write img = 255 - img.",
    ),
    Cause(
        "one-minus-float",
        "1 - img on 0..255 floats",
        "1 - img on floats from 0 to 255 gives numbers from -254 to 1.",
        "Write img = 255 - img.",
    ),
    Cause(
        "contrast-range",
        "The contrast curve ends in 0..1",
        "The sigmoid returns 0..1 and the network was trained on another range.",
        "Multiply the sigmoid's result by 255.",
    ),
    Cause(
        "background-not-flat",
        "The background is not flat",
        "Paper is gray and shaded; the training pictures have one exact background value.",
        "Take the paper away: subtract the background, or push paper and ink apart with a steep curve or a threshold.",
    ),
    Cause(
        "edge-softness",
        "Other edges than in training",
        "The edges of the ink are harder or softer than the training strokes'.",
        "Blur a little (Gaussian), or train with contrast-enhanced copies.",
    ),
    Cause(
        "stroke-width",
        "Other stroke width than in training",
        "The pen is thinner or thicker than the training strokes.",
        "Dilate or erode the ink, or draw with another pen.",
    ),
    Cause(
        "size-and-centring",
        "Another size or place than in training",
        "The ink fills another part of the frame, or lies elsewhere, than in the training pictures.",
        "Crop to the ink, scale it to the training pictures' size, and centre it as they were.",
    ),
    Cause(
        "orientation",
        "Turned or transposed",
        "The picture is turned or transposed compared with the training pictures.",
        "Turn it back, or transpose once (EMNIST's files are transposed).",
    ),
    Cause(
        "mirrored",
        "Mirrored",
        "The picture is mirrored compared with the training pictures.",
        "Flip the picture; selfie cameras mirror.",
    ),
    Cause(
        "exif-rotation",
        "The EXIF orientation was ignored",
        "The file says how to turn the picture, and the loader did not do it.",
        "Use PIL.ImageOps.exif_transpose, or cv2.imread, which turns it.",
    ),
    Cause(
        "channel-order",
        "Red and blue are swapped",
        "The network was trained on another order of the colour channels.",
        "Convert with cv2.cvtColor(img, cv2.COLOR_BGR2RGB).",
    ),
    Cause(
        "grayscale-recipe",
        "Another recipe for gray",
        "The way in which colour became gray hides the ink.",
        "Use the luma of all channels, or the darkest channel for coloured ink on white paper.",
    ),
    Cause(
        "alpha-channel",
        "Transparency was dropped",
        "What lies behind the transparent parts is not what was seen.",
        "Lay the picture on the background of the training pictures before anything else.",
    ),
    Cause(
        "bit-depth-or-mode",
        "An unusual pixel format",
        "The file stores its pixels as a palette, in one or sixteen bits, or for print, and loaders read that differently.",
        "Convert to 8-bit RGB first: image.convert('RGB'); divide 16-bit values by 257.",
    ),
    Cause(
        "jpeg-artifacts",
        "Strong JPEG compression",
        "The file was compressed so strongly that blocks and ringing surround every edge.",
        "Save as PNG, or with a JPEG quality of 90 or more.",
    ),
    Cause(
        "resize-filter",
        "Another resize filter",
        "Shrinking without averaging drops thin strokes or makes jagged ones.",
        "Shrink with area averaging (cv2.INTER_AREA).",
    ),
    Cause(
        "row-normalised",
        "Each picture was standardised by itself",
        "Every picture was given mean 0 and deviation 1, the training pictures were not, or the other way round.",
        "Use the same scaling for training and serving.",
    ),
    Cause(
        "several-glyphs",
        "More than one character",
        "There are several characters in the picture, and the network reads one.",
        "Cut the picture into characters first.",
    ),
    Cause(
        "blank",
        "Nothing in the picture",
        "The picture is of one colour.",
        "Give it a picture with something in it; the network answers all the same.",
    ),
    Cause(
        "not-in-any-class",
        "Nothing that the network knows",
        "The picture looks like nothing that the network was trained on, however it is preprocessed.",
        "Do not trust the answer: softmax must name a class. Use a reject option, or train with an extra class.",
    ),
    Cause(
        "healthy-misread",
        "The network's own mistake",
        "The preprocessing is right; this picture is one that the network misreads.",
        "Better data or a better network; no preprocessing helps.",
    ),
    # ---- the model alone ---------------------------------------------------------------------------------------------
    Cause(
        "logits-read-as-probabilities",
        "Logits, not probabilities",
        "The last layer is linear: its numbers are no probabilities.",
        "Apply softmax before reading them as probabilities.",
    ),
    Cause(
        "double-softmax",
        "Softmax twice",
        "Softmax is applied to probabilities: no class can be sure.",
        "Leave one softmax out, or set from_logits to what the model gives.",
    ),
    Cause(
        "softmax-on-one-unit",
        "Softmax on one unit",
        "Softmax over a single output is always 1.",
        "Use a sigmoid for two classes with one unit.",
    ),
    Cause(
        "sigmoid-read-as-softmax",
        "Sigmoids, not softmax",
        "Each class has its own sigmoid: the numbers do not add up to 1.",
        "Judge every class by its own threshold, or end the model in softmax.",
    ),
    Cause(
        "batchnorm-batch-dependent",
        "The answer depends on the batch",
        "BatchNorm takes the mean and the variance of the batch that it is given, not those of training.",
        "Call the model with training=False and do not hard-wire training=True.",
    ),
    Cause(
        "batchnorm-not-converged",
        "BatchNorm's statistics have not converged",
        "The moving averages still hold much of their initial 0 and 1, so inference differs from training.",
        "Train longer, use a smaller momentum, or recalibrate with a few passes over the training pictures.",
    ),
    Cause(
        "dropout-at-inference",
        "Random layers are active in inference",
        "Dropout or noise runs although nothing is being trained: the answer changes from call to call.",
        "Call the model with training=False and do not hard-wire training=True.",
    ),
    Cause(
        "augmentation-at-inference",
        "Augmentation is active in inference",
        "The model turns, shifts or colours its input at random although nothing is being trained.",
        "Call the model with training=False, or leave the augmentation layers out of the model that is served.",
    ),
    Cause(
        "label-offset",
        "Classes off by one",
        "The labels of training began at 1 (as EMNIST's letters do) and the names at 0, or the other way round.",
        "Subtract 1 from the labels and train again, or give the outputs the names that they were trained for.",
    ),
    Cause(
        "label-order",
        "Class names in another order",
        "The outputs are right, and their names are not: folders are numbered in the order of their names as text.",
        "Save class_names (or class_indices) beside the model and load them with it.",
    ),
    Cause(
        "standardisation",
        "A Normalization layer that was never adapted",
        "The Normalization layer still has mean 0 and variance 1.",
        "Call adapt() with training pictures, or load the weights that belong to the model.",
    ),
    Cause(
        "wrong-model-file",
        "Weights that cannot be right",
        "Weights are NaN, infinite, or still as they were initialised.",
        "Load the file that was saved after training.",
    ),
)

CAUSES: dict[str, Cause] = {cause.id: cause for cause in _ENTRIES}
"""By id; `examination/more` adds those that have a file of their own."""


def add(entry: Cause) -> None:
    """Takes a cause into the catalogue.

    Raises:
        ValueError: there is another one of that id.
    """
    if CAUSES.setdefault(entry.id, entry) != entry:
        raise ValueError(f"There are two causes called {entry.id!r}.")


def cause(id: str) -> Cause:
    """One entry.

    Raises:
        KeyError: there is no such cause.
    """
    if id not in CAUSES:
        raise KeyError(f"No cause is called {id!r:.60}.")
    return CAUSES[id]
