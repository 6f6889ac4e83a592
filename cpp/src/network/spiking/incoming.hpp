// The synapses and biases that enter the neurons of a population.
#pragma once

#include <cstdint>
#include <pysnn/spiking_network.hpp>
#include <vector>

#include "nodes/rows.hpp"

namespace pysnn::detail {

/// The incoming synapses and biases of one population, by the neurons that share a grid: those of a
/// channel where some kind of synapses says so, each alone otherwise.
class Incoming {
  public:
    /// Args:
    ///     population: biases of channels become those of neurons where each neuron has a grid;
    ///     must outlive the object, as must the sources. sources: of each projection.
    Incoming(Population& population, const std::vector<RowSource>& sources);

    std::int64_t num_grids() const { return num_grids_; }

    /// Neurons of a grid that have rows of their own, one if none has.
    std::int64_t num_members() const {
        return own_.empty() && own_bias_ == nullptr ? 1 : num_neurons_ / num_grids_;
    }

    IncomingRows member_rows(std::int64_t grid, std::int64_t member) const {
        return rows(own_, own_bias_, grid * (num_neurons_ / num_grids_) + member);
    }

    /// Rows that all neurons of the grid share.
    IncomingRows shared_rows(std::int64_t grid) const { return rows(shared_, shared_bias_, grid); }

    /// Calls function(rows) for the shared rows and for those of each member.
    template <typename Function>
    void for_each(std::int64_t grid, Function function) const {
        function(shared_rows(grid));
        for (std::int64_t member = 0; member < num_members(); ++member) {
            function(member_rows(grid, member));
        }
    }

  private:
    struct Source {
        Synapses* synapses;
        const RowSource* source;
    };

    void spread(std::vector<float>& bias) const;
    static IncomingRows rows(const std::vector<Source>& all, float* bias, std::int64_t index);

    std::int64_t num_neurons_;
    std::int64_t num_grids_;
    std::vector<Source> shared_;
    std::vector<Source> own_;
    float* shared_bias_ = nullptr;
    float* own_bias_ = nullptr;
};

}  // namespace pysnn::detail
