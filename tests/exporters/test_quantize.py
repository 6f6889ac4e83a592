"""Quantized networks: integers, the same spikes from any program that reads them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from residual import X, residual

import pysnn


def robust(**options: Any) -> pysnn.SpikingNetwork:
    """Return a converted residual network."""
    network = residual(affine=options.pop("affine", False))
    return pysnn.convert(network, recipe="robust", x=X, progress=False, **options)


@pytest.mark.parametrize("scale", ["power_of_two", "real"])
@pytest.mark.parametrize("bits", [4, 8])
@pytest.mark.parametrize("options", [{}, {"neuron": "signed"}, {"affine": True}], ids=str)
def test_all_numbers_are_integers_within_their_bits(
    scale: Any, bits: int, options: dict[str, Any]
) -> None:
    snn = robust(**options)
    quantized = pysnn.quantize(snn, weight_bits=bits, threshold_bits=12, scale=scale)
    largest = {each.name: 0.0 for each in quantized.populations}
    for before, after in zip(snn.populations, quantized.populations, strict=True):
        step = quantized.scales[after.name]
        for old, new in zip(before.projections, after.projections, strict=True):
            np.testing.assert_array_equal(new.weight, np.rint(old.weight.astype(float) / step))
            largest[after.name] = max(largest[after.name], float(np.abs(new.weight).max()))
        for values in (after.threshold, after.initial_potential):
            assert (values == np.rint(values)).all()
            assert np.abs(values).max() < 2**11
        if scale == "power_of_two":
            assert np.frexp(step)[0] == 0.5
    assert max(largest.values()) <= 2 ** (bits - 1) - 1
    if scale == "real" and bits == 4:
        assert max(largest.values()) == 7


def test_eight_bits_keep_predictions_and_the_outputs_unit() -> None:
    network = residual()
    snn = robust()
    results = [
        pysnn.simulate(each, X, num_steps=256, encoding="constant")
        for each in (snn, pysnn.quantize(snn))
    ]
    assert (results[1].predictions == network.classify(X)).mean() > 0.9
    np.testing.assert_allclose(results[1].outputs, results[0].outputs, atol=0.15)


def test_quantizing_again_changes_nothing() -> None:
    quantized = pysnn.quantize(robust())
    assert pysnn.quantize(quantized) == quantized


def spiking_convnet() -> pysnn.SpikingNetwork:
    """Return a network with pools of 2x2 and of 3x3 that are populations, and biases."""
    network = pysnn.models.from_notation("1x14x14-4c3-2s-6c3p1-3s-5o", bias=True, seed=0)
    for node in network.layers:
        if isinstance(node, pysnn.Conv2d | pysnn.Linear):
            assert node.bias is not None
            node.bias[:] = np.random.default_rng(0).normal(0.05, 0.1, node.bias.shape)
    x = np.random.default_rng(1).random((20, 1, 14, 14), dtype=np.float32)
    return pysnn.convert(network, method="data", x=x, reset="subtract", progress=False)


def read_and_run(path: Path, trains: Any) -> dict[str, Any]:
    """Simulate a file's integers, which takes nothing but NumPy."""
    file = np.load(path)
    populations = json.loads(str(file["description"]))["populations"]
    state = {p["name"]: file[f"{p['name']}/initial_potential"].copy() for p in populations}
    fired: dict[str, Any] = {}
    for step in trains:
        spikes = {"input": step.astype(np.int64)}
        for p in populations:
            name = p["name"]
            total = file[f"{name}/bias"].astype(np.int64)
            for i, projection in enumerate(p["projections"]):
                weight = file[f"{name}/{i}/weight"].astype(np.int64)
                total = total + summed(projection, weight, spikes[projection["source"]])
            state[name] = state[name] + total
            spike = state[name] >= file[f"{name}/threshold"]
            state[name] = state[name] - spike * file[f"{name}/threshold"]
            spikes[name] = spike.reshape(p["shape"])
            fired.setdefault(name, []).append(spike)
    return {name: np.array(each) for name, each in fired.items()}


def summed(projection: dict[str, Any], weight: Any, x: Any) -> Any:
    """Return the sums of a projection, flat."""
    if projection["type"] == "Linear":
        return weight @ x.reshape(-1)
    if projection["type"] == "AvgPool2d":
        weight = np.ones((len(x), 1, *projection["kernel_size"]), dtype=np.int64)
    kernel, stride = projection["kernel_size"], projection["stride"]
    pad = projection.get("padding", [0, 0])
    x = np.pad(x, [(0, 0), (pad[0], pad[0]), (pad[1], pad[1])])
    windows = np.lib.stride_tricks.sliding_window_view(x, kernel, (1, 2))
    windows = windows[:, :: stride[0], :: stride[1]]
    if weight.shape[1] == 1 and len(weight) == len(x):
        return np.einsum("chwuv,cuv->chw", windows, weight[:, 0]).reshape(-1)
    return np.einsum("chwuv,ocuv->ohw", windows, weight).reshape(-1)


def test_the_written_integers_give_the_same_spikes_in_numpy(tmp_path: Path) -> None:
    quantized = pysnn.quantize(spiking_convnet())
    pysnn.to_integers(quantized, tmp_path / "net.npz")
    trains = np.random.default_rng(2).random((30, 1, 14, 14)) < 0.3
    result = pysnn.simulate(quantized, spikes=trains[:, None], record="spikes")
    found = read_and_run(tmp_path / "net.npz", trains)
    assert sum(int(each.sum()) for each in found.values()) > 100
    for population in quantized.populations:
        ours = result.spikes(population.name).reshape(len(trains), -1)
        np.testing.assert_array_equal(ours, found[population.name])


def test_files_hold_small_integers_and_say_what_they_are(tmp_path: Path) -> None:
    quantized = pysnn.quantize(robust(neuron="signed"))
    pysnn.to_integers(quantized, tmp_path / "net.npz")
    file = np.load(tmp_path / "net.npz")
    said = json.loads(str(file["description"]))
    assert said["format_version"] == 1
    assert [each["name"] for each in said["populations"]] == ["relu1", "relu2", "relu3", "fc"]
    assert said["populations"][2]["projections"][1]["type"] == "Identity"
    assert said["populations"][0]["scale"] == quantized.scales["relu1"]
    assert {file[name].dtype for name in file if name.endswith("weight")} == {np.dtype(np.int8)}
    assert "relu1/negative_threshold" in file
    assert "fc/threshold" not in file


def one(neuron: str = "if", size: int = 2, **settings: Any) -> pysnn.SpikingNetwork:
    """Return a network of one population."""
    snn = pysnn.SpikingNetwork(size, **settings.pop("network", {}))
    snn.add_population("p", 2, neuron=neuron, **settings)  # type: ignore[arg-type]
    snn.connect("input", "p", pysnn.Linear(np.linspace(0.5, 1, 2 * size).reshape(2, size)))
    return snn


@pytest.mark.parametrize("scale", [3.3, 0.01, 8.0])
def test_any_scale_of_the_input_leaves_integers(scale: float) -> None:
    quantized = pysnn.quantize(one(size=40, network={"input_scale": scale}))
    weight = quantized.populations[0].projections[0].weight
    assert (weight == np.rint(weight)).all()
    assert np.abs(weight).max() > 63


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda p: pysnn.quantize(3), TypeError, ("snn", "int")),  # type: ignore[arg-type]
        (
            lambda p: pysnn.quantize(one(), weight_bits=1),
            ValueError,
            ("weight_bits", "1", "[2, 16"),
        ),
        (lambda p: pysnn.quantize(one(), threshold_bits=25), ValueError, ("threshold_bits", "25")),
        (lambda p: pysnn.quantize(one(), weight_bits=8.0), TypeError, ("weight_bits", "float")),  # type: ignore[arg-type]
        (lambda p: pysnn.quantize(one(), scale="best"), ValueError, ("scale", "best")),  # type: ignore[arg-type]
        (lambda p: pysnn.quantize(one("leaky", leak=0.5)), ValueError, ("'p'", "leaks")),
        (
            lambda p: pysnn.quantize(one(size=2000), weight_bits=16, threshold_bits=24),
            ValueError,
            ("'p'", "weight_bits"),
        ),
        (lambda p: pysnn.to_integers(one(), p / "a.npz"), TypeError, ("quantized", "Spiking")),  # type: ignore[arg-type]
        (lambda p: pysnn.to_integers(pysnn.quantize(one()), p / "a"), ValueError, ("path", ".npz")),
        (lambda p: pysnn.to_integers(pysnn.quantize(one()), 3), TypeError, ("path", "int")),  # type: ignore[arg-type]
    ],
)
def test_bad_arguments_are_refused_by_name(
    call: Callable[[Path], object], error: type[Exception], words: tuple[str, ...], tmp_path: Path
) -> None:
    with pytest.raises(error) as found:
        call(tmp_path)
    assert all(word in str(found.value) for word in words), str(found.value)
