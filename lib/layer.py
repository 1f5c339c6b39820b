"""One layer of an opened model, as a value that pages may know before Keras is there. `lib.unfold` makes them."""

from __future__ import annotations

from dataclasses import dataclass

PICTURE = ""
"""What `Layer.inputs` calls the model's own input; no layer can have this name."""


@dataclass(frozen=True)
class Layer:
    """One layer of the opened model.

    Attributes:
        name: unique; a layer inside a nested model is called "model/layer", a layer's second use "layer#2".
        kind: the Keras class, e.g. "Conv2D".
        activation: the name of its activation function, or "".
        shape: of its output without batch axis; None where the size varies.
        parameters: number of weights, trainable or not.
        inputs: names of the layers whose outputs it takes, each once; PICTURE stands for the model's own input. A nested
            model takes the output of its last layer, and its first layer takes what the nested model is called on.
        trainable: how many of the parameters fit() would change.
        settings: a convolution's window and stride, a dropout's rate and the like, as people write them: "3×3, stride 2".
        nested: a nested model, which stands after the layers that it consists of.
        repeated: the second use of a layer, or its second output. What is nested or repeated has no parameters that have
            not been counted with a layer before it.
    """

    name: str
    kind: str
    activation: str
    shape: tuple[int | None, ...]
    parameters: int
    inputs: tuple[str, ...] = ()
    trainable: int = 0
    settings: str = ""
    nested: bool = False
    repeated: bool = False
