"""The page that `pysnn reproduce` writes: one HTML file that needs no other."""

from __future__ import annotations

from collections.abc import Callable

from . import html
from .published import PAPER, PUBLISHED, SURVEY, check_goals
from .report_run import again_section, settings_section, training_section
from .results import CaseResult, NetworkResult, ReproduceResult
from .tables import (
    milliseconds,
    percent,
    points,
    shown_checkpoints,
    thousands,
)

TITLE = "ReLU networks as spiking networks on MNIST"


def render_report(result: ReproduceResult, figure: bytes | None) -> str:
    """Return the report as one self-contained HTML page.

    Args:
        result: What the run measured.
        figure: Accuracy over time as SVG, or None where it could not be drawn.
    """
    parts = [_introduction(result), _figure(result, figure)]
    parts += [section(result) for section in _SECTIONS]
    return html.page(TITLE, "\n".join(parts))


def _introduction(result: ReproduceResult) -> str:
    parts = [
        f"<h1>{TITLE}</h1>",
        html.paragraph(
            "This is the main experiment of Diehl et al. (2015): train networks of ReLU units "
            "on MNIST, use the same weights in networks of integrate-and-fire neurons without "
            "normalization and with model-based and data-based normalization, show each test "
            "image as Poisson spike trains, and see how fast and how closely the spiking "
            "networks come to the accuracy of the ReLU networks."
        ),
    ]
    if result.quick:
        parts.append(
            html.paragraph(
                "This was a quick run: training took fewer epochs and images were shown for a "
                "shorter time than in the full experiment, so the accuracies are lower than "
                "those of `pysnn reproduce` without --quick.",
                "warning",
            )
        )
    parts.append(html.tiles([_tile(network) for network in result.networks]))
    return "\n".join(parts)


def _tile(network: NetworkResult) -> tuple[str, str]:
    case = network.main_case
    return (
        f"{percent(case.final_accuracy)} %",
        (
            f"{network.title}: spiking, {case.title} normalization, after "
            f"{milliseconds(case.duration)}; its ReLU network: {percent(network.ann_accuracy)} %"
        ),
    )


def _figure(result: ReproduceResult, figure: bytes | None) -> str:
    if figure is None:
        why = "; ".join(result.missing)
        return html.heading("Accuracy over simulated time") + html.paragraph(why, "warning")
    alt = "Accuracy on the test images over simulated time: " + "; ".join(
        f"{network.title}, "
        + ", ".join(
            f"{case.title} {percent(case.final_accuracy)} % after {milliseconds(case.duration)}"
            for case in network.cases
        )
        for network in result.networks
    )
    return html.heading("Accuracy over simulated time") + html.svg_figure(figure, alt)


def _accuracy_section(result: ReproduceResult) -> str:
    parts = [html.heading("Accuracy")]
    for network in result.networks:
        times = shown_checkpoints(result, [network])
        header = ["normalization", "max rate", *(f"after {milliseconds(t)}" for t in times)]
        header += ["within 1 point", "within 0.1 point"]
        rows = [
            [
                case.title,
                f"{case.max_rate:.0f} Hz",
                *(_accuracy_cell(case, network, time) for time in times),
                milliseconds(case.time_to_within(1.0, network.ann_accuracy)),
                milliseconds(case.time_to_within(0.1, network.ann_accuracy)),
            ]
            for case in network.cases
        ]
        caption = f"{network.title}: ReLU network {percent(network.ann_accuracy)} %"
        parts.append(html.table(header, rows, caption=caption))
    parts.append(
        html.paragraph(
            f"Percent of the {result.num_images:,} test images, and below it the difference to "
            "the ReLU network in percentage points. The last columns give the first time at "
            "which the spiking network is that close to its ReLU network, or better. The "
            "prediction is the output neuron with the most spikes so far; ties, and images "
            "without output spikes, go to the lowest class.",
            "note",
        )
    )
    if any(case.normalization == "model_hidden" for net in result.networks for case in net.cases):
        parts.append(
            html.paragraph(
                "Model-based normalization bounds what the largest possible input could do, so "
                "that rates fall from layer to layer and the output may not spike at all in the "
                "simulated time. Hidden layers only: the last layer's weights are left as they "
                "are, as the paper's authors do at times.",
                "note",
            )
        )
    return "\n".join(parts)


def _accuracy_cell(case: CaseResult, network: NetworkResult, time: float) -> str:
    accuracy = case.accuracy_at(time)
    if accuracy is None:
        return percent(None)
    return f"{percent(accuracy)}\n{points(accuracy - network.ann_accuracy)}"


def _work_section(result: ReproduceResult) -> str:
    parts = [html.heading("First spikes and work per image")]
    for network in result.networks:
        rows = [
            [
                case.title,
                milliseconds(case.duration),
                milliseconds(case.median_first_spike),
                f"{percent(case.first_spike_accuracy)} %",
                f"{case.num_silent:,}",
                thousands(case.mean_input_spikes),
                thousands(case.total_spikes),
                thousands(case.total_synaptic_operations),
            ]
            for case in network.cases
        ]
        header = ["normalization", "simulated", "first output spike", "correct by it"]
        header += ["silent images", "input spikes", "spikes", "synaptic operations"]
        parts.append(html.table(header, rows, caption=network.title))
    parts.append(
        html.paragraph(
            "First output spike: the median over images. Silent images have no output spike at "
            "all. Spikes of all populations and synaptic operations (one for each synapse that a "
            "spike reaches) are means per image over the whole simulated time.",
            "note",
        )
    )
    return "\n".join(parts)


def _paper_section(result: ReproduceResult) -> str:
    rows = []
    for network in result.networks:
        if network.name not in PUBLISHED:
            continue
        published = PUBLISHED[network.name]
        case = network.main_case
        words = f"{case.title}, {milliseconds(case.duration)}"
        for kind, number, here, source in (
            ("ReLU network", published.ann_accuracy, network.ann_accuracy, published.ann_source),
            (
                f"spiking network\nhere: {words}",
                published.snn_accuracy,
                case.final_accuracy,
                published.snn_source,
            ),
        ):
            rows.append([network.title, kind, f"{number:.2f} %", f"{percent(here)} %", source])
    if not rows:
        return ""
    header = ["network", "", "published", "here", "source of the published number"]
    return "\n".join(
        [
            html.heading("Beside the published numbers"),
            html.table(header, rows, text=True),
            html.paragraph(
                "The networks here are trained anew, so their accuracy differs from the paper's "
                "networks by chance; what conversion loses is the difference within a column.",
                "note",
            ),
            html.paragraph(f"{PAPER}. {SURVEY}.", "note"),
        ]
    )


def _goals_section(result: ReproduceResult) -> str:
    goals = check_goals(result)
    if not goals:
        return ""
    rows = [[goal.text, goal.measured, "yes" if goal.met else "no"] for goal in goals]
    return html.heading("What a full run should reach") + html.table(
        ["goal", "measured", "reached"], rows, text=True
    )


def _factors_section(result: ReproduceResult) -> str:
    parts = [html.heading("Normalization factors")]
    for network in result.networks:
        cases = [case for case in network.cases if case.normalization != "none"]
        if not cases:
            continue
        header = ["layer", *(case.title for case in cases)]
        rows = [
            [
                layer,
                *(
                    f"{case.scale_factors[layer]:.4g}\n÷ {case.applied_factors[layer]:.4g}"
                    for case in cases
                ),
            ]
            for layer in cases[0].scale_factors
        ]
        parts.append(html.table(header, rows, caption=network.title))
    parts.append(
        html.paragraph(
            "The scale of each layer, and below it the applied factor, which the layer's weights "
            "are divided by: its scale over the scale of the layer before it (1 for the input).",
            "note",
        )
    )
    return "\n".join(parts)


# In the order of the page.
_SECTIONS: tuple[Callable[[ReproduceResult], str], ...] = (
    _accuracy_section,
    _work_section,
    _paper_section,
    _goals_section,
    _factors_section,
    training_section,
    settings_section,
    again_section,
)
