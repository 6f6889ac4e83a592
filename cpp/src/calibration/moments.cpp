// Sums of values and of their squares, by channel.

#include <algorithm>
#include <pysnn/calibration.hpp>

#include "base/array.hpp"
#include "calibration/ordered_sums.hpp"
#include "calibration/reading_observer.hpp"
#include "calibration/readings.hpp"
#include "forward/kernels/kernels.hpp"

namespace pysnn {
namespace detail {
namespace {

class MomentsObserver final : public ReadingObserver {
  public:
    MomentsObserver(const PackedNetwork& network, const std::vector<Reading>& readings,
                    const Offsets& offsets, OrderedSums& total)
        : ReadingObserver(network, readings),
          offsets_(offsets),
          total_(total),
          block_(to_size(offsets.total), 0.0),
          lanes_(to_size(2 * forward_kernels().lanes)) {}

    void end_block(std::int64_t block) override {
        total_.add(block, block_);
        std::fill(block_.begin(), block_.end(), 0.0);
    }

  private:
    void look(std::int64_t reading, std::int64_t channel, const float* values,
              std::int64_t positions, std::int64_t num_samples) override {
        const std::int64_t lanes = forward_kernels().lanes;
        std::fill(lanes_.begin(), lanes_.end(), 0.0);
        double* sums = lanes_.data();
        double* squares = sums + lanes;
        for (std::int64_t i = 0; i < positions; ++i) {
            for (std::int64_t lane = 0; lane < lanes; ++lane) {
                const double value = values[i * lanes + lane];
                sums[lane] += value;
                squares[lane] += value * value;
            }
        }
        double* block = block_.data() + offsets_.of(reading) + 2 * channel;
        for (std::int64_t lane = 0; lane < num_samples; ++lane) {
            block[0] += sums[lane];
            block[1] += squares[lane];
        }
    }

    const Offsets& offsets_;
    OrderedSums& total_;
    std::vector<double> block_;
    std::vector<double> lanes_;  // sums, then squares, of samples side by side
};

}  // namespace
}  // namespace detail

std::vector<std::vector<double>> Calibration::moments(const float* x, std::int64_t num_samples,
                                                      const std::vector<Reading>& readings,
                                                      const ForwardOptions& options) const {
    const detail::Offsets offsets(readings, [](const Reading&) { return 2; });
    detail::OrderedSums total(offsets.total);
    detail::observe(*packed_, x, num_samples, readings, options, [&] {
        return std::make_unique<detail::MomentsObserver>(*packed_, readings, offsets, total);
    });
    return offsets.split(total.total());
}

}  // namespace pysnn
