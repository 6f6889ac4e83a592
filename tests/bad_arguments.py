"""The table of bad arguments: (call, exception, words that its message must have).

Words name the argument, what came, and where it is short what was expected. Every public function
has its rows, and ``test_bad_arguments.py`` sees to that. Calls get a folder for files.
"""

# Wrong types are what half of the rows are about.
# mypy: disable-error-code="arg-type, list-item, call-overload"

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

import pysnn

Row = tuple[Callable[[Path], object], type[Exception], tuple[str, ...]]
NAN, INF = float("nan"), float("inf")
X = np.full((5, 4), 0.5)
Y = np.array([0, 1, 0, 1, 0])
SPIKES = np.ones((3, 5, 4), dtype=np.bool_)
ANY: Any = None  # stands where a type checker would refuse what is tested


def with_value(array: np.ndarray[Any, Any], index: tuple[int, ...], value: float) -> Any:
    """Return a copy with one other entry."""
    changed = array.copy()
    changed[index] = value
    return changed


def net(**options: Any) -> pysnn.Network:
    """Return a 4-3-2 network."""
    return pysnn.models.mlp((4, 3, 2), seed=0, **options)


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


def given(spikes: Any, **options: Any) -> pysnn.SimulationResult:
    """Simulate given spike trains."""
    return pysnn.simulate(snn(), spikes=spikes, **options)


def drawn(**options: Any) -> np.ndarray[Any, Any]:
    """Draw spike trains of three steps."""
    return pysnn.poisson_spikes(**{"x": X, "duration": 0.003, **options})


def written(folder: Path, content: bytes) -> Path:
    """Return the path of a file with this content."""
    path = folder / "file"
    path.write_bytes(content)
    return path


CONV = np.ones((2, 1, 3, 3))
IMAGE = (1, 4, 4)

LAYERS: list[Row] = [
    (lambda _: pysnn.Linear([1.0, 2.0]), ValueError, ("weight", "(2,)", "out_features")),
    (lambda _: pysnn.Linear(np.ones((0, 3))), ValueError, ("weight", "(0, 3)")),
    (lambda _: pysnn.Linear([[1.0, NAN]]), ValueError, ("weight[0, 1]", "nan", "finite")),
    (lambda _: pysnn.Linear([[1.0], [-INF]]), ValueError, ("weight[1, 0]", "-inf")),
    (lambda _: pysnn.Linear([[1e300]]), ValueError, ("weight", "float32", "inf")),
    (lambda _: pysnn.Linear([[True]]), TypeError, ("weight", "bool")),
    (lambda _: pysnn.Linear([[1j]]), TypeError, ("weight", "complex")),
    (lambda _: pysnn.Linear([["a"]]), TypeError, ("weight", "real numbers")),
    (lambda _: pysnn.Linear([[1.0], [1.0, 2.0]]), TypeError, ("weight", "ragged")),
    (lambda _: pysnn.Linear([[1.0]], [1.0, 2.0]), ValueError, ("bias", "(2,)", "(1,)")),
    (lambda _: pysnn.Linear([[1.0]], [NAN]), ValueError, ("bias[0]", "nan")),
    (lambda _: pysnn.Linear([[1.0]], [[1.0]]), ValueError, ("bias", "(1, 1)")),
    (
        lambda _: pysnn.Linear([[1.0]], activation="tanh"),
        ValueError,
        ("activation", "tanh", "relu"),
    ),
    (lambda _: pysnn.Linear([[1.0]], activation=1), TypeError, ("activation", "int", "str")),
    (lambda _: pysnn.Conv2d(np.ones((3, 3))), ValueError, ("weight", "(3, 3)", "kernel_height")),
    (lambda _: pysnn.Conv2d(CONV * NAN), ValueError, ("weight[0, 0, 0, 0]", "nan")),
    (lambda _: pysnn.Conv2d(CONV, [1.0]), ValueError, ("bias", "(1,)", "(2,)")),
    (lambda _: pysnn.Conv2d(CONV, stride=0), ValueError, ("stride", "0", "at least 1")),
    (lambda _: pysnn.Conv2d(CONV, stride=(1, 2, 3)), ValueError, ("stride", "3", "pair")),
    (lambda _: pysnn.Conv2d(CONV, stride=1.5), TypeError, ("stride", "float", "int")),
    (lambda _: pysnn.Conv2d(CONV, stride=True), TypeError, ("stride", "bool")),
    (lambda _: pysnn.Conv2d(CONV, padding=-1), ValueError, ("padding", "-1", "at least 0")),
    (lambda _: pysnn.Conv2d(CONV, padding="same"), TypeError, ("padding", "str")),
    (lambda _: pysnn.AvgPool2d(0), ValueError, ("kernel_size", "0", "at least 1")),
    (lambda _: pysnn.AvgPool2d((2, -1)), ValueError, ("kernel_size", "-1")),
    (lambda _: pysnn.AvgPool2d(2.0), TypeError, ("kernel_size", "float")),
    (lambda _: pysnn.AvgPool2d(2, stride=0), ValueError, ("stride", "0")),
    (lambda _: pysnn.Linear([[1.0]]).output_shape((2,)), ValueError, ("(2,)", "1")),
    (lambda _: pysnn.Conv2d(CONV).output_shape((2, 4, 4)), ValueError, ("2 channels", "1")),
    (lambda _: pysnn.AvgPool2d(3).output_shape((1, 4, 3)), ValueError, ("(3, 3)", "(4, 3)")),
]

NETWORKS: list[Row] = [
    (lambda _: pysnn.Network([], input_shape=4), ValueError, ("layers", "empty")),
    (lambda _: pysnn.Network([ANY], input_shape=4), TypeError, ("layers[0]", "NoneType")),
    (lambda _: pysnn.Network(ANY, input_shape=4), TypeError, ("layers", "NoneType")),
    (lambda _: pysnn.Network(net().layers, input_shape=5), ValueError, ("linear1", "5", "4")),
    (lambda _: pysnn.Network(net().layers, input_shape=0), ValueError, ("input_shape", "0")),
    (lambda _: pysnn.Network(net().layers, input_shape=()), ValueError, ("input_shape", "empty")),
    (lambda _: pysnn.Network(net().layers, (2, 2)), ValueError, ("input_shape", "(2, 2)")),
    (lambda _: pysnn.Network(net().layers, input_shape=4.0), TypeError, ("input_shape", "float")),
    (
        lambda _: pysnn.Network([pysnn.Conv2d(CONV), pysnn.AvgPool2d(3)], IMAGE),
        ValueError,
        ("pool1", "(3, 3)", "(2, 2)"),
    ),
    (lambda _: net().predict(X[:, :3]), ValueError, ("x", "3 columns", "4 inputs")),
    (lambda _: net().predict(X[0]), ValueError, ("x", "(4,)", "batch")),
    (lambda _: net().predict(with_value(X, (2, 1), NAN)), ValueError, ("x[2, 1]", "nan")),
    (lambda _: net().predict(X.astype(int)), TypeError, ("x", "int64", "scale")),
    (lambda _: net().predict(X > 0), TypeError, ("x", "bool")),
    (lambda _: net().predict(X * 1j), TypeError, ("x", "complex")),
    (lambda _: net().predict(X, scale=INF), ValueError, ("scale", "inf")),
    (lambda _: net().predict(X, scale="1"), TypeError, ("scale", "str")),
    (lambda _: net().predict(X, batch_size=0), ValueError, ("batch_size", "0")),
    (lambda _: net().predict(X, batch_size=2.5), TypeError, ("batch_size", "float")),
    (lambda _: net().classify(X[:, :3]), ValueError, ("x", "3 columns")),
    (
        lambda _: pysnn.Network([pysnn.Conv2d(CONV)], IMAGE).classify(np.ones((1, *IMAGE))),
        ValueError,
        ("output", "(2, 2, 2)", "num_classes"),
    ),
    (lambda _: net().accuracy(X, Y[:4]), ValueError, ("y", "(4,)", "(5,)")),
    (lambda _: net().accuracy(X, Y + 1), ValueError, ("y[1]", "2", "[0, 2)")),
    (lambda _: net().accuracy(X, Y - 1), ValueError, ("y[0]", "-1", "[0, 2)")),
    (lambda _: net().accuracy(X, Y * 1.0), TypeError, ("y", "float64", "integer")),
    (lambda _: net().accuracy(X[:0], Y[:0]), ValueError, ("x", "no samples")),
    (lambda _: net().activations(X[:, :3]), ValueError, ("x", "3 columns")),
    (lambda _: net().activation_batches(X[:, :3]), ValueError, ("x", "3 columns")),
]

MODELS: list[Row] = [
    (lambda _: pysnn.models.mlp((4,)), ValueError, ("sizes", "1", "at least 2")),
    (lambda _: pysnn.models.mlp((4, 0)), ValueError, ("sizes[1]", "0")),
    (lambda _: pysnn.models.mlp((4, 2.0)), TypeError, ("sizes[1]", "float")),
    (lambda _: pysnn.models.mlp((4, 2), seed=-1), ValueError, ("seed", "-1")),
    (lambda _: pysnn.models.mlp((4, 2), initial_range=0.0), ValueError, ("initial_range", "0")),
    (lambda _: pysnn.models.mlp((4, 2), bias="no"), TypeError, ("bias", "str", "bool")),
    (lambda _: pysnn.models.convnet((28, 28), (4,)), ValueError, ("input_shape", "(28, 28)")),
    (lambda _: pysnn.models.convnet(IMAGE, (0,)), ValueError, ("channels[0]", "0")),
    (lambda _: pysnn.models.convnet(IMAGE, (4,), kernel_size=0), ValueError, ("kernel_size", "0")),
    (lambda _: pysnn.models.convnet(IMAGE, (4,), kernel_size=9), ValueError, ("conv1", "4", "9")),
    (lambda _: pysnn.models.convnet(IMAGE, (4,), kernel_size=2), ValueError, ("pool1", "(3, 3)")),
    (
        lambda _: pysnn.models.convnet(IMAGE, (4,), kernel_size=3, num_classes=0),
        ValueError,
        ("num_classes", "0"),
    ),
    (lambda _: pysnn.models.diehl2015_fcn(seed=1.5), TypeError, ("seed", "float")),
    (lambda _: pysnn.models.diehl2015_convnet(seed=2**64), ValueError, ("seed", str(2**64))),
]

TRAINING: list[Row] = [
    (lambda _: train(network=snn()), TypeError, ("network", "SpikingNetwork", "Network")),
    (lambda _: train(x=X[:, :3]), ValueError, ("x", "3 columns", "4 inputs")),
    (lambda _: train(x=with_value(X, (0, 3), INF)), ValueError, ("x[0, 3]", "inf")),
    (lambda _: train(y=Y[:4]), ValueError, ("y", "(4,)", "(5,)")),
    (lambda _: train(y=Y + 1), ValueError, ("y[1]", "2", "[0, 2)")),
    (lambda _: train(x=X[:0], y=Y[:0]), ValueError, ("x", "0 samples")),
    (lambda _: train(epochs=0), ValueError, ("epochs", "0")),
    (lambda _: train(epochs=1.0), TypeError, ("epochs", "float")),
    (lambda _: train(batch_size=-1), ValueError, ("batch_size", "-1")),
    (lambda _: train(learning_rate=0.0), ValueError, ("learning_rate", "0", "above 0")),
    (lambda _: train(learning_rate=NAN), ValueError, ("learning_rate", "nan")),
    (lambda _: train(learning_rate=[0.1, 0.2]), ValueError, ("learning_rate", "2", "1")),
    (lambda _: train(learning_rate=lambda _: -1.0), ValueError, ("learning_rate", "-1")),
    (lambda _: train(learning_rate="fast"), TypeError, ("learning_rate", "str")),
    (lambda _: train(momentum=1.0), ValueError, ("momentum", "1", "[0, 1)")),
    (lambda _: train(momentum=-0.1), ValueError, ("momentum", "-0.1")),
    (lambda _: train(dropout=1.0), ValueError, ("dropout", "1", "[0, 1)")),
    (lambda _: train(dropout=[0.5, 0.5]), ValueError, ("dropout", "2", "1 hidden")),
    (lambda _: train(loss="hinge"), ValueError, ("loss", "hinge", "half_squared_error")),
    (lambda _: train(validation_split=5), ValueError, ("validation_split", "5")),
    (lambda _: train(validation_split=1.0), ValueError, ("validation_split", "1")),
    (lambda _: train(validation_split=-1), ValueError, ("validation_split", "-1")),
    (lambda _: train(seed=-1), ValueError, ("seed", "-1")),
    (lambda _: train(scale=NAN), ValueError, ("scale", "nan")),
    (lambda _: train(progress="yes"), TypeError, ("progress", "str")),
]

CONVERSION: list[Row] = [
    (lambda _: pysnn.normalize(ANY), TypeError, ("network", "NoneType", "Network")),
    (lambda _: pysnn.normalize(snn(), method="model"), TypeError, ("network", "SpikingNetwork")),
    (lambda _: pysnn.normalize(net(), method="best"), ValueError, ("method", "best", "data")),
    (lambda _: pysnn.normalize(net(), method=ANY), TypeError, ("method", "NoneType")),
    (lambda _: pysnn.normalize(net(), method="data"), ValueError, ("x", "data")),
    (lambda _: pysnn.normalize(net(), method="model", x=X), ValueError, ("x", "model")),
    (lambda _: pysnn.normalize(net(), method="none", x=X), ValueError, ("x", "none")),
    (lambda _: pysnn.normalize(net(), x=X[:0]), ValueError, ("x", "no samples")),
    (lambda _: pysnn.normalize(net(), x=X[:, :3]), ValueError, ("x", "3 columns", "4 inputs")),
    (
        lambda _: pysnn.normalize(net(), x=with_value(X, (1, 0), NAN)),
        ValueError,
        ("x[1, 0]", "nan"),
    ),
    (lambda _: pysnn.normalize(net(), x=X.astype(int)), TypeError, ("x", "int64", "scale")),
    (lambda _: pysnn.normalize(net(), x=X, variant="matlab"), ValueError, ("variant", "matlab")),
    (
        lambda _: pysnn.normalize(net(), method="model", variant="released"),
        ValueError,
        ("variant", "released", "data"),
    ),
    (lambda _: pysnn.normalize(net(), x=X, include_last=1), TypeError, ("include_last", "int")),
    (lambda _: pysnn.normalize(net(), x=X, scale=0.0), ValueError, ("scale", "0")),
    (lambda _: pysnn.normalize(net(), x=X, batch_size=0), ValueError, ("batch_size", "0")),
    (lambda _: pysnn.normalize(net(), x=X, num_threads=0), ValueError, ("num_threads", "0")),
    (lambda _: pysnn.normalize(net(), x=X, num_threads=1.5), TypeError, ("num_threads", "float")),
    (lambda _: pysnn.normalize(net(), x=X, progress=3), TypeError, ("progress", "int")),
    (lambda _: pysnn.normalize(dead(), method="model"), ValueError, ("linear2", "0")),
    (lambda _: pysnn.normalize(dead(), x=np.ones((1, 1))), ValueError, ("linear2", "0")),
    (lambda _: pysnn.convert(ANY), TypeError, ("network", "NoneType", "Network")),
    (lambda _: pysnn.convert(net(), method="best"), ValueError, ("method", "best")),
    (lambda _: pysnn.convert(net(), method="data"), ValueError, ("x", "data")),
    (lambda _: pysnn.convert(net(), method="none", threshold=0.0), ValueError, ("threshold", "0")),
    (lambda _: pysnn.convert(net(), method="none", threshold="1"), TypeError, ("threshold", "<U1")),
    (
        lambda _: pysnn.convert(net(), method="none", threshold=[1.0, 1.0]),
        ValueError,
        ("threshold", "2", "3"),
    ),
    (lambda _: pysnn.convert(net(), method="none", reset="soft"), ValueError, ("reset", "soft")),
    (
        lambda _: pysnn.convert(net(), method="none", refractory_period=-1e-3),
        ValueError,
        ("refractory_period", "-0.001"),
    ),
    (
        lambda _: pysnn.convert(net(), method="none", initial_potential=NAN),
        ValueError,
        ("initial_potential", "nan"),
    ),
    (
        lambda _: pysnn.convert(net(), method="none", precision="int8"),
        ValueError,
        ("precision", "int8", "int16"),
    ),
]

SPIKING: list[Row] = [
    (lambda _: pysnn.SpikingNetwork(0), ValueError, ("input_shape", "0")),
    (lambda _: pysnn.SpikingNetwork((4, 4)), ValueError, ("input_shape", "(4, 4)")),
    (lambda _: pysnn.SpikingNetwork(4.0), TypeError, ("input_shape", "float")),
    (lambda _: pysnn.SpikingNetwork(4, precision="half"), ValueError, ("precision", "half")),
    (lambda _: population(name=""), ValueError, ("name",)),
    (lambda _: population(name=3), TypeError, ("name", "int", "str")),
    (lambda _: population(name="input"), ValueError, ("name", "input")),
    (lambda _: population(name="a/b"), ValueError, ("name", "a/b")),
    (lambda _: snn().add_population("linear1", (3,)), ValueError, ("name", "linear1")),
    (lambda _: population(shape=(3, 0)), ValueError, ("shape", "0")),
    (lambda _: population(shape=(3, 1)), ValueError, ("shape", "(3, 1)")),
    (lambda _: population(shape="3"), TypeError, ("shape", "str")),
    (lambda _: population(threshold=0.0), ValueError, ("threshold", "0", "above 0")),
    (lambda _: population(threshold=-1.0), ValueError, ("threshold", "-1", "above 0")),
    (lambda _: population(threshold=INF), ValueError, ("threshold", "inf")),
    (lambda _: population(threshold=[1.0, NAN, 1.0]), ValueError, ("threshold[1]", "nan")),
    (
        lambda _: population(threshold=[1.0, 1.0, 0.0]),
        ValueError,
        ("threshold", "0.0", "2", "above 0"),
    ),
    (lambda _: population(threshold=[1.0, 1.0]), ValueError, ("threshold", "2", "3")),
    (lambda _: population(threshold="high"), TypeError, ("threshold",)),
    (lambda _: population(initial_potential=INF), ValueError, ("initial_potential", "inf")),
    (
        lambda _: population(initial_potential=[0.0] * 4),
        ValueError,
        ("initial_potential", "4", "3"),
    ),
    (lambda _: population(reset="soft"), ValueError, ("reset", "soft", "subtract")),
    (lambda _: population(reset=0), TypeError, ("reset", "int", "str")),
    (lambda _: population(refractory_period=-0.001), ValueError, ("refractory_period", "-0.001")),
    (lambda _: population(refractory_period=NAN), ValueError, ("refractory_period", "nan")),
    (lambda _: population(refractory_period="1 ms"), TypeError, ("refractory_period", "str")),
    (lambda _: connected("c", "a", pysnn.Linear(np.ones((3, 4)))), ValueError, ("source", "c")),
    (
        lambda _: connected("b", "a", pysnn.Linear(np.ones((3, 3)))),
        ValueError,
        ("source", "b", "a"),
    ),
    (lambda _: connected("a", "a", pysnn.Linear(np.ones((3, 3)))), ValueError, ("source", "a")),
    (lambda _: connected("a", "c", pysnn.Linear(np.ones((3, 3)))), ValueError, ("target", "c")),
    (
        lambda _: connected("a", "input", pysnn.Linear(np.ones((4, 3)))),
        ValueError,
        ("target", "input"),
    ),
    (lambda _: connected(1, "a", pysnn.Linear(np.ones((3, 4)))), TypeError, ("source", "int")),
    (lambda _: connected("input", 1, pysnn.Linear(np.ones((3, 4)))), TypeError, ("target", "int")),
    (lambda _: connected("input", "a", np.ones((3, 4))), TypeError, ("layer", "ndarray")),
    (lambda _: connected("input", "a", pysnn.Flatten()), TypeError, ("layer", "Flatten")),
    (lambda _: connected("input", "a", pysnn.Linear(np.ones((3, 5)))), ValueError, ("5", "4")),
    (lambda _: connected("input", "a", pysnn.Linear(np.ones((2, 4)))), ValueError, ("2", "3", "a")),
    (
        lambda _: connected("input", "a", pysnn.Conv2d(CONV), input_shape=IMAGE, shape=(2, 3, 3)),
        ValueError,
        ("(2, 2, 2)", "(2, 3, 3)"),
    ),
    (
        lambda _: connected("input", "a", pysnn.AvgPool2d(3), input_shape=IMAGE, shape=(1, 1, 1)),
        ValueError,
        ("(3, 3)", "(4, 4)"),
    ),
    (
        lambda _: connected("input", "a", pysnn.Conv2d(CONV)),
        ValueError,
        ("(channels, height, width)", "(4,)"),
    ),
]

SIMULATION: list[Row] = [
    (lambda _: pysnn.simulate(net(), X, duration=0.1), TypeError, ("snn", "Network")),
    (
        lambda _: pysnn.simulate(pysnn.SpikingNetwork(4), X, duration=0.1),
        ValueError,
        ("population",),
    ),
    (lambda _: simulate(snn=unconnected()), ValueError, ("'a'", "no projection")),
    (lambda _: simulate(x=None), ValueError, ("x", "spikes")),
    (lambda _: simulate(spikes=SPIKES), ValueError, ("x", "spikes")),
    (lambda _: simulate(x=X[:, :3]), ValueError, ("x", "3 columns", "4 inputs")),
    (lambda _: simulate(x=X[0]), ValueError, ("x", "(4,)", "batch")),
    (lambda _: simulate(x=with_value(X, (1, 2), NAN)), ValueError, ("x[1, 2]", "nan")),
    (lambda _: simulate(x=with_value(X, (1, 2), 1.25)), ValueError, ("x", "1.25", "[0, 1]")),
    (lambda _: simulate(x=with_value(X, (1, 2), -0.5)), ValueError, ("x", "-0.5", "[0, 1]")),
    (lambda _: simulate(x=X.astype(np.uint8)), TypeError, ("x", "uint8", "scale")),
    (lambda _: simulate(x=X, scale=3.0), ValueError, ("x", "1.5", "[0, 1]")),
    (lambda _: simulate(scale=NAN), ValueError, ("scale", "nan")),
    (lambda _: simulate(duration=None), ValueError, ("duration",)),
    (lambda _: simulate(duration=0.0), ValueError, ("duration", "0")),
    (lambda _: simulate(duration=-1.0), ValueError, ("duration", "-1")),
    (lambda _: simulate(duration=0.0004), ValueError, ("duration", "0.0004", "0.001")),
    (lambda _: simulate(duration=INF), ValueError, ("duration", "inf")),
    (lambda _: simulate(duration="1 s"), TypeError, ("duration", "str")),
    (lambda _: simulate(duration=1e12), ValueError, ("duration", str(10**15), "2^34")),
    (lambda _: simulate(dt=0.0), ValueError, ("dt", "0")),
    (lambda _: simulate(dt=NAN), ValueError, ("dt", "nan")),
    (lambda _: simulate(max_rate=1001.0), ValueError, ("max_rate", "1.001", "1")),
    (lambda _: simulate(max_rate=-1.0), ValueError, ("max_rate", "-1")),
    (lambda _: simulate(max_rate=INF), ValueError, ("max_rate", "inf")),
    (lambda _: simulate(max_rate="fast"), TypeError, ("max_rate", "str")),
    (lambda _: simulate(seed=-1), ValueError, ("seed", "-1")),
    (lambda _: simulate(seed=2**64), ValueError, ("seed", str(2**64))),
    (lambda _: simulate(seed=0.5), TypeError, ("seed", "float")),
    (lambda _: simulate(sample_ids=[0, 1]), ValueError, ("sample_ids", "2", "5")),
    (lambda _: simulate(sample_ids=[0, 1, 2, 3, -1]), ValueError, ("sample_ids[4]", "-1")),
    (lambda _: simulate(sample_ids=-np.arange(5)), ValueError, ("sample_ids", "-1", "1")),
    (lambda _: simulate(sample_ids=[0.0] * 5), TypeError, ("sample_ids[0]", "float", "int")),
    (lambda _: simulate(sample_ids=np.zeros(5)), TypeError, ("sample_ids", "float64")),
    (lambda _: simulate(sample_ids=np.zeros((1, 5), int)), ValueError, ("sample_ids", "(1, 5)")),
    (lambda _: simulate(sample_ids=3), TypeError, ("sample_ids", "int")),
    (lambda _: simulate(bias_scale=0.5), ValueError, ("bias_scale", "max_rate * dt")),
    (lambda _: simulate(record="weights"), ValueError, ("record", "weights", "spikes")),
    (lambda _: simulate(record=["spikes", 1]), TypeError, ("record", "int")),
    (lambda _: simulate(record={"spikes": ["c"]}), ValueError, ("record", "'c'")),
    (lambda _: simulate(record={"weights": ["linear1"]}), ValueError, ("record", "weights")),
    (lambda _: simulate(record={"spikes": 3}), TypeError, ("record", "int")),
    (lambda _: simulate(num_threads=0), ValueError, ("num_threads", "0")),
    (lambda _: simulate(num_threads=-2), ValueError, ("num_threads", "-2")),
    (lambda _: simulate(num_threads=2.0), TypeError, ("num_threads", "float")),
    (lambda _: simulate(progress="yes"), TypeError, ("progress", "str")),
    (lambda _: given(SPIKES[:, :, :3]), ValueError, ("spikes", "3", "4")),
    (lambda _: given(SPIKES[0]), ValueError, ("spikes", "(5, 4)", "num_steps")),
    (lambda _: given(SPIKES * 1.0), TypeError, ("spikes", "float64", "bool")),
    (lambda _: given(SPIKES.astype(np.int64)), TypeError, ("spikes", "int64", "uint8")),
    (lambda _: given(SPIKES * np.uint8(2)), ValueError, ("spikes", "2", "0")),
    (lambda _: given(SPIKES, duration=0.5), ValueError, ("duration", "spikes")),
    (lambda _: given(SPIKES, bias_scale=1.5), ValueError, ("bias_scale", "1.5", "[0, 1]")),
    (lambda _: given(SPIKES, bias_scale=NAN), ValueError, ("bias_scale", "nan")),
    (lambda _: given(SPIKES, scale=2.0), ValueError, ("scale", "spikes")),
    (lambda _: simulate().accuracy(Y[:4]), ValueError, ("y", "(4,)", "(5,)")),
    (lambda _: simulate().accuracy(Y + 1), ValueError, ("y[1]", "2", "[0, 2)")),
    (lambda _: simulate().accuracy(Y * 1.0), TypeError, ("y", "float64")),
    (lambda _: pysnn.Simulation(net(), 5), TypeError, ("snn", "Network")),
    (lambda _: pysnn.Simulation(snn(), -1), ValueError, ("num_samples", "-1")),
    (lambda _: pysnn.Simulation(snn(), 5.0), TypeError, ("num_samples", "float")),
    (lambda _: pysnn.Simulation(snn(), 5, dt=-1.0), ValueError, ("dt", "-1")),
    (
        lambda _: pysnn.Simulation(snn(), 5, max_rate=2e3).run(X, duration=0.1),
        ValueError,
        ("max_rate", "2", "at most 1"),
    ),
    (lambda _: pysnn.Simulation(snn(), 5, seed="a"), TypeError, ("seed", "str")),
    (lambda _: pysnn.Simulation(snn(), 5, sample_ids=[1]), ValueError, ("sample_ids", "1", "5")),
    (lambda _: pysnn.Simulation(snn(), 5, record="v"), ValueError, ("record", "v")),
    (lambda _: pysnn.Simulation(snn(), 5, num_threads=0), ValueError, ("num_threads", "0")),
    (lambda _: pysnn.Simulation(snn(), 5, bias_scale=2.0), ValueError, ("bias_scale", "2")),
    (lambda _: pysnn.Simulation(snn(), 4).run(X, duration=0.1), ValueError, ("x", "5", "4")),
    (lambda _: pysnn.Simulation(snn(), 5).run(X), ValueError, ("duration",)),
    (lambda _: pysnn.Simulation(snn(), 5).run(duration=0.1), ValueError, ("x", "spikes")),
    (lambda _: pysnn.Simulation(snn(), 4).run(spikes=SPIKES), ValueError, ("spikes", "5", "4")),
    (lambda _: pysnn.Simulation(snn(), 5).step(SPIKES), ValueError, ("spikes", "(3, 5, 4)")),
    (lambda _: pysnn.Simulation(snn(), 5).step(SPIKES[0] * 1.0), TypeError, ("spikes", "float64")),
    (lambda _: pysnn.Simulation(snn(), 5).membrane_potential("c"), ValueError, ("'c'", "linear1")),
    (lambda _: pysnn.Simulation(snn(), 5).membrane_potential(0), TypeError, ("population", "int")),
]

ENCODING: list[Row] = [
    (lambda _: drawn(x=with_value(X, (0, 1), NAN)), ValueError, ("x[0, 1]", "nan")),
    (lambda _: drawn(x=with_value(X, (0, 1), 1.5)), ValueError, ("x", "1.5", "[0, 1]")),
    (lambda _: drawn(x=0.5), ValueError, ("x", "()", "num_samples")),
    (lambda _: drawn(x=X.astype(np.uint8)), TypeError, ("x", "uint8", "scale")),
    (lambda _: drawn(x=X > 0), TypeError, ("x", "bool")),
    (lambda _: drawn(duration=0.0), ValueError, ("duration", "0")),
    (lambda _: drawn(duration=NAN), ValueError, ("duration", "nan")),
    (lambda _: drawn(duration=1e15), ValueError, ("duration", str(10**18), "2^34")),
    (lambda _: drawn(duration=1.7e7, x=np.ones((10**6, 4))), MemoryError, ("spike trains",)),
    (lambda _: drawn(dt=-1e-3), ValueError, ("dt", "-0.001")),
    (lambda _: drawn(max_rate=1500.0), ValueError, ("max_rate", "1.5", "1")),
    (lambda _: drawn(seed=-1), ValueError, ("seed", "-1")),
    (lambda _: drawn(sample_ids=[0]), ValueError, ("sample_ids", "1", "5")),
    (lambda _: drawn(sample_ids=["a"] * 5), TypeError, ("sample_ids[0]", "str")),
    (lambda _: drawn(first_step=-1), ValueError, ("first_step", "-1")),
    (lambda _: drawn(first_step=1.0), TypeError, ("first_step", "float")),
    (lambda _: drawn(first_step=2**34), ValueError, ("first_step", str(2**34))),
    (lambda _: drawn(scale="a"), TypeError, ("scale", "str")),
    (lambda _: drawn(num_threads=0), ValueError, ("num_threads", "0")),
]

FILES: list[Row] = [
    (lambda _: pysnn.load(3), TypeError, ("path", "int")),
    (lambda p: pysnn.load(p / "missing"), FileNotFoundError, ("missing",)),
    (lambda p: pysnn.load(p), IsADirectoryError, ("irectory",)),
    (lambda p: pysnn.load(written(p, b"")), pysnn.ModelFileError, ("file",)),
    (lambda p: pysnn.load(written(p, b"PK" + bytes(40))), pysnn.ModelFileError, ("file",)),
    (lambda p: pysnn.save(X, p / "f"), TypeError, ("model", "ndarray")),
    (lambda _: pysnn.save(net(), 3), TypeError, ("path", "int")),
    (lambda p: pysnn.save(net(), p / "no" / "f"), FileNotFoundError, ("no",)),
    (lambda _: net().save(3), TypeError, ("path", "int")),
    (lambda _: snn().save(3), TypeError, ("path", "int")),
    (lambda p: snn().save(p / "no" / "f"), FileNotFoundError, ("no",)),
    (lambda _: pysnn.datasets.load_mnist(flat=1), TypeError, ("flat", "int", "bool")),
    (lambda _: pysnn.datasets.load_idx(3), TypeError, ("path", "int")),
    (lambda p: pysnn.datasets.load_idx(p / "missing"), FileNotFoundError, ("missing",)),
    (lambda p: pysnn.datasets.load_idx(p), pysnn.datasets.DatasetError, ("no IDX",)),
    (lambda p: pysnn.datasets.load_idx(written(p, b"ab")), pysnn.datasets.DatasetError, ("61 62",)),
]

TABLE: list[Row] = [
    *LAYERS, *NETWORKS, *MODELS, *TRAINING, *CONVERSION, *SPIKING, *SIMULATION, *ENCODING, *FILES
]  # fmt: skip


def unconnected() -> pysnn.SpikingNetwork:
    """Return a network with a population that nothing feeds."""
    network = pysnn.SpikingNetwork(4)
    network.add_population("a", (3,))
    return network
