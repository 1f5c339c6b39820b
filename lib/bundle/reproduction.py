"""The script of a bundle: reads the picture beside it and prints the app's numbers with numpy, cv2 and keras alone."""

from __future__ import annotations

import textwrap

from lib.snippet import opening, probabilities_lines
from lib.zoo.card import Card

MODEL_FILE = "model.keras"

_SCRIPT = '''"""Prints the numbers of this case. Needs numpy, opencv-python and keras: python reproduce.py"""

import hashlib, json, os
import keras, numpy as np
os.chdir(os.path.dirname(os.path.abspath(__file__)))
from preprocess import preprocess

case, shown = (json.load(open(name, encoding="utf-8")) for name in ("case.json", "predictions.json"))
tensor = preprocess("picture.png")
same = hashlib.sha256(np.ascontiguousarray(tensor, "<f4").tobytes()).hexdigest() == case["tensor_sha256"]
print("tensor:", "the same, bit for bit" if same else "another one than in the app")
MODEL = {file!r}
{check}model = {opening}
output = np.asarray(model(tensor[None], training=False), np.float64)[0]
{probabilities}
for k in np.argsort(-probabilities, kind="stable")[:5]:
    print(f"{{case['class_names'][k]:12s}} {{probabilities[k]:.6f}}")
off = np.abs(np.sort(probabilities)[::-1] - [entry["probability"] for entry in shown]).max()
print(f"largest difference from the app: {{off:.0e}}")
'''
_CHECK = """same = hashlib.sha256(open(MODEL, "rb").read()).hexdigest() == case["model_sha256"]
print("model:", "the same file" if same else "another file than in the app")
"""


def reproduction(card: Card) -> str:
    """The script's source, for the model of that card.

    A bundled model lies in the bundle; the weights of `keras.applications` are fetched by Keras; a visitor's own file is
    looked for beside the script under the name it was uploaded with.
    """
    file, expression = opening(card)
    return _SCRIPT.format(
        file=MODEL_FILE if card.origin == "bundled" else file,
        check="" if card.origin == "keras.applications" else _CHECK,
        opening=expression,
        probabilities=textwrap.dedent(probabilities_lines(card.contract)),
    )
