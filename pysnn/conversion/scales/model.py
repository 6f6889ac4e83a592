"""Model-based normalization (Diehl et al. 2015, section III)."""

from __future__ import annotations

from ... import _core
from ...network import Network
from .method import ScaleMethod, Scales, ScaleSettings


class ModelScales(ScaleMethod):
    """Divides by the largest sum of positive weights (and positive bias) of a node's neurons."""

    reads = frozenset({"include_last"})

    def find(self, network: Network, settings: ScaleSettings) -> Scales:
        """Return the scales, which need no data."""
        return Scales.from_core(
            _core.model_based_normalization(
                network.to_core(), settings.include_last, settings.num_threads
            )
        )
