"""What an importer says of a node that it can't take."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


class RefusalError(Exception):
    """A node that can't be a part of a `Network`, in one line.

    Args:
        node: Name of the node in the foreign network.
        operator: What the foreign format calls it, such as ``"HardSwish"``.
        reason: What of it is not supported, as the end of "node ... ".
        way_out: What to do instead, a phrase such as ``"replace it by a ReLU and train again"``.
    """

    def __init__(self, node: str, operator: str, reason: str, way_out: str) -> None:
        super().__init__(f"node {node!r} ({operator}) {reason}; {way_out}")
        self.node = node
        self.operator = operator
        self.reason = reason
        self.way_out = way_out


class LayoutRefusalError(RefusalError):
    """A view of the network's input that is one of images where samples are laid out otherwise.

    Args:
        node: As for `RefusalError`.
        operator: As for `RefusalError`.
        reason: As for `RefusalError`.
        way_out: As for `RefusalError`.
        layout: Where in a sample as it is each number of such a one is, (channels, height, width).
    """

    def __init__(
        self, node: str, operator: str, reason: str, way_out: str, layout: NDArray[np.int64]
    ) -> None:
        super().__init__(node, operator, reason, way_out)
        self.layout = layout
