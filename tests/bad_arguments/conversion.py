"""Bad arguments of normalization, conversion and spiking networks made by hand."""

# Wrong types are what half of the rows are about.
# mypy: disable-error-code="arg-type, list-item, call-overload"

from __future__ import annotations

import numpy as np

import pysnn

from .calls import (
    ABOVE_ONE,
    ANY,
    CONV,
    IMAGE,
    INF,
    NAN,
    Row,
    X,
    connected,
    dead,
    net,
    net_without_relu,
    population,
    snn,
    with_value,
)

CONVERSION: list[Row] = [
    (
        lambda _: pysnn.convert(net(), x=X, threshold={"fc9": 1.0}),
        ValueError,
        ("threshold", "'fc9'", "'linear1'"),
    ),
    (
        lambda _: pysnn.convert(net(), x=X, threshold={"linear1": 0.0}),
        ValueError,
        ("threshold['linear1']", "0.0"),
    ),
    (
        lambda _: pysnn.convert(net(), x=X, threshold=2.0, calibration="bias"),
        ValueError,
        ("threshold is 2.0", "calibration 'bias'"),
    ),
    (
        lambda _: pysnn.convert(net(), recipe="robust", x=X, num_steps=8),
        ValueError,
        ("num_steps is 8", "calibration"),
    ),
    (
        lambda _: pysnn.convert(net(), x=X, calibration="bias", num_steps=0),
        ValueError,
        ("num_steps", "0"),
    ),
    (
        lambda _: pysnn.convert(net(), x=X, recipe="robust", calibration_samples=3),
        ValueError,
        ("calibration_samples is 3", "calibration", "'none'"),
    ),
    (
        lambda _: pysnn.convert(net(), x=X, calibration="bias", calibration_samples=0),
        ValueError,
        ("calibration_samples", "0"),
    ),
    (
        lambda _: pysnn.convert(net(), x=X, calibration="both"),
        ValueError,
        ("calibration", "'both'", "'potential'"),
    ),
    (
        lambda _: pysnn.convert(net(), method="none", calibration="bias"),
        ValueError,
        ("x is None", "calibration 'bias'"),
    ),
    (
        lambda _: pysnn.convert(net(), method="none", delay="latency", readout="potential"),
        ValueError,
        ("x is None", "delay 'latency'"),
    ),
    (
        lambda _: pysnn.convert(net(), x=X, delay=2, readout="spikes"),
        ValueError,
        ("delay is 2", "readouts"),
    ),
    (
        lambda _: pysnn.convert(net(), x=X, delay=8, calibration="bias", num_steps=8),
        ValueError,
        ("num_steps is 8", "delay of 8"),
    ),
    (lambda _: pysnn.convert(net(), x=X, delay=1.5), TypeError, ("delay", "float")),
    (lambda _: pysnn.convert(net(), x=X, delay=-1), ValueError, ("delay", "-1")),
    (lambda _: pysnn.convert(net(), x=X, delay="soon"), ValueError, ("delay", "soon", "latency")),
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
    (
        lambda _: pysnn.normalize(net(), x=510 * X),
        ValueError,
        ("x[0, 0] is 255.0", "[0, 1]", "scale=1/255"),
    ),
    (
        lambda _: pysnn.normalize(net(), x=with_value(X, (4, 2), ABOVE_ONE)),
        ValueError,
        ("x[4, 2] is 1.0000001,", "[0, 1]", "np.clip(x, 0, 1)"),
    ),
    (
        lambda _: pysnn.normalize(net(), x=with_value(X, (1, 3), -1e-9)),
        ValueError,
        ("x[1, 3] is -1e-09,", "[0, 1]", "np.clip(x, 0, 1)"),
    ),
    (
        lambda _: pysnn.normalize(net(), x=X, scale=4.0),
        ValueError,
        ("x * scale[0, 0] is 2.0", "[0, 1]"),
    ),
    (
        lambda _: pysnn.convert(net(), method="data", x=510 * X),
        ValueError,
        ("x[0, 0] is 255.0", "[0, 1]"),
    ),
    (
        lambda _: pysnn.convert(net(), method="data", x=X[0]),
        ValueError,
        ("x", "(4,)", "x[np.newaxis]"),
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
    (lambda _: pysnn.convert(net(), method="none", threshold="1"), TypeError, ("threshold", "str")),
    (
        lambda _: pysnn.convert(net(), method="none", threshold=[1.0, 1.0]),
        TypeError,
        ("threshold", "list", "one number"),
    ),
    (
        # Each of the two layers has three neurons.
        lambda _: pysnn.convert(pysnn.models.mlp((8, 3, 3)), x=np.ones((1, 8)), threshold=[1] * 3),
        TypeError,
        ("threshold", "list", "one number"),
    ),
    (
        lambda _: pysnn.convert(net(), method="none", threshold=np.ones((3, 1))),
        TypeError,
        ("threshold", "ndarray", "one number"),
    ),
    (
        lambda _: pysnn.convert(net(), method="none", initial_potential=(0.5, 0.5)),
        TypeError,
        ("initial_potential", "tuple", "one number"),
    ),
    (
        lambda _: pysnn.convert(net(), method="none", include_last=False),
        ValueError,
        ("include_last is False", "'data' or 'model'", "'none'"),
    ),
    (
        lambda _: pysnn.convert(net(), method="model", scale=1 / 255),
        ValueError,
        ("scale", "x", "not given"),
    ),
    (lambda _: pysnn.convert(net(), readout="counts"), ValueError, ("readout", "counts", "spikes")),
    (lambda _: pysnn.convert(net(), readout=1), TypeError, ("readout", "int", "str")),
    (lambda _: pysnn.convert(net(), pools="max"), ValueError, ("pools", "max", "folded")),
    (lambda _: pysnn.convert(net(), pools=1), TypeError, ("pools", "int")),
    (lambda _: pysnn.convert(net(), recipe="best"), ValueError, ("recipe", "best", "robust")),
    (lambda _: pysnn.convert(net(), recipe=1), TypeError, ("recipe", "int")),
    (lambda _: pysnn.convert(net(), recipe="robust"), ValueError, ("x", "percentile")),
    (lambda _: pysnn.convert(net(), method="percentile", x=X[:0]), ValueError, ("x", "no samples")),
    (
        lambda _: pysnn.convert(net(), method="data", x=X, per="channel"),
        ValueError,
        ("per", "percentile", "data"),
    ),
    (lambda _: pysnn.convert(net(), recipe="robust", per="row"), ValueError, ("per", "row")),
    (
        lambda _: pysnn.convert(net(), method="data", x=X, percentile=99.0),
        ValueError,
        ("percentile is 99.0", "'percentile', not 'data'"),
    ),
    (
        lambda _: pysnn.convert(net(), x=X, recipe="robust", percentile=0),
        ValueError,
        ("percentile", "0", "(0, 100]"),
    ),
    (
        lambda _: pysnn.convert(net(), x=X, recipe="robust", percentile="99"),
        TypeError,
        ("percentile", "str"),
    ),
    (
        lambda _: pysnn.convert(net(), x=X, recipe="robust", include_last=False),
        ValueError,
        ("include_last", "percentile"),
    ),
    (
        lambda _: pysnn.convert(net(), method="data", x=X, neuron="leaky"),
        ValueError,
        ("neuron", "leaky"),
    ),
    (
        lambda _: pysnn.convert(net(), method="data", x=X, neuron="signed"),
        ValueError,
        ("reset", "zero", "signed"),
    ),
    (
        lambda _: pysnn.convert(net(), method="data", x=X, negative_threshold=0.5),
        ValueError,
        ("negative_threshold", "0.5", "signed"),
    ),
    (
        lambda _: pysnn.convert(net(), x=X, recipe="signed", negative_threshold=-1.0),
        ValueError,
        ("negative_threshold", "-1"),
    ),
    (
        lambda _: pysnn.convert(net(), method="data", x=X, input_scale=0.0),
        ValueError,
        ("input_scale", "0.0"),
    ),
    (
        lambda _: pysnn.convert(net(), method="data", x=X, input_scale="1"),
        TypeError,
        ("input_scale", "str"),
    ),
    (
        lambda _: pysnn.convert(net(), method="data", x=X, input_scale=0.25),
        ValueError,
        ("x[0, 0] is 0.5", "[-0.25, 0.25]", "input_scale is 0.25"),
    ),
    (
        lambda _: pysnn.convert(
            net_without_relu(1), method="data", x=np.ones((1, 1)), variant="released"
        ),
        ValueError,
        ("variant", "'released'", "chains"),
    ),
    (
        lambda _: pysnn.convert(net_without_relu(1), method="data", x=[[NAN]]),
        ValueError,
        ("x[0, 0]", "nan"),
    ),
    (
        lambda _: pysnn.convert(net_without_relu(0), method="none", reset="soft"),
        ValueError,
        ("reset", "soft"),
    ),
    (
        lambda _: pysnn.convert(net_without_relu(0), method="none", precision="int8"),
        ValueError,
        ("precision", "int8"),
    ),
    (
        lambda _: pysnn.normalize(pysnn.Network([pysnn.ReLU()], 4), x=X),
        ValueError,
        ("'relu1'", "ReLU", "convert takes networks of all kinds"),
    ),
    (lambda _: pysnn.fold(snn()), TypeError, ("network", "SpikingNetwork", "Network")),
    (lambda _: pysnn.fold(net(), pools="none"), ValueError, ("pools", "none", "folded")),
    (
        lambda _: pysnn.fold(pysnn.Network([pysnn.MaxPool2d(2)], IMAGE)),
        ValueError,
        ("'max_pool1'", "max pool of the network's input"),
    ),
    (lambda _: pysnn.fold(net()).predict(X[:, :3]), ValueError, ("x", "3 columns", "4 inputs")),
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
    (lambda _: snn().with_threshold(0.0), ValueError, ("threshold", "0", "above 0")),
    (lambda _: snn().with_threshold(1e-50), ValueError, ("threshold", "1e-50", "float32")),
    (lambda _: snn().with_threshold(1e50), ValueError, ("threshold", "float32", "inf")),
    (lambda _: snn().with_threshold([1.0, 1.0]), TypeError, ("threshold", "list")),
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
        lambda _: connected("input", "a", pysnn.AvgPool2d(5), input_shape=IMAGE, shape=(1, 1, 1)),
        ValueError,
        ("side of 4", "has 5"),
    ),
    (
        lambda _: connected("input", "a", pysnn.Conv2d(CONV)),
        ValueError,
        ("(channels, height, width)", "(4,)"),
    ),
]
