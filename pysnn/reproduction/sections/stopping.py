"""Early stopping: how early a simulation may end."""

from __future__ import annotations

from functools import partial

from ...experiments.stopping import stopping
from ..paper import texts
from ..report.chapters import Chapter
from ..report.document import Block, Figure, Panel, Paragraph, Part, experiment
from ..results import ReproduceResult
from .section import Outcome, Section, SectionRun, table_block, table_data


def _measure(run: SectionRun) -> Outcome:
    networks, pictures = [], {}
    for network in run.core.values():
        case = network.main_case
        result = stopping(
            run.converted(network.name, case.normalization),
            run.mnist.x_test[: run.sections.num_images],
            run.mnist.y_test[: run.sections.num_images],
            run.sections.margins,
            duration=case.curve.duration,
            **run.stimulus(case).options(),
            num_threads=run.num_threads,
            progress=run.progress,
        )
        networks.append(
            {
                "network": network.name,
                "normalization": case.normalization,
                "title": case.title,
                **result.to_dict(),
                "tables": [table_data(result.table()), table_data(result.times_table())],
            }
        )
        pictures[f"stopping_{network.name}"] = partial(result.plot_times, title=network.title)
    return Outcome({"networks": networks}, pictures)


def _part(result: ReproduceResult) -> Part:
    titles = result.titles
    networks = result.sections[SECTION.name]["networks"]
    panels = [
        Panel(
            f"stopping_{each['network']}",
            f"{titles[each['network']]}: time after which the prediction is final",
        )
        for each in networks
    ]
    found: list[Block] = [Figure(panels, "When the prediction of an image is final.")]
    for each in networks:
        title = f"{titles[each['network']]}, {each['title']} normalization"
        found.append(table_block(each["tables"][0], f"{title}: stopped at a margin"))
        found.append(table_block(each["tables"][1], f"{title}: when predictions are final"))
    first = networks[0]
    found.append(
        Paragraph(
            f"{first['num_samples']:,} test images. A margin is a lead in output spikes, checked "
            f"every {first['interval']} steps, up to step {first['num_steps']}. Operations and "
            "times are means per image. A prediction can change no more once the other classes "
            "cannot catch up in the remaining steps; that it changes no more is known only "
            "afterwards.",
            "note",
        )
    )
    return experiment(
        "Early stopping",
        asked=texts.STOPPING_ASKED,
        found=found,
        command=result.command_for(SECTION.name),
        differs=texts.STOPPING_DIFFERS,
    )


SECTION = Section(
    "stopping",
    "accuracy and cost when stopping at a margin",
    Chapter.ACCURACY,
    _measure,
    _part,
)
