"""The pictures of a finding: what the step gave before and after, as the network takes it where only it can tell."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from lib.autopsy.report import exhibits
from lib.autopsy.report.subject import LONGEST_SIDE, shrunk
from tests.autopsy.report.cases import CONTRACT, RIGHT, WRONG, subject, two_causes


def test_a_finding_about_numbers_shows_what_the_network_takes_them_for() -> None:
    about_range = exhibits(two_causes(), subject())[0]
    assert about_range is not None and about_range.step == "Value range"
    assert about_range.before.shape == about_range.after.shape == CONTRACT.size
    # 0..1 read as 0..255 is black; put right, the wrapped inversion still has the edges that survived it.
    assert about_range.before.max() <= 1 < 50 < about_range.after.max()


def test_a_finding_about_a_step_on_the_picture_shows_the_step_in_the_picture_size() -> None:
    wrap = exhibits(two_causes(), subject())[1]
    assert wrap is not None and wrap.step == "Invert"
    run = WRONG.run(subject().picture)
    image = run.images[[step.name for step in WRONG].index("invert")]
    assert wrap.before.shape == shrunk(image.astype(np.uint8)).shape
    # Paper is black after the right inversion, and 1 - 255 as uint8 is 2.
    assert wrap.after[2, 2] == 0 and wrap.before[2, 2] == 2


def test_without_a_fix_or_with_one_that_cannot_run_there_is_no_picture() -> None:
    found = two_causes()
    first, second = found.findings
    odd = replace(
        found,
        findings=(
            replace(first, fix=None),
            replace(second, fix=WRONG),  # which changes nothing
            replace(second, fix=RIGHT.with_step("grayscale", on=False)),
        ),
    )
    assert exhibits(odd, subject()) == (None, None, None)


def test_a_pipeline_of_the_visitor_that_cannot_run_costs_the_pictures_only() -> None:
    assert exhibits(two_causes(), subject(WRONG.with_step("grayscale", on=False))) == (None, None)


def test_large_pictures_are_shrunk_in_proportion_and_small_ones_kept() -> None:
    assert shrunk(np.zeros((960, 480, 3), np.uint8)).shape == (LONGEST_SIDE, LONGEST_SIDE // 2, 3)
    small = np.zeros((28, 28), np.uint8)
    assert shrunk(small) is small
