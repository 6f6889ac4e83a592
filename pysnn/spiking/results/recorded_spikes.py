"""Recorded spike trains by population, which was an array of counts in version 0.1."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin
from numpy.typing import NDArray

from ..._base.interface.old_names import warn_old_name
from ..._base.named import NamedValues

SpikeTrains = NDArray[np.bool_] | NDArray[np.int8]


class RecordedSpikes(NamedValues[SpikeTrains], NDArrayOperatorsMixin):
    """Spike trains by population, (num_steps, num_samples, num_neurons).

    What was done with the array of this name, (num_samples, num_populations), is done with
    ``num_spikes``, and warns. Length and iteration are of populations, no longer of samples.

    Args:
        values: The trains by name.
        reason: Says of a missing name what there is and what to do.
        num_spikes: The array.
    """

    def __init__(
        self,
        values: dict[str, SpikeTrains],
        reason: Callable[[object], str],
        num_spikes: NDArray[np.int64],
    ) -> None:
        super().__init__(values, reason)
        self._num_spikes = num_spikes

    def __getitem__(self, key: Any) -> Any:
        return super().__getitem__(key) if isinstance(key, str) else self._as_array()[key]

    def __getattr__(self, name: str) -> Any:
        # Without an underscore: NumPy and pickle ask for protocols, which are not what is meant.
        if name.startswith("_") or not hasattr(np.ndarray, name):
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        return getattr(self._as_array(), name)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NDArray[Any]:
        return np.array(self._as_array(), dtype=dtype)

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **options: Any) -> Any:
        arrays = [each._as_array(3) if each is self else each for each in inputs]
        return getattr(ufunc, method)(*arrays, **options)

    def _as_array(self, stacklevel: int = 2) -> NDArray[np.int64]:
        warn_old_name("the array result.spikes", "result.num_spikes", stacklevel=stacklevel)
        return self._num_spikes
