"""The experiments that `pysnn experiment` knows: each runs on files' networks and is shown."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from numpy.typing import NDArray

from ..parallel import PartsMissing
from .stimulus import sample_options

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ..network import Network
    from ..parallel import Workers
    from ..spiking import SpikingNetwork, Stimulus


@dataclass(frozen=True)
class Inputs:
    """What an experiment gets.

    Attributes:
        networks: Spiking networks by path.
        stimuli: How the samples drive each; they differ in their rates.
        ann: The ReLU network, where the experiment compares to one.
        samples: Samples ``x`` and labels ``y``.
        num_steps: Number of steps.
        executor: Who computes parts.
        num_threads: Threads of a part; None for the default.
        own: Options of this experiment.
    """

    networks: Mapping[str, SpikingNetwork]
    stimuli: Sequence[Stimulus]
    ann: Network | None
    samples: dict[str, NDArray[Any]]
    num_steps: int
    executor: Workers
    num_threads: int | None
    own: dict[str, Any]

    @property
    def common(self) -> dict[str, Any]:
        """Arguments that every experiment's function has."""
        names = ("num_steps", "executor", "num_threads")
        return self.samples | {name: getattr(self, name) for name in names}

    @property
    def driven(self) -> Iterator[tuple[str, SpikingNetwork, Stimulus]]:
        """Yield path, network and stimulus of each network."""
        for (path, snn), stimulus in zip(self.networks.items(), self.stimuli, strict=True):
            yield path, snn, stimulus


@dataclass(frozen=True)
class Shown:
    """An experiment's result, ready to be printed, written and drawn.

    Attributes:
        text: Tables.
        values: Numbers, ready for JSON.
        draw: Makes the picture.
    """

    text: str
    values: dict[str, Any]
    draw: Callable[[], Axes]


def over_time(inputs: Inputs) -> Shown:
    """Run `accuracy_over_time`."""
    from ..experiments.over_time import OverTimeCase, accuracy_over_time

    assert inputs.ann is not None
    titles = _titles(inputs.networks)
    first = inputs.stimuli[0]
    result = accuracy_over_time(
        inputs.ann,
        [
            OverTimeCase(path, titles[path], snn, stimulus.max_rate)
            for path, snn, stimulus in inputs.driven
        ],
        seeds=range(first.seed, first.seed + inputs.own["num_seeds"]),
        **inputs.common,
        **sample_options(first),
    )
    return Shown(str(result), result.to_dict(), result.plot)


def first_spike(inputs: Inputs) -> Shown:
    """Run `first_spike` for each network."""
    from ..experiments.first_spike import first_spike as run

    results = _of_each(inputs, run)

    def draw() -> Axes:
        from ..plotting import plot_time_histogram

        titles = _titles(results)
        return plot_time_histogram(
            {
                f"{titles[path]}, {100 * each.accuracy:.2f} % right": each.time.steps
                for path, each in results.items()
            },
            dt=inputs.stimuli[0].dt,
        )

    return Shown(_texts(results), _values(inputs, results), draw)


def stopping(inputs: Inputs) -> Shown:
    """Run `stopping` for each network."""
    from ..experiments.stopping import stopping as run

    results = _of_each(inputs, run)

    def draw() -> Axes:
        from ..plotting import plot_early_stop

        titles = _titles(results)
        rows = {titles[path]: (*each.margins, each.whole) for path, each in results.items()}
        dt = inputs.stimuli[0].dt
        return plot_early_stop(
            {title: [each.accuracy for each in ways] for title, ways in rows.items()},
            cost={
                title: [1e3 * dt * each.mean_steps for each in way] for title, way in rows.items()
            },
            names=[*map(str, inputs.own["margins"]), "no end"],
            xlabel="mean simulated time (ms)",
        )

    return Shown(_texts(results), _values(inputs, results), draw)


RUNS: dict[str, Callable[[Inputs], Shown]] = {
    "over-time": over_time,
    "first-spike": first_spike,
    "stopping": stopping,
}
"""Experiments by the name that the command line knows."""


def _of_each(inputs: Inputs, run: Callable[..., Any]) -> dict[str, Any]:
    """Return what an experiment gives for each network.

    Raises:
        PartsMissing: Parts of some are missing; what this run computes of others is there.
    """
    results = {}
    missing: list[PartsMissing] = []
    for path, snn, stimulus in inputs.driven:
        try:
            results[path] = run(snn, **inputs.own, **inputs.common, **stimulus.options())
        except PartsMissing as error:
            missing.append(error)
    if len(missing) > 1:
        raise PartsMissing(
            f"{missing[0]}; and of {len(missing) - 1} other networks",
            sum(each.num_parts for each in missing),
            sum(each.num_missing for each in missing),
        )
    if missing:
        raise missing[0]
    return results


def _titles(paths: Mapping[str, Any]) -> dict[str, str]:
    """Return file names without ending, or whole paths where two have the same."""
    names = {path: Path(path).stem for path in paths}
    return names if len(set(names.values())) == len(names) else {path: path for path in paths}


def _texts(results: Mapping[str, Any]) -> str:
    return "\n\n".join(f"{path}\n{result}" for path, result in results.items())


def _values(inputs: Inputs, results: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "networks": [
            {"network": path, "max_rate_hz": stimulus.max_rate, **results[path].to_dict()}
            for path, _, stimulus in inputs.driven
        ]
    }
