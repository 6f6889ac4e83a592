"""Arguments of a simulation on their way into the core."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from .. import _core
from .._base.defaults import default, is_given, resolved
from .._base.foreign import wrong_type
from .._base.numbers import as_finite_float, as_positive_float, as_positive_int
from .._base.progress import Progress, check_progress, progress_bar
from .._base.system import as_num_threads
from .results import PopulationOutline, Record, Recorded, SimulationResult, as_recorded
from .results.result_arrays import ResultSource
from .spiking_network import SpikingNetwork
from .stimulus import MAX_STEPS, Stimulus

DEFAULT_STOP_INTERVAL: int = default(16)

Report = Callable[[float], None]
"""What the core calls with the fraction of work that is done."""


@dataclass(frozen=True)
class EarlyStop:
    """When a sample ends before its last step, as the core takes it.

    Attributes:
        margin: Lead in output spikes, or in the outputs of a readout, that ends a sample; 0 for
            none.
        interval: Steps from one look at the lead to the next.
    """

    margin: float = 0.0
    interval: int = 16

    @classmethod
    def of(cls, stop_margin: float | None, stop_interval: int, *, has_readout: bool) -> EarlyStop:
        """Check the arguments that `simulate` explains.

        Raises:
            TypeError: One is no int, or the margin of a readout no number.
            ValueError: One is below 1, the margin of a readout not above 0, or the interval is
                given without a margin.
        """
        interval = as_positive_int(resolved(stop_interval), "stop_interval")
        if stop_margin is None and is_given(stop_interval):
            raise ValueError(
                f"stop_interval is {interval}, but without stop_margin no sample ends early"
            )
        if stop_margin is None:
            margin = 0.0
        elif has_readout:
            margin = as_positive_float(stop_margin, "stop_margin")
        else:
            margin = min(as_positive_int(stop_margin, "stop_margin"), MAX_STEPS + 1)
        # Numbers beyond any count of steps all say never; the core's integers have an end.
        return cls(margin, min(interval, MAX_STEPS + 1))


@dataclass(frozen=True, eq=False)
class SimulationSettings:
    """Arguments that `simulate` and `Simulation` share, checked.

    Attributes:
        stimulus: How samples drive the network.
        bias_scale: Factor on biases under given spike trains.
        populations: Outlines of the network's populations.
        recorded: What to keep, of which populations.
        early_stop: When samples end.
        num_threads: Threads; 0 for the default.
        progress: Whether to show a bar; None on a terminal or in a notebook.
    """

    stimulus: Stimulus
    bias_scale: float
    populations: tuple[PopulationOutline, ...]
    recorded: Recorded
    early_stop: EarlyStop
    num_threads: int
    progress: bool | None

    @classmethod
    def of(
        cls,
        snn: SpikingNetwork,
        stimulus: Stimulus,
        *,
        bias_scale: float | None,
        record: Record,
        num_threads: int | None,
        progress: bool | None,
        early_stop: EarlyStop,
    ) -> SimulationSettings:
        """Check the arguments that `simulate` explains.

        Raises:
            TypeError: An argument has the wrong type.
            ValueError: A value is out of its range.
        """
        if bias_scale is not None and not 0 <= as_finite_float(bias_scale, "bias_scale") <= 1:
            raise ValueError(
                f"bias_scale is {bias_scale}, but must be in [0, 1], which keeps sums exact"
            )
        check_progress(progress)
        populations = tuple(PopulationOutline.of(each) for each in snn.populations)
        return cls(
            stimulus=stimulus,
            bias_scale=1.0 if bias_scale is None else float(bias_scale),
            populations=populations,
            recorded=as_recorded(record, populations),
            early_stop=early_stop,
            num_threads=as_num_threads(num_threads),
            progress=progress,
        )

    def result(self, source: ResultSource, *, drawn: bool) -> SimulationResult:
        """Return the result of what the core gave.

        Args:
            source: That.
            drawn: Whether the input was made of samples, and not given as spike trains.
        """
        return SimulationResult(
            source,
            self.populations,
            self.stimulus.dt,
            self.recorded,
            seed=self.stimulus.drawn_seed if drawn else None,
        )

    def core_options(self, num_samples: int) -> _core.SimulationOptions:
        """Return the settings as the core takes them.

        Raises:
            ValueError: There are not ``num_samples`` sample ids.
        """
        return _core.SimulationOptions(
            dt=self.stimulus.dt,
            max_rate=self.stimulus.max_rate,
            seed=self.stimulus.seed,
            encoding=self.stimulus.encoding,
            bias_scale=self.bias_scale,
            sample_ids=self.stimulus.ids(num_samples),
            record=self.recorded,
            stop_margin=self.early_stop.margin,
            stop_interval=self.early_stop.interval,
            num_threads=self.num_threads,
        )


@contextmanager
def reporter(num_samples: int, progress: bool | None) -> Iterator[Report]:
    """Show a bar over samples; yields a function of the fraction of work that is done."""
    with progress_bar(num_samples, "simulation", progress=progress, unit="sample") as bar:
        yield report_to(bar, num_samples)


def report_to(bar: Progress, num_samples: int) -> Report:
    """Return a function of the fraction of some samples that is done, which moves a bar on."""
    done = 0

    def report(fraction: float) -> None:
        nonlocal done
        now = int(fraction * num_samples)
        bar.advance(now - done)
        done = now

    return report


def check_network(snn: SpikingNetwork) -> None:
    """Raise a TypeError unless ``snn`` is a spiking network."""
    if not isinstance(snn, SpikingNetwork):
        raise wrong_type("snn", snn, "a pysnn.SpikingNetwork")


def check_one_input(x: object, spikes: object) -> None:
    """Raise a ValueError unless there is one of the two."""
    if (x is None) == (spikes is None):
        raise ValueError("x or spikes must be given, and not both")


def check_without_effect(**arguments: object) -> None:
    """Raise a ValueError where an argument that is about ``x`` alone comes with ``spikes``."""
    for name, value in arguments.items():
        if is_given(value) and value is not None:
            shown = "given" if name == "sample_ids" else repr(value)
            reason = (
                "spikes has as many steps as it has"
                if name in ("num_steps", "duration")
                else "it is for x; spikes are taken as they are"
            )
            raise ValueError(f"{name} is {shown}, but {reason}")
