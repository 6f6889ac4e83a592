// A network compiled for the CPU.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <pysnn/spiking_network.hpp>

#include "base/array.hpp"
#include "base/layout.hpp"
#include "engine/cpu/packing/population.hpp"
#include "engine/program.hpp"

namespace pysnn::detail {

/// Weights and neurons as this CPU's kernels read them.
class CpuProgram : public Program {
  public:
    /// Args:
    ///     description: of a SpikingNetwork; must outlive the program.
    explicit CpuProgram(const SpikingNetworkDescription& description);

    /// As above, for simulations under one encoding; see compile_for().
    CpuProgram(SpikingNetworkDescription& description, Encoding encoding);

    std::unique_ptr<Session> open(const Settings& settings, bool keeps_state) const override;

    const SpikingNetworkDescription& description() const { return description_; }
    const Layout& input() const { return input_; }
    const Array<LinearBlock>& input_blocks() const { return input_blocks_; }
    std::int64_t num_populations() const { return populations_.size(); }
    const PackedPopulation& population(std::int64_t k) const { return *populations_[k]; }
    /// Of all weights that events gather.
    std::int64_t num_weight_bytes() const { return num_weight_bytes_; }

  private:
    // Args:
    //     packs_input: whether input comes as spikes, too.
    //     done: is told which population's weights are not read any more.
    void pack_populations(bool packs_input, const std::function<void(std::int64_t k)>& done);

    const SpikingNetworkDescription& description_;
    const Layout input_;
    const Array<LinearBlock> input_blocks_;
    Array<std::unique_ptr<const PackedPopulation>> populations_;
    std::int64_t num_weight_bytes_ = 0;
};

}  // namespace pysnn::detail
