"""`pysnn.conversion_errors`: how far every population is off, and what each cause has in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Unpack

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..._base.foreign import wrong_type
from ..._base.interface.loaders import collected_samples
from ..._base.numbers import as_positive_int
from ..._base.progress import check_progress, progress_bar
from ..._base.system import as_num_threads
from ...network import Network
from ...spiking import Encoding, PoissonOptions, SpikingNetwork, Stimulus
from ...spiking.settings import check_network
from ...spiking.stimulus import DEFAULT_ENCODING, DEFAULT_NUM_STEPS
from ..matching.belonging import check_weights
from ..matching.mapping import Stage, match
from .parts import PARTS, Decomposition
from .population_errors import ERROR, PopulationErrors
from .report import ConversionErrors
from .runs import Runs
from .sums import ChannelSums


def conversion_errors(
    network: Network,
    snn: SpikingNetwork,
    x: ArrayLike | Iterable[Any],
    *,
    num_steps: int = DEFAULT_NUM_STEPS,
    duration: float | None = None,
    encoding: Encoding = DEFAULT_ENCODING,
    batch_size: int = 250,
    num_threads: int | None = None,
    progress: bool | None = None,
    **stimulus: Unpack[PoissonOptions],
) -> ConversionErrors:
    """Take the error of every population of a converted network apart, cause by cause.

    The error is what a population's spikes stand for, less the activation of the ReLU network. Its
    parts add up to it for every neuron and sample: clipping, threshold, quantization, inherited,
    delay, unevenness, reset and noise. ``docs/diagnosis.md`` has each as a formula.

    Args:
        network: The ReLU network, as it was before conversion.
        snn: What `convert` made of it.
        x: Samples, (num_samples, ...), as ``snn`` takes them; some dozens are enough.
            Or an iterable of batches, whose labels are not read.
        num_steps: Number of steps.
        duration: In place of ``num_steps``: simulated time in s.
        encoding: What ``x`` becomes, as in `simulate`, also where it is not given. What differs
            from constant input is noise.
        batch_size: Most samples that are simulated at a time; fewer where spike trains are long.
        num_threads: Threads; None for the default.
        progress: True shows a progress bar, False none, None one on a terminal or in a notebook.
        stimulus: ``dt``, ``max_rate``, ``scale``, and for Poisson input ``seed`` and
            ``sample_ids``, as `simulate` explains them.

    Returns:
        Errors by population and channel; printing them shows a table and what mends them.

    Raises:
        TypeError: An argument has the wrong type.
        ValueError: A value is out of its range, an argument has no effect, or the two networks do
            not belong together.
        MemoryError: The simulation would not fit in memory.

    Example:
        >>> network = pysnn.Network([pysnn.Linear([[0.5], [0.25]])], input_shape=1)
        >>> snn = pysnn.convert(network, method="none", reset="subtract")
        >>> errors = pysnn.conversion_errors(
        ...     network, snn, [[0.75]], num_steps=4, encoding="constant"
        ... )
        >>> errors["linear1"].channel_mean["quantization"]
        array([-0.125 , -0.1875])
    """
    if not isinstance(network, Network):
        raise wrong_type("network", network, "a pysnn.Network")
    check_network(snn)
    stages = match(network.graph, snn)
    given = Stimulus.of(encoding=encoding, of_network=snn.encoding, **stimulus)
    given.check_rate()
    if given.max_rate == 0:
        raise ValueError("max_rate is 0 Hz, but must be above 0: no input would drive anything")
    steps = given.num_steps(duration, num_steps)
    as_num_threads(num_threads)
    batch_size = as_positive_int(batch_size, "batch_size")
    check_progress(progress)
    given_samples = collected_samples(x)
    samples = snn.input_range.samples(given_samples, network.input_shape, scale=given.scale)
    if len(samples) == 0:
        raise ValueError("x has no samples, but errors need at least one")
    ids = given.ids(len(samples))
    if ids is None:
        ids = np.arange(len(samples), dtype=np.uint64)
    check_weights(network, snn, stages)

    measured = Errors(snn, stages, given, steps, num_threads)
    length = min(batch_size, measured.samples_at_a_time())
    with progress_bar(len(samples), "errors", progress=progress, unit="sample") as bar:
        for start in range(0, len(samples), length):
            part = samples[start : start + length]
            measured.add(part, ids[start : start + length], network.activations(part))
            bar.advance(len(part))
    return measured.finish(len(samples))


class Errors:
    """Errors that are summed part by part of a batch.

    Args:
        snn: The spiking network.
        stages: Its populations and their nodes.
        stimulus: How samples drive it.
        num_steps: Number of steps.
        num_threads: Threads; None for the default.
    """

    def __init__(
        self,
        snn: SpikingNetwork,
        stages: list[Stage],
        stimulus: Stimulus,
        num_steps: int,
        num_threads: int | None,
    ) -> None:
        self._stages = stages
        self._encoding = stimulus.encoding
        self._num_steps = num_steps
        self._runs = Runs(snn, stimulus, num_steps, num_threads)
        scales = {stage.population.name: stage.scale for stage in stages}
        input_spikes = stimulus.max_rate * stimulus.dt
        self._decompositions = [
            Decomposition(snn, stage, scales, num_steps, input_spikes) for stage in stages
        ]
        self._sums = self._no_sums()

    def _no_sums(self) -> list[ChannelSums]:
        names = ("activation", ERROR, *PARTS)
        return [ChannelSums(stage.population.shape[0], names) for stage in self._stages]

    def samples_at_a_time(self) -> int:
        """Return how many samples may be added at a time without taking much memory."""
        return self._runs.samples_at_a_time()

    def add(
        self,
        x: NDArray[np.float32],
        sample_ids: NDArray[np.uint64],
        outputs: list[NDArray[np.float32]],
    ) -> None:
        """Simulate samples and add their errors; arguments as `sums`."""
        for each in self.sums(x, sample_ids, outputs):
            self.merge(each)

    def merge(self, sums: list[ChannelSums]) -> None:
        """Add the sums over other samples, by population."""
        for mine, others in zip(self._sums, sums, strict=True):
            mine.merge(others)

    def sums(
        self,
        x: NDArray[np.float32],
        sample_ids: NDArray[np.uint64],
        outputs: list[NDArray[np.float32]],
    ) -> Iterator[list[ChannelSums]]:
        """Simulate samples and yield the sums of their errors, for some of them at a time.

        Args:
            x: (num_samples, *input_shape).
            sample_ids: Their numbers for the generator of random input.
            outputs: Outputs of every node of the ReLU network for them.
        """
        length = self.samples_at_a_time()
        for start in range(0, len(x), length):
            rows = slice(start, start + length)
            yield self._of(x[rows], sample_ids[rows], [each[rows] for each in outputs])

    def _of(
        self,
        x: NDArray[np.float32],
        sample_ids: NDArray[np.uint64],
        outputs: list[NDArray[np.float32]],
    ) -> list[ChannelSums]:
        sent = self._runs.run(x, sample_ids)
        activations = {
            stage.population.name: stage.values(outputs).astype(np.float64)
            for stage in self._stages
        }
        found = self._no_sums()
        for each, sums in zip(self._decompositions, found, strict=True):
            values, parts = each.of(x, activations, sent)
            error = np.asarray(sum(parts.values()))
            sums.add({"activation": values, ERROR: error, **parts})
        return found

    def finish(self, num_samples: int) -> ConversionErrors:
        """Return the errors of all samples so far, whose number is given."""
        populations = (
            PopulationErrors.of(stage, sums)
            for stage, sums in zip(self._stages, self._sums, strict=True)
        )
        return ConversionErrors(num_samples, self._num_steps, self._encoding, tuple(populations))
