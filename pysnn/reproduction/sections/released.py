"""Data-based normalization by the paper's rule, and as the authors' released code does it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from ..._base.formats import milliseconds, percent, thousands
from ...conversion import convert
from ...experiments.accuracy_curve import AccuracyCurve, plot_curves
from ...experiments.step_distribution import StepDistribution
from ...spiking import simulate
from ..paper import texts
from ..report.chapters import Chapter
from ..report.document import Block, Figure, Panel, Part, Table, experiment
from ..report.methods import style_number
from ..results import CaseResult, ReproduceResult
from .section import Outcome, Section, SectionRun

if TYPE_CHECKING:
    from ...spiking import SimulationResult

# The paper's rule is data-based normalization as everywhere; the other one has no other place.
_STYLES = {"the paper's rule": style_number("data"), "the released code's": 4}
_TITLES = {"correct": "the paper's rule", "released": "the released code's"}


def _measure(run: SectionRun) -> Outcome:
    networks, pictures = [], {}
    for network, case in run.cases():
        if case.normalization != "data":
            continue
        snn = convert(
            run.networks[network.name],
            method="data",
            variant="released",
            x=run.mnist.x_train,
            threshold=run.settings.threshold,
            num_threads=run.num_threads,
            progress=run.progress,
        )
        released = simulate(
            snn,
            run.mnist.x_test,
            duration=case.curve.duration,
            **run.stimulus(case).options(),
            num_threads=run.num_threads,
            progress=run.progress,
        )
        variants = {
            "correct": (run.simulated[network.name, "data"], case.curve, case.scale_factors),
            "released": (
                released,
                AccuracyCurve.of(released, run.mnist.y_test),
                {each.name: float(each.scale_factor or 1.0) for each in snn.populations},
            ),
        }
        networks.append(
            {
                "network": network.name,
                "variants": [
                    _numbers(run, case, variant, *measured)
                    for variant, measured in variants.items()
                ],
            }
        )
        pictures[f"released_{network.name}"] = partial(
            plot_curves,
            {_TITLES[variant]: curve for variant, (_, curve, _) in variants.items()},
            ann_accuracy=network.ann_accuracy,
            styles=_STYLES,
            title=network.title,
        )
    return Outcome({"networks": networks}, pictures)


def _numbers(
    run: SectionRun,
    case: CaseResult,
    variant: str,
    simulated: SimulationResult,
    curve: AccuracyCurve,
    scales: dict[str, float],
) -> dict[str, Any]:
    first = StepDistribution(simulated.first_spike_step, simulated.num_steps, case.curve.dt)
    return {
        "variant": variant,
        "scale_factors": scales,
        "accuracies": [
            {"time_s": time, "accuracy": curve.accuracy_at(time)}
            for time in run.settings.checkpoints
            if curve.accuracy_at(time) is not None
        ],
        "final_accuracy": curve.final_accuracy,
        "median_first_spike_s": first.median,
        "mean_output_spikes": float(simulated.num_spikes[:, -1].mean()),
    }


def _part(result: ReproduceResult) -> Part:
    titles = result.titles
    networks = result.sections[SECTION.name]["networks"]
    panels = [
        Panel(
            f"released_{each['network']}",
            f"{titles[each['network']]}: accuracy over time with both rules",
        )
        for each in networks
    ]
    found: list[Block] = [Figure(panels, "Data-based normalization by both rules.")]
    for each in networks:
        times = [entry["time_s"] for entry in each["variants"][0]["accuracies"]]
        header = ["rule", *(f"after {milliseconds(time)}" for time in times)]
        header += ["first output spike", "output spikes", "scale of the output"]
        rows = [
            [
                _TITLES[variant["variant"]],
                *(f"{percent(entry['accuracy'])} %" for entry in variant["accuracies"]),
                milliseconds(variant["median_first_spike_s"]),
                thousands(variant["mean_output_spikes"]),
                f"{list(variant['scale_factors'].values())[-1]:.4g}",
            ]
            for variant in each["variants"]
        ]
        found.append(Table(header, rows, caption=titles[each["network"]]))
    return experiment(
        "The normalization rule of the released code",
        asked=texts.RELEASED_ASKED,
        found=found,
        command=result.command_for(SECTION.name),
        differs=texts.RELEASED_DIFFERS,
    )


SECTION = Section(
    "released",
    "data-based normalization as the released code does it",
    Chapter.CONVERSION,
    _measure,
    _part,
)
