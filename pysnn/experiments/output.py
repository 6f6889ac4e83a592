"""The files of a report: page, figure, numbers."""

from __future__ import annotations

import io
from pathlib import Path

from ..plotting import plot_accuracy_over_time, require_matplotlib
from .files import replacing, write_json, write_text
from .report import render_report
from .results import ReproduceResult
from .tables import (
    accuracy_csv,
    factors_csv,
    format_markdown,
    summary_csv,
)

_FIGURE = "accuracy_over_time"


def missing_packages() -> tuple[str, ...]:
    """Return one sentence for each part of the report that a missing package leaves out."""
    try:
        require_matplotlib()
    except ImportError as error:
        return (f"no figure: {error}",)
    return ()


def write_output(result: ReproduceResult, folder: Path) -> Path:
    """Write every file of the report but the models and return the page's path.

    The page comes last, so that it never stands beside numbers of another run for long.

    Args:
        result: What the run measured.
        folder: Where to write; it must exist.

    Raises:
        OSError: A file cannot be written.
    """
    write_json(folder / "results.json", result.to_dict())
    write_text(folder / "table.csv", summary_csv(result))
    write_text(folder / "table.md", format_markdown(result))
    write_text(folder / f"{_FIGURE}.csv", accuracy_csv(result))
    write_text(folder / "factors.csv", factors_csv(result))
    svg = None
    paths = {kind: folder / f"{_FIGURE}.{kind}" for kind in ("svg", "png")}
    if result.missing:
        # A figure of an earlier run must not stand beside the numbers of this one.
        for path in paths.values():
            path.unlink(missing_ok=True)
    else:
        svg, png = draw_figure(result)
        for path, data in ((paths["svg"], svg), (paths["png"], png)):
            with replacing(path) as temporary:
                temporary.write_bytes(data)
    page = folder / "report.html"
    write_text(page, render_report(result, svg))
    return page


def draw_figure(result: ReproduceResult) -> tuple[bytes, bytes]:
    """Return the figure of accuracy over simulated time as SVG and PNG, a panel per network.

    Raises:
        ImportError: matplotlib is not installed.
    """
    require_matplotlib()
    import matplotlib
    from matplotlib.figure import Figure

    # Neither pyplot nor a window: the figure must not touch what the caller has set up.
    with matplotlib.rc_context({"svg.hashsalt": "pysnn", "font.size": 10}):
        size = (5.2 * len(result.networks), 5.2)
        figure = Figure(figsize=size, layout="constrained")
        panels = figure.subplots(1, len(result.networks), squeeze=False)[0]
        for panel, network in zip(panels, result.networks, strict=True):
            plot_accuracy_over_time(
                {f"{case.title}, {case.max_rate:.0f} Hz": case.accuracy for case in network.cases},
                dt=network.cases[0].dt,
                ann_accuracy=network.ann_accuracy,
                title=network.title,
                ax=panel,
            )
        svg, png = io.BytesIO(), io.BytesIO()
        figure.savefig(svg, format="svg", metadata={"Date": None})
        figure.savefig(png, format="png", dpi=160)
    return svg.getvalue(), png.getvalue()
