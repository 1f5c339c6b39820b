"""Bundles come back as they went; anything else that calls itself one is refused in a sentence."""

from __future__ import annotations

import contextlib
import dataclasses
import io
import json
import zipfile

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.bundle import BundleError, is_bundle, open_bundle, write_bundle
from lib.picture import Picture
from lib.picture.guards import DEFAULT_LIMITS
from lib.samples import samples
from tests.bundle.test_writing import CARD, PICTURE, STAGES, TRACE

BUNDLE = write_bundle({"v": "1", "model": CARD.name, "steps": "invert:off"}, PICTURE, STAGES, TRACE, CARD)


def zipped(**files: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name.replace("_", "."), content)
    return buffer.getvalue()


def test_link_pixels_and_name_come_back() -> None:
    opened = open_bundle(BUNDLE, "case.zip")
    assert opened.query == {"v": "1", "model": CARD.name, "steps": "invert:off"}
    np.testing.assert_array_equal(opened.picture.raw, PICTURE.raw)
    assert (opened.picture.name, opened.picture.mode) == ("letter.png", "RGB")


@pytest.mark.parametrize("id", [sample.id for sample in samples()])
def test_every_sample_comes_back_with_what_its_file_was(id: str) -> None:
    picture = next(sample for sample in samples() if sample.id == id).picture()
    stages = CARD.contract.pipeline().run(picture)
    back = open_bundle(write_bundle({}, picture, stages, TRACE, CARD)).picture
    np.testing.assert_array_equal(back.raw, picture.raw)
    facts = (
        "name",
        "background",
        "decoding",
        "format",
        "mode",
        "bit_depth",
        "exif_orientation",
        "jpeg_quality",
    )
    assert [getattr(back, fact) for fact in facts] == [getattr(picture, fact) for fact in facts]
    np.testing.assert_array_equal(CARD.contract.pipeline().run(back).final, stages.final)


def test_pictures_are_no_bundles() -> None:
    assert is_bundle(BUNDLE)
    assert not is_bundle(Picture.from_array(np.zeros((3, 3), np.uint8)).to_png())


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (zipped(a_txt=b"x"), "without case.json"),
        (zipped(case_json=b"{}"), "without picture.png"),
        (zipped(case_json=b"{", picture_png=b""), "damaged"),
        (zipped(case_json=b"[1]", picture_png=b""), "none of Misread's"),
        (zipped(case_json=b"[" * 100_000, picture_png=b""), "damaged"),
        (zipped(case_json=b'{"link": "x"}', picture_png=b""), "no link"),
        (zipped(case_json=b'{"link": {}}', picture_png=b"no picture"), "picture in"),
        (zipped(case_json=b" " * 2_000_000, picture_png=b""), "unpacks to more than"),
        (BUNDLE[: len(BUNDLE) // 2], "damaged"),
        (b"PK\x03\x04" + b"\0" * 64_000_000, "at most"),
    ],
)
def test_what_is_none_is_refused_in_a_sentence(data: bytes, words: str) -> None:
    with pytest.raises(BundleError, match=words):
        open_bundle(data, "case.zip")


def test_a_packed_picture_is_given_up_when_it_unpacks_to_too_much() -> None:
    bomb = zipped(case_json=b'{"link": {}}', picture_png=bytes(DEFAULT_LIMITS.bytes + 1))
    assert len(bomb) < 100_000
    with pytest.raises(BundleError, match=r"picture\.png in .* unpacks to more than"):
        open_bundle(bomb, "bomb.zip")


def test_names_that_lead_out_of_the_archive_lead_nowhere() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in ("../case.json", "/case.json", "..\\case.json", "case.json/../picture.png"):
            archive.writestr(name, b'{"link": {}}')
    with pytest.raises(BundleError, match=r"without case\.json"):
        open_bundle(buffer.getvalue())


def test_numbers_and_models_that_are_not_the_bundles_are_said_to_be_others() -> None:
    opened, pipeline = open_bundle(BUNDLE), STAGES.pipeline
    darker = pipeline.with_step("value_range", mode="0..1")
    assert opened.doubts(PICTURE, pipeline, CARD) == ()
    (said,) = opened.doubts(PICTURE, darker, CARD)
    assert "not those in the bundle" in said
    (said,) = dataclasses.replace(opened, model_sha256="0" * 64).doubts(PICTURE, pipeline, CARD)
    assert "another file of letters-mlp" in said
    assert dataclasses.replace(opened, tensor_sha256="", model_sha256="").doubts(PICTURE, darker, CARD) == ()
    assert opened.doubts(PICTURE, pipeline.with_step("grayscale", on=False), CARD) == ()


def test_many_members_are_refused() -> None:
    with pytest.raises(BundleError, match="40 files"):
        open_bundle(zipped(**{f"f{i}_txt": b"" for i in range(40)}))


@settings(max_examples=60)
@given(st.binary(max_size=300), st.integers(0, len(BUNDLE) - 1))
def test_no_damage_raises_anything_else(noise: bytes, at: int) -> None:
    data = BUNDLE[:at] + noise + BUNDLE[at + len(noise) :]
    with contextlib.suppress(BundleError):
        open_bundle(data)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=5,
)
_FACTS = st.dictionaries(
    st.sampled_from(
        ["name", "background", "decoding", "format", "mode", "bit_depth", "exif_orientation", "jpeg_quality"]
    ),
    _JSON,
)


@settings(max_examples=60)
@given(_FACTS | _JSON, st.dictionaries(st.sampled_from(["model", "steps", "drawing", "upload"]), _JSON))
def test_facts_of_any_kind_are_taken_only_where_they_make_sense(facts: object, link: dict) -> None:
    case = json.dumps({"link": link, "picture": facts}).encode()
    opened = open_bundle(zipped(case_json=case, picture_png=PICTURE.to_png()))
    assert all(isinstance(value, str) for value in opened.query.values())
    assert 1 <= opened.picture.exif_orientation <= 8
    assert opened.picture.background in ("white", "black", "ignore")
    np.testing.assert_array_equal(opened.picture.raw, PICTURE.raw)
