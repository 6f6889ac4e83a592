"""No normalization."""

from __future__ import annotations

import numpy as np

from ...network import Network
from .method import ScaleMethod, Scales, ScaleSettings


class NoScales(ScaleMethod):
    """Leaves everything as it is: every scale is 1."""

    reads: frozenset[str] = frozenset()

    def find(self, network: Network, settings: ScaleSettings) -> Scales:
        """Return 1 for every node."""
        ones = tuple(np.ones(1) for _ in network.graph.nodes)
        return Scales(ones, ones)
