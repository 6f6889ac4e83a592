"""The parts of the report that the core of a run gives: accuracy, work, factors, goals."""

from __future__ import annotations

from ..._base.formats import milliseconds, percent, points, thousands
from ..paper import texts
from ..paper.published import PAPER, PUBLISHED, SURVEY
from ..results import CaseResult, NetworkResult, ReproduceResult
from .document import Block, Figure, Panel, Paragraph, Part, Table, experiment
from .goals import check_goals


def accuracy_part(result: ReproduceResult, *, with_figure: bool = True) -> Part:
    """Return accuracy over time, of each normalization."""
    figure = accuracy_figure(result) if with_figure else []
    return experiment(
        "Accuracy over simulated time",
        asked=texts.ACCURACY_ASKED,
        found=[*figure, *_accuracy_tables(result)],
        command=result.command_for("core"),
        differs=texts.ACCURACY_DIFFERS,
    )


def accuracy_figure(result: ReproduceResult) -> list[Block]:
    """Return the figure of accuracy over time, or why there is none."""
    if result.missing:
        return [Paragraph("; ".join(result.missing), "warning")]
    panels = [
        Panel(
            f"accuracy_over_time_{network.name}",
            f"{network.title}: accuracy on the test images over simulated time; "
            + ", ".join(
                f"{case.title} {percent(case.curve.final_accuracy)} % after "
                f"{milliseconds(case.curve.duration)}"
                for case in network.cases
            ),
        )
        for network in result.networks
    ]
    return [Figure(panels, texts.ACCURACY_AXES)]


def _accuracy_tables(result: ReproduceResult) -> list[Block]:
    parts: list[Block] = []
    for network in result.networks:
        times = network.shown_checkpoints(result.checkpoints)
        header = ["normalization", "max rate", *(f"after {milliseconds(t)}" for t in times)]
        header += ["within 1 point", "within 0.1 point"]
        rows = [
            [
                case.title,
                f"{case.max_rate:.0f} Hz",
                *(_accuracy_cell(case, network, time) for time in times),
                milliseconds(case.curve.time_to_within(1.0, network.ann_accuracy)),
                milliseconds(case.curve.time_to_within(0.1, network.ann_accuracy)),
            ]
            for case in network.cases
        ]
        caption = f"{network.title}: ReLU network {percent(network.ann_accuracy)} %"
        parts.append(Table(header, rows, caption=caption))
    parts.append(
        Paragraph(
            f"Accuracy in percent on the {result.num_images:,} test images, and its difference "
            "from the ReLU network in percentage points. The last columns give the first time at "
            "which the spiking network is at least that close to its ReLU network. The "
            "prediction is the output neuron with the most spikes so far; ties, and images "
            "without output spikes, go to the lowest class.",
            "note",
        )
    )
    if any(case.normalization == "model_hidden" for net in result.networks for case in net.cases):
        parts.append(
            Paragraph(
                "Model-based normalization allows for the largest possible input, so firing rates "
                "fall from layer to layer and the output may not spike at all in the simulated "
                "time. 'Hidden layers only' leaves the weights of the last layer as they are, an "
                "option of the authors' code.",
                "note",
            )
        )
    return parts


def _accuracy_cell(case: CaseResult, network: NetworkResult, time: float) -> str:
    accuracy = case.curve.accuracy_at(time)
    if accuracy is None:
        return percent(None)
    return f"{percent(accuracy)}\n{points(accuracy - network.ann_accuracy)}"


def work_part(result: ReproduceResult) -> Part:
    """Return first spikes and work per image."""
    parts: list[Block] = []
    for network in result.networks:
        rows = [
            [
                case.title,
                milliseconds(case.curve.duration),
                milliseconds(case.median_first_spike),
                f"{percent(case.first_spike_accuracy)} %",
                f"{case.num_silent:,}",
                thousands(case.mean_input_spikes),
                thousands(case.total_spikes),
                thousands(case.total_synaptic_operations),
            ]
            for case in network.cases
        ]
        header = ["normalization", "simulated", "first output spike", "accuracy at it"]
        header += ["silent images", "input spikes", "spikes", "synaptic operations"]
        parts.append(Table(header, rows, caption=network.title))
    parts.append(
        Paragraph(
            "First output spike: the median over images. Silent images have no output spike at "
            "all. Spikes of all populations and synaptic operations (one for each synapse that a "
            "spike reaches) are means per image over the whole simulated time.",
            "note",
        )
    )
    return Part("First spikes and work per image", parts)


def published_part(result: ReproduceResult) -> Part | None:
    """Return the networks' accuracies and the published ones, None where there are none."""
    rows = []
    for network in result.networks:
        if network.name not in PUBLISHED:
            continue
        published = PUBLISHED[network.name]
        case = network.main_case
        words = f"{case.title}, {milliseconds(case.curve.duration)}"
        for kind, number, here, source in (
            ("ReLU network", published.ann_accuracy, network.ann_accuracy, published.ann_source),
            (
                f"spiking network\nhere: {words}",
                published.snn_accuracy,
                case.curve.final_accuracy,
                published.snn_source,
            ),
        ):
            rows.append([network.title, kind, f"{number:.2f} %", f"{percent(here)} %", source])
    if not rows:
        return None
    header = ["network", "", "published", "here", "source of the published number"]
    return Part(
        "Compared with the published numbers",
        [
            Table(header, rows, text=True),
            Paragraph(
                "The networks here were trained independently, so their accuracy differs from the "
                "paper's by chance; what conversion loses is the difference within a column.",
                "note",
            ),
            Paragraph(f"{PAPER}. {SURVEY}.", "note"),
        ],
    )


def goals_part(result: ReproduceResult) -> Part | None:
    """Return what a full run should reach, None for a quick one."""
    goals = check_goals(result)
    if not goals:
        return None
    rows = [[goal.text, goal.measured, "yes" if goal.met else "no"] for goal in goals]
    table = Table(["goal", "measured", "reached"], rows, text=True)
    return Part("Goals of a full run", [table])


def factors_part(result: ReproduceResult) -> Part:
    """Return scale and applied factor of every layer."""
    parts: list[Block] = []
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
        parts.append(Table(header, rows, caption=network.title))
    parts.append(
        Paragraph(
            "The scale of each layer, and below it the applied factor, which the layer's weights "
            "are divided by: its scale over the scale of the layer before it (1 for the input).",
            "note",
        )
    )
    return Part("Normalization factors", parts)
