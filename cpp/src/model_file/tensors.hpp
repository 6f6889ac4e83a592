// The tensors of a file that was read, handed out once each.
#pragma once

#include <map>
#include <pysnn/error.hpp>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/text.hpp"
#include "model_file/safetensors.hpp"
#include "nodes/checks.hpp"

namespace pysnn::detail {

/// Hands out the tensors of a file and keeps account of them.
///
/// All members throw std::invalid_argument (mostly ModelFileError), naming the tensor.
class Tensors {
  public:
    explicit Tensors(std::map<std::string, TensorView> tensors) : tensors_(std::move(tensors)) {}

    bool has(const std::string& name) const { return tensors_.count(name) != 0; }

    const Shape& shape(const std::string& name, std::size_t num_axes) const {
        const Shape& shape = view(name).shape;
        if (shape.size() != num_axes) {
            throw ModelFileError("tensor '" + name + "' has shape " + to_text(shape) +
                                 ", expected " + std::to_string(num_axes) + " axes");
        }
        return shape;
    }

    std::vector<float> take(const std::string& name) {
        const TensorView& tensor = view(name);
        // No array of a network is empty; an empty bias would pass for none.
        if (tensor.data.empty()) {
            throw ModelFileError("tensor '" + name + "' of shape " + to_text(tensor.shape) +
                                 " is empty");
        }
        // Names that stand for two things could multiply one tensor's memory at will.
        if (!taken_.insert(name).second) {
            throw ModelFileError("tensor '" + name +
                                 "' is asked for twice: two layers or populations have one name");
        }
        std::vector<float> values = to_floats(tensor);
        check_finite(values, "tensor '" + name + "'");
        return values;
    }

    std::vector<float> take(const std::string& name, const Shape& expected) {
        const Shape& shape = view(name).shape;
        if (shape != expected) {
            throw ModelFileError("tensor '" + name + "' has shape " + to_text(shape) +
                                 ", expected " + to_text(expected));
        }
        return take(name);
    }

    void expect_all_taken() const {
        for (const auto& [name, tensor] : tensors_) {
            if (taken_.count(name) == 0) {
                throw ModelFileError("tensor '" + name + "' belongs to nothing in the description");
            }
        }
    }

  private:
    const TensorView& view(const std::string& name) const {
        const auto found = tensors_.find(name);
        if (found == tensors_.end()) {
            throw ModelFileError("tensor '" + name + "' is missing");
        }
        return found->second;
    }

    std::map<std::string, TensorView> tensors_;
    std::set<std::string> taken_;
};

}  // namespace pysnn::detail
