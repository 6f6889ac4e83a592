"""A network small enough to follow by hand."""

from __future__ import annotations

import pysnn


def images() -> pysnn.Network:
    """Return a network with a convolution, a pool and a Flatten.

    On an image of ones the channels give 1 + 1 and 2 - 1, the pool leaves (2, 1), and the output is
    3 * 2 + 1 = 7.
    """
    kernels = [[[[1.0, 0.0], [0.0, 1.0]]], [[[-1.0, 2.0], [0.0, 0.0]]]]
    return pysnn.Network(
        [
            pysnn.Conv2d(kernels),
            pysnn.AvgPool2d(2),
            pysnn.Flatten(),
            pysnn.Linear([[3.0, 1.0]]),
        ],
        input_shape=(1, 3, 3),
    )
