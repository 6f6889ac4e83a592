"""The samples of a diagnosis, batch by batch: here, or in parts by workers.

Sums of a diagnosis are rounded, batch after batch: parts are whole batches, and what they found
is added in the order of the batches, wherever they were simulated.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .. import _core
from .._base.defaults import default
from .._base.digests import sha256
from ..network import Network
from ..network.forward import ForwardPass
from ..parallel.job import Job
from ..parallel.messages.calls import Arrays, Part, grouped
from ..parallel.messages.shared import Shared
from ..spiking import SpikingNetwork, Stimulus
from ..spiking.parts import as_settings, shared_network
from .errors import Errors
from .errors.sums import ChannelSums
from .matching.mapping import Stage, match
from .matching.tails import Tail, tails
from .measurement.measuring import Measurement
from .measurement.setting import Setting

Batch = tuple[Measurement, list[list[ChannelSums]]]
"""What was found of a batch, and sums of errors: of some samples at a time, by population."""


@dataclass(frozen=True, eq=False)
class Bench:
    """What all batches of a diagnosis need.

    Attributes:
        network: The ReLU network.
        snn: The spiking network.
        stages: Its populations and their nodes.
        following: Its populations from each of them on.
        setting: How it is simulated.
        errors: Takes them apart; None where that is not done.
    """

    network: Network
    snn: SpikingNetwork
    stages: list[Stage]
    following: list[Tail]
    setting: Setting
    errors: Errors | None

    @classmethod
    def of(
        cls,
        network: Network,
        snn: SpikingNetwork,
        stages: list[Stage],
        setting: Setting,
    ) -> Bench:
        """Prepare a diagnosis of networks that belong together."""
        is_folded = any(stage.folded is not None for stage in stages)
        errors = None
        if is_folded:
            errors = Errors(snn, stages, setting.stimulus, setting.num_steps, setting.num_threads)
        return cls(network, snn, stages, tails(snn), setting, errors)

    def empty(self, num_samples: int) -> Measurement:
        """Return a measurement of no sample yet."""
        return Measurement(self.snn, self.stages, self.following, self.setting, num_samples)

    def measured(self, x: NDArray[np.float32], ids: NDArray[np.uint64], batch_size: int) -> Batch:
        """Simulate a batch, and return what was found and the sums of errors."""
        forward = ForwardPass(
            self.network.to_core(),
            batch_size=batch_size,
            num_threads=self.setting.num_threads or 0,
        )
        activations = forward.activations(x)
        found = self.empty(len(x))
        found.add(slice(0, len(x)), x, ids, activations)
        sums = [] if self.errors is None else list(self.errors.sums(x, ids, activations))
        return found, sums

    def job(self, batch_size: int) -> Job:
        """Return the diagnosis as a job for workers."""
        settings = self.setting
        return Job(
            kind="diagnose",
            name="",
            function=measure_part,
            settings={
                "batch_size": batch_size,
                "num_steps": settings.num_steps,
                "num_seeds": len(settings.seeds),
                "stimulus": as_settings(settings.stimulus),
            },
            values=(_shared(self.network), shared_network(self.snn)),
        )


def measure_part(part: Part) -> Arrays:
    """Simulate the batches of a part."""
    bench: Bench = part.derived(
        f"diagnosis {part.settings} {part.num_threads}", lambda: _bench(part)
    )
    x, ids = part.rows
    batch_size = part.settings["batch_size"]
    arrays: Arrays = {}
    for i, start in enumerate(range(0, len(x), batch_size)):
        rows = slice(start, start + batch_size)
        found, errors = bench.measured(x[rows], ids[rows], batch_size)
        arrays |= {f"{i}/found/{name}": array for name, array in found.arrays().items()}
        for j, by_population in enumerate(errors):
            for k, sums in enumerate(by_population):
                named = sums.arrays().items()
                arrays |= {f"{i}/errors/{j}/{k}/{name}": array for name, array in named}
    return arrays


def batches_of(bench: Bench, arrays: Arrays) -> Iterator[Batch]:
    """Yield what the batches of a part found, of the arrays of `measure_part`."""
    for batch in _in_order(grouped(arrays)):
        of_batch = grouped(batch)
        found = bench.empty(of_batch["found"]["predictions"].shape[1])
        found.take(of_batch["found"])
        errors = _in_order(grouped(of_batch.get("errors", {})))
        yield found, [[ChannelSums.of(sums) for sums in _in_order(grouped(j))] for j in errors]


def _in_order(groups: dict[str, Arrays]) -> list[Arrays]:
    return [groups[str(i)] for i in range(len(groups))]


def _bench(part: Part) -> Bench:
    network, snn = part.values
    settings = part.settings
    setting = Setting.of(
        Stimulus.of(**settings["stimulus"]),
        settings["num_steps"],
        settings["num_seeds"] or default(1),
        part.num_threads,
    )
    stages = match(network.graph, snn)
    return Bench.of(network, snn, stages, setting)


def _shared(network: Network) -> Shared:
    return Shared(f"network {sha256(_core.to_bytes(network.to_core()))}", lambda: network)
