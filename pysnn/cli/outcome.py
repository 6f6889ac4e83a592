"""What a simulation gave, as text, JSON, CSV or arrays."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .._base.files import replacing, write_json
from .._base.system import STREAM_VERSION, VERSION
from .._base.tables import csv_text, text_table
from ..spiking import SimulationResult

_CSV_ROWS = 10_000


@dataclass(frozen=True, eq=False)
class Outcome:
    """A simulation and what it was made with.

    Attributes:
        files: What was read, by the role of each file.
        settings: Arguments of `pysnn.simulate`, ready for JSON.
        result: What it returned, given the labels.
        labels: Class of each sample, (num_samples,), or None.
        sample_ids: Row of each sample in its source, (num_samples,).
        seconds: Wall-clock time of the simulation.
    """

    files: dict[str, str]
    settings: dict[str, Any]
    result: SimulationResult
    labels: NDArray[Any] | None
    sample_ids: NDArray[np.uint64]
    seconds: float

    @property
    def accuracy(self) -> NDArray[np.float64] | None:
        """Accuracy after each step, (num_steps,); None without labels."""
        if self.labels is None or not self.result.num_samples:
            return None
        return self.result.accuracy()

    def to_dict(self) -> dict[str, Any]:
        """Return everything but what `write_outcome` keeps per sample, ready for JSON.

        Counts are means per sample; ``mean_first_spike_step`` is over the samples with a spike, and
        both it and the number of silent samples are None where the output is a readout.
        """
        result, accuracy = self.result, self.accuracy
        steps = None if result.has_readout else result.first_spike_step
        spiking = None if steps is None else steps[steps >= 0]
        return {
            "pysnn": VERSION,
            "stream_version": STREAM_VERSION,
            **self.files,
            **self.settings,
            "num_samples": result.num_samples,
            "num_steps": result.num_steps,
            "seconds": self.seconds,
            "accuracy": None if accuracy is None else accuracy.tolist(),
            "predictions": result.predictions.tolist(),
            "mean_steps": _mean(result.stopped_step),
            "mean_first_spike_step": None if spiking is None else _mean(spiking),
            "samples_without_output_spike": (
                None if spiking is None else result.num_samples - len(spiking)
            ),
            "input_spikes": _mean(result.num_input_spikes),
            "populations": [
                {
                    "name": name,
                    "spikes": _mean(result.num_spikes[:, i]),
                    "synaptic_operations": _mean(result.synaptic_operations[:, i]),
                }
                for i, name in enumerate(result.population_names)
            ],
        }

    def __str__(self) -> str:
        """Show accuracy, activity and time."""
        result = self.result
        source = self.files.get("data") or self.files["spikes"]
        lines = [
            f"{self.files['network']} on {source}: {result.num_samples:,} samples, "
            f"{result.num_steps:,} steps of {result.dt:g} s"
        ]
        accuracy = self.accuracy
        if accuracy is not None:
            lines.append(_accuracy_line(accuracy, result.dt))
        facts = self.to_dict()
        if not result.num_samples:
            return lines[0]
        if facts["mean_steps"] < result.num_steps:
            lines.append(f"steps: {facts['mean_steps']:.1f} per sample, ended by --stop-margin")
        if facts["samples_without_output_spike"]:
            lines.append(f"samples without output spike: {facts['samples_without_output_spike']:,}")
        rows = [("input", f"{facts['input_spikes']:,.1f}", "")]
        rows += [
            (each["name"], f"{each['spikes']:,.1f}", f"{each['synaptic_operations']:,.0f}")
            for each in facts["populations"]
        ]
        lines.append(text_table(("per sample", "spikes", "synaptic operations"), rows))
        rate = result.num_samples / max(self.seconds, 1e-9)
        lines.append(f"simulated in {self.seconds:.2f} s, {rate:,.0f} samples a second")
        return "\n".join(lines)


def write_outcome(outcome: Outcome, path: str) -> None:
    """Write a ``.json``, ``.csv`` or ``.npz`` file, as the ending of ``path`` says.

    Raises:
        OSError: The file can't be written.
    """
    target = Path(path)
    ending = target.suffix.lower()
    if ending == ".json":
        write_json(target, outcome.to_dict())
    elif ending == ".csv":
        _write_csv(outcome, target)
    else:
        with replacing(target) as temporary, temporary.open("wb") as file:
            np.savez(file, **_arrays(outcome))


def _accuracy_line(accuracy: NDArray[np.float64], dt: float) -> str:
    steps = sorted({round(len(accuracy) * part) for part in (0.1, 0.2, 0.5)} - {0, len(accuracy)})
    early = ", ".join(f"{accuracy[n - 1]:.2%} after {1000 * n * dt:g} ms" for n in steps)
    end = f"{accuracy[-1]:.2%} after {1000 * len(accuracy) * dt:g} ms"
    return f"accuracy: {end}" + (f" ({early})" if early else "")


def _write_csv(outcome: Outcome, path: Path) -> None:
    result = outcome.result
    columns: dict[str, NDArray[Any]] = {"sample": outcome.sample_ids}
    if outcome.labels is not None:
        columns["label"] = outcome.labels
    columns |= {
        "prediction": result.predictions,
        **_first_spikes(result),
        "stopped_step": result.stopped_step,
        "input_spikes": result.num_input_spikes,
        "spikes": result.num_spikes.sum(axis=1),
        "synaptic_operations": result.synaptic_operations.sum(axis=1),
    }
    name, values = (
        ("output", result.outputs) if result.has_readout else ("count", result.spike_counts)
    )
    columns |= {f"{name}_{k}": values[:, k] for k in range(result.num_classes)}
    with (
        replacing(path) as temporary,
        temporary.open("w", encoding="utf-8", newline="\n") as file,
    ):
        file.write(csv_text(columns, []))
        # As Python's numbers, a million lines would take a GB.
        for start in range(0, result.num_samples, _CSV_ROWS):
            rows = slice(start, start + _CSV_ROWS)
            lists = [column[rows].tolist() for column in columns.values()]
            file.write(csv_text(None, zip(*lists, strict=True)))


def _arrays(outcome: Outcome) -> dict[str, Any]:
    result = outcome.result
    arrays: dict[str, Any] = {
        "sample_ids": outcome.sample_ids,
        "predictions": result.predictions,
        "spike_counts": result.spike_counts,
        **_first_spikes(result),
        "stopped_step": result.stopped_step,
        "num_input_spikes": result.num_input_spikes,
        "num_spikes": result.num_spikes,
        "synaptic_operations": result.synaptic_operations,
        "population_names": np.array(result.population_names),
        "summary": np.array(json.dumps(outcome.to_dict(), allow_nan=False)),
    }
    accuracy = outcome.accuracy
    if outcome.labels is not None:
        arrays["labels"] = outcome.labels
    if accuracy is not None:
        arrays["accuracy"] = accuracy
    if result.has_readout:
        arrays["outputs"] = result.outputs
    recorded: dict[str, dict[str, Any]] = {
        "spikes": result.spikes,
        "potentials": result.potentials,
        "counts": result.counts,
    }
    for what, by_population in recorded.items():
        arrays |= {f"{what}/{name}": values for name, values in by_population.items()}
    for name, balance in result.balance.items():
        for field in dataclasses.fields(balance):
            arrays[f"balance/{name}/{field.name}"] = getattr(balance, field.name)
    return arrays


def _first_spikes(result: SimulationResult) -> dict[str, NDArray[Any]]:
    """Return the step of the first output spike, by name; nothing of a readout."""
    return {} if result.has_readout else {"first_spike_step": result.first_spike_step}


def _mean(values: NDArray[np.int64]) -> float | None:
    return float(values.mean()) if values.size else None
