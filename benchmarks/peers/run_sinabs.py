"""sinabs: IAF layers with one spike per step and reset, each over all steps of a batch.

torch.compile is not tried: it would unroll the loop over steps in every neuron, for minutes.
"""

# mypy: disable-error-code="import-not-found, untyped-decorator"

from __future__ import annotations

from typing import Any

import harness
import sinabs.layers
import torch
from graphs.graph import BATCH_SIZES, TRIAL_IMAGES
from graphs.sinabs_graph import sinabs_graph
from numpy.typing import NDArray
from peer import Peer, Setting, Simulator
from problem import Floats, Problem, Spikes
from sinabs.activation import MembraneReset, SingleSpike
from torch_network import CHANNELS_LAST, draw_trains, float_trains, synapses


class SinabsSimulator(Simulator):
    """Synapses see batch and time as one axis, neurons see (batch, time, ...)."""

    def __init__(self, problem: Problem, setting: Setting, seed: int) -> None:
        torch.manual_seed(seed)
        self._num_steps = problem.num_steps
        self._shapes = [problem.input_shape, *(layer.output_shape for layer in problem.layers)]
        self._kinds = [layer.kind for layer in problem.layers]
        self._synapses = synapses(problem)
        if CHANNELS_LAST in setting.variant:
            self._synapses = [
                module.to(memory_format=torch.channels_last) for module in self._synapses
            ]
        self._neurons = [
            sinabs.layers.IAF(
                spike_threshold=torch.tensor(layer.threshold),
                spike_fn=SingleSpike,
                reset_fn=MembraneReset(),
            )
            for layer in problem.layers
        ]

    @torch.inference_mode()
    def counts(self, probability: Floats) -> NDArray[Any]:
        trains = draw_trains(probability, self._num_steps).transpose(0, 1)
        counts: NDArray[Any] = self._run(trains).sum(1).numpy()
        return counts

    @torch.inference_mode()
    def replay(self, trains: Spikes) -> Spikes:
        output = self._run(float_trains(trains).transpose(0, 1))
        spikes: Spikes = output.transpose(0, 1).numpy() > 0
        return spikes

    def _run(self, spikes: Any) -> Any:
        """Return output spikes of spike trains, both (batch_size, num_steps, ...)."""
        for neurons in self._neurons:
            neurons.reset_states()
        batch, steps = spikes.shape[:2]
        for index, synapse in enumerate(self._synapses):
            flat = spikes.flatten(0, 1)
            if self._kinds[index] == "linear":
                flat = flat.flatten(1)
            currents = synapse(flat).view(batch, steps, *self._shapes[index + 1])
            spikes = self._neurons[index](currents)
        return spikes


if __name__ == "__main__":
    harness.main(
        Peer(
            name="sinabs",
            packages=("sinabs", "torch"),
            prepare=SinabsSimulator,
            batch_sizes=(10, 25, 50, 100),
            variants=("eager",),
            image_variants=(CHANNELS_LAST,),
        ),
        Peer(
            name="sinabs",
            packages=("sinabs", "torch"),
            prepare=sinabs_graph,
            batch_sizes=BATCH_SIZES,
            variants=("eager",),
            image_variants=(CHANNELS_LAST,),
            graphs=True,
            trial_images=TRIAL_IMAGES,
        ),
    )
