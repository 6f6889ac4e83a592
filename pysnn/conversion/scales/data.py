"""Data-based normalization (Diehl et al. 2015, section III)."""

from __future__ import annotations

from ... import _core
from ..._base.progress import progress_bar
from ...network import Network
from ...network.forward import ForwardPass
from .method import ScaleMethod, Scales, ScaleSettings


class DataScales(ScaleMethod):
    """Takes a node's largest activation on samples, or its largest positive weight if larger."""

    reads = frozenset({"x", "variant", "include_last"})

    def find(self, network: Network, settings: ScaleSettings) -> Scales:
        """Return the scales, after one pass over the samples."""
        return Scales.from_core(
            _core.data_based_normalization(
                network.to_core(),
                _largest_activations(network, settings),
                settings.include_last,
                settings.variant,
                settings.num_threads,
            )
        )


def _largest_activations(network: Network, settings: ScaleSettings) -> list[float]:
    samples = settings.x
    assert samples is not None, "normalize hands over samples where x is read"
    forward = ForwardPass(
        network.to_core(), batch_size=settings.batch_size, num_threads=settings.num_threads
    )
    with progress_bar(
        len(samples), "activations", progress=settings.progress, unit="sample"
    ) as bar:
        per_channel = forward.largest_activations(samples, bar.advance)
    return [float(largest.max()) for largest in per_channel]
