"""Claims about the messages of the verdict's two views: words, what is sent on demand, and that nothing is trusted."""

import json

import numpy as np
import pytest

from lib.autopsy.fingerprint.attractor import Attractor
from lib.noise_probe import NoiseProbe
from lib.ui.verdict import SOFTMAX, WITNESSES, Details, SurenessOptions, sureness_message, verdict_message
from lib.ui.wire import unpack
from lib.verdict.prototypes import Neighbour
from lib.verdict.sureness import Record
from lib.verdict.verdict import Answer, Statement, Verdict
from lib.verdict.witnesses import Witness

NAMES = ("A", "<b>B</b>", "not a letter")
TOP = (Answer(0, "A", 9.5, 0.99997, 0.981),)
SAID = (
    Statement(Witness("logit", "Largest logit", "Why.", "how weakly"), 0.5),
    Statement(Witness("features", "Features", "How.", "its features"), 1 / 1001),
)
KNOWN = Verdict(TOP, 0.3, SAID, 1000, 1.4, Record(100, 97, 0.97, 0.992))
UNKNOWN = Verdict(TOP, note="Nobody can say.")
PROBE = NoiseProbe(Attractor(1, "<b>B</b>", 0.8, 300, 0.9, ()), np.array([1.0, 9.0, 10.0, 12.0]))


def opened(what, verdict=KNOWN, **details):
    return unpack(sureness_message(NAMES, verdict, SurenessOptions(what), Details(**details)))


@pytest.mark.parametrize(
    ("p", "level", "tone"),
    [
        (0.3, "typical", 0),
        (0.03, "unusual", 1),
        (0.001, "like nothing in training", 2),
        (None, "no training sample", -1),
    ],
)
def test_the_line_says_the_level_and_what_it_rests_on(p, level, tone):
    verdict = Verdict(TOP, p, held_out=1000, note="Nobody can say.")
    header, _ = unpack(verdict_message(verdict))
    assert (header["level"], header["tone"], header["sentence"]) == (level, tone, verdict.sentence)


def test_without_an_answer_both_views_are_empty():
    assert unpack(verdict_message(None))[0]["level"] == ""
    header, _ = unpack(sureness_message((), None, SurenessOptions(SOFTMAX)))
    assert header["shown"] is False and "classes" not in header


def test_the_calibrated_probability_stands_beside_the_raw_one():
    header, arrays = opened("")
    assert header["sure"]["raw"] == "99.9970 %" and header["sure"]["calibrated"] == "98.1 %"
    assert "97 % are right" in header["sure"]["record"]
    assert not arrays and "witnesses" not in header and "classes" not in header
    plain = Verdict((Answer(0, "A", 9.5, 0.9, None),))
    assert opened("", plain)[0]["sure"] is None


def test_opened_the_witnesses_speak_and_prototypes_are_pictures():
    image = np.arange(12, dtype=np.uint8).reshape(3, 4)
    near = (Neighbour(1, 0.25, 40, image),)
    header, arrays = opened(WITNESSES, neighbours=near, refusal=("not a letter", 0.25))
    assert [(w["title"], w["words"], w["tone"]) for w in header["witnesses"]] == [
        ("Largest logit", "50 % as strange", 0),
        ("Features", "none as strange", 2),
    ]
    assert header["neighbours"] == [
        {"name": "<b>B</b>", "distance": "0.25", "size": "mean of 40 training pictures"}
    ]
    np.testing.assert_array_equal(arrays["prototype0"], image)
    assert header["refusal"] == "The network's own answer “not a letter”: 25.0 %."
    assert "once in 20" in header["guarantee"]


def test_without_a_reference_the_logit_is_compared_with_noise():
    header, _ = opened(WITNESSES, UNKNOWN, probe=PROBE)
    assert header["witnesses"] == [] and header["guarantee"] == ""
    assert header["noise"] == "Its largest logit is 9.5; 50 % of 4 pictures of noise reach that."
    assert "<b>B</b>" in header["attractor"]


def test_softmax_gets_all_logits_and_the_names_of_the_first_classes():
    header, arrays = opened(SOFTMAX, logits=np.array([1.0, 3.0, -2.0]), probe=PROBE)
    assert [entry["index"] for entry in header["classes"]] == [1, 0, 2]
    np.testing.assert_array_equal(arrays["logits"], np.array([1, 3, -2], np.float32))
    assert "80 %" in header["attractor"]
    closed = unpack(
        sureness_message(NAMES, KNOWN, SurenessOptions(SOFTMAX), Details(logits=np.zeros(3)), softmax=False)
    )
    assert "classes" not in closed[0] and not closed[1]


@pytest.mark.parametrize("value", [None, 3, "[", {"open": 1}, '{"open": "<script>"}', {"open": ["softmax"]}])
def test_options_of_anybody_fall_back_to_nothing_open(value):
    assert SurenessOptions.from_json(value) == SurenessOptions()


def test_options_survive_a_link():
    options = SurenessOptions(WITNESSES)
    assert SurenessOptions.from_json(options.to_json()) == options
    assert json.loads(options.to_json()) == {"open": "witnesses"} and SurenessOptions().to_json() == "{}"


def test_beside_a_picture_that_is_not_typical_the_record_is_said_not_to_hold_for_it():
    for p, cautious in ((0.3, False), (0.03, True), (0.001, True)):
        record = opened("", Verdict(TOP, p, held_out=1000, record=Record(100, 97, 0.9, 0.95)))[0]["sure"][
            "record"
        ]
        assert ("which this one is not" in record) == cautious and "97 % are right." in record
