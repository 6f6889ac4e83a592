"""Small models that have, between them, everything that a model file can hold."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

import pysnn
from pysnn.spiking import Precision

Model = pysnn.Network | pysnn.SpikingNetwork


def relu_mlp() -> pysnn.Network:
    """Return the smallest network of two layers, one without an activation."""
    hidden = pysnn.Linear([[0.5, -0.25], [1.0, 0.1]], [0.125, -1.0])
    return pysnn.Network([hidden, pysnn.Linear([[1.0, 2.0]], activation="none")], input_shape=(2,))


def relu_convnet() -> pysnn.Network:
    """Return a network with every layer and every option."""
    rng = np.random.default_rng(5)
    return pysnn.Network(
        [
            pysnn.Conv2d(
                rng.normal(size=(3, 2, 3, 2)), rng.normal(size=3), stride=(2, 1), padding=(1, 0)
            ),
            pysnn.AvgPool2d((1, 3), stride=(1, 2)),
            pysnn.Conv2d(rng.normal(size=(2, 3, 1, 1)), activation="none"),
            pysnn.Flatten(),
            pysnn.Linear(rng.normal(size=(4, 12)), rng.normal(size=4)),
        ],
        input_shape=(2, 5, 6),
    )


def relu_groups() -> pysnn.Network:
    """Return a network with convolutions in groups and with dilation, and one of the plain kind."""
    rng = np.random.default_rng(8)
    return pysnn.Network(
        [
            pysnn.Conv2d(rng.normal(size=(4, 1, 2, 2)), rng.normal(size=4), groups=2),
            pysnn.Conv2d(rng.normal(size=(3, 4, 1, 2)), padding=(0, 1), dilation=(1, 3)),
            pysnn.Conv2d(rng.normal(size=(2, 3, 2, 1)), activation="none"),
        ],
        input_shape=(2, 4, 5),
    )


def spiking_groups() -> pysnn.SpikingNetwork:
    """Return a depthwise convolution with dilation and a plain one behind it."""
    rng = np.random.default_rng(9)
    snn = pysnn.SpikingNetwork((2, 3, 4))
    snn.add_population("depthwise", (2, 1, 2))
    depthwise = pysnn.Conv2d(rng.normal(size=(2, 1, 2, 2)), dilation=2, groups=2)
    snn.connect("input", "depthwise", depthwise)
    snn.add_population("out", (1, 1, 1))
    snn.connect("depthwise", "out", pysnn.Conv2d(rng.normal(size=(1, 2, 1, 2))))
    return snn


def spiking_neuron() -> pysnn.SpikingNetwork:
    """Return one neuron with two inputs: the example of docs/model_file.md."""
    snn = pysnn.SpikingNetwork(2)
    snn.add_population("output", 1)
    snn.connect("input", "output", pysnn.Linear([[0.5, -0.25]], [0.125]))
    return snn


def spiking_graph(precision: Precision = "float32") -> pysnn.SpikingNetwork:
    """Return a graph with every projection and every option of a population."""
    rng = np.random.default_rng(6)
    snn = pysnn.SpikingNetwork((1, 4, 4), precision=precision)
    snn.add_population(
        "conv",
        (2, 2, 2),
        threshold=rng.uniform(0.5, 2.0, (2, 2, 2)),
        initial_potential=rng.normal(size=8),
        reset="subtract",
        refractory_period=0.1 + 0.2,
    )
    snn.connect(
        "input",
        "conv",
        pysnn.Conv2d(rng.normal(size=(2, 1, 4, 2)), rng.normal(size=2), stride=2, padding=(1, 0)),
    )
    snn.connect("input", "conv", pysnn.Linear(rng.normal(size=(8, 16)), rng.normal(size=8)))
    snn.add_population("Größe 2", (2, 1, 1), threshold=0.75)
    snn.connect("conv", "Größe 2", pysnn.AvgPool2d(2))
    snn.add_population("out", 3, initial_potential=-0.5)
    snn.connect("Größe 2", "out", pysnn.Linear(rng.normal(size=(3, 2))))
    snn.connect("conv", "out", pysnn.Linear(rng.normal(size=(3, 8))))
    return snn


def spiking_convnet() -> pysnn.SpikingNetwork:
    """Return a converted network, which knows its scales."""
    rng = np.random.default_rng(7)
    network = pysnn.Network(
        [
            pysnn.Conv2d(rng.normal(size=(2, 1, 3, 3))),
            pysnn.AvgPool2d(3),
            pysnn.Flatten(),
            pysnn.Linear(rng.uniform(size=(2, 2)) / 3, [0.1, -0.2]),
        ],
        input_shape=(1, 5, 5),
    )
    return pysnn.convert(network, method="model")


def relu_graph() -> pysnn.Network:
    """Return a network with every kind of node and every option of theirs."""
    rng = np.random.default_rng(10)
    network = pysnn.Network(input_shape=(2, 6, 5))
    network.add("scaled", pysnn.Affine([0.5, 0.1], -1.25))
    network.add("conv", pysnn.Conv2d(rng.normal(size=(3, 2, 3, 3)), padding=(0, 2, 1, 1)))
    norm = (rng.normal(size=3), rng.normal(size=3), rng.normal(size=3), rng.uniform(size=3))
    network.add("norm", pysnn.BatchNorm(*norm, eps=1e-3))
    network.add("clipped", pysnn.ReLU(max=6.0))
    average = pysnn.AvgPool2d(3, 2, padding=1, ceil_mode=True, count_include_pad=False)
    network.add("average", average)
    pool = pysnn.MaxPool2d((2, 3), (2, 2), (1, 1, 1, 1), dilation=(1, 1), ceil_mode=True)
    network.add("largest", pool, ["clipped"])
    network.add(
        "cut",
        pysnn.Conv2d(rng.normal(size=(3, 3, 2, 1)), [1.0, 2.0, 3.0], padding=(0, 1, 0, 0)),
        ["largest"],
    )
    network.add("sum", pysnn.Add(), ["cut", "average", "cut"])
    network.add("plain", pysnn.BatchNorm(None, None, rng.normal(size=3), rng.uniform(size=3)))
    network.add("steps", pysnn.ReLU(max=1.5, levels=4))
    network.add("joined", pysnn.Concat(), ["steps", "sum"])
    network.add("framed", pysnn.Pad((0, 1, 2, 0)))
    network.add("flat", pysnn.Flatten())
    network.add("logits", pysnn.Linear(rng.normal(size=(2, 150)), activation="none"))
    return network


def spiking_models() -> pysnn.SpikingNetwork:
    """Return a network with every neuron model, every kind of projection and a range of inputs."""
    rng = np.random.default_rng(11)
    snn = pysnn.SpikingNetwork((2, 4, 4), input_scale=4.0, input_affine=([0.5, 2.0], [0.1, -1.0]))
    conv = pysnn.Conv2d(rng.normal(size=(2, 2, 3, 3)), padding=(1, 1, 0, 2))
    snn.add_population(
        "signed", (2, 4, 4), neuron="signed", negative_threshold=rng.uniform(size=32), bias=[1, 2]
    )
    snn.connect("input", "signed", conv)
    snn.add_population("bipolar", (2, 4, 4), neuron="bipolar", threshold=0.5)
    snn.connect("signed", "bipolar", pysnn.Identity(rng.normal(size=2)))
    snn.connect("input", "bipolar", conv)
    snn.add_population("pooled", (2, 3, 3), neuron="max_pool")
    snn.connect("bipolar", "pooled", pysnn.MaxPool2d(2, 2, padding=1))
    snn.add_population("averaged", (2, 3, 3), neuron="signed")
    average = pysnn.AvgPool2d(2, 2, padding=1, count_include_pad=False)
    snn.connect("signed", "averaged", average)
    snn.add_population("leaky", 5, neuron="leaky", leak=[0.5, 0.75, 1.0, 0.25, 0.9])
    snn.connect("pooled", "leaky", pysnn.Linear(rng.normal(size=(5, 18))))
    snn.add_population("readout", 3, neuron="readout", delay=2, bias=rng.normal(size=3))
    snn.connect("leaky", "readout", pysnn.Linear(rng.normal(size=(3, 5))))
    snn.connect("averaged", "readout", pysnn.Linear(rng.normal(size=(3, 18))))
    return snn


EXAMPLES: dict[str, Callable[[], Model]] = {
    "relu_mlp": relu_mlp,
    "relu_convnet": relu_convnet,
    "relu_groups": relu_groups,
    "spiking_neuron": spiking_neuron,
    "spiking_graph": spiking_graph,
    "spiking_graph_int16": lambda: spiking_graph("int16"),
    "spiking_convnet": spiking_convnet,
    "spiking_groups": spiking_groups,
    "relu_graph": relu_graph,
    "spiking_models": spiking_models,
}
