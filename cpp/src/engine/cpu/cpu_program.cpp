// Compiling for the CPU, population by population.

#include "engine/cpu/cpu_program.hpp"

#include <algorithm>
#include <string>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

#include "engine/cpu/cpu_session.hpp"
#include "network/spiking/spike_signs.hpp"

namespace pysnn::detail {
namespace {

// Those of a projection from the input stay where constant currents read them.
void drop_weights(Population& population, Encoding encoding) {
    for (Projection& projection : population.projections) {
        if (projection.source == kInputName && encoding == Encoding::Constant) {
            continue;
        }
        if (auto* linear = std::get_if<Linear>(&projection.synapses)) {
            std::vector<float>().swap(linear->weight);
        } else if (auto* conv = std::get_if<Conv2d>(&projection.synapses)) {
            std::vector<float>().swap(conv->weight);
        }
    }
}

}  // namespace

CpuProgram::CpuProgram(const SpikingNetworkDescription& description)
    : description_(description),
      input_(description.input_shape, 1, description.input.is_signed),
      input_blocks_(linear_blocks(input_)) {
    pack_populations(true, [](std::int64_t) {});
}

CpuProgram::CpuProgram(SpikingNetworkDescription& description, Encoding encoding)
    : description_(description),
      input_(description.input_shape, 1, description.input.is_signed),
      input_blocks_(linear_blocks(input_)) {
    pack_populations(encoding != Encoding::Constant, [&](std::int64_t k) {
        drop_weights(description.populations.data()[k], encoding);
    });
}

void CpuProgram::pack_populations(bool packs_input,
                                  const std::function<void(std::int64_t k)>& done) {
    std::unordered_map<std::string, std::int64_t> index{{kInputName, kInputSource}};
    const Array<char> is_signed = negative_senders(description_);
    for (const Population& population : description_.populations) {
        auto packed = std::make_unique<PackedPopulation>(population, description_.precision,
                                                         is_signed[populations_.size()] != 0);
        for (const Projection& projection : population.projections) {
            const std::int64_t source = index.at(projection.source);
            const Layout& layout = source == kInputSource ? input_ : populations_[source]->layout;
            if (source == kInputSource && !packs_input) {
                packed->projections.push_back({source, &layout, {}, {}});
                continue;
            }
            packed->projections.push_back(pack_projection(projection, source, layout, *packed));
            num_weight_bytes_ += packed->projections.back().num_weight_bytes();
        }
        // The order of a sum does not matter: first what reads the input, and of that, what may
        // begin with a baseline.
        const auto reads_input = [](const PackedProjection& each) { return each.reads_input(); };
        const auto is_linear = [](const PackedProjection& each) {
            return std::holds_alternative<LinearWeights>(each.weights);
        };
        const auto begin = packed->projections.begin();
        const auto end = std::stable_partition(begin, packed->projections.end(), reads_input);
        std::stable_partition(begin, end, is_linear);
        packed->num_input_projections = end - begin;
        index.emplace(population.name, populations_.size());
        populations_.push_back(std::move(packed));
        done(populations_.size() - 1);
    }
}

std::unique_ptr<Session> CpuProgram::open(const Settings& settings, bool keeps_state) const {
    return std::make_unique<CpuSession>(*this, settings, keeps_state);
}

}  // namespace pysnn::detail
