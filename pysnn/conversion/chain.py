"""Conversion of chains as the paper has them: every layer with synapses is a population."""

from __future__ import annotations

from ..network import Network
from ..spiking import SpikingNetwork
from .folding import fold_graph
from .neuron_settings import NeuronSettings
from .normalize import normalized_by
from .scales import PaperMethodName, ScaleSettings
from .spiking_of_folded import Memory


def convert_chain(
    network: Network,
    settings: NeuronSettings,
    method: PaperMethodName,
    found: ScaleSettings,
    memory: Memory,
) -> SpikingNetwork:
    """Return the spiking network of a chain of the paper's kinds.

    Args:
        network: The chain.
        settings: Settings of neurons.
        method: How scales are found.
        found: What the method reads.
        memory: What the network remembers of the conversion.

    Raises:
        ValueError: As `normalize`, or a setting is out of its range.
    """
    # Made before the data is run, so that a wrong setting costs no time.
    populations = [each for each in network.graph.nodes if each.node.has_synapses]
    snn = SpikingNetwork(network.input_shape, precision=settings.precision)
    settings.check_names(fold_graph(network.graph, pools="spiking", signed_input=False))
    for each in populations:
        snn.add_population(
            each.name,
            each.output_shape,
            threshold=settings.threshold_of(each.name),
            reset=settings.reset,
            refractory_period=settings.refractory_period,
            initial_potential=settings.initial_potential_of(each.name),
        )
    normalized, normalization = normalized_by(network, method, found)
    sources = normalized.graph.population_sources()
    for each in normalized.graph.nodes:
        for source in sources.get(each.name, ()):
            snn.connect(source, each.name, each.node)
    scales = dict(zip(network.layer_names, normalization.scale_factor, strict=True))
    found_scales = [float(scales[each.name]) for each in populations]
    return snn._finished(found_scales, encoding=memory.encoding, recipe=memory.recipe)
