"""Where an imported network comes from."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Origin:
    """What an importer says of its network.

    Attributes:
        format: What people call the format, such as ``"PyTorch"``.
        name: Name of the file, or of the class of a live model.
        framework: What the outputs were compared with, such as ``"torch 2.13.0"``; None where it
            is not installed.
        difference: Largest difference of an output, as a fraction of the largest output; None
            without a comparison.
        num_samples: Number of samples that were compared.
        notes: What was left out of the network, a sentence each.
    """

    format: str
    name: str
    framework: str | None = None
    difference: float | None = None
    num_samples: int = 0
    notes: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Return a line about the comparison, and one for each note."""
        if self.framework is None:
            compared = "its outputs were not compared"
        else:
            samples = "1 sample" if self.num_samples == 1 else f"{self.num_samples} samples"
            compared = (
                f"outputs of {samples} differ from those of {self.framework} by at most "
                f"{self.difference:.1e} of the largest"
            )
        return "\n".join([f"from {self.format} ({self.name}): {compared}", *self.notes])

    def to_dict(self) -> dict[str, object]:
        """Return the attributes, ready for JSON."""
        return {
            "format": self.format,
            "name": self.name,
            "framework": self.framework,
            "difference": self.difference,
            "num_samples": self.num_samples,
            "notes": list(self.notes),
        }
