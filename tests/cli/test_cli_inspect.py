"""`pysnn inspect`: every population, layer and number of the file."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from cli_files import make_files, network, run

import pysnn


@pytest.fixture(autouse=True)
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work in a folder with the files."""
    make_files(tmp_path)
    monkeypatch.chdir(tmp_path)


def test_a_relu_network_is_shown_layer_by_layer() -> None:
    done = run("inspect", "ann.safetensors")
    assert (done.status, done.err) == (0, "")
    lines = done.out.splitlines()
    size = Path("ann.safetensors").stat().st_size
    # Convolution 2 * 7 * 10 (what lies beyond borders is no synapse), pool 24, output 36.
    assert lines[0] == (f"ann.safetensors: ReLU network, 39 neurons, 200 synapses, {size:,} bytes")
    assert [line.split()[0] for line in lines[1:]] == [
        "layer",
        "input",
        "conv1",
        "pool1",
        "flatten1",
        "linear1",
    ]
    weight = network().layers[3].weight  # type: ignore[attr-defined]
    assert f"{weight.min():.4g} .. {weight.max():.4g}" in lines[-1]
    assert lines[-1].split()[-2:] == ["none", "relu"]


def test_a_spiking_network_is_shown_population_by_population() -> None:
    snn = pysnn.convert(network(), method="model", threshold=2.0, refractory_period=0.003)
    snn.save("snn.safetensors")
    lines = run("inspect", "snn.safetensors").out.splitlines()
    assert "spiking network with float32 weights, 39 neurons, 200 synapses" in lines[0]
    assert len(lines) == 2 + 1 + 3
    for line, population in zip(lines[3:], snn.populations, strict=True):
        exponents = np.log2(population.grid).astype(int)
        for words in (
            population.name,
            f"{population.num_neurons}",
            population.projections[0].source,
            "0.003 s",
            f"2^{exponents.min()}",
            f"2^{exponents.max()}",
            f"{population.scale_factor:.4g}",
        ):
            assert words in line


def test_json_has_the_numbers_of_the_network() -> None:
    facts = json.loads(run("inspect", "snn.safetensors", "--json").out)
    snn = pysnn.load("snn.safetensors")
    assert isinstance(snn, pysnn.SpikingNetwork)
    assert facts["size"] == Path("snn.safetensors").stat().st_size
    assert (facts["kind"], facts["precision"]) == ("spiking_network", "float32")
    assert facts["num_neurons"] == sum(part["num_neurons"] for part in facts["populations"])
    for part, population in zip(facts["populations"], snn.populations, strict=True):
        projection = population.projections[0]
        assert part["shape"] == list(population.shape)
        assert part["grid"] == [population.grid.min(), population.grid.max()]
        assert part["scale_factor"] == population.scale_factor
        assert part["projections"][0]["weight"] == [
            projection.weight.min(),
            projection.weight.max(),
        ]
    assert facts["populations"][0]["projections"][0]["padding"] == [1, 1]
    assert facts["populations"][1]["projections"][0]["kernel_size"] == [1, 2]


@pytest.mark.parametrize(
    ("layer", "shape"),
    [
        (pysnn.Linear(np.ones((3, 50))), (2, 5, 5)),
        (pysnn.Conv2d(np.ones((3, 2, 3, 2)), stride=2, padding=(2, 1)), (2, 5, 6)),
        (pysnn.Conv2d(np.ones((1, 1, 1, 1)), padding=3), (1, 2, 2)),
        (pysnn.AvgPool2d((2, 3)), (4, 6, 6)),
    ],
    ids=lambda value: type(value).__name__,
)
def test_synapses_are_the_operations_when_every_input_spikes_once(
    layer: pysnn.Linear | pysnn.Conv2d | pysnn.AvgPool2d, shape: tuple[int, ...]
) -> None:
    snn = pysnn.SpikingNetwork(shape)
    snn.add_population("output", layer.output_shape(shape))
    snn.connect("input", "output", layer)
    result = pysnn.simulate(snn, spikes=np.ones((1, 1, *shape), dtype=np.uint8))
    assert result.synaptic_operations.tolist() == [[layer.num_synapses(shape)]]


@pytest.mark.parametrize("file", ["missing.safetensors", "folder"])
def test_what_is_no_file_is_wrong_usage(file: str) -> None:
    done = run("inspect", file)
    assert (done.status, done.out) == (2, "")
    assert file in done.err


@pytest.mark.parametrize("file", ["x.npy", "cut.npz"])
def test_what_is_no_model_file_is_one_line_and_status_1(file: str) -> None:
    done = run("inspect", file)
    assert (done.status, done.out) == (1, "")
    assert done.err.startswith("pysnn: error: ")
    assert done.err.count("\n") == 1
    assert file in done.err


def test_the_table_shows_what_each_neuron_model_has(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    net = pysnn.Network(input_shape=(1, 6, 6))
    net.add("conv", pysnn.Conv2d(rng.normal(0, 0.5, (3, 1, 3, 3)))).add("relu", pysnn.ReLU())
    net.add("pool", pysnn.MaxPool2d(2)).add("flat", pysnn.Flatten())
    net.add("out", pysnn.Linear(rng.normal(0, 0.4, (4, 12))))
    path = tmp_path / "pooled.safetensors"
    pysnn.convert(net, recipe="robust", x=rng.random((20, 1, 6, 6), np.float32)).save(path)
    header, _, relu, pool, out = run("inspect", path).out.splitlines()[1:]
    columns = header.split()
    assert columns[5:9] == ["neuron", "threshold", "reset", "refractory"]
    assert relu.split()[8:12] == ["if", "1", "subtract", "none"]
    for line, model in ((pool, "max_pool"), (out, "readout")):
        assert model in line
        assert "subtract" not in line
        assert "none" not in line
