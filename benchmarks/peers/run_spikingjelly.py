"""SpikingJelly: its multi-step mode, in which a layer runs all steps before the next one starts.

torch.compile is not tried: it would unroll the loop over steps in every neuron, for minutes.
"""

# mypy: disable-error-code="import-not-found, untyped-decorator"

from __future__ import annotations

from typing import Any

import harness
import torch
from graphs.graph import BATCH_SIZES, TRIAL_IMAGES
from graphs.spikingjelly_graph import spikingjelly_graph
from numpy.typing import NDArray
from peer import Peer, Setting, Simulator
from problem import Floats, Problem, Spikes
from spikingjelly.activation_based import functional, layer, neuron
from torch_network import CHANNELS_LAST, draw_trains, float_trains, synapses


class SpikingJellySimulator(Simulator):
    """IFNode in multi-step mode behind the package's own layers."""

    def __init__(self, problem: Problem, setting: Setting, seed: int) -> None:
        torch.manual_seed(seed)
        self._num_steps = problem.num_steps
        modules: list[Any] = []
        shape = problem.input_shape
        sources = synapses(problem, layer.Linear, layer.Conv2d)
        for entry, source in zip(problem.layers, sources, strict=True):
            if entry.kind == "linear" and len(shape) == 3:
                modules.append(layer.Flatten())
            if entry.kind == "pool":
                source = layer.AvgPool2d(entry.kernel_size, entry.stride)
            modules += [source, neuron.IFNode(v_threshold=entry.threshold, v_reset=0.0)]
            shape = entry.output_shape
        self._network = torch.nn.Sequential(*modules).eval()
        functional.set_step_mode(self._network, "m")
        if CHANNELS_LAST in setting.variant:
            self._network = self._network.to(memory_format=torch.channels_last)

    @torch.inference_mode()
    def counts(self, probability: Floats) -> NDArray[Any]:
        functional.reset_net(self._network)
        counts: NDArray[Any] = (
            self._network(draw_trains(probability, self._num_steps)).sum(0).numpy()
        )
        return counts

    @torch.inference_mode()
    def replay(self, trains: Spikes) -> Spikes:
        functional.reset_net(self._network)
        spikes: Spikes = self._network(float_trains(trains)).numpy() > 0
        return spikes


if __name__ == "__main__":
    harness.main(
        Peer(
            name="spikingjelly",
            packages=("spikingjelly", "torch"),
            prepare=SpikingJellySimulator,
            batch_sizes=(10, 25, 50, 100),
            variants=("multi-step",),
            image_variants=(f"multi-step {CHANNELS_LAST}",),
        ),
        Peer(
            name="spikingjelly",
            packages=("spikingjelly", "torch"),
            prepare=spikingjelly_graph,
            batch_sizes=BATCH_SIZES,
            variants=("multi-step",),
            image_variants=(f"multi-step {CHANNELS_LAST}",),
            graphs=True,
            trial_images=TRIAL_IMAGES,
        ),
    )
