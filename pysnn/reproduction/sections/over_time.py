"""Accuracy over simulated time with several seeds of the input."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from ..._base.formats import milliseconds, percent, points, span_of_times
from ...experiments.over_time import AccuracyOverTime, OverTimeCase, accuracy_over_time
from ...plotting._style import TALL, new_axes
from ..paper import texts
from ..report.chapters import Chapter
from ..report.document import Block, Figure, Panel, Paragraph, Part, Table, experiment
from ..results import ReproduceResult
from .section import Outcome, Section, SectionRun

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def _measure(run: SectionRun) -> Outcome:
    first = run.settings.seed
    networks, pictures = [], {}
    for network in run.core.values():
        result = accuracy_over_time(
            run.networks[network.name],
            [
                OverTimeCase(
                    case.normalization,
                    case.title,
                    run.converted(network.name, case.normalization),
                    case.max_rate,
                )
                for case in network.cases
            ],
            run.mnist.x_test[: run.sections.num_images],
            run.mnist.y_test[: run.sections.num_images],
            duration=min(run.sections.seeds_duration, network.cases[0].curve.duration),
            dt=run.settings.dt,
            seeds=range(first, first + run.sections.num_seeds),
            num_threads=run.num_threads,
            progress=run.progress,
        )
        networks.append(
            {
                "network": network.name,
                **_without_steps(result.to_dict()),
            }
        )
        pictures[f"over_time_{network.name}"] = partial(_draw, result, network.title)
    return Outcome({"networks": networks}, pictures)


def _draw(result: AccuracyOverTime, title: str) -> Axes:
    return result.plot(title=title, ax=new_axes(None, figsize=TALL))


def _without_steps(values: dict[str, Any]) -> dict[str, Any]:
    """Return the numbers with means over seeds in place of every seed's step, and spreads."""
    for case in values["cases"]:
        interval = case["final_seed_interval"]
        case["final_seed_spread"] = None if interval is None else (interval[1] - interval[0]) / 2
        case["difference_spread"] = 1.96 * case["difference_error"]
        curves = case.pop("accuracy_after_each_step")
        for name, choose in (("lowest", min), ("highest", max), ("mean", _mean)):
            case[f"{name}_accuracy_after_each_step"] = [
                choose(step) for step in zip(*curves, strict=True)
            ]
    return values


def _mean(values: tuple[float, ...]) -> float:
    return round(sum(values) / len(values), 9)


def _part(result: ReproduceResult) -> Part:
    titles = result.titles
    networks = result.sections[SECTION.name]["networks"]
    first = networks[0]
    panels = [
        Panel(
            f"over_time_{each['network']}",
            f"{titles[each['network']]}: mean accuracy over {len(each['seeds'])} seeds",
        )
        for each in networks
    ]
    found: list[Block] = [
        Figure(
            panels,
            f"Mean over {len(first['seeds'])} seeds of the input on {first['num_samples']:,} test "
            "images, with its 95 % interval; grey: "
            "the 95 % interval of the ReLU network's accuracy over test sets of this size.",
        )
    ]
    for each in networks:
        title, ann = titles[each["network"]], percent(each["ann_accuracy"])
        found.append(_accuracies(each, result.checkpoints, f"{title}: ReLU network {ann} %"))
        found.append(
            _times(each, f"{title}: time until it is within so many points of the ReLU network")
        )
    found.append(
        Paragraph(
            "Accuracy in percent, mean over seeds. The spread of the last one says what other "
            "input spikes would change on the same images (half the 95 % interval of the mean, "
            "Student's), that of the difference from the ReLU network what other test images "
            "would (1.96 standard errors; both networks see the same images). Times are those of "
            "the mean over seeds, with the range over single seeds. Formulas: "
            "`docs/experiments.md`.",
            "note",
        )
    )
    return experiment(
        "Accuracy over several seeds",
        asked=texts.SEEDS_ASKED,
        found=found,
        command=result.command_for(SECTION.name),
        differs=texts.SEEDS_DIFFER,
    )


def _accuracies(network: dict[str, Any], checkpoints: Sequence[float], caption: str) -> Table:
    case = network["cases"][0]
    num_steps = len(case["mean_accuracy_after_each_step"])
    steps = [round(t / case["dt_s"]) for t in checkpoints if t <= num_steps * case["dt_s"]]
    steps = [step for step in steps if 1 <= step < num_steps] + [num_steps]
    header = ["normalization", "max rate"]
    header += [f"after {milliseconds(step * case['dt_s'])}" for step in steps]
    header += ["from the ReLU network"]
    rows = []
    for case in network["cases"]:
        mean = case["mean_accuracy_after_each_step"]
        seeds = case["final_seed_spread"]
        spread = "" if seeds is None else f"\n\N{PLUS-MINUS SIGN}{percent(seeds)}"
        rows.append(
            [
                case["title"],
                f"{case['max_rate_hz']:.0f} Hz",
                *(percent(mean[step - 1]) for step in steps[:-1]),
                f"{percent(mean[-1])}{spread}",
                f"{points(case['difference_to_ann'])}\n"
                f"\N{PLUS-MINUS SIGN}{percent(case['difference_spread'])}",
            ]
        )
    return Table(header, rows, caption=caption)


def _times(network: dict[str, Any], caption: str) -> Table:
    header = ["normalization"]
    for within in network["cases"][0]["time_within"]:
        header += [f"within {within['points']:g}", f"stays within {within['points']:g}"]
    rows = [
        [
            case["title"],
            *(
                f"{milliseconds(within[kind])}\n{span_of_times(within[f'{kind}_by_seed'])}"
                for within in case["time_within"]
                for kind in ("come", "stay")
            ),
        ]
        for case in network["cases"]
    ]
    return Table(header, rows, caption=caption)


SECTION = Section(
    "over-time",
    "accuracy over time with several seeds",
    Chapter.ACCURACY,
    _measure,
    _part,
)
