"""Writes the code that prints the same numbers as the screen: the pipeline, the model, the top-k."""

from __future__ import annotations

import base64
from pprint import pformat

from lib.case import SampleSource, Source
from lib.contract import Contract
from lib.drawing import Drawing
from lib.picture import Picture
from lib.pipeline import Pipeline
from lib.samples import sample
from lib.zoo.card import Card

_MAIN = """

MODEL = {file!r}
CLASS_NAMES = {names}

if __name__ == "__main__":
    import keras

{picture}
    model = {model}
    output = np.asarray(model(tensor[None], training=False), np.float64)[0]
{probabilities}
    for k in np.argsort(-probabilities, kind="stable")[:{k}]:
        print(f"{{CLASS_NAMES[k]:12s}} {{probabilities[k]:.6f}}")
"""

_SOFTMAX = "    probabilities = np.exp(output - np.logaddexp.reduce(output))  # softmax"
_SIGMOID = "    probabilities = 1 / (1 + np.exp(-output))"
_AS_IT_IS = "    probabilities = output"
_BOTH = (
    "\n    probabilities = np.array([1 - probabilities[0], probabilities[0]])  # one output for two classes"
)


def snippet(pipeline: Pipeline, source: Source, picture: Picture, card: Card, k: int) -> str:
    """A script to be run from the project's folder; one with a visitor's own model, from the folder of its file.

    Args:
        source: where the picture comes from; a drawing is written into the script, an upload is read by its name.
    """
    file, model = opening(card)
    return pipeline.to_python(picture.background) + _MAIN.format(
        file=file,
        names=pformat(list(card.contract.class_names), compact=True, width=110),
        model=model,
        picture=_reading(source, picture),
        probabilities=probabilities_lines(card.contract),
        k=k,
    )


def opening(card: Card) -> tuple[str, str]:
    """What the script calls the model, and the expression that opens it."""
    opening = "keras.saving.load_model(MODEL, compile=False)"
    if card.origin == "keras.applications":
        return card.name, 'getattr(keras.applications, MODEL)(weights="imagenet")'
    if card.origin == "own":
        return card.title, opening
    return f"{card.model_path.parents[1].name}/{card.name}/{card.model_path.name}", opening


def probabilities_lines(contract: Contract) -> str:
    """The lines from the model's output to one probability a class."""
    lines = _AS_IT_IS
    if contract.output == "logits":
        lines = _SOFTMAX if contract.task == "single label" else _SIGMOID
    return lines + _BOTH if contract.task == "binary" else lines


def _reading(source: Source, picture: Picture) -> str:
    if isinstance(source, Drawing):
        text = base64.b64encode(picture.to_png()).decode()
        lines = "\n".join(f"        {text[i : i + 100]!r}" for i in range(0, len(text), 100))
        return (
            "    import base64\n\n    # The drawing, as a PNG file.\n"
            f"    drawing = base64.b64decode(\n{lines}\n    )\n    tensor = preprocess_bytes(drawing)"
        )
    if isinstance(source, SampleSource):
        path = sample(source.id).path
        return f"    tensor = preprocess({f'{path.parent.name}/{path.name}'!r})"
    note = "" if picture.cv2_readable else "  # save it as PNG first: OpenCV reads this file differently"
    return f"    tensor = preprocess({source.name!r}){note}"
