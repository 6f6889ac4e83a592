"""Calls that work as they stand, for rows to change one argument of."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

import pysnn

Row = tuple[Callable[[Path], object], type[Exception], tuple[str, ...]]
NAN, INF = float("nan"), float("inf")
ABOVE_ONE = float(np.nextafter(np.float32(1), np.float32(2)))
X = np.full((5, 4), 0.5)
Y = np.array([0, 1, 0, 1, 0])
SPIKES = np.ones((3, 5, 4), dtype=np.bool_)
ANY: Any = None  # stands where a type checker would refuse what is tested
CONV = np.ones((2, 1, 3, 3))
IMAGE = (1, 4, 4)


def with_value(array: np.ndarray[Any, Any], index: tuple[int, ...], value: float) -> Any:
    """Return a copy with one other entry."""
    changed = array.copy()
    changed[index] = value
    return changed


def net(**options: Any) -> pysnn.Network:
    """Return a 4-3-2 network."""
    return pysnn.models.mlp((4, 3, 2), seed=0, **options)


def graph() -> pysnn.Network:
    """Return a graph of one node, 4-3."""
    return pysnn.Network(input_shape=4).add("first", pysnn.Linear(np.ones((3, 4))))


def grouped() -> pysnn.Network:
    """Return a network that begins with a grouped convolution."""
    conv = pysnn.Conv2d(np.ones((2, 1, 1, 1)), groups=2)
    return pysnn.Network([conv, pysnn.Linear(np.ones((2, 4)))], input_shape=(2, 1, 2))


def net_without_relu(index: int) -> pysnn.Network:
    """Return a network of two layers, one of which has no ReLU."""
    layers = [pysnn.Linear([[1.0]], activation="none" if i == index else "relu") for i in range(2)]
    return pysnn.Network(layers, input_shape=1)


def clipped_outputs() -> pysnn.Network:
    """Return a 4-2 network whose outputs are at most 1."""
    return pysnn.Network([pysnn.Linear(np.ones((2, 4))), pysnn.ReLU(1)], input_shape=4)


def quantized(**options: Any) -> pysnn.Network:
    """Return the 4-3-2 network with hidden activations in steps."""
    return pysnn.models.quantized(**{"network": net(), "levels": 4, **options})


def image_net() -> pysnn.Network:
    """Return a network of one convolution, whose output is an image."""
    return pysnn.Network([pysnn.Conv2d(CONV)], IMAGE)


def weightless() -> pysnn.Network:
    """Return a network without weights."""
    return pysnn.Network([pysnn.Flatten()], IMAGE)


def named(names: Any) -> pysnn.Network:
    """Return a network of one layer with these names."""
    return pysnn.Network([pysnn.Linear([[1.0]])], input_shape=1, layer_names=names)


def dead() -> pysnn.Network:
    """Return a network whose second layer has no positive weight."""
    return pysnn.Network([pysnn.Linear([[1.0]]), pysnn.Linear([[-1.0]])], input_shape=1)


def snn() -> pysnn.SpikingNetwork:
    """Return the 4-3-2 network with spiking neurons."""
    return pysnn.convert(net(), method="none")


def population(**options: Any) -> pysnn.SpikingNetwork:
    """Return a network of one population made with the given options."""
    network = pysnn.SpikingNetwork(options.pop("input_shape", (4,)))
    network.add_population(options.pop("name", "out"), options.pop("shape", (3,)), **options)
    network.connect("input", "out", pysnn.Linear(np.ones((3, 4))))
    return network


def connected(source: Any, target: Any, layer: Any, **options: Any) -> pysnn.SpikingNetwork:
    """Return a network with one more connection between populations a and b."""
    network = pysnn.SpikingNetwork(options.get("input_shape", (4,)))
    network.add_population("a", options.get("shape", (3,)))
    network.add_population("b", options.get("shape", (3,)))
    network.connect(source, target, layer)
    return network


def train(**options: Any) -> pysnn.History:
    """Train the 4-3-2 network for an epoch."""
    arguments = {"network": net(), "x": X, "y": Y, "epochs": 1, "progress": False, **options}
    return pysnn.train(**arguments)


def simulate(**options: Any) -> pysnn.SimulationResult:
    """Simulate three steps."""
    arguments = {"x": X, "duration": 0.003, **options}
    return pysnn.simulate(arguments.pop("snn", None) or snn(), **arguments)


def in_parts(**options: Any) -> pysnn.SimulationResult:
    """Simulate three steps in parts of two samples."""
    return simulate(executor=pysnn.parallel.Workers(part_size=2), **options)


def given(spikes: Any, **options: Any) -> pysnn.SimulationResult:
    """Simulate given spike trains."""
    return pysnn.simulate(snn(), spikes=spikes, **options)


def drawn(**options: Any) -> np.ndarray[Any, Any]:
    """Draw spike trains of three steps."""
    return pysnn.poisson_spikes(**{"x": X, "duration": 0.003, **options})


def measured(**options: Any) -> pysnn.metrics.NeuroBenchMetrics:
    """Measure the 4-3-2 network with spiking neurons."""
    arguments = {"snn": snn(), "x": X, "y": Y, "duration": 0.003, **options}
    return pysnn.metrics.measure_spiking_network(**arguments)


def cost(**options: Any) -> pysnn.metrics.CostOverTime:
    """Count three steps of the 4-3-2 network with spiking neurons."""
    arguments = {"snn": snn(), "x": X, "duration": 0.003, **options}
    return pysnn.metrics.cost_over_time(**arguments)


def spaced(**options: Any) -> np.ndarray[Any, Any]:
    """Make evenly spaced spike trains of three steps."""
    return pysnn.regular_spikes(**{"x": X, "duration": 0.003, **options})


def diagnosed(**options: Any) -> pysnn.ConversionReport:
    """Diagnose the 4-3-2 network over three steps."""
    arguments = {"network": net(), "snn": snn(), "x": X, "duration": 0.003, **options}
    return pysnn.diagnose(**arguments)


def taken_apart(**options: Any) -> pysnn.ConversionErrors:
    """Take the errors of the 4-3-2 network apart over three steps."""
    arguments = {
        "network": net(),
        "snn": snn(),
        "x": X,
        "num_steps": 3,
        "encoding": "constant",
        **options,
    }
    return pysnn.conversion_errors(**arguments)


def written(folder: Path, content: bytes) -> Path:
    """Return the path of a file with this content."""
    path = folder / "file"
    path.write_bytes(content)
    return path


def unconnected() -> pysnn.SpikingNetwork:
    """Return a network with a population that nothing feeds."""
    network = pysnn.SpikingNetwork(4)
    network.add_population("a", (3,))
    return network
