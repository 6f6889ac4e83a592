"""Every case that builds are compared on, by name."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np

import pysnn

from .digests import Digests, numbers_of_spikes, of_arrays, of_bytes
from .draw import Draw
from .networks import DESIGNED, RANDOM, Maker, Precision, conv, linear
from .runs import of_every_kind

Case = Callable[[], Digests]

NUM_RANDOM = {"random": 130, "pooled": 60}  # random networks of each precision
NUM_DIGITS = 12  # images of MNIST that the paper's networks see
KEPT_FILES = Path(__file__).resolve().parents[2] / "tests" / "data"

_PRECISIONS: tuple[Precision, ...] = ("float32", "int16")


def all_cases() -> dict[str, Case]:
    """Return the cases by name; what one gives depends on its name only."""
    cases: dict[str, Case] = {}
    for precision in _PRECISIONS:
        for name, maker in DESIGNED.items():
            cases[f"{name}, {precision}"] = partial(
                _spiking, f"{name}, {precision}", maker, precision
            )
        for kind, number in NUM_RANDOM.items():
            for i in range(number):
                name = f"{kind} {i:03}, {precision}"
                cases[name] = partial(_spiking, name, RANDOM[kind], precision)
        for name in ("fcn", "convnet"):
            cases[f"digits, {name}, {precision}"] = partial(_digits, name, precision)
    for chain in ("dense", "images"):
        cases[f"ReLU network, {chain}"] = partial(_relu_network, chain)
    cases["spike trains"] = _spike_trains
    for path in sorted(KEPT_FILES.glob("*_v1.safetensors")):
        cases[f"file, {path.name}"] = partial(_kept_file, path)
    return cases


def _spiking(name: str, maker: Maker, precision: Precision) -> Digests:
    draw = Draw(name)
    return of_every_kind(maker(draw, precision), draw)


def _digits(name: str, precision: Precision) -> Digests:
    """Show images of MNIST, most of whose pixels are 0, to one of the paper's networks."""
    snn = DESIGNED[name](Draw(name), precision)
    images = pysnn.datasets.load_mnist().x_test[:NUM_DIGITS]
    digests: Digests = {}
    for rate in (1000.0, 200.0):
        result = pysnn.simulate(snn, images, duration=0.05, max_rate=rate, progress=False)
        digests[f"output at {rate:.0f} Hz"] = of_arrays(result.output_spikes)
        digests[f"totals at {rate:.0f} Hz"] = of_arrays(
            *numbers_of_spikes(result), result.synaptic_operations
        )
    return digests


def _relu_network(chain: str) -> Digests:
    """Write a ReLU network, and convert it in the ways that run no data through it."""
    draw = Draw(chain)
    layers: list[pysnn.Linear | pysnn.Conv2d | pysnn.AvgPool2d | pysnn.Flatten]
    if chain == "dense":
        shape: tuple[int, ...] = (30,)
        layers = [linear(draw, shape, 40), linear(draw, (40,), 33), linear(draw, (33,), 10)]
    else:
        shape = (2, 12, 12)
        layers = [
            conv(draw, shape, 12, (5, 5), padding=(2, 2)),
            pysnn.AvgPool2d(2),
            conv(draw, (12, 6, 6), 20, (3, 2), stride=(1, 2)),
            pysnn.AvgPool2d((2, 3), stride=(2, 3)),
            pysnn.Flatten(),
            linear(draw, (20, 2, 1), 10),
        ]
    network = pysnn.Network(layers, input_shape=shape)
    file = pysnn.io.to_bytes(network)
    digests = {
        "file": of_bytes(file),
        "file again": of_bytes(pysnn.io.to_bytes(pysnn.io.from_bytes(file))),
    }
    for include_last in (True, False):
        converted = pysnn.convert(network, method="model", include_last=include_last)
        digests[f"model, last layer {include_last}"] = of_bytes(pysnn.io.to_bytes(converted))
    for precision in _PRECISIONS:
        converted = pysnn.convert(network, method="none", precision=precision)
        digests[f"none, {precision}"] = of_bytes(pysnn.io.to_bytes(converted))
    return digests


def _spike_trains() -> Digests:
    """Make spike trains as simulations do."""
    x = Draw("spike trains").uniform((5, 300))
    x[:, :20] = 0.0
    x[:, 20:40] = 1.0
    return {
        "poisson": of_arrays(
            pysnn.poisson_spikes(x, duration=0.1, seed=7, max_rate=900.0, first_step=3)
        ),
        "poisson, ids": of_arrays(
            pysnn.poisson_spikes(x, duration=0.02, sample_ids=np.arange(5) * 2**40 + 1)
        ),
        "regular": of_arrays(pysnn.regular_spikes(x, duration=0.1, max_rate=900.0, first_step=3)),
    }


def _kept_file(path: Path) -> Digests:
    """Read a file of version 0.1.0, write it again, and run what spikes."""
    model = pysnn.load(path)
    if isinstance(model, pysnn.SpikingNetwork):
        return of_every_kind(model, Draw(path.name))
    return {"file": of_bytes(pysnn.io.to_bytes(model))}
