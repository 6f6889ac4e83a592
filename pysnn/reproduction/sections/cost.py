"""Spikes and operations of a classification, against the ReLU network's."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..._base.formats import milliseconds, percent
from ...metrics import cost_over_time, dense_operations, measure_network, measure_spiking_network
from ...plotting import plot_cost_over_time
from ..paper import texts
from ..report.chapters import Chapter
from ..report.document import Block, Figure, Panel, Part, Table, experiment
from ..report.methods import case_label, case_styles
from ..results import ReproduceResult
from .section import Outcome, Section, SectionRun

_METHODS = ("none", "data")
_TIMES = (0.02, 0.05, 0.1)  # s at which the metrics are taken
_SHOWN = 40  # times that are kept of a curve


def _measure(run: SectionRun) -> Outcome:
    count = min(run.sections.cost_images, len(run.mnist.x_test))
    x, y = run.mnist.x_test[:count], run.mnist.y_test[:count]
    networks, pictures = [], {}
    for name, network in run.networks.items():
        dense = dense_operations(network)
        cases = [case for case in run.core[name].cases if case.normalization in _METHODS]
        curves: dict[str, Any] = {}
        entries = []
        for case in cases:
            snn = run.converted(name, case.normalization)
            options: dict[str, Any] = {
                "dt": case.curve.dt,
                "max_rate": case.max_rate,
                "seed": run.settings.seed,
                "num_threads": run.num_threads,
            }
            duration = min(run.sections.seeds_duration, case.curve.duration)
            cost = cost_over_time(snn, x, duration=duration, progress=run.progress, **options)
            total = cost.total_synaptic_operations
            above = total > dense
            times = [time for time in _TIMES if time <= duration * (1 + 1e-9)]
            kept = _thinned(len(total))
            entries.append(
                {
                    "normalization": case.normalization,
                    "title": case.title,
                    "max_rate_hz": case.max_rate,
                    "time_above_ann_s": float(cost.time[above.argmax()]) if above.any() else None,
                    "time_s": cost.time[kept].round(9).tolist(),
                    "spikes": cost.total_spikes[kept].tolist(),
                    "synaptic_operations": total[kept].tolist(),
                    "metrics": [
                        {
                            "time_s": time,
                            **measure_spiking_network(
                                snn, x, y, duration=time, progress=False, **options
                            ).to_dict(),
                        }
                        for time in times or [duration]
                    ],
                }
            )
            curves[case_label(case)] = (cost.time, total)
        ann = measure_network(network, x, y).to_dict()
        networks.append({"network": name, "num_samples": count, "ann": ann, "cases": entries})
        pictures[f"cost_{name}"] = partial(
            _draw, curves, case_styles(cases), dense, run.core[name].title
        )
    return Outcome({"networks": networks}, pictures)


def _thinned(num_steps: int) -> NDArray[np.int64]:
    """Return steps at about equal distances on a logarithmic axis."""
    return np.unique(np.geomspace(1, num_steps, min(num_steps, _SHOWN)).round().astype(int)) - 1


def _draw(curves: dict[str, Any], styles: dict[str, int], dense: int, title: str) -> Any:
    return plot_cost_over_time(
        {label: total for label, (_, total) in curves.items()},
        time=next(iter(curves.values()))[0],
        styles=styles,
        ann_cost={f"ReLU network, {dense:,} multiply-accumulates": dense},
        title=title,
    )


def _part(result: ReproduceResult) -> Part:
    titles = result.titles
    found: list[Block] = []
    networks = result.sections[SECTION.name]["networks"]
    found.append(
        Figure(
            [
                Panel(
                    f"cost_{each['network']}",
                    f"{titles[each['network']]}: synaptic operations per image over time, against "
                    f"{each['ann']['SynapticOperations']['Dense']:,.0f} multiply-accumulates",
                )
                for each in networks
            ],
            "Synaptic operations so far, each an addition; the horizontal line shows the "
            "multiply-accumulates of the ReLU network.",
        )
    )
    header = ["", "accuracy", "Dense", "Effective_MACs", "Effective_ACs", "activation sparsity"]
    header += ["footprint"]
    for each in networks:
        rows = [_row("ReLU network", each["ann"])]
        rows += [
            _row(f"{case['title']}, {milliseconds(metrics['time_s'])}", metrics)
            for case in each["cases"]
            for metrics in case["metrics"]
        ]
        title = titles[each["network"]]
        caption = f"{title}: per image, means over {each['num_samples']:,} test images"
        found.append(Table(header, rows, caption=caption))
    rows = [
        [
            titles[each["network"]],
            f"{case['title']}, {case['max_rate_hz']:.0f} Hz",
            milliseconds(case["time_above_ann_s"]),
        ]
        for each in networks
        for case in each["cases"]
    ]
    found.append(
        Table(["network", "normalization", "more operations than the ReLU network after"], rows)
    )
    return experiment(
        "Cost of a classification",
        asked=texts.COST_ASKED,
        found=found,
        command=result.command_for(SECTION.name),
        differs=texts.COST_DIFFERS,
    )


def _row(name: str, metrics: dict[str, Any]) -> list[str]:
    operations = metrics["SynapticOperations"]
    return [
        name,
        f"{percent(metrics['ClassificationAccuracy'])} %",
        *(f"{operations[key]:,.0f}" for key in ("Dense", "Effective_MACs", "Effective_ACs")),
        f"{percent(metrics['ActivationSparsity'])} %",
        f"{metrics['Footprint'] / 1e6:.2f} MB",
    ]


SECTION = Section(
    "cost",
    "spikes and operations over time, NeuroBench's metrics",
    Chapter.COST,
    _measure,
    _part,
)
