"""The result's tables as Markdown and as CSV."""

from __future__ import annotations

from ..._base.formats import milliseconds, percent, points
from ..._base.tables import csv_text
from ..results import CaseResult, NetworkResult, ReproduceResult
from .markdown import row


def format_markdown(result: ReproduceResult) -> str:
    """Return the table of accuracies as Markdown, one table for all networks."""
    times = result.shown_checkpoints
    header = ["network", "normalization", "max rate", "ReLU network"]
    header += [f"{milliseconds(time)}" for time in times]
    header += ["difference at the end", "within 1 point of the ReLU network"]
    lines = [row(header), row(["---"] * len(header))]
    for network in result.networks:
        for case in network.cases:
            cells = [
                network.title,
                case.title,
                f"{case.max_rate:.0f} Hz",
                f"{percent(network.ann_accuracy)} %",
                *(_with_percent(case.curve.accuracy_at(time)) for time in times),
                f"{points(case.curve.final_accuracy - network.ann_accuracy)} points",
                milliseconds(case.curve.time_to_within(1.0, network.ann_accuracy)),
            ]
            lines.append(row(cells))
    return "\n".join(lines) + "\n"


def accuracy_csv(result: ReproduceResult) -> str:
    """Return the accuracy after every step of every case, one row each."""
    header = ["network", "normalization", "max_rate_hz", "step", "time_ms", "accuracy"]
    return csv_text(
        header,
        (
            (network.name, case.normalization, f"{case.max_rate:g}", *row)
            for network in result.networks
            for case in network.cases
            for row in case.curve.rows()
        ),
    )


def summary_csv(result: ReproduceResult) -> str:
    """Return one row for each case; empty cells where a case has no such number."""
    header = ["network", "normalization", "max_rate_hz", "duration_ms", "ann_accuracy"]
    header += [f"accuracy_{1000 * time:g}_ms" for time in result.checkpoints]
    header += ["final_accuracy", "difference_to_ann_points"]
    header += ["ms_to_within_1_point", "ms_to_within_0.1_point"]
    header += ["first_spike_accuracy", "median_first_spike_ms", "images_without_output_spike"]
    header += ["mean_input_spikes", "mean_spikes", "mean_synaptic_operations"]
    return csv_text(
        header,
        (
            _summary_row(network, case, result.checkpoints)
            for network in result.networks
            for case in network.cases
        ),
    )


def factors_csv(result: ReproduceResult) -> str:
    """Return scale and applied factor of each layer of each case, one row each."""
    return csv_text(
        ["network", "normalization", "layer", "scale_factor", "applied_factor"],
        (
            [network.name, case.normalization, layer, scale, case.applied_factors[layer]]
            for network in result.networks
            for case in network.cases
            for layer, scale in case.scale_factors.items()
        ),
    )


def _with_percent(fraction: float | None) -> str:
    return percent(fraction) if fraction is None else f"{percent(fraction)} %"


def _summary_row(
    network: NetworkResult, case: CaseResult, checkpoints: tuple[float, ...]
) -> list[object]:
    ann = network.ann_accuracy
    median = case.median_first_spike
    return [
        network.name,
        case.normalization,
        f"{case.max_rate:g}",
        f"{1000 * case.curve.duration:g}",
        ann,
        *(_cell(case.curve.accuracy_at(time)) for time in checkpoints),
        case.curve.final_accuracy,
        f"{100 * (case.curve.final_accuracy - ann):.6g}",
        *(_cell_milliseconds(case.curve.time_to_within(gap, ann)) for gap in (1.0, 0.1)),
        case.first_spike_accuracy,
        _cell_milliseconds(median),
        case.num_silent,
        case.mean_input_spikes,
        case.total_spikes,
        case.total_synaptic_operations,
    ]


def _cell(value: float | None) -> object:
    return "" if value is None else value


def _cell_milliseconds(time: float | None) -> str:
    return "" if time is None else f"{1000 * time:g}"
