"""What goes out to NIR: the second table of docs/importing/nir.md, row by row."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from importing.tables import first_column

import pysnn

nir = pytest.importorskip("nir")
h5py = pytest.importorskip("h5py")

RNG = np.random.default_rng(4)
STEP = {"max_rate": 1000.0, "dt": 1e-3}


def network(
    layer: Any,
    source: Any = 6,
    shape: Any = 4,
    second: Any = None,
    snn: dict[str, Any] | None = None,
    **settings: Any,
) -> pysnn.SpikingNetwork:
    """Return one population."""
    result = pysnn.SpikingNetwork(source, **(snn or {}))
    result.add_population("p", shape, **settings)
    result.connect("input", "p", layer)
    if second is not None:
        result.connect("input", "p", second)
    return result


def linear(bias: Any = None) -> pysnn.Linear:
    """Return a matrix."""
    return pysnn.Linear(RNG.normal(0.1, 0.4, (4, 6)), bias)


def conv(padding: Any = 1, dilation: Any = 1, bias: Any = None) -> pysnn.Conv2d:
    """Return a convolution."""
    return pysnn.Conv2d(
        RNG.normal(0.1, 0.4, (3, 2, 3, 3)), bias, padding=padding, dilation=dilation
    )


def image(layer: Any, *shape: int, **settings: Any) -> pysnn.SpikingNetwork:
    """Return a population that reads images."""
    return network(layer, (2, 6, 6), shape, **settings)


# By row: networks, and the nodes that they become beside input and output.
WRITTEN: dict[str, list[tuple[pysnn.SpikingNetwork, list[str]]]] = {
    "`if` neurons": [
        (network(linear(), threshold=[0.5, 1.0, 1.5, 2.0]), ["Affine", "IF"]),
    ],
    "`leaky` neurons": [
        (network(linear(), neuron="leaky", leak=[0.1, 0.3, 0.77, 0.999]), ["Affine", "LIF"]),
        (network(linear(), neuron="leaky", leak=1e-45), ["Affine", "LIF"]),
    ],
    "`Linear`": [
        (network(linear()), ["Affine", "IF"]),
        (image(pysnn.Linear(RNG.normal(0, 0.3, (4, 72))), 4), ["Affine", "Flatten", "IF"]),
    ],
    "`Conv2d`": [
        (image(conv(), 3, 6, 6), ["Conv2d", "IF"]),
        (image(conv((0, 2, 3, 1)), 3, 6, 8), ["Conv2d", "IF"]),
        (image(conv((0, 4, 0, 2), (2, 1)), 3, 6, 6), ["Conv2d", "IF"]),
    ],
    "`AvgPool2d`": [
        (image(pysnn.AvgPool2d(2), 2, 3, 3, threshold=0.75), ["IF", "SumPool2d"]),
        (image(pysnn.AvgPool2d(3, 1, 1), 2, 6, 6, threshold=0.5), ["IF", "SumPool2d"]),
    ],
    "`Identity`": [
        (network(pysnn.Identity(RNG.random(6)), shape=6), ["Affine", "IF"]),
        (image(pysnn.Identity(RNG.random(2), 2, 0, 3, 1), 3, 3, 3), ["Conv2d", "IF"]),
    ],
    "biases": [
        (network(linear([0.1, -0.1, 0.2, 0.3]), bias=[0.1, 0.1, 0.0, 0.0]), ["Affine", "IF"]),
        (image(conv(bias=[0.1, 0.2, -0.1]), 3, 6, 6), ["Conv2d", "IF"]),
    ],
    "several sources": [
        (network(linear(), second=linear()), ["Affine", "Affine", "IF"]),
        (image(conv(), 3, 6, 6, second=pysnn.Identity(RNG.random(2), 1, 0, 3, 0)),
         ["Conv2d", "Conv2d", "IF"]),
    ],
}  # fmt: skip

# By row: networks, options, and what is said.
REFUSED: dict[str, list[tuple[pysnn.SpikingNetwork, dict[str, Any], str]]] = {
    "`if` neurons": [
        (network(linear(), refractory_period=0.01), {}, "'p' has a refractory period of 0.01 s"),
        (network(linear(), initial_potential=0.5), {}, "'p' has initial potentials"),
        (network(linear(), reset="subtract"), {}, "'p' subtracts .*allow_reset_change=True"),
    ],
    "`leaky` neurons": [
        (network(linear(), neuron="leaky", leak=1.0), STEP, "'p' has a leak of 1.*use 'if'"),
        (network(linear(), neuron="leaky", leak=0.5), {}, "'p' leaks, so that dt is needed"),
    ],
    "`signed`, `bipolar`, `readout`, `max_pool`": [
        (network(linear(), neuron=neuron), {}, f"'p' has '{neuron}' neurons, which NIR lacks")
        for neuron in ("signed", "bipolar", "readout")
    ],
    "`Linear`": [
        (network(pysnn.Linear(np.ones((8, 6))), shape=(2, 2, 2)), {}, r"Linear.*the shape \(8,\)"),
    ],
    "`Conv2d`": [
        (image(conv((0, 1, 1, 1), 2), 3, 3, 4), {}, "'p' has a Conv2d with padding"),
    ],
    "`AvgPool2d`": [
        (image(pysnn.AvgPool2d(2, 2, (0, 1, 0, 1)), 2, 3, 3), {}, "'p' has a pool with unequal"),
        (image(pysnn.AvgPool2d(4, 4, ceil_mode=True), 2, 2, 2), {}, "'p' has a pool.*ceil_mode"),
        (image(pysnn.AvgPool2d(2), 2, 3, 3, second=pysnn.AvgPool2d(2)), {}, "pool and other sour"),
    ],
    "biases": [
        (network(linear([0.1] * 4)), {}, "'p' has biases.*max_rate and dt are needed"),
        (network(linear()), {"max_rate": 2000.0, "dt": 1e-3}, "max_rate.*is 2.0, but must be at"),
        (image(conv(), 3, 6, 6, bias=RNG.random((3, 6, 6))), STEP, "'p' has a bias per neuron"),
    ],
    "an `input_affine`": [
        (network(linear(), snn={"input_scale": 1.0, "input_affine": (2.0, -1.0)}), {},
         "snn has an input_affine"),
    ],
}  # fmt: skip


def spikes(snn: pysnn.SpikingNetwork) -> Any:
    """Return the spikes of the only population."""
    trains = np.random.default_rng(1).random((40, 2, *snn.input_shape)) < 0.4
    result = pysnn.simulate(snn, spikes=trains, record="spikes")
    return result.spikes(snn.populations[0].name)


@pytest.mark.parametrize(
    ("row", "number"), [(row, i) for row, each in WRITTEN.items() for i in range(len(each))]
)
def test_what_is_written_comes_in_again_with_the_same_spikes(
    row: str, number: int, tmp_path: Path
) -> None:
    snn, kinds = WRITTEN[row][number]
    path = tmp_path / "net.nir"
    pysnn.to_nir(snn, path, **STEP)
    nodes = [type(each).__name__ for each in nir.read(path).nodes.values()]
    assert sorted(nodes) == sorted([*kinds, "Input", "Output"])
    found = spikes(pysnn.from_nir(path, dt=STEP["dt"]))
    assert found.any()
    np.testing.assert_array_equal(found, spikes(snn))


@pytest.mark.parametrize(
    ("row", "number"), [(row, i) for row, each in REFUSED.items() for i in range(len(each))]
)
def test_what_nir_can_not_say_is_refused_before_anything_is_written(
    row: str, number: int, tmp_path: Path
) -> None:
    snn, options, text = REFUSED[row][number]
    with pytest.raises(ValueError, match=text):
        pysnn.to_nir(snn, tmp_path / "net.nir", **options)
    assert list(tmp_path.iterdir()) == []


def test_every_row_of_the_table_is_tested() -> None:
    assert set(first_column("nir.md", "Going out")) == {*WRITTEN, *REFUSED}


def test_resets_are_left_out_of_files_for_readers_that_know_none(tmp_path: Path) -> None:
    pysnn.to_nir(network(linear()), tmp_path / "net.nir")
    with h5py.File(tmp_path / "net.nir") as file:
        assert "v_threshold" in file["node/nodes/p"]
        assert "v_reset" not in file["node/nodes/p"]
    assert not nir.read(tmp_path / "net.nir").nodes["p"].v_reset.any()


def test_a_scale_of_the_input_is_in_the_weights(tmp_path: Path) -> None:
    snn = network(linear(), snn={"input_scale": 3.0})
    pysnn.to_nir(snn, tmp_path / "net.nir")
    np.testing.assert_array_equal(spikes(pysnn.from_nir(tmp_path / "net.nir")), spikes(snn))


def test_integers_are_written_as_they_are(tmp_path: Path) -> None:
    source = pysnn.models.from_notation("8x8-4c3-2s-5o", seed=0)
    x = np.random.default_rng(0).random((20, 1, 8, 8), dtype=np.float32)
    quantized = pysnn.quantize(pysnn.convert(source, method="data", x=x, progress=False))
    pysnn.to_nir(quantized, tmp_path / "net.nir")
    nodes = nir.read(tmp_path / "net.nir").nodes
    for name in ("conv1.conv", "linear1.linear"):
        weight = nodes[name].weight
        assert (weight == np.rint(weight)).all()
        assert 63 < np.abs(weight).max() < 128
    np.testing.assert_array_equal(
        nodes["conv1"].v_threshold.ravel(),
        np.nextafter(quantized.populations[0].threshold, np.float32(0)),
    )
    np.testing.assert_array_equal(spikes(pysnn.from_nir(tmp_path / "net.nir")), spikes(quantized))
