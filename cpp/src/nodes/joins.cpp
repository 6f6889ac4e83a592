// The kinds that join several inputs, nodes alone: Add and Concat.
#include "nodes/joins.hpp"

#include <stdexcept>
#include <string>

#include "base/text.hpp"

namespace pysnn::detail {

Shape KindTraits<Add>::output_shape(const Add&, const std::vector<Shape>& inputs) {
    for (const Shape& input : inputs) {
        if (input != inputs.front()) {
            throw std::invalid_argument("Add takes inputs of one shape, but they have " +
                                        to_text(inputs.front()) + " and " + to_text(input));
        }
    }
    return inputs.front();
}

Shape KindTraits<Concat>::output_shape(const Concat&, const std::vector<Shape>& inputs) {
    Shape output = inputs.front();
    output.front() = 0;
    for (const Shape& input : inputs) {
        Shape same_channels = input;
        same_channels.front() = inputs.front().front();
        if (same_channels != inputs.front()) {
            throw std::invalid_argument(
                "Concat takes inputs that differ in channels alone, but "
                "they have shapes " +
                to_text(inputs.front()) + " and " + to_text(input));
        }
        output.front() += input.front();
    }
    num_elements(output);
    return output;
}

}  // namespace pysnn::detail
