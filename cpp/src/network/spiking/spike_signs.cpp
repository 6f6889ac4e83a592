// Which populations send spikes of both signs.
#include "network/spiking/spike_signs.hpp"

#include <map>
#include <string>

namespace pysnn::detail {

Array<char> negative_senders(const SpikingNetworkDescription& description) {
    std::map<std::string, char> sends;
    Array<char> senders;
    for (const Population& population : description.populations) {
        bool is_sender = false;
        switch (population.neuron) {
            case NeuronModel::Signed:
            case NeuronModel::Bipolar:
                is_sender = true;
                break;
            case NeuronModel::MaxPool:
                is_sender = sends.at(population.projections.front().source) != 0;
                break;
            case NeuronModel::If:
            case NeuronModel::Leaky:
            case NeuronModel::Readout:
                break;
        }
        senders.push_back(is_sender ? 1 : 0);
        sends[population.name] = senders.back();
    }
    return senders;
}

}  // namespace pysnn::detail
