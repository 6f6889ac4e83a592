"""Our metrics are those of NeuroBench's tool, where that is installed.

Run with ``pip install neurobench`` (it brings PyTorch and snnTorch).
"""

from __future__ import annotations

import math

import numpy as np
import pytest

import pysnn
from pysnn import metrics

torch = pytest.importorskip("torch", reason="torch is not installed")
snntorch = pytest.importorskip("snntorch", reason="snntorch is not installed")
wrappers = pytest.importorskip("neurobench.models", reason="neurobench is not installed")
static = pytest.importorskip("neurobench.metrics.static")
workload = pytest.importorskip("neurobench.metrics.workload")
processors = pytest.importorskip("neurobench.processors.postprocessors")

# Every kind that snnTorch's neurons keep beside the membrane potential.
_SNNTORCH_CONSTANTS = ("threshold", "graded_spikes_factor", "reset_mechanism_val", "beta")


def sparse(rng: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    return rng.normal(0.3, 0.5, shape) * (rng.random(shape) > 0.3)


def data() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(3)
    x = rng.random((20, 2, 6, 6), dtype=np.float32)
    return np.where(x < 0.3, 0, x).astype(np.float32), rng.integers(0, 4, 20)


def as_torch(layer):
    if isinstance(layer, pysnn.Linear):
        twin = torch.nn.Linear(layer.in_features, layer.out_features, bias=False)
    else:
        twin = torch.nn.Conv2d(
            layer.in_channels,
            layer.out_channels,
            layer.kernel_size,
            padding=layer.padding,
            bias=layer.bias is not None,
        )
    twin.weight.data = torch.tensor(layer.weight)
    if layer.bias is not None:
        twin.bias.data = torch.tensor(layer.bias)
    return twin


def measured_by_neurobench(model, x, y, to_classes) -> dict:
    model.register_hooks()
    with torch.no_grad():
        classes = to_classes(model(torch.tensor(x)))
    values = {
        type(metric).__name__: metric(model)
        for metric in (static.Footprint(), static.ConnectionSparsity())
    }
    for metric in (
        workload.ClassificationAccuracy(),
        workload.ActivationSparsity(),
        workload.SynapticOperations(),
    ):
        values[type(metric).__name__] = metric(model, classes, (torch.tensor(x), torch.tensor(y)))
    return values


def assert_same(ours: dict, theirs: dict) -> None:
    assert ours.keys() == theirs.keys()
    # They round to 4 decimals, and take a mean in float32.
    assert round(ours["ConnectionSparsity"], 4) == theirs["ConnectionSparsity"]
    assert ours["ClassificationAccuracy"] == pytest.approx(theirs["ClassificationAccuracy"])
    assert ours["ActivationSparsity"] == pytest.approx(theirs["ActivationSparsity"], rel=1e-12)
    assert ours["SynapticOperations"] == theirs["SynapticOperations"]


def test_a_relu_network_has_neurobench_s_metrics():
    rng = np.random.default_rng(1)
    conv = pysnn.Conv2d(sparse(rng, (3, 2, 3, 3)), rng.normal(0, 0.1, 3), padding=1)
    hidden, last = pysnn.Linear(sparse(rng, (7, 27))), pysnn.Linear(sparse(rng, (4, 7)))
    network = pysnn.Network([conv, pysnn.AvgPool2d(2), hidden, last], input_shape=(2, 6, 6))
    twin = torch.nn.Sequential(
        as_torch(conv),
        torch.nn.ReLU(),
        torch.nn.AvgPool2d(2),
        torch.nn.Flatten(),
        as_torch(hidden),
        torch.nn.ReLU(),
        as_torch(last),
        torch.nn.ReLU(),
    )
    x, y = data()
    theirs = measured_by_neurobench(
        wrappers.TorchModel(twin), x, y, lambda outputs: outputs.argmax(1)
    )
    ours = metrics.measure_network(network, x, y).to_dict()
    assert_same(ours, theirs)
    assert ours["Footprint"] == theirs["Footprint"]


class SpikingTwin(torch.nn.Module):
    """The same integrate-and-fire neurons, by snnTorch."""

    def __init__(self, snn: pysnn.SpikingNetwork) -> None:
        super().__init__()
        layers = []
        for i, population in enumerate(snn.populations):
            is_last = i == len(snn.populations) - 1
            if isinstance(population.projections[0].layer, pysnn.Linear):
                layers.append(torch.nn.Flatten())
            layers.append(as_torch(population.projections[0].layer))
            layers.append(
                snntorch.Leaky(
                    beta=1.0,
                    threshold=float(population.threshold[0]),
                    reset_mechanism="zero",
                    reset_delay=False,
                    init_hidden=True,
                    output=is_last,
                )
            )
        self.chain = torch.nn.Sequential(*layers)

    def forward(self, spikes):
        return self.chain(spikes)


def test_a_spiking_network_has_neurobench_s_metrics():
    rng = np.random.default_rng(8)
    layers = [
        pysnn.Conv2d(sparse(rng, (3, 2, 3, 3)), padding=1),
        pysnn.Linear(sparse(rng, (7, 108))),
        pysnn.Linear(sparse(rng, (4, 7))),
    ]
    snn = pysnn.convert(pysnn.Network(layers, input_shape=(2, 6, 6)), method="none")
    x, y = data()
    arguments = {"duration": 0.03, "max_rate": 700.0, "seed": 4}
    trains = pysnn.poisson_spikes(x, **arguments).swapaxes(0, 1).astype(np.float32)
    twin = SpikingTwin(snn)
    theirs = measured_by_neurobench(
        wrappers.SNNTorchModel(twin), trains, y, processors.ChooseMaxCount()
    )
    ours = metrics.measure_spiking_network(snn, x, y, **arguments).to_dict()
    assert_same(ours, theirs)
    # snnTorch keeps the states of the whole batch, and constants of its neurons, as buffers.
    states = sum(math.prod(population.shape) for population in snn.populations)
    constants = sum(
        buffer.numel() * buffer.element_size()
        for name, buffer in twin.named_buffers()
        if name.rpartition(".")[2] in _SNNTORCH_CONSTANTS
    )
    own = 4 * 2 * len(snn.populations)
    assert theirs["Footprint"] - constants - 4 * len(x) * states == (
        ours["Footprint"] - own - 4 * states
    )
