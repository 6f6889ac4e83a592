"""The sections of `pysnn reproduce` beside its core, one file each."""

from . import (
    authors_convnet,
    cost,
    diagnosis,
    first_spike,
    grids,
    over_time,
    rasters,
    rates,
    released,
    stopping,
    table,
)
from .section import Outcome, Section, SectionRun

__all__ = ["ALL", "AUTHORS_CONVNET", "CORE", "SECTIONS", "Outcome", "Section", "SectionRun"]

CORE = "core"
"""Stands among the names of sections for what every run does."""
ALL = "all"
"""Stands for every section, that which needs a file where it is given."""
AUTHORS_CONVNET = authors_convnet.SECTION.name
"""The section that needs a file."""
SECTIONS: tuple[Section, ...] = (
    over_time.SECTION,
    first_spike.SECTION,
    stopping.SECTION,
    grids.SECTION,
    cost.SECTION,
    released.SECTION,
    authors_convnet.SECTION,
    diagnosis.SECTION,
    rates.SECTION,
    rasters.SECTION,
    table.SECTION,
)
"""In the order of the page."""
