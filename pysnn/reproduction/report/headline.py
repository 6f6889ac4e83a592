"""What the first screen of a report says: the conclusion, the paper beside it, and its origin."""

from __future__ import annotations

from ..._base.formats import milliseconds, percent, points
from ..blas import blas_words
from ..paper.published import DOI, PUBLISHED
from ..results import NetworkResult, ReproduceResult
from .document import Link, Table


def conclusion(result: ReproduceResult) -> str:
    """Return what the run found, in a sentence."""
    parts = []
    for network in result.networks:
        curve = network.main_case.curve
        parts.append(
            f"{network.title.partition(' (')[0]} {percent(curve.final_accuracy)} % after "
            f"{milliseconds(curve.duration)} (ReLU network {percent(network.ann_accuracy)} %), "
            f"within 1 point of it {_within(network)}"
        )
    title = result.networks[0].main_case.title
    return (
        f"Converted with {title} normalization, never trained as spiking networks: "
        f"{'; '.join(parts)}."
    )


def paper_table(result: ReproduceResult) -> Table:
    """Return a row for each network: accuracies of the paper and of this run, in percent."""
    header = ["network", "ReLU network: paper", "here", "spiking network: paper", "here"]
    header += ["lost: paper", "here", "within 1 point"]
    rows = []
    for network in result.networks:
        published = PUBLISHED.get(network.name)
        case = network.main_case
        here = case.curve.final_accuracy - network.ann_accuracy
        paper = ["-", "-", "-"]
        if published is not None:
            lost = (published.snn_accuracy - published.ann_accuracy) / 100
            paper = [f"{published.ann_accuracy:.2f}", f"{published.snn_accuracy:.2f}", points(lost)]
        rows.append(
            [
                _two_lines(network.title),
                paper[0],
                percent(network.ann_accuracy),
                paper[1],
                f"{percent(case.curve.final_accuracy)}\n{case.title}, "
                f"{milliseconds(case.curve.duration)}",
                paper[2],
                points(here),
                _within(network),
            ]
        )
    caption = f"The paper and this run: % of the {result.num_images:,} test images"
    return Table(header, rows, caption=caption)


def facts(result: ReproduceResult) -> list[tuple[str, str | Link]]:
    """Return names and values of what the numbers depend on."""
    environment = result.environment
    version = f"pysnn {environment['pysnn']}"
    if environment.get("commit"):
        version += f", commit {environment['commit']}"
    cpu = f"kernels for {environment['cpu_target']}, {result.settings['num_threads']} threads"
    if environment.get("cpu"):
        cpu = f"{environment['cpu']}; {cpu}"
    found: list[tuple[str, str | Link]] = [
        ("Paper", Link(f"Diehl et al., IJCNN 2015, doi:{DOI}", f"https://doi.org/{DOI}")),
        ("Date", environment.get("date", "not recorded")),
        ("Version", version),
        ("CPU", cpu),
    ]
    if environment.get("blas"):
        found.append(("BLAS", f"{blas_words(environment['blas'])} (matters in training only)"))
    found.append(("Command", f"`{result.command}`"))
    if result.published is not None:
        found.append(("Bits", str(result.published)))
    return found


def _two_lines(title: str) -> str:
    name, _, layers = title.partition(" (")
    return f"{name}\n{layers.removesuffix(')')}"


def _within(network: NetworkResult) -> str:
    time = network.main_case.curve.time_to_within(1.0, network.ann_accuracy)
    return "never" if time is None else f"after {milliseconds(time)}"
