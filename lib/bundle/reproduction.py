"""The script of a bundle: reads the picture beside it and prints the app's numbers with numpy, cv2 and keras alone."""

from __future__ import annotations

import textwrap

from lib.snippet import opening, probabilities_lines
from lib.zoo.card import Card

MODEL_FILE = "model.keras"

_SCRIPT = '''"""Prints the numbers of this case. Needs numpy, opencv-python and keras: python reproduce.py"""

import {modules}
import keras, numpy as np
os.chdir(os.path.dirname(os.path.abspath(__file__)))
from preprocess import preprocess

tensor = preprocess("picture.png")
print("tensor as in the app, bit for bit:", np.array_equal(tensor, np.load("tensor.npy")))
MODEL = {file!r}
{check}model = {opening}
output = np.asarray(model(tensor[None], training=False), np.float64)[0]
{probabilities}
for shown in json.load(open("predictions.json", encoding="utf-8"))[:5]:
    print(f"{{shown['class']:12s}} {{probabilities[shown['index']]:.6f}}, in the app {{shown['probability']:.6f}}")
'''
# A bundled model comes with the bundle, and Keras checks the weights that it fetches; a visitor's own file may be any.
_CHECK = """wanted = json.load(open("case.json", encoding="utf-8"))["model_sha256"]
print("model file as in the app:", hashlib.sha256(open(MODEL, "rb").read()).hexdigest() == wanted)
"""


def reproduction(card: Card) -> str:
    """The script's source, for the model of that card.

    A bundled model lies in the bundle; the weights of `keras.applications` are fetched by Keras; a visitor's own file is
    looked for beside the script under the name it was uploaded with.
    """
    file, expression = opening(card)
    own = card.origin == "own"
    return _SCRIPT.format(
        modules="hashlib, json, os" if own else "json, os",
        file=MODEL_FILE if card.origin == "bundled" else file,
        check=_CHECK if own else "",
        opening=expression,
        probabilities=textwrap.dedent(probabilities_lines(card.contract)),
    )
