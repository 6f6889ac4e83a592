"""The paper's own ConvNet, from its authors' MATLAB file."""

from __future__ import annotations

from functools import partial
from typing import Any

from ..._base.formats import milliseconds, percent, points
from ...experiments.accuracy_curve import plot_curves
from ...plotting._style import TALL, new_axes
from .. import matlab_convnet
from ..matlab_convnet import MatlabConvnetResult
from ..paper import texts
from ..paper.published import AUTHORS_SUMS
from ..report.chapters import Chapter
from ..report.document import Block, Figure, Panel, Paragraph, Part, Table, experiment
from ..report.methods import case_label, case_styles
from ..results import ReproduceResult
from .section import Outcome, Section, SectionRun

_PICTURE = "authors_convnet"


def _measure(run: SectionRun) -> Outcome:
    if run.sections.matlab_convnet is None:
        raise ValueError("matlab_convnet is None, but must be the file of the authors' network")
    settings = next(
        (each for each in run.settings.networks if each.name == "convnet"), run.settings.networks[0]
    )
    result = matlab_convnet.run(
        run.sections.matlab_convnet,
        run.mnist.x_test[: run.sections.num_images],
        run.mnist.y_test[: run.sections.num_images],
        run.mnist.x_train,
        duration=settings.duration,
        dt=run.settings.dt,
        max_rate=run.settings.max_rate,
        unnormalized_max_rate=settings.unnormalized_max_rate,
        seed=run.settings.seed,
        num_threads=run.num_threads,
        progress=run.progress,
    )
    return Outcome(result.to_dict(), {_PICTURE: partial(_draw, result)})


def _draw(result: MatlabConvnetResult) -> Any:
    return plot_curves(
        {case_label(case): case.curve for case in result.cases},
        styles=case_styles(result.cases),
        ann_accuracy=result.ann_accuracy,
        title="The authors' ConvNet (99.14 %)",
        ax=new_axes(None, figsize=TALL),
    )


def _part(result: ReproduceResult) -> Part:
    data = result.sections[SECTION.name]
    times = [
        time
        for time in result.checkpoints
        if round(time / data["cases"][0]["dt_s"])
        <= len(data["cases"][0]["accuracy_after_each_step"])
    ]
    header = ["normalization", "max rate", *(f"after {milliseconds(time)}" for time in times)]
    header += ["highest", "published"]
    rows = [
        [
            case["title"],
            f"{case['max_rate_hz']:.0f} Hz",
            *(_cell(case, time, data["ann_accuracy"]) for time in times),
            f"{percent(case['best_accuracy'])} %",
            f"{percent(data['published_snn_accuracy'])} %"
            if case["normalization"] == "data"
            else "-",
        ]
        for case in data["cases"]
    ]
    # Another file may have another number of layers.
    known = dict(zip(data["positive_sums"], AUTHORS_SUMS, strict=False))
    sums = [
        [layer, f"{value:.3f}", known.get(layer, "-")]
        for layer, value in data["positive_sums"].items()
    ]
    found: list[Block] = [
        Paragraph(
            f"As a ReLU network the file classifies {data['num_correct']:,} of "
            f"{data['num_samples']:,} test images correctly, the 99.14 % of its name."
        ),
        Figure([Panel(_PICTURE, "Accuracy of the authors' ConvNet over simulated time")]),
        Table(header, rows, caption="The authors' ConvNet as a spiking network"),
        Table(
            ["layer", "largest sum of positive weights", "of cnn_99.14.mat"],
            sums,
            caption="What model-based normalization divides by",
        ),
    ]
    return experiment(
        "The paper's own ConvNet",
        asked=texts.AUTHORS_ASKED,
        found=found,
        command=result.command_for(SECTION.name),
        differs=texts.AUTHORS_DIFFER,
    )


def _cell(case: dict[str, Any], time: float, ann: float) -> str:
    accuracy = case["accuracy_after_each_step"][round(time / case["dt_s"]) - 1]
    return f"{percent(accuracy)}\n{points(accuracy - ann)}"


SECTION = Section(
    "authors-convnet",
    "the authors' own ConvNet; needs --matlab-convnet",
    Chapter.LITERATURE,
    _measure,
    _part,
)
