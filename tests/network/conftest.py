"""What the tests of the network share: a small convolutional one."""

import pytest

from lib.network import Network
from tests.keras_models import contract_for, functional_convolution, shaken


@pytest.fixture(scope="module")
def small() -> Network:
    model, _ = functional_convolution()
    return Network(shaken(model), contract_for(model), name="small")
