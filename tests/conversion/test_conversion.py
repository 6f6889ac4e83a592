"""From ReLU networks to spiking networks: which populations result, and with what."""

from __future__ import annotations

import copy
import pickle

import numpy as np
from worked_example import images

import pysnn

IMAGES = np.stack([np.ones((1, 3, 3)), np.zeros((1, 3, 3))])


def test_conversion_applies_the_same_factors() -> None:
    network = images()
    after, found = pysnn.normalize(network, method="data", x=IMAGES)
    snn = pysnn.convert(network, method="data", x=IMAGES)
    assert [p.name for p in snn.populations] == [
        name
        for name, layer in zip(network.layer_names, network.layers, strict=True)
        if not isinstance(layer, pysnn.Flatten)
    ]
    # Up to the rounding to the grid of 24-bit sums.
    for population, layer in ((0, after.layers[0]), (2, after.layers[3])):
        assert isinstance(layer, pysnn.Conv2d | pysnn.Linear)
        weight = snn.populations[population].projections[0].weight
        np.testing.assert_allclose(weight, layer.weight, rtol=1e-6)
    assert snn.scale_factors == tuple(found.scale_factor[[0, 1, 3]])
    assert [p.scale_factor for p in snn.populations] == list(snn.scale_factors)


def test_conversion_passes_neuron_options_to_every_population() -> None:
    snn = pysnn.convert(
        images(),
        method="none",
        threshold=2.5,
        reset="subtract",
        refractory_period=0.004,
        initial_potential=0.25,
        precision="int16",
    )
    assert snn.precision == "int16"
    for p in snn.populations:
        assert (p.reset, p.refractory_period) == ("subtract", 0.004)
        np.testing.assert_array_equal(p.threshold, np.float32(2.5))
        np.testing.assert_array_equal(p.initial_potential, np.float32(0.25))


def test_every_layer_but_flatten_becomes_a_population_fed_by_the_one_before() -> None:
    snn = pysnn.convert(images(), method="none")
    assert [(p.name, p.shape) for p in snn.populations] == [
        ("conv1", (2, 2, 2)),
        ("pool1", (2, 1, 1)),
        ("linear1", (1,)),
    ]
    sources = [[projection.source for projection in p.projections] for p in snn.populations]
    assert sources == [["input"], ["conv1"], ["pool1"]]


def test_a_layer_without_relu_is_a_readout_at_the_end_and_bipolar_before() -> None:
    layers = [pysnn.Linear([[-1.0]], activation="none") for _ in range(2)]
    snn = pysnn.convert(pysnn.Network(layers, input_shape=1), method="none")
    assert [(each.name, each.neuron) for each in snn.populations] == [
        ("linear1", "bipolar"),
        ("linear2", "readout"),
    ]


def test_spiking_networks_copy_pickle_and_compare() -> None:
    snn = pysnn.convert(images(), method="data", x=IMAGES)
    for other in (copy.copy(snn), copy.deepcopy(snn), pickle.loads(pickle.dumps(snn))):
        assert other == snn
        assert other.scale_factors == snn.scale_factors
    assert pysnn.convert(images(), method="model") != snn
    assert pysnn.convert(images(), method="data", x=IMAGES, reset="subtract") != snn


def test_a_copy_can_be_extended_without_changing_the_original() -> None:
    snn = pysnn.convert(images(), method="none")
    longer = copy.copy(snn)
    longer.add_population("extra", 2)
    longer.connect("linear1", "extra", pysnn.Linear([[1.0], [0.5]]))
    assert [p.name for p in longer.populations] == ["conv1", "pool1", "linear1", "extra"]
    assert [p.name for p in snn.populations] == ["conv1", "pool1", "linear1"]
    assert longer.num_outputs == 2


def test_a_spiking_network_prints_as_a_table_of_its_populations() -> None:
    text = str(pysnn.convert(images(), method="data", x=IMAGES))
    for word in ("conv1", "pool1", "linear1", "(2, 2, 2)"):
        assert word in text
