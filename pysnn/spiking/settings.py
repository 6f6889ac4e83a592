"""Arguments of a simulation on their way into the core."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import _core
from .._base.arrays import as_array, as_samples, samples_shape
from .._base.numbers import (
    as_choice,
    as_finite_float,
    as_positive_float,
    as_positive_int,
    as_rate,
    as_seed,
)
from .._base.progress import check_progress, progress_bar
from .._base.system import as_num_threads
from .encoding import ENCODINGS, MAX_STEPS, Encoding, as_num_steps
from .spiking_network import SpikingNetwork

Record = str | Sequence[str] | Mapping[str, Sequence[str]]

_RECORDABLE = ("spikes", "potentials", "counts", "balance")


@dataclass(frozen=True)
class EarlyStop:
    """When a sample ends before its last step, as the core takes it.

    Attributes:
        margin: Lead in output spikes that ends a sample; 0 for none.
        interval: Steps from one look at the lead to the next.
    """

    margin: int = 0
    interval: int = 16

    @classmethod
    def checked(cls, stop_margin: int | None, stop_interval: int) -> EarlyStop:
        """Make it of the arguments of `simulate`."""
        interval = as_positive_int(stop_interval, "stop_interval")
        margin = 0 if stop_margin is None else as_positive_int(stop_margin, "stop_margin")
        # Numbers beyond any count of steps all say never; the core's integers have an end.
        return cls(min(margin, MAX_STEPS + 1), min(interval, MAX_STEPS + 1))


class SimulationSettings:
    """Arguments that `simulate` and `Simulation` share, checked."""

    def __init__(
        self,
        snn: SpikingNetwork,
        dt: float,
        max_rate: float,
        seed: int,
        bias_scale: float | None,
        record: Record,
        num_threads: int | None,
        progress: bool | None,
        early_stop: EarlyStop | None = None,
        encoding: Encoding = "poisson",
    ) -> None:
        self.dt = as_positive_float(dt, "dt")
        self.max_rate = as_rate(max_rate, "max_rate")
        self.seed = as_seed(seed)
        self.encoding = as_choice(encoding, "encoding", ENCODINGS)
        if bias_scale is not None and not 0 <= as_finite_float(bias_scale, "bias_scale") <= 1:
            raise ValueError(
                f"bias_scale is {bias_scale}, but must be in [0, 1], which keeps sums exact"
            )
        self.bias_scale = 1.0 if bias_scale is None else float(bias_scale)
        self.record = _as_record(record, [population.name for population in snn.populations])
        self.early_stop = early_stop or EarlyStop()
        self.num_threads = as_num_threads(num_threads)
        check_progress(progress)
        self.progress = progress

    def core_options(
        self,
        sample_ids: NDArray[np.uint64] | None,
        report: Callable[[float], None] | None,
    ) -> _core.SimulationOptions:
        """Return the settings as the core takes them; ``report`` gets the fraction of work done."""
        return _core.SimulationOptions(
            dt=self.dt,
            max_rate=self.max_rate,
            seed=self.seed,
            encoding=self.encoding,
            bias_scale=self.bias_scale,
            sample_ids=sample_ids,
            record_spikes=self.record["spikes"],
            record_potentials=self.record["potentials"],
            record_counts=self.record["counts"],
            record_balance=self.record["balance"],
            stop_margin=self.early_stop.margin,
            stop_interval=self.early_stop.interval,
            num_threads=self.num_threads,
            progress=report,
        )

    @contextmanager
    def options(
        self, sample_ids: NDArray[np.uint64] | None, num_samples: int
    ) -> Iterator[_core.SimulationOptions]:
        """Give the core's options while a progress bar over the samples is shown."""
        with reporter(num_samples, self.progress) as report:
            yield self.core_options(sample_ids, report)


@contextmanager
def reporter(num_samples: int, progress: bool | None) -> Iterator[Callable[[float], None]]:
    """Show a bar over samples; yields a function of the fraction of work that is done."""
    done = 0
    with progress_bar(num_samples, "simulation", progress=progress, unit="sample") as bar:

        def report(fraction: float) -> None:
            nonlocal done
            now = int(fraction * num_samples)
            bar.advance(now - done)
            done = now

        yield report


def check_network(snn: SpikingNetwork) -> None:
    """Raise a TypeError unless ``snn`` is a spiking network."""
    if not isinstance(snn, SpikingNetwork):
        raise TypeError(f"snn is a {type(snn).__name__}, but must be a pysnn.SpikingNetwork")


def check_spike_arguments(
    duration: float | None, scale: float | None, encoding: str = "poisson"
) -> None:
    """Raise a ValueError where an argument that goes with ``x`` comes with ``spikes``."""
    if duration is not None:
        raise ValueError("duration is given, but spikes has as many steps as it has")
    if scale is not None:
        raise ValueError("scale is given, but it is for x; spikes are 0 or 1")
    if encoding != "poisson":
        raise ValueError(f"encoding is {encoding!r}, but it is for x; spikes are taken as they are")


def as_intensities(
    x: ArrayLike,
    snn: SpikingNetwork,
    duration: float | None,
    dt: float,
    scale: float | None,
    bias_scale: float | None,
) -> tuple[NDArray[np.float32], int]:
    """Return samples as (num_samples, num_inputs), and the number of steps."""
    if duration is None:
        raise ValueError("duration is None, but x needs a simulated time in s")
    if bias_scale is not None:
        raise ValueError("bias_scale is given, but with x biases are scaled by max_rate * dt")
    num_steps = as_num_steps(duration, dt)
    samples = as_samples(x, snn.input_shape, scale=scale)
    return samples.reshape(len(samples), snn.num_inputs), num_steps


def as_spike_trains(spikes: ArrayLike, snn: SpikingNetwork) -> NDArray[np.uint8]:
    """Return spike trains as (num_steps, num_samples, num_inputs)."""
    trains = as_array(spikes, "spikes")
    if trains.dtype not in (np.bool_, np.uint8):
        raise TypeError(f"spikes has dtype {trains.dtype}, but must be bool or uint8")
    if trains.ndim < 3:
        raise ValueError(
            f"spikes has shape {trains.shape}, but must be (num_steps, num_samples, ...)"
        )
    samples_shape(trains.shape[1:], snn.input_shape, "spikes of a step")
    contiguous = np.ascontiguousarray(trains).view(np.uint8)
    return contiguous.reshape(*trains.shape[:2], snn.num_inputs)


def _as_record(record: Record, names: Sequence[str]) -> dict[str, list[str]]:
    asked: dict[str, list[str]] = {what: [] for what in _RECORDABLE}
    if isinstance(record, str):
        record = (record,)
    if not isinstance(record, Sequence | Mapping):
        raise TypeError(
            f"record is a {type(record).__name__}, but must be a str, a sequence or a mapping"
        )
    items = record.items() if isinstance(record, Mapping) else [(what, names) for what in record]
    for what, populations in items:
        as_choice(what, "record", _RECORDABLE)
        wanted = [populations] if isinstance(populations, str) else populations
        if not isinstance(wanted, Sequence):
            raise TypeError(
                f"record has a {type(wanted).__name__} for {what!r}, but must have population names"
            )
        for name in wanted:
            if name not in names:
                raise ValueError(
                    f"record has {what} of {name!r}, but the populations are {list(names)}"
                )
        asked[what] = list(wanted)
    return asked
