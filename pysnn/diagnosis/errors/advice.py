"""What mends which part of an error."""

from __future__ import annotations

from collections.abc import Sequence

from ...spiking import Encoding
from .parts import PARTS, Part
from .population_errors import PopulationErrors

_NAMED = 3  # populations that a sentence names
_WORTH_NAMING = 0.01  # error as a fraction of the mean activation

_ADVICE: dict[Part, str] = {
    "clipping": "activations lie above what a spike in every step stands for; take a higher "
    "percentile, or the maximum",
    "threshold": "thresholds are not those that the scales stand for; leave threshold at 1",
    "quantization": "a spike is too coarse a step; simulate longer, or start at half a threshold "
    "(initial_potential=0.5)",
    "inherited": "errors come with the spikes of the sources; mend those first",
    "delay": "steps pass before the first spikes arrive; simulate longer, or leave the first steps "
    "out of the output (a delayed readout)",
    "unevenness": "spikes that came too early can't be taken back; take neuron='signed'",
    "reset": "resets to zero throw charge away; take reset='subtract'",
    "noise": "chance of the input; take encoding='constant', or simulate longer",
}
_BEYOND_HALF = "a spike is too coarse a step; simulate longer"
_BEYOND_SIGNED = "spikes come in an order that leaves charge behind; simulate longer"
_REGULAR = "grain of the input's spikes; take encoding='constant', or simulate longer"


def sentences(populations: Sequence[PopulationErrors], encoding: Encoding) -> list[str]:
    """Return a sentence per part that is the largest of a population, that of most of them first.

    What is inherited is no population's own; populations of little error are left out.

    Args:
        populations: All populations.
        encoding: What drove the network.
    """
    found: dict[Part, list[PopulationErrors]] = {part: [] for part in PARTS}
    for each in populations:
        part = each.dominant
        if part is not None and each.relative(each.mean_absolute)[part] >= _WORTH_NAMING:
            found[part].append(each)
    parts = sorted((part for part in PARTS if found[part]), key=lambda part: -len(found[part]))
    return [
        f"{part} is the largest error of its own in {_names(found[part], part)}: "
        f"{_advice(part, found[part], encoding)}."
        for part in parts
    ]


def _names(populations: Sequence[PopulationErrors], part: Part) -> str:
    """Name those that a part is largest in, relative to their activations."""
    ordered = sorted(populations, key=lambda each: -each.relative(each.mean_absolute)[part])
    named = ", ".join(each.name for each in ordered[:_NAMED])
    others = len(ordered) - _NAMED
    return named if others <= 0 else f"{named} and {others} more"


def _advice(part: Part, populations: Sequence[PopulationErrors], encoding: Encoding) -> str:
    if part == "unevenness" and all(each.neuron != "if" for each in populations):
        return _BEYOND_SIGNED
    # Calibrated neurons start where it suits them, and bipolar ones cut towards 0 from anywhere.
    rounds = all(each.start > 0 or each.neuron == "bipolar" for each in populations)
    if part == "quantization" and rounds:
        return _BEYOND_HALF
    if part == "noise" and encoding == "regular":
        return _REGULAR
    return _ADVICE[part]
