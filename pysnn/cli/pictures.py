"""Pictures and pages that commands write."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from .files import check_output

if TYPE_CHECKING:
    from matplotlib.axes import Axes

PICTURES = (".png", ".svg", ".pdf")


def check_picture(path: str | None, reads: Sequence[str | None]) -> None:
    """Find out before any work whether a picture can be made and written; None asks for none.

    Raises:
        UsageError: The ending is no picture's, or the file is one that the command reads.
        ImportError: matplotlib is not installed.
        OSError: It can't be written.
    """
    if path is None:
        return
    from ..plotting import require_matplotlib

    check_output(path, PICTURES, reads=reads)
    require_matplotlib()


def check_page(path: str | None, reads: Sequence[str | None]) -> None:
    """Find out before any work whether an interactive page can be made; None asks for none.

    Raises:
        UsageError: The ending is not .html, or the file is one that the command reads.
        ImportError: plotly is not installed.
        OSError: It can't be written.
    """
    if path is None:
        return
    from ..pages.interactive import require_plotly

    check_output(path, (".html",), reads=reads)
    require_plotly()


def write_picture(axes: Axes, path: Path) -> None:
    """Write the figure that axes stand in, as the ending of ``path`` says.

    Raises:
        OSError: The file can't be written.
    """
    import matplotlib

    from .._base.files import replacing
    from ..plotting._style import root_figure

    # No date and no random names: the same result gives the same file.
    metadata = {".svg": {"Date": None}, ".pdf": {"CreationDate": None}}.get(path.suffix.lower())
    with matplotlib.rc_context({"svg.hashsalt": "pysnn"}), replacing(path) as temporary:
        root_figure(axes).savefig(temporary, dpi=150, metadata=metadata)
