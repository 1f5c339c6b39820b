from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.ui.layers import COMPARISONS, PALETTES, SCALES, SORTS, LayerOptions, LayerView, layers_message
from lib.ui.wire import unpack

_NAMES = st.lists(st.text(min_size=1, max_size=20), max_size=5, unique=True).map(
    lambda names: tuple(sorted(names))
)
_OPTIONS = st.builds(
    LayerOptions,
    st.sampled_from(PALETTES),
    st.sampled_from(SCALES),
    st.sampled_from(SORTS),
    st.sampled_from(COMPARISONS),
    _NAMES,
    _NAMES,
)


def _dense(values: list[float], name: str = "dense", **more) -> LayerView:
    return LayerView(name, "Dense", np.array(values, np.float32), **more)


def _sent(*layers: LayerView, options: LayerOptions | None = None, pinned=None):
    header, arrays = unpack(layers_message(layers, options or LayerOptions(), pinned=pinned))
    return header, header["layers"], arrays


@given(_OPTIONS)
def test_options_survive_the_link(options: LayerOptions) -> None:
    assert LayerOptions.from_json(options.to_json()) == options


def test_default_options_cost_a_link_nothing() -> None:
    assert LayerOptions().to_json() == "{}"
    assert json.loads(LayerOptions(palette="gray").to_json()) == {"palette": "gray"}


@pytest.mark.parametrize(
    "hostile",
    [
        None,
        7,
        "",
        "not json",
        "[]",
        {
            "palette": "<script>",
            "scale": 3,
            "sort": ["activity"],
            "compare": None,
            "hidden": "all",
            "shown": {"a": 1},
        },
        '{"palette": "__proto__"}',
    ],
)
def test_hostile_options_are_the_defaults(hostile: object) -> None:
    assert LayerOptions.from_json(hostile) == LayerOptions()


def test_layers_that_repeat_others_are_hidden_until_asked_for() -> None:
    options = LayerOptions(hidden=("conv",), shown=("bn",))
    assert LayerOptions().hides("bn", usual=False)
    assert not LayerOptions().hides("conv", usual=True)
    assert not options.hides("bn", usual=False)
    assert options.hides("conv", usual=True)


def test_a_hidden_layer_is_named_but_its_numbers_are_not_sent() -> None:
    _, entries, arrays = _sent(
        _dense([1, 2], "first"), _dense([3, 4], "second"), options=LayerOptions(hidden=("first",))
    )
    assert [entry["name"] for entry in entries] == ["first", "second"]
    assert "at" not in entries[0]
    assert arrays[f"x{entries[1]['at']}"].tolist() == [[3, 4]]
    assert not any(name.endswith("1") for name in arrays)


def test_a_layer_that_was_not_fetched_is_named_only() -> None:
    _, entries, arrays = _sent(
        LayerView("drop", "Dropout", None, usual=False), options=LayerOptions(shown=("drop",))
    )
    assert entries == [{"name": "drop", "kind": "Dropout", "usual": False}]
    assert arrays == {}


def test_a_dense_layer_travels_as_levels_with_their_range_and_as_exact_numbers() -> None:
    _, (entry,), arrays = _sent(_dense([0, 0.5, 2], function="relu"))
    assert (entry["form"], entry["h"], entry["w"], entry["shape"], entry["top"]) == ("units", 2, 2, "3", 2)
    assert arrays["q0"].tolist() == [[0, 64, 254]]
    assert arrays["r0"].tolist() == [[0], [2]]
    assert arrays["x0"].tolist() == [[0, 0.5, 2]]
    assert entry["statistics"].startswith("1 of 3 units silent (33 %)")


def test_each_channel_has_its_own_range_and_strength() -> None:
    activation = np.stack([np.full((2, 2), 3.0), [[0, 1], [2, 5]]], axis=-1).astype(np.float32)
    _, (entry,), arrays = _sent(LayerView("conv", "Conv2D", activation))
    assert (entry["form"], entry["shape"], entry["top"]) == ("channels", "2 × 2 × 2", 0)
    assert arrays["r0"].tolist() == [[3, 0], [3, 5]]
    assert arrays["m0"].tolist() == [3, 2]
    assert arrays["q0"][1].tolist() == [0, 51, 102, 254]


def test_the_output_layer_carries_its_class_names_as_they_are() -> None:
    labels = ["<b>A</b>", 'B"', "C\n"]
    _, (entry,), _ = _sent(_dense([1, 2, 3], labels=labels))
    assert json.loads(entry["labels"]) == labels
    assert entry["cells"] is True


def test_a_thousand_classes_are_a_square_and_not_a_thousand_nodes() -> None:
    _, (entry,), _ = _sent(_dense([0.0] * 1000, labels=[str(i) for i in range(1000)]))
    assert entry["cells"] is False


def test_of_a_very_large_layer_the_most_active_channels_are_sent_under_their_own_numbers() -> None:
    activation = np.zeros((128, 128, 64), np.float32)
    activation += np.arange(64) % 32 + (np.arange(64) >= 60) * 100
    _, (entry,), arrays = _sent(LayerView("conv", "Conv2D", activation))
    assert arrays["q0"].shape == (16, 128 * 128)
    assert set(entry["channels"]) >= {60, 61, 62, 63}
    assert entry["channels"] == sorted(entry["channels"])
    assert arrays["m0"].tolist() == [float(activation[0, 0, c]) for c in entry["channels"]]
    assert "16 most active of 64" in entry["note"]


def test_a_difference_is_now_minus_pinned_around_zero() -> None:
    header, (entry,), arrays = _sent(
        _dense([3, 1, 2]),
        options=LayerOptions(compare="difference"),
        pinned={"dense": np.array([1, 5, 2], np.float32)},
    )
    assert (header["mode"], header["pinned"], entry["side"]) == ("difference", "A", "difference")
    assert arrays["x0"].tolist() == [[2, -4, 0]]
    assert arrays["r0"].tolist() == [[-4], [4]]
    assert arrays["q0"][0, 2] == 127


def test_beside_sends_both_and_now_sends_one() -> None:
    pinned = {"dense": np.array([1, 5], np.float32)}
    _, (entry,), arrays = _sent(_dense([3, 1]), options=LayerOptions(compare="beside"), pinned=pinned)
    assert entry["side"] == "beside"
    assert arrays["s0"].tolist() == [[1], [5]]
    header, (entry,), arrays = _sent(_dense([3, 1]), pinned=pinned)
    assert entry["side"] == "now"
    assert "p0" not in arrays
    assert header["pinned"] == "A"


def test_comparing_without_a_pinned_layer_of_that_shape_shows_the_current_one_and_says_so() -> None:
    _, (entry,), arrays = _sent(
        _dense([3, 1]), options=LayerOptions(compare="difference"), pinned={"dense": np.zeros(3, np.float32)}
    )
    assert entry["side"] == "now"
    assert arrays["x0"].tolist() == [[3, 1]]
    assert "no activation of this shape" in entry["note"]


def test_broken_and_empty_layers_are_sent_without_trouble() -> None:
    _, entries, arrays = _sent(_dense([np.nan, np.inf, 1]), _dense([], "empty"))
    assert arrays["q0"].tolist() == [[255, 255, 127]]
    assert "2 values NaN or infinite" in entries[0]["statistics"]
    assert arrays["q1"].shape == (1, 0)


@pytest.mark.parametrize("compare", COMPARISONS)
def test_an_empty_activation_can_be_compared(compare: str) -> None:
    empty = np.zeros(0, np.float32)
    _, (entry,), arrays = _sent(
        LayerView("empty", "Dense", empty), options=LayerOptions(compare=compare), pinned={"empty": empty}
    )
    assert (entry["side"], entry["shape"], arrays["q0"].size) == ("now", "0", 0)


def test_no_layers_is_a_message_with_the_text_for_it() -> None:
    header, _ = unpack(layers_message([], LayerOptions(), empty="Loading"))
    assert (header["layers"], header["empty"]) == ([], "Loading")


def test_locked_ranges_travel_and_hostile_ones_do_not() -> None:
    options = LayerOptions.from_json({"scale": "locked", "locked": {"b": [0, 2.5], "a": [-1, 1]}})
    assert options.locked == (("a", -1.0, 1.0), ("b", 0.0, 2.5))
    assert LayerOptions.from_json(options.to_json()) == options
    header, _ = unpack(layers_message([], options))
    assert header["options"]["locked"] == {"a": [-1, 1], "b": [0, 2.5]}
    for bad in (
        [1],
        {"a": 3},
        {"a": [2, 1]},
        {"a": [0, "1"]},
        {"a": [0, 1, 2]},
        {"a": [0, 10**400]},
        {"x" * 300: [0, 1]},
    ):
        assert LayerOptions.from_json({"scale": "locked", "locked": bad}).locked == ()
    assert LayerOptions.from_json({"scale": "map", "locked": {"a": [0, 1]}}).locked == ()
