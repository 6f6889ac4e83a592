"""The files of a report: page, figure, numbers."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from .._base.files import replacing, write_json, write_text
from ..experiments.accuracy_curve import plot_curves
from ..plotting import require_matplotlib
from ..plotting._style import TALL, new_axes, root_figure
from .page import render_report
from .report.methods import case_label, case_styles
from .report.section_tables import write_section_tables
from .report.tables import accuracy_csv, factors_csv, format_markdown, summary_csv
from .results import NetworkResult, ReproduceResult

if TYPE_CHECKING:
    from matplotlib.axes import Axes

FIGURES = "figures"
_ACCURACY = "accuracy_over_time"


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
        folder: Where to write; it must exist, and have the pictures of `draw_pictures`.

    Raises:
        OSError: A file cannot be written.
    """
    write_json(folder / "results.json", result.to_dict())
    write_text(folder / "table.csv", summary_csv(result))
    write_text(folder / "table.md", format_markdown(result))
    write_text(folder / f"{_ACCURACY}.csv", accuracy_csv(result))
    write_text(folder / "factors.csv", factors_csv(result))
    write_section_tables(result, folder)
    page = folder / "report.html"
    write_text(page, render_report(result, lambda name: _svg(folder / FIGURES, name)))
    return page


def draw_pictures(
    networks: Sequence[NetworkResult],
    folder: Path,
    pictures: Mapping[str, Callable[[], Axes]],
    *,
    is_possible: bool,
) -> None:
    """Draw every picture of a run, as SVG and PNG.

    Args:
        networks: What the core measured.
        folder: The run's folder.
        pictures: Functions that draw the sections' pictures, by name.
        is_possible: False draws nothing, and only removes what an earlier run drew.

    Raises:
        OSError: A file cannot be written.
    """
    figures = folder / FIGURES
    figures.mkdir(exist_ok=True)
    # A picture of an earlier run must not stand beside the numbers of this one.
    for path in [*figures.glob("*.svg"), *figures.glob("*.png")]:
        path.unlink()
    if is_possible:
        _draw_all(networks, figures, pictures)


def _draw_all(
    networks: Sequence[NetworkResult], folder: Path, pictures: Mapping[str, Callable[[], Axes]]
) -> None:
    import matplotlib
    from matplotlib.figure import Figure

    # Neither pyplot nor a window: pictures must not touch what the caller has set up.
    with matplotlib.rc_context({"svg.hashsalt": "pysnn", "font.size": 10}):
        for network in networks:
            axes = _draw_accuracy(network, None)
            _save(axes, folder, f"{_ACCURACY}_{network.name}")
        for name, draw in pictures.items():
            _save(draw(), folder, name)
        size = (5.2 * len(networks), 5.2)
        both = Figure(figsize=size, layout="constrained")
        panels = both.subplots(1, len(networks), squeeze=False)[0]
        for panel, network in zip(panels, networks, strict=True):
            axes = _draw_accuracy(network, panel)
        _save(axes, folder, _ACCURACY)


def _draw_accuracy(network: NetworkResult, panel: Axes | None) -> Axes:
    return plot_curves(
        {case_label(case): case.curve for case in network.cases},
        styles=case_styles(network.cases),
        ann_accuracy=network.ann_accuracy,
        title=network.title,
        ax=new_axes(panel, figsize=TALL),
    )


def _save(axes: Axes, folder: Path, name: str) -> None:
    for kind, options in (("svg", {"metadata": {"Date": None}}), ("png", {"dpi": 130})):
        data = io.BytesIO()
        # An inset beside the axes would be cut off otherwise.
        root_figure(axes).savefig(data, format=kind, bbox_inches="tight", **options)
        with replacing(folder / f"{name}.{kind}") as temporary:
            temporary.write_bytes(data.getvalue())


def _svg(folder: Path, name: str) -> bytes | None:
    path = folder / f"{name}.svg"
    return path.read_bytes() if path.exists() else None
