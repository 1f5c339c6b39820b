"""Claims about how a network answers noise."""

import gc
import weakref

import keras
import numpy as np

from lib.contract import Contract
from lib.network import Network
from lib.noise_probe import noise_probe


def constant(bias):
    """A network that gives the same logits for every picture."""
    layers = [keras.layers.Input((8, 8)), keras.layers.Flatten(), keras.layers.Dense(2, name="logits")]
    model = keras.Sequential(layers)
    model.layers[-1].set_weights([np.zeros((64, 2)), np.array(bias)])
    return Network(model, Contract((8, 8), (8, 8), ("A", "B")))


def test_the_class_and_the_logit_that_noise_gets_are_those_of_the_network():
    network = constant([1.0, 3.0])
    probe = noise_probe(network)
    assert (probe.attractor.name, probe.attractor.share, len(probe.largest)) == ("B", 1.0, 300)
    assert (probe.reached(3.0), probe.reached(3.1), probe.reached(-1.0)) == (1.0, 0.0, 1.0)


def test_it_is_asked_once_and_kept_no_longer_than_the_network():
    network = constant([0.0, 1.0])
    assert noise_probe(network) is noise_probe(network)
    gone = weakref.ref(network)
    del network
    gc.collect()
    assert gone() is None
