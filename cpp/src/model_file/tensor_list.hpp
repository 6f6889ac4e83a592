// The tensors of a file that is to be written.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/array.hpp"
#include "model_file/safetensors.hpp"

namespace pysnn::detail {

/// Tensors of the file to be written; they stay where they are, so their owners must live on.
class TensorList {
  public:
    void add(const std::string& name, Shape shape, const std::vector<float>& values) {
        tensors_[name] = {std::move(shape), &values};
    }

    /// Adds values that may stand as one for all neurons, or for a channel's, in the description.
    /// The file has one per neuron, so that a reader never makes more neurons than the file has
    /// room for.
    void add_per_neuron(const std::string& name, std::int64_t num_neurons,
                        const std::vector<float>& values) {
        const std::int64_t neurons_per_value = num_neurons / size_of(values);
        if (neurons_per_value > 1) {
            std::vector<float>& expanded = expanded_.emplace_back();
            for (const float value : values) {
                expanded.insert(expanded.end(), to_size(neurons_per_value), value);
            }
            add(name, {num_neurons}, expanded);
        } else {
            add(name, {num_neurons}, values);
        }
    }

    const std::map<std::string, TensorToWrite>& tensors() const { return tensors_; }

  private:
    std::map<std::string, TensorToWrite> tensors_;
    std::deque<std::vector<float>> expanded_;  // a deque's elements never move
};

}  // namespace pysnn::detail
