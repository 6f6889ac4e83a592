"""The neuron models by their names, and which of a population's settings each of them reads."""

from __future__ import annotations

from typing import Literal

Neuron = Literal["if", "signed", "bipolar", "leaky", "readout", "max_pool"]

NEURONS: tuple[Neuron, ...] = ("if", "signed", "bipolar", "leaky", "readout", "max_pool")
"""Integrate-and-fire; with negative spikes that take positive ones back; with spikes of both signs;
with a leak; outputs that never fire; and max pools, which count spikes."""

RESETTING: frozenset[Neuron] = frozenset({"if", "leaky"})
"""Those with a choice of reset and a refractory period; the others reset by subtraction."""

WITHOUT_THRESHOLD: frozenset[Neuron] = frozenset({"readout", "max_pool"})
"""Those that compare nothing with a threshold, and of which no balance is kept."""
