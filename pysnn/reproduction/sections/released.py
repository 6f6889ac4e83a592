"""Data-based normalization by the paper's rule, and as the authors' released code does it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from ..._base.formats import milliseconds, percent, thousands
from ...conversion import convert
from ...experiments.step_distribution import StepDistribution
from ...plotting import plot_accuracy_over_time
from ...spiking import simulate
from .. import texts
from ..report.document import Block, Figure, Panel, Part, Table, experiment
from ..results import CaseResult, ReproduceResult
from .section import Outcome, Section, SectionRun

if TYPE_CHECKING:
    from ...spiking import SimulationResult

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
            duration=case.duration,
            dt=case.dt,
            max_rate=case.max_rate,
            seed=run.settings.seed,
            num_threads=run.num_threads,
            progress=run.progress,
        )
        accuracy = released.accuracy(run.mnist.y_test)
        variants = {
            "correct": (run.simulated[network.name, "data"], case.accuracy, case.scale_factors),
            "released": (
                released,
                accuracy,
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
            plot_accuracy_over_time,
            {_TITLES[variant]: curve for variant, (_, curve, _) in variants.items()},
            dt=case.dt,
            ann_accuracy=network.ann_accuracy,
            title=network.title,
        )
    return Outcome({"networks": networks}, pictures)


def _numbers(
    run: SectionRun,
    case: CaseResult,
    variant: str,
    simulated: SimulationResult,
    accuracy: Any,
    scales: dict[str, float],
) -> dict[str, Any]:
    times = [t for t in run.settings.checkpoints if t <= case.duration * (1 + 1e-9)]
    first = StepDistribution(simulated.first_spike_step, simulated.num_steps, case.dt)
    return {
        "variant": variant,
        "scale_factors": scales,
        "accuracies": [
            {"time_s": t, "accuracy": float(accuracy[round(t / case.dt) - 1])} for t in times
        ],
        "final_accuracy": float(accuracy[-1]),
        "median_first_spike_s": first.median,
        "mean_output_spikes": float(simulated.spikes[:, -1].mean()),
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
        "The factor that the released code carries",
        asked=texts.RELEASED_ASKED,
        found=found,
        command=result.command_for(SECTION.name),
        differs=texts.RELEASED_DIFFERS,
    )


SECTION = Section(
    "released", "data-based normalization as the released code does it", _measure, _part
)
