"""Claims about the verdict that the Lab shows of an analysis."""

import numpy as np
import pytest

from lib.analysis import Analysis, analyse
from lib.picture import Picture
from lib.ui.verdict_parts import verdict_parts
from lib.ui.wire import unpack
from lib.verdict import judge
from lib.zoo import load


@pytest.fixture(scope="module")
def network():
    return load("letters-robust")


@pytest.fixture(scope="module")
def analysis(network):
    """A cross of two thick strokes, dark on light: an X, more or less."""
    row, column = np.mgrid[:112, :112]
    ink = (np.minimum(abs(row - column), abs(row + column - 111)) < 6) & (abs(row - 55) < 45)
    pipeline = network.contract.pipeline()
    return analyse(Picture.from_array(np.where(ink, 0, 255).astype(np.uint8)), pipeline, network, pipeline)


def shown(analysis, options=None):
    return {name: unpack(message) for name, message in verdict_parts(analysis, options).items()}


def test_the_line_is_the_verdict_on_the_tensor_that_the_network_got(network, analysis):
    verdict = judge(network, analysis.stages.final[None])[0]
    header, _ = shown(analysis)["verdict"]
    assert header["sentence"] == verdict.sentence and header["level"] == verdict.level


def test_while_the_network_is_loading_nothing_is_said(analysis):
    waiting = shown(Analysis(analysis.picture, analysis.stages, None, None))
    assert waiting["verdict"][0]["level"] == "" and waiting["sureness"][0]["shown"] is False


def test_open_witnesses_bring_five_prototypes_and_the_networks_own_refusal(network, analysis):
    header, arrays = shown(analysis, '{"open":"witnesses"}')["sureness"]
    assert len(header["neighbours"]) == len(arrays) == 5
    assert arrays["prototype0"].shape == (28, 28) and arrays["prototype0"].max() > 100
    distances = [float(near["distance"]) for near in header["neighbours"]]
    assert distances == sorted(distances)
    assert header["refusal"].startswith("The network's own answer “not a letter”")


def test_open_softmax_brings_the_logits_and_the_attractor(network, analysis):
    header, arrays = shown(analysis, '{"open":"softmax"}')["sureness"]
    np.testing.assert_allclose(arrays["logits"], analysis.trace.logits[0], rtol=1e-6)
    assert "pictures of noise" in header["attractor"]


def test_without_a_reference_the_logit_is_compared_with_noise(network, analysis):
    plain = network.with_contract(network.contract)
    found = Analysis(analysis.picture, analysis.stages, plain, analysis.trace)
    views = shown(found, '{"open":"witnesses"}')
    assert views["verdict"][0]["level"] == "no training sample"
    assert "pictures of noise reach that" in views["sureness"][0]["noise"]
    assert views["sureness"][0]["sure"] is None
