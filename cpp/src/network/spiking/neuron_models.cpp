// The table of neuron models.
#include "network/spiking/neuron_models.hpp"

#include <pysnn/names.hpp>

namespace pysnn {
namespace detail {
namespace {

// name, sends negatives; has a threshold, a potential, reset, negative threshold, leak, delay
constexpr NeuronModelTraits kIf{"if", false, true, true, true, false, false, false};
constexpr NeuronModelTraits kSigned{"signed", true, true, true, false, true, false, false};
constexpr NeuronModelTraits kBipolar{"bipolar", true, true, true, false, false, false, false};
constexpr NeuronModelTraits kLeaky{"leaky", false, true, true, true, false, true, false};
constexpr NeuronModelTraits kReadout{"readout", false, false, true, false, false, false, true};
constexpr NeuronModelTraits kMaxPool{"max_pool", false, false, false, false, false, false, false};

}  // namespace

// A switch without a default: the compiler warns of a model that is left out.
const NeuronModelTraits& traits_of(NeuronModel neuron) noexcept {
    switch (neuron) {
        case NeuronModel::If:
            return kIf;
        case NeuronModel::Signed:
            return kSigned;
        case NeuronModel::Bipolar:
            return kBipolar;
        case NeuronModel::Leaky:
            return kLeaky;
        case NeuronModel::Readout:
            return kReadout;
        case NeuronModel::MaxPool:
            return kMaxPool;
    }
    return kIf;
}

}  // namespace detail

const char* name_of(NeuronModel neuron) noexcept { return detail::traits_of(neuron).name; }

}  // namespace pysnn
