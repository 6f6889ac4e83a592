// What samples tell of the values of a ReLU network: what scales of neurons are found from.
#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <pysnn/export.hpp>
#include <pysnn/forward.hpp>
#include <pysnn/network.hpp>
#include <vector>

namespace pysnn {

/// What counts of a node's value v.
enum class Look {
    Plain,      // v before the node's own ReLU
    Rectified,  // v between 0 and Reading::most
    Magnitude,  // |v|
};

/// A node's values over all samples, by channel.
struct Reading {
    std::int64_t node = 0;      // index
    std::int64_t channels = 1;  // parts of equal size that the node's elements are in, in order
    Look look = Look::Rectified;
    float most = std::numeric_limits<float>::infinity();  // of rectified values, above 0
    std::int64_t cut_node = 0;  // balanced(): whose output is cut off at the thresholds; not before
                                // `node`, and with as many channels
    double shift = 0.0;         // squared_errors(): of a quantized value, in steps
    std::int64_t rank = 0;      // ranked(): of the values of a channel in order, from 0
    std::vector<double> scales;  // squared_errors(): (channels, candidates), above 0
};

/// Runs samples through a network and reduces the values of nodes.
///
/// Forward passes are those of ForwardPass. Sums are float64: a channel's values of one sample are
/// added in the order of the node's elements, from +0; what samples give is added in their order in
/// blocks of kBlock samples, from +0 each, and what blocks give in the order of the blocks. Nothing
/// depends on the number of threads, the instruction set or the memory that a thread takes.
///
/// All throw:
///     std::invalid_argument: a reading does not fit the network, num_samples is below 1, a value
///     of x is not finite (names the sample), or a sum overflows float32 (names node and sample).
///     Interrupted: options.should_stop asked for it.
class PYSNN_API Calibration {
  public:
    static constexpr std::int64_t kBlock = 64;
    static constexpr std::int64_t kBatch = 100;  // samples of an update of balanced()

    /// Throws:
    ///     std::invalid_argument: as validate().
    explicit Calibration(const Network& network);

    const Shape& input_shape() const;

    /// Largest value of each channel: (channels) for each reading.
    std::vector<std::vector<float>> largest(const float* x, std::int64_t num_samples,
                                            const std::vector<Reading>& readings,
                                            const ForwardOptions& options = {}) const;

    /// The values of Reading::rank in each channel and the ones above (the same where there is none
    /// above): (channels, 2). Keeps all that are not below the rank.
    std::vector<std::vector<float>> ranked(const float* x, std::int64_t num_samples,
                                           const std::vector<Reading>& readings,
                                           const ForwardOptions& options = {}) const;

    /// Sums of the values of each channel and of their squares: (channels, 2).
    std::vector<std::vector<double>> moments(const float* x, std::int64_t num_samples,
                                             const std::vector<Reading>& readings,
                                             const ForwardOptions& options = {}) const;

    /// Sums of squared errors of values in steps of scale / num_steps: (channels, candidates).
    ///
    /// Of a value a and a scale m that is (a - count step)^2 with step = m / num_steps and
    /// count = floor(a (num_steps / m) + shift) between 0 and num_steps, every operation rounded.
    ///
    /// Args:
    ///     num_steps: between 1 and 2^30.
    std::vector<std::vector<double>> squared_errors(const float* x, std::int64_t num_samples,
                                                    const std::vector<Reading>& readings,
                                                    std::int64_t num_steps,
                                                    const ForwardOptions& options = {}) const;

    /// Thresholds that rise by twice the mean excess (Bu et al. 2025): (channels).
    ///
    /// They begin at 0. An update takes the next min(kBatch, num_samples) samples, from the first
    /// again behind the last. Node by node, the thresholds of a reading rise by twice the mean of
    /// max(0, value - threshold), and the values of its cut_node are then cut off at what is next
    /// to the thresholds in float32, on both sides of 0 under Look::Magnitude. The mean's sum is
    /// one of samples in their order.
    ///
    /// Args:
    ///     num_updates: at least 1.
    std::vector<std::vector<double>> balanced(const float* x, std::int64_t num_samples,
                                              const std::vector<Reading>& readings,
                                              std::int64_t num_updates,
                                              const ForwardOptions& options = {}) const;

  private:
    std::shared_ptr<const detail::PackedNetwork> packed_;
};

}  // namespace pysnn
