"""Firing rates against activations, population by population, and spikes per layer."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ..._base.formats import thousands
from ...diagnosis.matching.mapping import match
from ...plotting import plot_activation_against_rate, plot_layer_cost, plot_rate_histogram
from ...plotting._style import legend_below
from ...spiking import simulate
from ..paper import texts
from ..report.chapters import Chapter
from ..report.document import Block, Figure, Panel, Part, Table, experiment
from ..report.methods import shades
from ..results import CaseResult, ReproduceResult
from .section import Outcome, Section, SectionRun

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_METHODS = ("none", "data")
_IMAGES = 200


def _measure(run: SectionRun) -> Outcome:
    count = min(_IMAGES, run.sections.diagnosis_images, len(run.mnist.x_test))
    x = run.mnist.x_test[:count]
    cases, pictures = [], {}
    for network, case in run.cases():
        if case.normalization not in _METHODS:
            continue
        snn = run.converted(network.name, case.normalization)
        duration = min(run.sections.diagnosis_duration, case.curve.duration)
        simulated = simulate(
            snn,
            x,
            duration=duration,
            **run.stimulus(case).options(),
            record="counts",
            num_threads=run.num_threads,
            progress=False,
        )
        activations = run.networks[network.name].activations(x)
        populations = []
        rates: dict[str, NDArray[np.float64]] = {}
        for stage in match(run.networks[network.name].graph, snn):
            name = stage.population.name
            rate = simulated.counts(name).reshape(count, -1) / duration
            per_unit = (case.max_rate / stage.scale).astype(np.float32)
            due = activations[stage.position].reshape(count, -1) * per_unit
            rates[name] = rate
            populations.append(
                {
                    "name": name,
                    "mean_rate_hz": float(rate.mean()),
                    "highest_rate_hz": float(rate.max()),
                    "mean_ideal_rate_hz": float(due.mean()),
                    "silent_share": float((rate == 0).mean()),
                    "correlation": _correlation(rate, due),
                }
            )
            if case.normalization == "data":
                pictures[f"rates_{network.name}_{name}"] = partial(
                    plot_activation_against_rate, due, rate=rate, title=f"{network.name}, {name}"
                )
        pictures[f"histogram_{network.name}_{case.normalization}"] = partial(
            _draw_histogram, rates, case, f"{network.name}, normalization: {case.title}"
        )
        pictures[f"layers_{network.name}_{case.normalization}"] = partial(
            plot_layer_cost,
            {"input": case.mean_input_spikes, **case.mean_spikes},
            synaptic_operations=case.mean_synaptic_operations,
            title=f"{network.name}, normalization: {case.title}, "
            f"{1000 * case.curve.duration:.0f} ms",
        )
        cases.append(
            {
                "network": network.name,
                "normalization": case.normalization,
                "title": case.title,
                "num_samples": count,
                "duration_s": duration,
                "populations": populations,
            }
        )
    return Outcome({"cases": cases}, pictures)


def _draw_histogram(rates: dict[str, NDArray[np.float64]], case: CaseResult, title: str) -> Axes:
    axes = plot_rate_histogram(rates, max_rate=1 / case.curve.dt, title=title)
    # Populations are shades of the colour that the way of normalization has everywhere.
    for patch, shade in zip(axes.patches, shades(case.normalization, len(rates)), strict=True):
        patch.set_edgecolor(shade)
    legend_below(axes)
    return axes


def _correlation(rate: NDArray[Any], due: NDArray[Any]) -> float | None:
    a, b = rate.ravel() - rate.mean(), due.ravel() - due.mean(dtype=np.float64)
    norm = float(np.sqrt((a @ a) * (b @ b)))
    return float(a @ b) / norm if norm > 0 else None


def _part(result: ReproduceResult) -> Part:
    cases = result.sections[SECTION.name]["cases"]
    titles = result.titles
    found: list[Block] = []
    for case in cases:
        if case["normalization"] == "data":
            panels = [
                Panel(
                    f"rates_{case['network']}_{population['name']}",
                    f"{case['network']}, {population['name']}: firing rate against activation",
                )
                for population in case["populations"]
            ]
            caption = f"{titles[case['network']]}, data-based normalization: "
            caption += "each neuron and image; a perfect conversion lies on the dashed line."
            found.append(Figure(panels, caption))
    for kind, words in (
        ("histogram", "Distribution of firing rates."),
        ("layers", "Spikes and synaptic operations of each population, per image."),
    ):
        panels = [
            Panel(
                f"{kind}_{case['network']}_{case['normalization']}",
                f"{case['network']}, normalization {case['title']}: {words}",
            )
            for case in cases
        ]
        found.append(Figure(panels, words))
    header = ["population", "mean rate", "ideal rate", "highest rate", "silent", "correlation"]
    for case in cases:
        rows = [
            [
                population["name"],
                f"{thousands(population['mean_rate_hz'])} Hz",
                f"{thousands(population['mean_ideal_rate_hz'])} Hz",
                f"{population['highest_rate_hz']:.0f} Hz",
                f"{100 * population['silent_share']:.1f} %",
                "-" if population["correlation"] is None else f"{population['correlation']:.4f}",
            ]
            for population in case["populations"]
        ]
        caption = f"{titles[case['network']]}, {case['title']}: {case['num_samples']} test images, "
        caption += f"{1000 * case['duration_s']:.0f} ms"
        found.append(Table(header, rows, caption=caption))
    return experiment(
        "Firing rates",
        asked=texts.RATES_ASKED,
        found=found,
        command=result.command_for(SECTION.name),
        differs=texts.RATES_DIFFER,
    )


SECTION = Section(
    "rates",
    "firing rates against activations, spikes per layer",
    Chapter.CAUSES,
    _measure,
    _part,
)
