"""What another simulator makes of a NIR file: its output spikes for given spike trains.

Runs in the environment of that simulator, which needs no pysnn; nir_peers.py calls it.

Usage:
    python benchmarks/peers/nir_reader.py SIMULATOR NET.nir TRAINS.npy SPIKES.npy --dt 1e-4
                                          [--told zero | subtract]
"""

# mypy: disable-error-code="import-not-found, import-untyped"

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

import nir
import numpy as np
import torch

Step = Callable[[Any, Any], tuple[Any, Any]]


def norse(path: str, trains: Any, dt: float, told: str) -> Any:
    """Return Norse's output spikes."""
    from norse.torch.utils.import_nir import from_nir

    del told
    model = from_nir(nir.read(path), dt=dt)
    return one_by_one(model, trains)


def snntorch(path: str, trains: Any, dt: float, told: str) -> Any:
    """Return snnTorch's output spikes; it takes 1e-4 s for a step."""
    from snntorch.import_nir import import_from_nir

    del dt, told
    results = []
    for sample in trains.transpose(0, 1):
        # Its neurons keep their potentials to themselves.
        model = import_from_nir(nir.read(path))
        results.append(one_by_one(model, sample[:, None]))
    return torch.cat(results, dim=1)


def spikingjelly(path: str, trains: Any, dt: float, told: str) -> Any:
    """Return SpikingJelly's output spikes; its r is in units of a step."""
    from spikingjelly.activation_based.neuron import BaseNode
    from spikingjelly.activation_based.nir_exchange import import_from_nir

    graph = nir.read(path)
    has_leak = any(isinstance(node, nir.LIF) for node in graph.nodes.values())
    model = import_from_nir(graph, dt=dt if has_leak else 1.0)
    for module in model.modules():
        if isinstance(module, BaseNode) and told == "subtract":
            module.v_reset = None
    return batched(model, trains)


def sinabs(path: str, trains: Any, dt: float, told: str) -> Any:
    """Return sinabs's output spikes."""
    from sinabs.activation import MembraneReset, MembraneSubtract, SingleSpike
    from sinabs.layers import IAFSqueeze
    from sinabs.nir import from_nir

    del dt
    steps, samples = trains.shape[:2]
    model = from_nir(nir.read(path), batch_size=samples)
    for module in model.modules():
        if isinstance(module, IAFSqueeze) and told:
            module.spike_fn, module.min_v_mem = SingleSpike, None
            module.reset_fn = MembraneReset() if told == "zero" else MembraneSubtract()
    # Neurons cut what they read into samples again.
    outputs, _ = model(trains.transpose(0, 1).flatten(0, 1))
    return outputs.unflatten(0, (samples, steps)).transpose(0, 1)


def one_by_one(model: Any, trains: Any) -> Any:
    """Return output spikes of samples without a batch axis, as flattening from axis 0 wants."""
    results = []
    for sample in trains.transpose(0, 1):
        state, outputs = None, []
        for x in sample:
            output, state = model(x) if state is None else model(x, state)
            outputs.append(output)
        results.append(torch.stack(outputs))
    return torch.stack(results, dim=1)


def batched(model: Any, trains: Any) -> Any:
    """Return output spikes of all samples at once."""
    state, outputs = None, []
    for x in trains:
        output, state = model(x) if state is None else model(x, state)
        outputs.append(output)
    return torch.stack(outputs)


SIMULATORS = {each.__name__: each for each in (norse, snntorch, spikingjelly, sinabs)}


def main() -> None:
    """Simulate and write the spikes."""
    assert __doc__ is not None
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("simulator", choices=SIMULATORS)
    parser.add_argument("network")
    parser.add_argument("trains")
    parser.add_argument("spikes")
    parser.add_argument("--dt", type=float, required=True)
    parser.add_argument("--told", default="", help="what its neurons are set to: zero or subtract")
    options = parser.parse_args()
    torch.set_num_threads(1)
    trains = torch.from_numpy(np.load(options.trains).astype(np.float32))
    simulator = SIMULATORS[options.simulator]
    with torch.no_grad():
        found = simulator(options.network, trains, options.dt, options.told)
    np.save(options.spikes, found.numpy())


if __name__ == "__main__":
    main()
