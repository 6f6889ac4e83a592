"""The paper's table of spiking networks on MNIST, with the rows of this run."""

from __future__ import annotations

from ..._base.formats import milliseconds, percent
from ..paper import texts
from ..paper.published import PAPER, PUBLISHED, SURVEY, SURVEY_ROWS
from ..report.chapters import Chapter
from ..report.document import Paragraph, Part, Table, experiment
from ..results import ReproduceResult
from .section import Outcome, Section, SectionRun

_HERE = "this run"


def _measure(run: SectionRun) -> Outcome:
    rows = [
        {
            "network": network.name,
            "title": network.title,
            "normalization": network.main_case.title,
            "duration_s": network.main_case.curve.duration,
            "ann_accuracy": network.ann_accuracy,
            "snn_accuracy": network.main_case.curve.final_accuracy,
        }
        for network in run.core.values()
    ]
    return Outcome({"rows": rows})


def _part(result: ReproduceResult) -> Part:
    survey = "Tavanaei et al. 2019, Table I"
    rows = [
        (accuracy, [name, network, f"{accuracy:.2f} %", survey])
        for name, network, accuracy in SURVEY_ROWS
    ]
    rows += [
        (published.snn_accuracy, ["Diehl 2015", kind, f"{published.snn_accuracy:.2f} %", survey])
        for kind, published in (
            ("fully connected, converted", PUBLISHED["fcn"]),
            ("ConvNet, converted", PUBLISHED["convnet"]),
        )
    ]
    for row in result.sections[SECTION.name]["rows"]:
        words = f"{row['title']}, {row['normalization']}, {milliseconds(row['duration_s'])}"
        accuracy = row["snn_accuracy"]
        rows.append((100 * accuracy, ["pysnn", words, f"{percent(accuracy)} %", _HERE]))
    authors = result.sections.get("authors-convnet")
    if authors is not None:
        data = next(case for case in authors["cases"] if case["normalization"] == "data")
        time = milliseconds(len(data["accuracy_after_each_step"]) * data["dt_s"])
        words = f"the authors' own ConvNet, data-based, {time}"
        accuracy = data["final_accuracy"]
        rows.append((100 * accuracy, ["pysnn", words, f"{percent(accuracy)} %", _HERE]))
    # Sorted by accuracy; the name decides between equals.
    ordered = [cells for _, cells in sorted(rows, key=lambda row: (row[0], row[1][0]))]
    return experiment(
        "Spiking networks on MNIST",
        asked=texts.TABLE_ASKED,
        found=[
            Table(["authors", "network", "accuracy", "source"], ordered, text=True),
            Paragraph(f"{PAPER}. {SURVEY}.", "note"),
        ],
        command=result.command_for(SECTION.name),
        differs=texts.TABLE_DIFFERS,
    )


SECTION = Section(
    "table",
    "the paper's MNIST table with our rows",
    Chapter.LITERATURE,
    _measure,
    _part,
)
