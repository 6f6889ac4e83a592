"""Data-based normalization (Diehl et al. 2015, section III)."""

from __future__ import annotations

from ... import _core
from ..._base.progress import progress_bar
from ...network import Network
from ...network.forward import Floats, ForwardPass
from .method import ScaleMethod, Scales, ScaleSettings


class DataScales(ScaleMethod):
    """Takes a node's largest activation on samples, or its largest positive weight if larger."""

    reads = frozenset({"x", "variant", "include_last"})

    def find(self, network: Network, settings: ScaleSettings) -> Scales:
        """Return the scales, after one pass over the samples."""
        return Scales.from_core(
            _core.data_based_normalization(
                network.to_core(),
                [
                    float(largest.max())
                    for largest in largest_activations(forward_pass(network, settings), settings)
                ],
                settings.include_last,
                settings.variant,
                settings.num_threads,
            )
        )


def forward_pass(network: Network, settings: ScaleSettings) -> ForwardPass:
    """Return the pass that samples run through."""
    return ForwardPass(
        network.to_core(), batch_size=settings.batch_size, num_threads=settings.num_threads
    )


def largest_activations(forward: ForwardPass, settings: ScaleSettings) -> list[Floats]:
    """Return the largest activation of each channel of each node, (channels,), under a bar."""
    samples = settings.x
    assert samples is not None, "samples are there where x is read"
    with progress_bar(
        len(samples), "activations", progress=settings.progress, unit="sample"
    ) as bar:
        return forward.largest_activations(samples, bar.advance)
