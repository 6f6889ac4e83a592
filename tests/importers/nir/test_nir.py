"""NIR files in and out: the same spikes, and one line about what can't be kept."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import pysnn

nir = pytest.importorskip("nir")

PUBLIC = os.environ.get("PYSNN_NIR_NMNIST", "")


def spikes(shape: tuple[int, ...], steps: int = 40, rate: float = 0.4) -> Any:
    """Return spike trains for two samples, (steps, samples, *shape)."""
    return np.random.default_rng(1).random((steps, 2, *shape)) < rate


def counts(snn: pysnn.SpikingNetwork, trains: Any) -> list[Any]:
    """Return the spikes of every population, in order."""
    result = pysnn.simulate(snn, spikes=trains, record="spikes")
    return [result.spikes(population.name) for population in snn.populations]


def both_ways(snn: pysnn.SpikingNetwork, path: Path, **options: Any) -> pysnn.SpikingNetwork:
    """Write a network, read it, and check that every population fires as before."""
    reset = options.pop("reset", "zero")
    pysnn.to_nir(snn, path, **options)
    again = pysnn.from_nir(path, reset=reset, dt=options.get("dt"))
    trains = spikes(snn.input_shape)
    before, after = counts(snn, trains), counts(again, trains)
    assert len(before) == len(after)
    assert sum(int(each.sum()) for each in before) > 0
    for ours, theirs in zip(before, after, strict=True):
        np.testing.assert_array_equal(ours, theirs)
    return again


def convnet(**options: Any) -> pysnn.SpikingNetwork:
    """Return a converted network of convolutions, pools and a matrix."""
    network = pysnn.models.from_notation("8x8-4c3-2s-6c2-2s-5o", seed=0)
    x = np.random.default_rng(0).random((30, 1, 8, 8), dtype=np.float32)
    return pysnn.convert(network, method="data", x=x, progress=False, **options)


def test_a_converted_convnet_gives_the_same_spikes_out_and_in_again(tmp_path: Path) -> None:
    again = both_ways(convnet(), tmp_path / "net.nir")
    assert [type(each.projections[0].layer) for each in again.populations] == [
        pysnn.Conv2d,
        pysnn.AvgPool2d,
        pysnn.Conv2d,
        pysnn.AvgPool2d,
        pysnn.Linear,
    ]


def test_the_papers_convnet_gives_the_same_spikes_out_and_in_again(tmp_path: Path) -> None:
    network = pysnn.models.diehl2015_convnet(seed=0)
    x = np.random.default_rng(0).random((20, 1, 28, 28), dtype=np.float32)
    both_ways(pysnn.convert(network, method="data", x=x, progress=False), tmp_path / "net.nir")


def test_subtraction_is_written_and_read_where_both_sides_say_so(tmp_path: Path) -> None:
    snn = convnet(reset="subtract")
    with pytest.raises(ValueError, match=r"'conv1' subtracts its threshold.*allow_reset_change"):
        pysnn.to_nir(snn, tmp_path / "net.nir")
    both_ways(snn, tmp_path / "net.nir", reset="subtract", allow_reset_change=True)


def test_biases_are_written_for_a_step(tmp_path: Path) -> None:
    network = pysnn.models.from_notation("8x8-4c3p1-2s-5o", bias=True, seed=0)
    for node in network.layers:
        if isinstance(node, pysnn.Conv2d | pysnn.Linear):
            assert node.bias is not None
            node.bias[:] = np.random.default_rng(0).normal(0.1, 0.1, node.bias.shape)
    snn = pysnn.convert(network, method="model", progress=False)
    with pytest.raises(ValueError, match=r"'conv1' has biases.*max_rate and dt are needed"):
        pysnn.to_nir(snn, tmp_path / "net.nir")
    both_ways(snn, tmp_path / "net.nir", max_rate=1000.0, dt=1e-3)
    pysnn.to_nir(snn, tmp_path / "half.nir", max_rate=500.0, dt=1e-3)
    trains = spikes((1, 8, 8))
    half = pysnn.simulate(snn, spikes=trains, bias_scale=0.5)
    read = pysnn.simulate(pysnn.from_nir(tmp_path / "half.nir"), spikes=trains)
    np.testing.assert_array_equal(half.counts, read.counts)


def several_kinds() -> pysnn.SpikingNetwork:
    """Return a network of a grouped convolution, unequal padding, shortcuts and two sources."""
    rng = np.random.default_rng(2)
    snn = pysnn.SpikingNetwork((2, 6, 6))
    snn.add_population("first", (4, 6, 6), threshold=rng.uniform(0.5, 1.5, 4))
    kernels = rng.normal(0.2, 0.5, (4, 1, 3, 3))
    snn.connect("input", "first", pysnn.Conv2d(kernels, padding=(0, 2, 1, 1), groups=2))
    snn.add_population("second", (6, 3, 3))
    snn.connect("first", "second", pysnn.Identity(rng.random(4), 2, 0, 6, 1))
    snn.connect("input", "second", pysnn.Conv2d(rng.normal(0.1, 0.4, (6, 2, 2, 2)), stride=2))
    snn.add_population("pool", (6, 1, 1), threshold=0.75)
    snn.connect("second", "pool", pysnn.AvgPool2d(3))
    snn.add_population("third", 5)
    snn.connect("second", "third", pysnn.Linear(rng.normal(0.1, 0.3, (5, 54))))
    snn.connect("pool", "third", pysnn.Linear(rng.normal(0.1, 0.3, (5, 6))))
    snn.add_population("last", 5, threshold=0.5)
    snn.connect("third", "last", pysnn.Identity(rng.random(5)))
    return snn


def test_grouped_padded_shortcut_and_joined_projections_give_the_same_spikes(
    tmp_path: Path,
) -> None:
    both_ways(several_kinds(), tmp_path / "net.nir")


def test_leaks_are_time_constants(tmp_path: Path) -> None:
    snn = pysnn.SpikingNetwork(6)
    # Leaks whose time constants are powers of two of a step lose nothing.
    snn.add_population("leaky", 6, neuron="leaky", leak=0.75, threshold=0.5)
    snn.connect("input", "leaky", pysnn.Linear(np.eye(6) * 0.25))
    with pytest.raises(ValueError, match="'leaky' leaks, so that dt is needed"):
        pysnn.to_nir(snn, tmp_path / "net.nir")
    both_ways(snn, tmp_path / "net.nir", dt=2.0**-10)
    with pytest.raises(pysnn.ModelFileError, match=r"'leaky' \(LIF\).*give dt="):
        pysnn.from_nir(tmp_path / "net.nir")


def loop(graph: Any, trains: Any) -> list[Any]:
    """Return the spikes of every IF node, by the definition, with reset by subtraction."""
    steps, samples = trains.shape[:2]
    order = [str(i) for i in range(len(graph.nodes) - 2)]
    potentials: dict[str, Any] = {}
    found: dict[str, list[Any]] = {}
    for step in range(steps):
        value = trains[step].astype(np.float64)
        for name in order:
            node = graph.nodes[name]
            kind = type(node).__name__
            if kind == "Conv2d":
                value = convolved(value, node)
            elif kind == "SumPool2d":
                n, c, h, w = value.shape
                value = value.reshape(n, c, h // 2, 2, w // 2, 2).sum(axis=(3, 5))
            elif kind == "Flatten":
                value = value.reshape(samples, -1)
            elif kind == "Affine":
                value = value @ node.weight.T.astype(np.float64) + node.bias
            else:
                v = potentials.setdefault(name, np.zeros(value.shape)) + value
                fired = v >= node.v_threshold
                potentials[name] = v - fired * node.v_threshold
                value = fired.astype(np.float64)
                found.setdefault(name, []).append(fired)
    return [np.stack(each) for each in found.values()]


def convolved(x: Any, node: Any) -> Any:
    """Return a convolution by its taps."""
    pad, stride = int(np.ravel(node.padding)[0]), int(np.ravel(node.stride)[0])
    x = np.pad(x, [(0, 0), (0, 0), (pad, pad), (pad, pad)])
    k = node.weight.shape[2]
    size = (x.shape[2] - k) // stride + 1
    total = np.zeros((len(x), len(node.weight), size, size))
    for u, v in np.ndindex(k, k):
        last = stride * (size - 1) + 1
        seen = x[:, :, u : u + last : stride, v : v + last : stride]
        total += np.einsum("oc,nchw->nohw", node.weight[:, :, u, v].astype(np.float64), seen)
    return total + node.bias.reshape(-1, 1, 1)


def write_cnn(path: Path) -> Path:
    """Write a file of the structure of the public network for N-MNIST, on the grid of 1/64."""
    rng = np.random.default_rng(3)

    def weights(*shape: int) -> Any:
        return (np.round(rng.normal(0.1, 0.4, shape) * 64) / 64).astype(np.float32)

    def neurons(*shape: int) -> Any:
        ones = np.ones(shape, dtype=np.float32)
        return nir.IF(r=ones, v_threshold=ones, v_reset=0 * ones)

    def conv(size: int, *shape: int) -> Any:
        pair = np.array([1, 1])
        return nir.Conv2d((size, size), weights(*shape), pair, pair, pair, 1, weights(shape[0]))

    pool = np.array([2, 2])
    nodes = {
        "input": nir.Input({"input": np.array([2, 8, 8])}),
        "0": conv(8, 3, 2, 3, 3),
        "1": neurons(3, 8, 8),
        "2": nir.SumPool2d(pool, pool, np.array([0, 0])),
        "3": conv(4, 4, 3, 3, 3),
        "4": neurons(4, 4, 4),
        "5": nir.SumPool2d(pool, pool, np.array([0, 0])),
        "6": nir.Flatten({"input": np.array([4, 2, 2])}, 0, -1),
        "7": nir.Affine(weights(6, 16), weights(6)),
        "8": neurons(6),
        "output": nir.Output({"output": np.array([6])}),
    }
    names = list(nodes)
    nir.write(path, nir.NIRGraph(nodes, list(itertools.pairwise(names))))
    return path


def test_sums_over_windows_between_convolutions_equal_a_loop(tmp_path: Path) -> None:
    path = write_cnn(tmp_path / "cnn.nir")
    trains = spikes((2, 8, 8))
    ours = counts(pysnn.from_nir(path, reset="subtract"), trains)
    for found, expected in zip(ours, loop(nir.read(path), trains), strict=True):
        np.testing.assert_array_equal(found.reshape(expected.shape), expected)


@pytest.mark.skipif(not PUBLIC, reason="PYSNN_NIR_NMNIST names no cnn_nmnist.nir")
def test_the_public_network_equals_a_loop() -> None:
    trains = spikes((2, 34, 34), steps=30, rate=0.05)
    ours = counts(pysnn.from_nir(PUBLIC, reset="subtract"), trains)
    for found, expected in zip(ours, loop(nir.read(PUBLIC), trains), strict=True):
        np.testing.assert_array_equal(found.reshape(expected.shape), expected)


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda p: pysnn.to_nir(3, p), TypeError, ("snn", "int")),  # type: ignore[arg-type]
        (lambda p: pysnn.to_nir(convnet(), 3), TypeError, ("path", "int")),  # type: ignore[arg-type]
        (lambda p: pysnn.to_nir(convnet(), p, dt=0.0), ValueError, ("dt", "0.0")),
        (lambda p: pysnn.to_nir(convnet(), p, max_rate=-1.0), ValueError, ("max_rate", "-1")),
        (lambda p: pysnn.from_nir(p, reset="soft"), ValueError, ("reset", "soft")),  # type: ignore[arg-type]
        (lambda p: pysnn.from_nir(p, dt=0.0), ValueError, ("dt", "0.0")),
        (lambda p: pysnn.from_nir(p), FileNotFoundError, ("net.nir",)),
    ],
)
def test_bad_arguments_are_refused_by_name(
    call: Callable[[Path], object], error: type[Exception], words: tuple[str, ...], tmp_path: Path
) -> None:
    with pytest.raises(error) as found:
        call(tmp_path / "net.nir")
    assert all(word in str(found.value) for word in words)
