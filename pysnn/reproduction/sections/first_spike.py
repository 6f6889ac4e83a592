"""Classification at the first output spike, from the simulations of the core."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from ..._base.formats import milliseconds, percent
from ...experiments.first_spike import FirstSpikeResult
from ...plotting import plot_time_histogram
from ..paper import texts
from ..report.chapters import Chapter
from ..report.document import Block, Figure, Panel, Paragraph, Part, Table, experiment
from ..results import NetworkResult, ReproduceResult
from .section import Outcome, Section, SectionRun

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def _measure(run: SectionRun) -> Outcome:
    cases, pictures = [], {}
    for network in run.core.values():
        results = {}
        for case in network.cases:
            simulated = run.simulated[network.name, case.normalization]
            result = FirstSpikeResult.of(simulated, run.mnist.y_test)
            results[case.normalization] = result
            cases.append(
                {
                    "network": network.name,
                    "normalization": case.normalization,
                    "title": case.title,
                    "max_rate_hz": case.max_rate,
                    "dt_s": case.curve.dt,
                    "final_accuracy": case.curve.final_accuracy,
                    **result.to_dict(),
                }
            )
        pictures[f"first_spike_{network.name}"] = partial(_draw, network, results)
    return Outcome({"cases": cases}, pictures)


def _draw(network: NetworkResult, results: dict[str, FirstSpikeResult]) -> Axes:
    return plot_time_histogram(
        {
            f"{case.title}, {case.max_rate:.0f} Hz": results[case.normalization].time.steps
            for case in network.cases
        },
        num_steps=max(case.curve.num_steps for case in network.cases),
        dt=network.cases[0].curve.dt,
        title=network.title,
    )


def _part(result: ReproduceResult) -> Part:
    cases = result.sections[SECTION.name]["cases"]
    panels = [
        Panel(
            f"first_spike_{network.name}",
            f"{network.title}: time of the first output spike in each image",
        )
        for network in result.networks
    ]
    found: list[Block] = [Figure(panels, "Time of the first output spike of an image.")]
    header = ["normalization", "accuracy", "if not silent", "accuracy at the end", "silent"]
    header += ["tied", "a quarter by", "half by", "three quarters by", "99 % by"]
    for network in result.networks:
        rows = []
        for case in cases:
            if case["network"] != network.name:
                continue
            time = case["time"]
            quantiles = [time[f"quantile_{share}_s"] for share in (25, 50, 75, 99)]
            rows.append(
                [
                    f"{case['title']}, {case['max_rate_hz']:.0f} Hz",
                    *(
                        percent(case[key])
                        for key in ("accuracy", "accuracy_of_spiking", "final_accuracy")
                    ),
                    *(percent(case[key]) for key in ("share_silent", "share_tied")),
                    *(milliseconds(quantile) for quantile in quantiles),
                ]
            )
        found.append(Table(header, rows, caption=f"{network.title}: at the first output spike, %"))
    found.append(
        Paragraph(
            "Silent images never have an output spike and count as class 0. Tied: several output "
            "neurons fire in the step of the first spike, and the lowest class is taken. Times "
            "are those by which that share of all images has had an output spike.",
            "note",
        )
    )
    return experiment(
        "The first output spike",
        asked=texts.FIRST_SPIKE_ASKED,
        found=found,
        command=result.command_for(SECTION.name),
        differs=texts.FIRST_SPIKE_DIFFERS,
    )


SECTION = Section(
    "first-spike",
    "accuracy and time at the first output spike",
    Chapter.ACCURACY,
    _measure,
    _part,
)
