"""The named pipelines: each does what its name says, for every network that it is offered for."""

import dataclasses

import numpy as np
import pytest

from lib import zoo
from lib.contract import Contract
from lib.presets import presets

GRAY = Contract(
    (784,), (28, 28), ("A",), polarity="white on black", frame="crop to ink", centre="centre of mass"
)
COLOUR = Contract((32, 32, 3), (32, 32), ("A",), channels=3)


def changes(name: str) -> list[str]:
    """What a preset changes in the contract's own pipeline, in words."""
    (preset,) = (p for p in presets(GRAY) if p.name == name)
    return [str(change) for change in GRAY.pipeline().diff(preset.pipeline)]


@pytest.mark.parametrize("contract", [GRAY, COLOUR, *(card.contract for card in zoo.catalogue())])
def test_the_first_is_the_contracts_own_and_every_one_fits_the_network(contract: Contract) -> None:
    found = presets(contract)
    assert found[0].pipeline == contract.pipeline()
    assert len({preset.name for preset in found}) == len({preset.pipeline for preset in found}) == len(found)
    picture = np.random.default_rng(0).integers(0, 256, (50, 40, 3), np.uint8)
    for preset in found:
        assert preset.pipeline.run(picture).final.shape == contract.input_shape
        assert preset.why.endswith(".")


def test_a_colour_network_is_offered_the_mistakes_with_colour_and_range_and_nothing_for_ink() -> None:
    def offered(contract: Contract) -> dict[str, list[str]]:
        own = contract.pipeline()
        return {p.name: [str(change) for change in own.diff(p.pipeline)] for p in presets(contract)[1:]}

    assert offered(COLOUR) == {"Red and blue swapped": ["Channel order: order RGB → BGR"]}
    unit = dataclasses.replace(COLOUR, value_range="0..1", channel_order="BGR")
    assert offered(unit) == {
        "Unscaled, 0..255": ["Value range: range 0..1 → 0..255"],
        "Red and blue swapped": ["Channel order: order BGR → RGB"],
    }


def test_each_preset_changes_what_its_name_says_and_nothing_else() -> None:
    assert changes("As the model was trained") == []
    # The photo preset's numbers are tuned elsewhere; which steps it takes is what its name promises.
    assert [words.split(":")[0] for words in changes("Photo of paper")] == [
        "Grayscale",
        "Background",
        "Sigmoid contrast",
    ]
    assert changes("The thread's sigmoid") == ["Sigmoid contrast: off → on (slope s 25, b 50, output 0..255)"]
    assert changes("The thread's sigmoid, left in 0..1") == [
        "Sigmoid contrast: off → on (slope s 25, b 50, output 0..1)"
    ]
    assert changes("The question's 1 - img") == ["Invert: method auto → 1 - x as uint8"]


def test_the_threads_sigmoid_left_in_0_to_1_shows_a_0_to_255_network_almost_nothing() -> None:
    picture = np.full((60, 60), 255, np.uint8)
    picture[20:40, 28:32] = 0
    by_name = {preset.name: preset.pipeline.run(picture).final.max() for preset in presets(GRAY)}
    assert by_name["The thread's sigmoid"] > 254
    assert by_name["The thread's sigmoid, left in 0..1"] <= 1


def test_the_photo_preset_pushes_shaded_paper_to_the_background_and_keeps_the_ink() -> None:
    shade = np.linspace(230, 140, 120).astype(np.uint8)
    photo = np.repeat(np.repeat(shade[None, :, None], 120, axis=0), 3, axis=2)
    photo[30:90, 55:63] = 40
    (preset,) = (p for p in presets(GRAY) if p.name == "Photo of paper")
    tensor = preset.pipeline.run(photo).final.reshape(28, 28)
    plain = GRAY.pipeline().run(photo).final.reshape(28, 28)
    assert tensor[:, :8].max() < 8 and tensor[:, -8:].max() < 8
    assert tensor[8:20].max() > 200
    assert plain[:, :8].max() > 20, "without the preset the shadow reaches the network"
