"""Writes the code that prints the same numbers as the screen: the pipeline, the model, the top-k."""

from __future__ import annotations

import base64

from lib.case import SampleSource, Source
from lib.drawing import Drawing
from lib.picture import Picture
from lib.pipeline import Pipeline
from lib.samples import sample
from lib.zoo.card import Card

_MAIN = """

MODEL = {model!r}
CLASS_NAMES = {names!r}

if __name__ == "__main__":
    import keras

{picture}
    model = keras.saving.load_model(MODEL, compile=False)
    output = np.asarray(model(tensor[None], training=False), np.float64)[0]
{probabilities}
    for k in np.argsort(-output, kind="stable")[:{k}]:
        print(f"{{CLASS_NAMES[k]:12s}} {{probabilities[k]:.6f}}")
"""

_FROM_LOGITS = """    exponentials = np.exp(output - output.max())
    probabilities = exponentials / exponentials.sum()"""


def snippet(pipeline: Pipeline, source: Source, picture: Picture, card: Card, k: int) -> str:
    """A script to be run from the project's folder.

    Args:
        source: where the picture comes from; a drawing is written into the script, an upload is read by its name.
    """
    folder = card.folder.parent.name
    return pipeline.to_python(picture.background) + _MAIN.format(
        model=f"{folder}/{card.name}/{card.model_path.name}",
        names=list(card.contract.class_names),
        picture=_reading(source, picture),
        probabilities=_FROM_LOGITS if card.contract.output == "logits" else "    probabilities = output",
        k=k,
    )


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
