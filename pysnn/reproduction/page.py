"""The page that `pysnn reproduce` writes: one HTML file that needs no other."""

from __future__ import annotations

from .._base.formats import milliseconds, percent
from .report import html
from .report.core_parts import accuracy_part, factors_part, goals_part, published_part, work_part
from .report.document import Part
from .report.report_run import again_part, settings_part, training_part
from .results import NetworkResult, ReproduceResult
from .sections import SECTIONS

TITLE = "ReLU networks as spiking networks on MNIST"


def render_report(result: ReproduceResult, picture: html.Pictures) -> str:
    """Return the report as one self-contained HTML page.

    Args:
        result: What the run measured.
        picture: Gives the SVG of a picture by its name, None where it could not be drawn.
    """
    parts = report_parts(result)
    body = [_introduction(result), html.contents(parts), html.render_parts(parts, picture)]
    return html.page(TITLE, "\n".join(body))


def _introduction(result: ReproduceResult) -> str:
    parts = [
        f"<h1>{TITLE}</h1>",
        html.paragraph(
            "These are the experiments of Diehl et al. (2015): train networks of ReLU units "
            "on MNIST, use the same weights in networks of integrate-and-fire neurons without "
            "normalization and with model-based and data-based normalization, present each test "
            "image as Poisson spike trains, and measure how fast and how closely the spiking "
            "networks approach the accuracy of the ReLU networks, what they cost, and why "
            "conversions fail."
        ),
    ]
    if result.quick:
        parts.append(
            html.paragraph(
                "This was a quick run, with fewer epochs of training and a shorter simulated time "
                "than in the full experiment, so accuracies are lower than those of "
                "`pysnn reproduce` without --quick.",
                "warning",
            )
        )
    parts.append(html.tiles([_tile(network) for network in result.networks]))
    return "\n".join(parts)


def _tile(network: NetworkResult) -> tuple[str, str]:
    case = network.main_case
    return (
        f"{percent(case.curve.final_accuracy)} %",
        (
            f"{network.title}: spiking, {case.title} normalization, after "
            f"{milliseconds(case.curve.duration)}; its ReLU network: "
            f"{percent(network.ann_accuracy)} %"
        ),
    )


def report_parts(result: ReproduceResult) -> list[Part]:
    """Return the parts of the page in their order, without those that do not apply."""
    parts = [
        accuracy_part(result),
        work_part(result),
        *(part for section in SECTIONS for part in section.parts_of(result)),
        published_part(result),
        goals_part(result),
        factors_part(result),
        training_part(result),
        settings_part(result),
        again_part(result),
    ]
    return [part for part in parts if part is not None]
