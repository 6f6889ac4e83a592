"""How the simulations of a run compare with those of the package's own record."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Published:
    """How the simulations of a run compare with the published ones.

    Attributes:
        digests: SHA-256 of each simulation of the run, by its name, such as ``"fcn, data"``.
        different: Names of those that are not the published ones to the bit.
    """

    digests: dict[str, str]
    different: tuple[str, ...]

    def __str__(self) -> str:
        """Say it in a sentence."""
        count = len(self.digests)
        if not self.different:
            return f"all {count} simulations are the published ones, bit for bit"
        return (
            f"{len(self.different)} of {count} simulations differ from the published ones, which "
            f"is a fault of this build or machine: {'; '.join(self.different)}"
        )
