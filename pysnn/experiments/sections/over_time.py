"""Accuracy over simulated time with several seeds of the input."""

from __future__ import annotations

from functools import partial
from typing import Any

from .. import texts
from ..document import Block, Figure, Panel, Paragraph, Part, experiment
from ..over_time import OverTimeCase, accuracy_over_time
from ..results import ReproduceResult
from ..tables import percent
from .section import Outcome, Section, SectionRun, table_block, table_data


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
            run.mnist.x_test,
            run.mnist.y_test,
            duration=min(run.sections.seeds_duration, network.cases[0].duration),
            dt=run.settings.dt,
            seeds=range(first, first + run.sections.num_seeds),
            num_threads=run.num_threads,
            progress=run.progress,
        )
        networks.append(
            {
                "network": network.name,
                **_without_steps(result.to_dict()),
                "tables": [table_data(result.table()), table_data(result.times_table())],
            }
        )
        pictures[f"over_time_{network.name}"] = partial(result.plot, title=network.title)
    return Outcome({"networks": networks}, pictures)


def _without_steps(values: dict[str, Any]) -> dict[str, Any]:
    """Return the numbers with means over seeds in place of every seed's step."""
    for case in values["cases"]:
        curves = case.pop("accuracy_after_each_step")
        for name, choose in (("lowest", min), ("highest", max), ("mean", _mean)):
            case[f"{name}_accuracy_after_each_step"] = [
                choose(step) for step in zip(*curves, strict=True)
            ]
    return values


def _mean(values: tuple[float, ...]) -> float:
    return round(sum(values) / len(values), 9)


def _part(result: ReproduceResult) -> Part:
    titles = {network.name: network.title for network in result.networks}
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
            f"Mean over {len(first['seeds'])} seeds of the input, with its 95 % interval; grey: "
            "the 95 % interval of the ReLU network's accuracy over test sets of this size.",
        )
    ]
    for each in networks:
        title, ann = titles[each["network"]], percent(each["ann_accuracy"])
        caption = f"{title}: correct (%), ReLU network {ann} %"
        found.append(table_block(each["tables"][0], caption))
        caption = f"{title}: time to come within so many points of the ReLU network, and to stay"
        found.append(table_block(each["tables"][1], caption))
    found.append(
        Paragraph(
            "`+- seeds` is what other input spikes would change on the same images (Student's "
            "interval of the mean), `+- samples` what another test set would (Wilson's), and the "
            "last column of the first table what it would change in the difference to the ReLU "
            "network, which sees the same images. Times are those of the mean over seeds, and "
            "beside them the range over single seeds.",
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


SECTION = Section("over-time", "accuracy over time with several seeds", _measure, _part)
