// The kind Linear, as a node and as synapses.
#include "nodes/linear.hpp"

#include <stdexcept>
#include <string>

#include "base/text.hpp"
#include "nodes/checks.hpp"

namespace pysnn::detail {

Shape KindTraits<Linear>::output_shape(const Linear& linear, const Shape& input) {
    check_sizes(linear);
    const std::int64_t num_inputs = num_elements(input);
    if (linear.in_features != num_inputs) {
        throw std::invalid_argument("Linear weight has " + std::to_string(linear.in_features) +
                                    " columns, but its input has " + std::to_string(num_inputs) +
                                    " values (shape " + to_text(input) + ")");
    }
    return {linear.out_features};
}

void KindTraits<Linear>::add_rows(Linear& linear, const RowSource&, std::int64_t neuron,
                                  IncomingRows& incoming) {
    incoming.weights.push_back(
        {linear.weight.data() + neuron * linear.in_features, linear.in_features});
    if (!linear.bias.empty()) {
        incoming.biases.push_back({linear.bias.data() + neuron, 1});
    }
}

}  // namespace pysnn::detail
