"""Claims about the limits and what is counted."""

import dataclasses

import pytest

from lib.dataset.guards import Complaints, DatasetLimits, Request, Watch
from lib.settings import SettingError


def test_every_limit_is_a_setting():
    for field in dataclasses.fields(DatasetLimits):
        limits = DatasetLimits.from_environment({f"MISREAD_DATASET_{field.name.upper()}": " 1_234 "})
        assert limits == dataclasses.replace(DatasetLimits(), **{field.name: 1234})
    assert DatasetLimits.from_environment({}) == DatasetLimits()


@pytest.mark.parametrize("text", ["0", "-1", "1.5", "lots", "1e6", "٣"])
def test_a_setting_that_is_no_number_is_named(text):
    with pytest.raises(SettingError, match="MISREAD_DATASET_IMAGES must be a whole number of at least 1"):
        DatasetLimits.from_environment({"MISREAD_DATASET_IMAGES": text})


def test_the_kaggle_letters_fit_the_default_limits():
    limits = DatasetLimits()
    request = Request("", limits, Watch("", limits, None, None))
    request.check_images(372_450, 784)


def test_all_complaints_are_counted_and_twenty_kept():
    complaints = Complaints()
    for number in range(30):
        complaints.add(str(number))
    assert complaints.count == 30
    assert complaints.first == [str(number) for number in range(20)]
