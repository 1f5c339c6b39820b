"""Which samples come first: those of the kind that the chosen model was made for."""

from __future__ import annotations

import pytest

from lib import zoo
from lib.samples import kind_for, samples
from lib.ui.gallery import _message
from lib.ui.wire import unpack


@pytest.mark.parametrize(
    ("name", "kind"), [("letters-mlp", "letter"), ("letters-cnn", "letter"), ("MobileNetV2", "photo")]
)
def test_each_model_of_the_catalogue_is_offered_its_kind_first(name: str, kind: str) -> None:
    contract = zoo.card(name).contract
    assert kind_for(contract) == kind
    kinds = {sample.id: sample.suits for sample in samples()}
    order = [kinds[item["id"]] for item in unpack(_message("", kind))[0]["items"]]
    assert len(order) == len(samples())
    assert order[: order.count(kind)] == [kind] * order.count(kind) and kind in order
