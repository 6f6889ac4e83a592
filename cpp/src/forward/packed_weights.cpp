// Weights as the kernels read them: blocks of outputs of about the same size.

#include "forward/packed_weights.hpp"

#include "base/array.hpp"
#include "forward/kernels/kernels.hpp"

namespace pysnn::detail {

PackedWeights::PackedWeights(std::int64_t groups, std::int64_t num_outputs,
                             const std::vector<float>& weight, const std::vector<float>& bias)
    : weight_(weight.size()), bias_(bias) {
    bias_.resize(num_outputs, 0.0F);
    const std::int64_t taps = detail::size_of(weight) / num_outputs;
    const std::int64_t of_group = num_outputs / groups;
    const std::int64_t most = forward_kernels().max_outputs;
    const std::int64_t num_blocks = (of_group + most - 1) / most;
    float* packed = weight_.data();
    for (std::int64_t group = 0; group < groups; ++group) {
        for (std::int64_t block = 0; block < num_blocks; ++block) {
            // Not most and a rest: in a short block each sum waits for itself.
            const std::int64_t begin = group * of_group + block * of_group / num_blocks;
            const std::int64_t end = group * of_group + (block + 1) * of_group / num_blocks;
            blocks_.push_back({begin, end - begin, group, packed, bias_.data() + begin});
            for (std::int64_t tap = 0; tap < taps; ++tap) {
                for (std::int64_t output = begin; output < end; ++output) {
                    *packed++ = weight.data()[output * taps + tap];
                }
            }
        }
    }
}

}  // namespace pysnn::detail
