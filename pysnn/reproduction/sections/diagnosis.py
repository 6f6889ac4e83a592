"""The conversion report of every conversion of the core."""

from __future__ import annotations

from typing import Any

from ..._base.formats import percent
from ...diagnosis import diagnose
from ..paper import texts
from ..report.chapters import Chapter
from ..report.document import Block, Items, Paragraph, Part, Table, experiment
from ..results import ReproduceResult
from .section import Outcome, Section, SectionRun


def _measure(run: SectionRun) -> Outcome:
    count = min(run.sections.diagnosis_images, len(run.mnist.x_test))
    reports = []
    for network, case in run.cases():
        report = diagnose(
            run.networks[network.name],
            run.converted(network.name, case.normalization),
            run.mnist.x_test[:count],
            y=run.mnist.y_test[:count],
            duration=min(run.sections.diagnosis_duration, case.curve.duration),
            dt=case.curve.dt,
            max_rate=case.max_rate,
            seed=run.settings.seed,
            num_threads=run.num_threads,
            progress=run.progress,
        )
        reports.append(
            {
                "network": network.name,
                "normalization": case.normalization,
                "title": case.title,
                **report.to_dict(),
            }
        )
    return Outcome({"reports": reports})


def _part(result: ReproduceResult) -> Part:
    reports = result.sections[SECTION.name]["reports"]
    first = reports[0]
    found: list[Block] = []
    for network in result.networks:
        own = [report for report in reports if report["network"] == network.name]
        if not own:
            continue
        names = [population["name"] for population in own[0]["populations"]]
        header = ["normalization", "ReLU network", "spiking", "lost to chance"]
        header += [f"lost in {name}" for name in names]
        rows = [_accuracies(report) for report in own]
        found.append(Table(header, rows, caption=f"{network.title}: where accuracy is lost"))
        found.append(_shortfalls(network.title, own))
        found += [block for report in own for block in _findings(report)]
    found.append(
        Paragraph(
            f"{first['num_samples']:,} test images, {first['num_steps']} steps, "
            f"{len(first['seeds'])} seeds. Losses are in percentage points and add up to the "
            "difference between ReLU network and spiking network. Missing spikes are shares of "
            "the spikes that the activations stand for, with each population driven by the "
            "ideal rates of the one before it. All definitions: `docs/diagnosis.md`.",
            "note",
        )
    )
    return experiment(
        "Why a conversion loses accuracy",
        asked=texts.DIAGNOSIS_ASKED,
        found=found,
        command=result.command_for(SECTION.name),
        differs=texts.DIAGNOSIS_DIFFERS,
    )


def _accuracies(report: dict[str, Any]) -> list[str]:
    accuracies = report["accuracies"]
    losses = (accuracies["lost_to_chance"], *accuracies["lost_by_population"])
    return [
        report["title"],
        f"{percent(accuracies['ann'])} %",
        f"{percent(accuracies['spiking'])} %",
        *(_hundredths(loss, 2) for loss in losses),
    ]


def _shortfalls(title: str, reports: list[dict[str, Any]]) -> Table:
    header = ["normalization, population", "correlation", "missing", "too little input"]
    header += ["lost at resets", "left", "multi-spike", "dead"]
    rows = []
    for report in reports:
        for population in report["populations"]:
            alone = population["alone"]
            correlation = population["correlation"]
            rows.append(
                [
                    f"{report['title']}, {population['name']}",
                    "-" if correlation is None else f"{correlation:.4f}",
                    *(
                        f"{_hundredths(alone[key], 1)} %"
                        for key in ("missing", "too_little_input", "lost", "left", "multi_spikes")
                    ),
                    f"{population['dead']:,}",
                ]
            )
    return Table(header, rows, caption=f"{title}: where the spikes went")


def _findings(report: dict[str, Any]) -> list[Block]:
    lost = f"{_hundredths(report['accuracies']['lost'], 2)} points"
    if not report["findings"]:
        return [Paragraph(f"Normalization {report['title']}: {lost} lost; nothing stands out.")]
    return [
        Paragraph(f"Normalization {report['title']}: {lost} lost. What stands out:"),
        Items(
            [
                f"{finding['cause']} in {finding['population']}: {finding['message']} "
                f"{finding['advice']}"
                for finding in report["findings"]
            ]
        ),
    ]


def _hundredths(fraction: float, digits: int) -> str:
    # Rounded first, and 0 added: nothing must not look like a loss.
    return f"{round(100 * fraction, digits) + 0.0:.{digits}f}"


SECTION = Section(
    "diagnosis",
    "the conversion report of every conversion",
    Chapter.CAUSES,
    _measure,
    _part,
)
