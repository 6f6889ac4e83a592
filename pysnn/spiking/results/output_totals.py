"""What is left of the outputs where what they did in each step is not kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class OutputTotals:
    """The outputs of each sample after its last step, as `SimulationResult` has them.

    Attributes:
        spike_counts: (num_samples, num_classes).
        predictions: (num_samples,).
        first_spike_step: (num_samples,); None of a readout, which does not fire.
        outputs: (num_samples, num_classes); None unless the output is a readout.
    """

    spike_counts: NDArray[np.int32]
    predictions: NDArray[np.int64]
    first_spike_step: NDArray[np.int64] | None
    outputs: NDArray[np.float64] | None

    def __post_init__(self) -> None:
        for array in self.arrays().values():
            array.setflags(write=False)

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return what there is, by name; samples first."""
        return {name: array for name, array in vars(self).items() if array is not None}

    @classmethod
    def of_arrays(cls, arrays: dict[str, NDArray[Any]]) -> OutputTotals:
        """Return the totals that `arrays` gives."""
        return cls(
            spike_counts=arrays["spike_counts"],
            predictions=arrays["predictions"],
            first_spike_step=arrays.get("first_spike_step"),
            outputs=arrays.get("outputs"),
        )

    @classmethod
    def joined(cls, parts: Sequence[OutputTotals]) -> OutputTotals | None:
        """Return the samples of all parts in order, of one network; None of no part."""
        if not parts:
            return None
        arrays = [part.arrays() for part in parts]
        return cls.of_arrays(
            {name: np.concatenate([each[name] for each in arrays]) for name in arrays[0]}
        )
