"""The page that `pysnn reproduce` writes: one HTML file that needs no other."""

from __future__ import annotations

from .report import html
from .report.chapters import Chapter
from .report.core_parts import (
    accuracy_figure,
    accuracy_part,
    factors_part,
    goals_part,
    published_part,
    work_part,
)
from .report.document import Part
from .report.headline import conclusion, facts, paper_table
from .report.report_run import again_part, settings_part, training_part
from .results import ReproduceResult
from .sections import SECTIONS

TITLE = "ReLU networks as spiking networks on MNIST"
_SUBJECT = (
    "The experiments of Diehl et al. (2015): networks of ReLU units, trained on MNIST, become "
    "networks of integrate-and-fire neurons with the same weights, which see each test image as "
    "Poisson spike trains."
)
_QUICK = (
    "This was a quick run: training took fewer epochs and images were shown for a "
    "shorter time than in the full experiment, so the accuracies are lower than "
    "those of `pysnn reproduce` without --quick."
)


def render_report(result: ReproduceResult, picture: html.Pictures) -> str:
    """Return the report as one self-contained HTML page.

    Args:
        result: What the run measured.
        picture: Gives the SVG of a picture by its name, None where it could not be drawn.
    """
    chapters = report_chapters(result)
    body = [
        '<div class="shell">',
        html.contents(chapters),
        "<main>",
        _first_screen(result, picture),
        *(html.render_chapter(chapter, parts, picture) for chapter, parts in chapters.items()),
        "</main>",
        "</div>",
    ]
    return html.page(TITLE, "\n".join(body))


def _first_screen(result: ReproduceResult, picture: html.Pictures) -> str:
    parts = [
        f'<h1 id="top">{TITLE}</h1>',
        html.paragraph(_SUBJECT, "kicker"),
        html.paragraph(conclusion(result), "conclusion"),
    ]
    if result.quick:
        parts.append(html.paragraph(_QUICK, "warning"))
    parts += [
        html.render_block(paper_table(result), picture),
        html.facts(facts(result)),
        *(html.render_block(block, picture) for block in accuracy_figure(result)),
        '<p><button type="button" id="fold">Open all chapters</button></p>',
    ]
    return "\n".join(parts)


def report_chapters(result: ReproduceResult) -> dict[Chapter, list[Part]]:
    """Return the parts of the page by chapter, without those that do not apply."""
    placed = [
        (Chapter.ACCURACY, accuracy_part(result, with_figure=False)),
        (Chapter.COST, work_part(result)),
        (Chapter.LITERATURE, published_part(result)),
        *((each.chapter, part) for each in SECTIONS for part in each.parts_of(result)),
        (Chapter.CONVERSION, factors_part(result)),
        (Chapter.RUN, goals_part(result)),
        (Chapter.RUN, training_part(result)),
        (Chapter.RUN, settings_part(result)),
        (Chapter.RUN, again_part(result)),
    ]
    found = {
        chapter: [part for where, part in placed if where is chapter and part is not None]
        for chapter in Chapter
    }
    return {chapter: parts for chapter, parts in found.items() if parts}
