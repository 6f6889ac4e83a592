"""How much of each further section a run measures."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ..._base.numbers import as_positive_float, as_positive_int


@dataclass(frozen=True)
class SectionSettings:
    """What the further sections of a run measure, and how much of it.

    Attributes:
        names: The sections, by name; see `pysnn.reproduction.sections`.
        num_images: Test images of the accuracy over several seeds, of early stop and of the
            authors' own ConvNet; None takes those of the run.
        num_seeds: Input seeds of the accuracy over time.
        seeds_duration: Simulated time per image with each of them, and of the cost over time, in s.
        grid_size: Input rates, and thresholds, of a grid.
        grid_images: Held-out training images of a cell.
        grid_steps: Steps of a cell.
        cost_images: Test images of the cost over time.
        diagnosis_images: Test images of a conversion report.
        diagnosis_duration: Simulated time per image of a conversion report in s.
        margins: Leads in output spikes at which simulations are stopped.
        matlab_convnet: File of the authors' own ConvNet; None leaves that section out.
    """

    names: tuple[str, ...] = ()
    num_images: int | None = None
    num_seeds: int = 5
    seeds_duration: float = 0.2
    grid_size: int = 12
    grid_images: int = 1000
    grid_steps: int = 100
    cost_images: int = 1000
    diagnosis_images: int = 500
    diagnosis_duration: float = 0.1
    margins: tuple[int, ...] = (1, 2, 4, 8)
    matlab_convnet: str | None = None

    def __post_init__(self) -> None:
        for name in (
            "num_seeds",
            "grid_size",
            "grid_images",
            "grid_steps",
            "cost_images",
            "diagnosis_images",
        ):
            as_positive_int(getattr(self, name), name)
        if self.num_images is not None:
            as_positive_int(self.num_images, "num_images")
        as_positive_float(self.seeds_duration, "seeds_duration")
        as_positive_float(self.diagnosis_duration, "diagnosis_duration")
        if not self.margins or list(self.margins) != sorted(set(self.margins)):
            raise ValueError(f"margins is {self.margins}, but must be rising, at least one")
        for margin in self.margins:
            as_positive_int(margin, "margins")

    def quick(self) -> SectionSettings:
        """Return the same sections with less of everything: a minute on two cores."""
        return replace(
            self,
            num_images=1000,
            num_seeds=3,
            seeds_duration=0.1,
            grid_size=6,
            grid_images=300,
            cost_images=300,
            diagnosis_images=100,
        )
