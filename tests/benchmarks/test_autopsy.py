"""The yardstick's own logic: which cases it takes, what it counts, what it prints."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import cv2
import numpy as np
import pytest

from benchmarks import autopsy
from benchmarks.autopsy_pictures import SUBJECTS, Pictures, Subject, find, pages
from benchmarks.autopsy_tables import MISREAD, run_table, share, totals
from benchmarks.ink_pictures import tight
from benchmarks.skews import FAMILIES, Family
from lib import zoo
from lib.autopsy.batchnorm_witness import usable_layers
from lib.network import Network


@pytest.fixture(scope="module")
def network() -> Network:
    return zoo.load("letters-mlp")


def _pictures() -> Pictures:
    """An L and a T of two straight lines each."""
    images = []
    for lines in (((15, 10, 15, 50), (15, 50, 45, 50)), ((10, 12, 50, 12), (30, 12, 30, 52))):
        image = np.zeros((64, 64), np.uint8)
        for x0, y0, x1, y1 in lines:
            cv2.line(image, (x0, y0), (x1, y1), 255, 5, cv2.LINE_AA)
        images.append(tight(image))
    return Pictures("ink", images, [frozenset({11}), frozenset({19})], "an L and a T")


def _always_the_contracts_own(network: Network, picture: object, pipeline: object, **_: object) -> object:
    """An Autopsy that puts back the contract's pipeline whatever it is shown and calls it polarity."""
    return SimpleNamespace(
        fix=network.contract.pipeline(), findings=(SimpleNamespace(cause="polarity"),), verdict="fixable"
    )


def test_a_run_measures_the_mistakes_that_apply_and_both_kinds_of_healthy_pictures(
    monkeypatch: pytest.MonkeyPatch, network: Network, tmp_path: Path
) -> None:
    monkeypatch.setattr(autopsy, "examine", _always_the_contracts_own)
    monkeypatch.setattr(autopsy.zoo, "load", lambda name: network)
    subject = Subject("two", "letters-mlp", lambda folder, part, count, seed: _pictures())
    monkeypatch.setitem(SUBJECTS, "two", subject)
    few = ("healthy", "range 0..1", "range 0..255", "not inverted", "turned + invert off")
    family = FAMILIES["ink"]
    chosen = Family(family.right, tuple(skew for skew in family.skews if skew.name in few))
    monkeypatch.setitem(autopsy.FAMILIES, "ink", chosen)
    run = autopsy.measure("two", tmp_path, "test", 1, 0, "reference")
    rows = {row["skew"]: row for row in run["rows"]}
    # letters-mlp wants 0..255, so that range is no mistake.
    assert set(rows) == {*few, MISREAD} - {"range 0..255"}
    assert rows["not inverted"]["recovered"] == {"k": 1, "n": 1}
    assert rows["not inverted"]["skewed"] == {"k": 0, "n": 1}
    assert rows["range 0..1"]["named"] == {"k": 0, "n": 1}
    assert totals(run)["alarms"]["k"] == totals(run)["alarms"]["n"] == 4
    assert "| not inverted | 1 | 100 % | 0 % | 100 % | 100 % (21–100) | 100 % (21–100) |" in run_table(run)


def test_a_mistake_that_changes_nothing_is_no_case(network: Network) -> None:
    family = FAMILIES["ink"]
    transposed = next(skew for skew in family.skews if skew.name == "transposed")
    symmetrical = np.full((40, 40), 255, np.uint8)
    pictures = Pictures("ink", [symmetrical], [frozenset({3})], "a square")
    assert list(autopsy._cases(pictures, transposed, family.right, network, 1, 0)) == []
    assert len(list(autopsy._cases(_pictures(), transposed, family.right, network, 3, 0))) == 3


def test_without_the_reference_or_batchnorm_nothing_of_them_is_left(network: Network) -> None:
    robust = zoo.load("digits-cnn")
    assert autopsy.knowing(robust, "batchnorm").reference is None
    assert usable_layers(autopsy.knowing(robust, "batchnorm"))
    assert usable_layers(autopsy.knowing(robust, "none")) == ()
    assert usable_layers(robust), "the network itself is as it was"
    assert autopsy.knowing(network, "reference").reference is not None
    assert autopsy.knowing(network, "none").reference is None
    with pytest.raises(ValueError, match="no BatchNorm"):
        autopsy.knowing(network, "batchnorm")


def test_files_are_found_in_the_folder_and_one_below(tmp_path: Path) -> None:
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "a.npz").touch()
    assert find(tmp_path, "a.npz") == tmp_path / "letters" / "a.npz"
    with pytest.raises(FileNotFoundError, match=r"no b\.npz"):
        find(tmp_path, "b.npz")


def test_no_page_of_the_photos_both_chooses_and_measures() -> None:
    photos = np.array(["p1", "p2", "p3", "p4", "p4", "p5"])
    validation, test = pages(photos, "validation"), pages(photos, "test")
    assert list(validation) == [True, False, False, True, True, False]
    assert (validation ^ test).all()


def test_a_share_without_cases_is_a_dash() -> None:
    assert share({"k": 0, "n": 0}) == "–"
    assert share({"k": 5, "n": 10}) == "50 % (24–76)"
