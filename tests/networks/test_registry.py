"""The table of networks, and readers by name."""

import numpy as np
import pytest

import model
from model.networks import units, weights
from model.networks.dimensions import UNITS
from model.networks.registry import NETWORKS, SHIPPED


def test_every_network_is_there_under_its_name() -> None:
    for name, network in NETWORKS.items():
        assert network.name == name
        assert network.title
        assert network.weights.is_file()
    assert NETWORKS[SHIPPED.name] is SHIPPED


def test_what_is_known_of_the_units_is_of_these_weights() -> None:
    for network in NETWORKS.values():
        known = units.load(network.units)
        assert str(known.sha256) == weights.load(network.weights)[1]["sha256"]
        assert sorted(known.similarity) == list(range(UNITS))
        assert known.best.shape == (UNITS, 10)
        assert known.best.max() < len(known.bank)


def test_a_reader_by_name_and_by_path_are_the_same(reader) -> None:  # `reader` is by name
    image = np.eye(28, dtype=np.float32)
    by_path = model.load_reader(SHIPPED.weights)
    assert by_path.card == reader.card
    np.testing.assert_array_equal(by_path.read(image).logits, reader.read(image).logits)


def test_a_name_that_is_none_is_taken_for_a_path() -> None:
    with pytest.raises(FileNotFoundError, match="no weights at lstm-1024"):
        model.load_reader("lstm-1024")
