"""BindsNET: IFNodes, every layer updated in every step (one_step), spikes of the output kept."""

# mypy: disable-error-code="import-not-found, untyped-decorator"

from __future__ import annotations

from typing import Any

import harness
import torch
from bindsnet.network import Network
from bindsnet.network.monitors import Monitor
from bindsnet.network.nodes import IFNodes, Input
from bindsnet.network.topology import Connection
from numpy.typing import NDArray
from peer import Peer, Setting, Simulator
from problem import Floats, Problem, Spikes


class BindsnetSimulator(Simulator):
    """Fully connected populations."""

    def __init__(self, problem: Problem, setting: Setting, seed: int) -> None:
        torch.manual_seed(seed)
        self._num_steps = problem.num_steps
        self._num_classes = problem.num_classes
        network = Network(dt=1.0, batch_size=setting.batch_size, learning=False)
        network.add_layer(Input(n=problem.layers[0].weight.shape[1]), "input")
        source = "input"
        for index, layer in enumerate(problem.layers):
            nodes = IFNodes(n=len(layer.weight), thresh=layer.threshold, reset=0.0, refrac=0)
            name = f"layer {index}"
            network.add_layer(nodes, name)
            connection = Connection(
                network.layers[source], nodes, w=torch.from_numpy(layer.weight.T.copy())
            )
            network.add_connection(connection, source, name)
            source = name
        self._output = Monitor(network.layers[source], ["s"], time=self._num_steps)
        network.add_monitor(self._output, "output")
        self._network = network

    @torch.no_grad()
    def counts(self, probability: Floats) -> NDArray[Any]:
        p = torch.from_numpy(probability).flatten(1)
        trains = torch.rand((self._num_steps, *p.shape)) < p
        counts: NDArray[Any] = self._run(trains).sum(0).numpy()
        return counts

    @torch.no_grad()
    def replay(self, trains: Spikes) -> Spikes:
        spikes: Spikes = self._run(torch.from_numpy(trains).flatten(2)).numpy() > 0
        return spikes

    def _run(self, trains: Any) -> Any:
        """Return output spikes, (num_steps, batch_size, num_classes)."""
        batch_size = trains.shape[1]
        if batch_size != self._network.batch_size:
            self._network.batch_size = batch_size
            for layer in self._network.layers.values():
                layer.set_batch_size(batch_size)
        self._network.reset_state_variables()
        self._network.run({"input": trains.byte()}, time=self._num_steps, one_step=True)
        return self._output.get("s").reshape(self._num_steps, batch_size, self._num_classes).float()


if __name__ == "__main__":
    harness.main(
        Peer(
            name="bindsnet",
            packages=("bindsnet", "torch"),
            prepare=BindsnetSimulator,
            batch_sizes=(25, 50, 100, 250),
        )
    )
