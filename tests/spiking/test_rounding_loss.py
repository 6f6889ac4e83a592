"""What rounding took from the weights is told."""

from __future__ import annotations

import numpy as np
import pytest

import pysnn


def network(precision: pysnn.spiking.Precision) -> pysnn.SpikingNetwork:
    """Return a network with two small weights of four beside a large bias."""
    snn = pysnn.SpikingNetwork(4, precision=precision)
    snn.add_population("hidden", 1)
    snn.connect("input", "hidden", pysnn.Linear([[1e-4, 0.5, 1e-4, 0.25]], [1000.0]))
    snn.add_population("output", 1)
    snn.connect("hidden", "output", pysnn.Linear([[0.5]]))
    return snn


def test_weights_that_int16_turns_into_0_are_counted_and_shown() -> None:
    snn = network("int16")
    weight = snn.populations[0].projections[0].weight
    np.testing.assert_array_equal(weight != 0, [[False, True, False, True]])
    hidden, output = snn.rounding_loss
    assert hidden is not None
    assert hidden.zeroed_share == 0.5
    assert hidden.relative_error == pytest.approx(2e-4 / 0.7502)
    assert output == pysnn.spiking.RoundingLoss(0.0, 0.0)
    lines = repr(snn).splitlines()
    assert lines[-1] == (
        "rounding turned 50 % of the weights of hidden into 0; its changes add up to 0.0267 % of "
        "them"
    )
    assert "output" not in lines[-1]


def test_nothing_is_said_where_no_weight_is_lost() -> None:
    snn = network("float32")
    assert all(loss is not None and loss.zeroed_share == 0 for loss in snn.rounding_loss)
    assert "rounding" not in repr(snn)


def test_a_network_that_came_with_rounded_weights_has_no_loss() -> None:
    for snn in (pysnn.io.from_bytes(pysnn.io.to_bytes(network("int16"))),):
        assert isinstance(snn, pysnn.SpikingNetwork)
        assert snn.rounding_loss == (None, None)
        assert "rounding" not in repr(snn)


def test_conversion_keeps_the_loss() -> None:
    relu = pysnn.Network([pysnn.Linear([[1e-4, 0.5]], [1000.0])], input_shape=2)
    snn = pysnn.convert(relu, method="none", precision="int16")
    assert "rounding turned 50 % of the weights of linear1 into 0" in repr(snn)
