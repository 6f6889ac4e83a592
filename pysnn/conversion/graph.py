"""Conversion of networks of any kind, which are folded first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from ..network import Network
from ..spiking import SpikingNetwork
from ..spiking.neuron import Neuron
from .calibration import CALIBRATIONS
from .calibration.layer_by_layer import add_calibrated
from .delay import latency, readout_delay
from .folding import FoldedNetwork, fold_graph, input_affine
from .input_range import InputRange
from .neuron_settings import NeuronSettings
from .population_scales import population_scales
from .recipe import Readout, Recipe
from .scales import ScaleSettings
from .scales.readings import Readings
from .spiking_of_folded import Memory, add_population, empty_network, with_scales


def convert_folded(
    network: Network,
    chosen: Recipe,
    neurons: NeuronSettings,
    found: ScaleSettings,
    input_scale: float | None,
    memory: Memory,
) -> SpikingNetwork:
    """Return the spiking network of a network of any kind.

    Args:
        network: The network.
        chosen: The choices.
        neurons: Settings of neurons.
        found: What the method of finding scales, calibrations and delays read.
        input_scale: As for `convert`.
        memory: What the network remembers of the conversion.

    Raises:
        TypeError: A setting of neurons has the wrong type.
        ValueError: As `fold`, a setting is out of its range, or a choice does not go with the
            network.
    """
    network.to_core()  # which checks that every node leads to the output
    affine, _ = input_affine(network.graph)
    inputs = InputRange.of(found.x, affine, input_scale)
    folded = fold_graph(network.graph, pools=chosen.pools, signed_input=inputs.is_signed)
    folded = _with_readout(folded, chosen.readout)
    _check_delay(folded, chosen)
    snn = empty_network(folded, inputs, neurons)
    if found.x is not None:
        snn.input_range.samples(found.x, network.input_shape)
    found_scales = population_scales(network, folded, inputs, chosen.method, found)
    scales = found_scales.by_name
    delay = chosen.delay
    if delay == "latency":
        assert chosen.num_steps is not None, "it is there where something reads it"
        means = Readings(network, folded, found).neuron_means()
        delay = readout_delay(latency(folded, scales, neurons, means), chosen.num_steps)
    folded = _delayed(folded, delay)
    if chosen.calibration == "none":
        for population in folded.populations:
            add_population(snn, population, scales, neurons)
    else:
        assert chosen.num_steps is not None, "it is there where something reads it"
        assert found.x is not None, "samples are there where a calibration is"
        simulated = replace(found, x=found.x[: chosen.calibration_samples])
        add_calibrated(
            snn,
            folded,
            scales,
            neurons,
            simulated,
            method=CALIBRATIONS[chosen.calibration],
            means=Readings(network, folded, simulated).neuron_means(),
            encoding=chosen.encoding,
            num_steps=chosen.num_steps,
        )
    return with_scales(snn, folded, scales, memory.noting(_raised_text(found_scales.raised)))


def _raised_text(raised: Mapping[str, int]) -> str:
    """Return how many channels of which populations are nearly dead."""
    return ", ".join(f"{count} of {name}" for name, count in raised.items())


def _check_delay(folded: FoldedNetwork, chosen: Recipe) -> None:
    if chosen.delay == 0:
        return
    if folded.populations[-1].neuron != "readout":
        raise ValueError(f"delay is {chosen.delay!r}, which is for readouts, not for spikes")
    if chosen.delay != "latency" and chosen.num_steps and chosen.num_steps <= chosen.delay:
        raise ValueError(
            f"num_steps is {chosen.num_steps}, but must be above the readout's delay of "
            f"{chosen.delay}"
        )


def _delayed(folded: FoldedNetwork, steps: int) -> FoldedNetwork:
    """Return the network whose readout leaves out some steps."""
    if not steps:
        return folded
    last = replace(folded.populations[-1], delay=steps)
    return replace(folded, populations=(*folded.populations[:-1], last))


def _with_readout(folded: FoldedNetwork, readout: Readout | None) -> FoldedNetwork:
    """Return the network with the output that is asked for."""
    last = folded.populations[-1]
    if readout is None or (readout == "spikes") != (last.neuron == "readout"):
        return folded
    neuron: Neuron
    if readout == "spikes":
        neuron = "bipolar"
    elif last.is_rectified:
        neuron = "readout"
    else:
        raise ValueError(
            f"readout is 'potential', but the network ends in {last.name!r}, a pool, whose output "
            f"is spikes"
        )
    last = replace(last, neuron=neuron)
    return replace(folded, populations=(*folded.populations[:-1], last))
