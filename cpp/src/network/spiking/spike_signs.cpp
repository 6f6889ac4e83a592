// Which populations send spikes of both signs.
#include "network/spiking/spike_signs.hpp"

#include <map>
#include <string>

#include "network/spiking/neuron_models.hpp"

namespace pysnn::detail {

Array<char> negative_senders(const SpikingNetworkDescription& description) {
    std::map<std::string, char> sends;
    Array<char> senders;
    for (const Population& population : description.populations) {
        const bool is_sender = population.neuron == NeuronModel::MaxPool
                                   ? sends.at(population.projections.front().source) != 0
                                   : traits_of(population.neuron).sends_negatives;
        senders.push_back(is_sender ? 1 : 0);
        sends[population.name] = senders.back();
    }
    return senders;
}

}  // namespace pysnn::detail
