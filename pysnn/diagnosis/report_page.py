"""A conversion report as an interactive page: populations, and samples through time."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..pages.interactive import choice, figure, interactive_page
from ..pages.page import table
from .measurement.populations import PopulationReport
from .report_values import ReportValues
from .traces import PopulationTrace, SampleTrace

_MOST_POINTS = 2000  # of a population's neurons and samples in the page
_CAUSES = (
    ("too_little_input", "too little input"),
    ("lost", "lost at resets"),
    ("left", "left in the membrane"),
    ("backlog", "backlog"),
    ("dropped", "dropped"),
)


def report_page(report: ReportValues) -> str:
    """Return the page of a report.

    Raises:
        ImportError: plotly is not installed.
    """
    names = [each.name for each in report.populations]
    # A readout has neither rates nor charges to show.
    spiking = [i for i, each in enumerate(report.populations) if each.neuron != "readout"]
    worst = max(spiking or [0], key=lambda i: report.populations[i].accuracy_lost)
    of_chance = "to the chance of the input and " if report.seeds else ""
    body = [
        *_summary(report),
        "<h2>Where accuracy is lost</h2>",
        figure(
            "losses",
            f"Points lost {of_chance}in each population; they add up to the whole loss. The table "
            "below has the numbers.",
            "Percentage points; below 0 accuracy is gained.",
        ),
        _table(report),
        "<h2>One population</h2>",
        f'<div class="controls">{choice("population", "Population", names, worst)}</div>',
        '<div class="pair">',
        figure(
            "rates",
            "Firing rate of each neuron and sample against its activation",
            "A mark is a neuron on a sample; on the dashed line conversion is perfect. Of many, "
            f"{_MOST_POINTS:,} at equal distances are shown.",
        ),
        figure(
            "causes",
            "Share of the spikes due that is missing, by cause, driven alone and in the network",
            "% of the spikes due. Alone: driven by the ideal rates of its sources.",
        ),
        "</div>",
        *_time(report),
        f"<details><summary>The whole report as text</summary><pre>{escape(str(report))}</pre>"
        "</details>",
    ]
    return interactive_page("Conversion report", "\n".join(body), _data(report), _scripts(report))


def _scripts(report: ReportValues) -> list[str]:
    return ["report.js", "samples.js"] if report.traces else ["report.js"]


def _summary(report: ReportValues) -> list[str]:
    accuracies = report.accuracies
    what = "accuracy" if accuracies.labelled else "agreement with the ReLU network"
    facts = (
        f"{report.num_samples:,} samples, {report.num_steps} steps of {report.dt:g} s, "
        f"{report.input_text}"
    )
    cost = (
        f"The conversion costs {100 * accuracies.lost:.2f} percentage points of {what}: "
        f"{100 * accuracies.ann:.2f} % becomes {100 * accuracies.spiking:.2f} %."
    )
    found = "".join(f"<li>{escape(str(finding))}</li>" for finding in report.findings)
    return [
        f'<p class="summary">{escape(cost)}</p>',
        f'<p class="note">{escape(facts)}</p>',
        f"<ol>{found}</ol>" if found else "<p>Nothing stands out.</p>",
    ]


def _table(report: ReportValues) -> str:
    header = ("population", "points lost", "neurons", "correlation", "missing (alone)", "dead")
    rows = [
        (
            each.name,
            f"{100 * each.accuracy_lost:+.2f}",
            f"{each.num_neurons:,}",
            "-"
            if each.correlation is None or each.neuron == "readout"
            else f"{each.correlation:.4f}",
            f"{100 * each.alone.missing:.1f} %" if each.has_charges else "-",
            f"{int(each.dead.sum()):,}",
        )
        for each in report.populations
    ]
    if report.seeds:
        chance = f"{100 * report.accuracies.lost_to_chance:+.2f}"
        rows.insert(0, ("chance of the input", chance, "", "", "", ""))
    return table(header, rows)


def _time(report: ReportValues) -> list[str]:
    if not report.traces:
        return [
            "<h2>Samples through time</h2>",
            '<p class="note">Of no sample the steps were kept: <code>diagnose(..., trace=[0, 1])'
            "</code> keeps input, spikes and potentials of these samples.</p>",
        ]
    samples = [f"sample {each.sample}" for each in report.traces]
    populations = [each.name for each in report.traces[0].populations]
    readouts = [each.name for each in report.populations if each.neuron == "readout"]
    last = max((i for i, name in enumerate(populations) if name not in readouts), default=0)
    return [
        "<h2>Samples through time</h2>",
        '<div class="controls">',
        choice("sample", "Sample", samples),
        choice("traced", "Population", populations, last),
        choice("neuron", "Neuron", ["0"]),
        "</div>",
        '<div class="time"><label for="step">Step</label>'
        f'<input type="range" id="step" min="1" max="{report.num_steps}" '
        f'value="{report.num_steps}"><output id="now" aria-live="polite"></output></div>',
        '<div class="pair">',
        figure("input", "The sample, or its input spikes up to the step"),
        figure("decision", "What each output says up to the step"),
        "</div>",
        figure(
            "raster",
            "Spikes of the population's neurons over the steps",
            "A mark is a spike; of large populations the neurons with the largest activations are "
            "kept. The line is the step.",
        ),
        figure(
            "potential",
            "Membrane potential of the chosen neuron over the steps",
            "At the end of each step, after the reset; triangles are spikes, the dashed line is "
            "the threshold.",
        ),
    ]


def _data(report: ReportValues) -> dict[str, Any]:
    losses = [(each.name, _points(each.accuracy_lost)) for each in report.populations]
    if report.seeds:
        losses.insert(0, ("chance of the input", _points(report.accuracies.lost_to_chance)))
    names, points = zip(*losses, strict=True)
    return {
        "losses": {"names": names, "points": points},
        "populations": [_population(each) for each in report.populations],
        "samples": [_sample(each) for each in report.traces],
        "num_steps": report.num_steps,
    }


def _population(population: PopulationReport) -> dict[str, Any]:
    activation, rate = population.activation.ravel(), population.rate.ravel()
    shown = np.unique(np.linspace(0, activation.size - 1, _MOST_POINTS).astype(np.int64))
    causes = [
        {
            "name": words,
            "alone": _points(getattr(population.alone, key)),
            "network": _points(getattr(population.in_network, key)),
        }
        for key, words in _CAUSES
    ]
    return {
        "name": population.name,
        "activation": _rounded(activation[shown]),
        "rate": _rounded(rate[shown]),
        "neurons": (shown % population.num_neurons).tolist(),
        "rows": (shown // population.num_neurons).tolist(),
        "causes": causes if population.has_charges else [],
    }


def _sample(trace: SampleTrace) -> dict[str, Any]:
    image = trace.x
    # Channels are shown as their mean, what is no image as a row.
    image = image.mean(axis=0) if image.ndim == 3 else image.reshape(1, -1)
    spikes = None
    if trace.input_spikes is not None:
        by_step = trace.input_spikes.reshape(len(trace.input_spikes), *trace.x.shape)
        by_step = by_step.sum(axis=1) if by_step.ndim == 4 else by_step.reshape(len(by_step), -1)
        flat = by_step.reshape(len(by_step), -1)
        spikes = [[np.flatnonzero(row).tolist(), row[row != 0].tolist()] for row in flat]
    return {
        "sample": trace.sample,
        "label": trace.label,
        "ann": trace.ann_prediction,
        "encoding": trace.encoding,
        "image": [_rounded(row) for row in image],
        "spikes": spikes,
        "decision": [_rounded(row) for row in trace.decision],
        "predictions": trace.predictions.tolist(),
        "populations": [_traced(each) for each in trace.populations],
    }


def _traced(trace: PopulationTrace) -> dict[str, Any]:
    steps, rows = np.nonzero(trace.spikes)
    return {
        "name": trace.name,
        "num_neurons": trace.num_neurons,
        "neurons": trace.neurons.tolist(),
        "activation": _rounded(trace.activation),
        "steps": (steps + 1).tolist(),
        "rows": rows.tolist(),
        "signs": trace.spikes[steps, rows].tolist(),
        "potentials": None
        if trace.potentials is None
        else [_rounded(neuron) for neuron in trace.potentials.T],
        "threshold": None if trace.threshold is None else _rounded(trace.threshold),
    }


def _rounded(values: NDArray[Any] | Sequence[float]) -> list[float]:
    """Return numbers with the four digits that a figure shows, whole ones without a point."""
    found: list[float] = []
    for value in np.asarray(values, dtype=np.float64).tolist():
        short = float(f"{value:.4g}")
        found.append(int(short) if short.is_integer() else short)
    return found


def _points(share: float) -> float:
    return round(100 * share, 3) + 0.0
