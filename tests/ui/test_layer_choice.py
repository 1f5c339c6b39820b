"""Small networks are shown and fetched whole; of a large one, the end of each resolution, and only what is on the screen."""

from __future__ import annotations

from lib.ui.layer_choice import fetched_layers, usual_layers
from lib.unfold import Layer


def layer(name: str, kind: str = "Conv2D", side: int = 8, channels: int = 4) -> Layer:
    shape = (side, side, channels) if side else (channels,)
    return Layer(name, kind, "", shape, 0)


SMALL = (
    layer("conv", "Conv2D", 28),
    layer("bn", "BatchNormalization", 28),
    layer("relu", "ReLU", 28),
    layer("flat", "Flatten", 0, 100),
    layer("logits", "Dense", 0, 10),
)
LARGE = (
    *(
        layer(f"{kind} {side} {i}", kind, side, 64)
        for side in (112, 56, 7)
        for i in range(20)
        for kind in ("Conv2D", "BatchNormalization", "ReLU")
    ),
    layer("pool", "GlobalAveragePooling2D", 0, 64),
    layer("classes", "Dense", 0, 1000),
)


def test_layers_that_repeat_others_are_not_usual() -> None:
    assert usual_layers(SMALL) == {"conv", "relu", "logits"}


def test_of_a_large_network_the_first_layer_the_end_of_each_resolution_and_the_last_one_are_usual() -> None:
    assert usual_layers(LARGE) == {
        "Conv2D 112 0",
        "ReLU 112 19",
        "ReLU 56 19",
        "ReLU 7 19",
        "classes",
    }


def test_a_small_network_is_fetched_whole_a_large_one_as_far_as_it_is_shown() -> None:
    assert fetched_layers(SMALL, lambda layer: False) is None
    assert fetched_layers(LARGE, lambda layer: layer.name in ("classes", "ReLU 7 19")) == (
        "ReLU 7 19",
        "classes",
    )


def test_few_layers_with_many_values_are_large_too() -> None:
    wide = (layer("conv", side=1024, channels=8), layer("logits", "Dense", 0, 2))
    assert fetched_layers(wide, lambda layer: layer.kind == "Dense") == ("logits",)


def test_a_size_that_varies_counts_as_one() -> None:
    open_sized = (Layer("conv", "Conv2D", "", (None, None, 8), 0),)
    assert fetched_layers(open_sized, lambda layer: True) is None
