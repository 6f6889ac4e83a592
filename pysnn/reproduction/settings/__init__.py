"""What decides the numbers of a run of `pysnn reproduce`."""

from .run_settings import NetworkSettings, ReproduceSettings, default_settings
from .section_settings import SectionSettings

__all__ = ["NetworkSettings", "ReproduceSettings", "SectionSettings", "default_settings"]
