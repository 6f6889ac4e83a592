"""The ways of conversion that experiments compare."""

from __future__ import annotations

from dataclasses import dataclass

from numpy.typing import ArrayLike

from ..conversion import PaperMethodName, convert
from ..network import Network
from ..spiking import SpikingNetwork


@dataclass(frozen=True)
class NormalizationSettings:
    """One way of conversion.

    Attributes:
        name: Short name, for files.
        title: Name for people.
        method: As for `pysnn.normalize`.
        include_last: As for `pysnn.normalize`.
    """

    name: str
    title: str
    method: PaperMethodName
    include_last: bool = True


# Model-based normalization makes the output so slow that it can stay silent for the whole time;
# the paper's authors therefore can leave the last layer out, and both are shown.
NORMALIZATIONS = (
    NormalizationSettings("none", "none", "none"),
    NormalizationSettings("model", "model-based", "model"),
    NormalizationSettings(
        "model_hidden", "model-based, hidden layers only", "model", include_last=False
    ),
    NormalizationSettings("data", "data-based", "data"),
)


def convert_case(
    network: Network,
    normalization: NormalizationSettings,
    *,
    threshold: float,
    x: ArrayLike,
    num_threads: int | None,
    progress: bool | None,
) -> SpikingNetwork:
    """Convert a network in one of the ways that experiments compare.

    Args:
        network: The trained ReLU network.
        normalization: The way of conversion.
        threshold: Threshold of every neuron.
        x: Samples that data-based normalization looks at, such as the training images.
        num_threads: Threads; None takes what OpenMP would use.
        progress: As for :func:`pysnn.normalize`.

    Returns:
        The spiking network; its populations know their scale factors.
    """
    return convert(
        network,
        method=normalization.method,
        x=x if normalization.method == "data" else None,
        include_last=normalization.include_last,
        threshold=threshold,
        num_threads=num_threads,
        progress=progress,
    )
