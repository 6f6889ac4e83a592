// Reductions over samples: what they add, what they refuse, where they end.

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <pysnn/calibration.hpp>
#include <pysnn/error.hpp>
#include <random>
#include <vector>

#include "forward_networks.hpp"

namespace {

using pysnn::Activation;
using pysnn::Calibration;
using pysnn::ForwardOptions;
using pysnn::Linear;
using pysnn::Look;
using pysnn::Network;
using pysnn::Reading;

// Two neurons that pass their inputs on, the second with the sign changed.
Network two_neurons() {
    return {{2}, {{"a", Linear{2, 2, {1.0F, 0.0F, 0.0F, -1.0F}, {}}, Activation::ReLU, {}}}};
}

Reading reading(std::int64_t channels, Look look) {
    Reading result;
    result.channels = channels;
    result.look = look;
    return result;
}

}  // namespace

TEST_CASE("reductions of a few numbers are those that a person finds") {
    const Calibration calibration(two_neurons());
    const std::vector<float> x{0.5F, 1.0F, 0.25F, -2.0F, 1.0F, -3.0F};
    const std::vector<Reading> plain{reading(2, Look::Plain)};
    const std::vector<Reading> whole{reading(1, Look::Rectified)};
    CHECK(calibration.largest(x.data(), 3, plain)[0] == std::vector<float>{1.0F, 3.0F});
    CHECK(calibration.moments(x.data(), 3, plain)[0] ==
          std::vector<double>{1.75, 1.3125, 4.0, 14.0});
    std::vector<Reading> ranked = whole;
    ranked[0].rank = 4;  // of 0, 0.25, 0.5, 1, 2, 3
    CHECK(calibration.ranked(x.data(), 3, ranked)[0] == std::vector<float>{2.0F, 3.0F});
    std::vector<Reading> quantized = whole;
    quantized[0].scales = {2.0, 4.0};
    // In steps of 1 up to 2, and of 2 up to 4.
    CHECK(calibration.squared_errors(x.data(), 3, quantized, 2)[0] ==
          std::vector<double>{0.3125 + 1.0, 0.3125 + 1.0 + 1.0});
    CHECK(calibration.balanced(x.data(), 3, whole, 1)[0] == std::vector<double>{2 * 6.75 / 6});
}

TEST_CASE("squared errors are those of values rounded down to steps, of which 0 is the least") {
    std::vector<Reading> quantized{reading(1, Look::Plain)};
    quantized[0].scales = {2.0};
    const std::vector<float> x{0.75F, 1.5F};  // neurons with 0.75 and -1.5, in steps of 1
    CHECK(Calibration(two_neurons()).squared_errors(x.data(), 1, quantized, 2)[0] ==
          std::vector<double>{0.5625 + 2.25});
}

TEST_CASE("a reduction ends where it is asked to") {
    std::mt19937 random(1);
    // More work than a machine does before it asks for the first time.
    Network network{{400}, {}};
    network.nodes = {{"a", random_linear(random, 4000, 400, true), Activation::ReLU, {}}};
    const std::vector<float> x(400 * 20'000, 0.5F);
    const Calibration calibration(network);
    ForwardOptions options;
    options.should_stop = [] { return true; };
    const std::vector<Reading> readings{reading(1, Look::Rectified)};
    for (const int num_threads : {1, 2}) {
        options.num_threads = num_threads;
        CHECK_THROWS_AS(calibration.moments(x.data(), 20'000, readings, options),
                        pysnn::Interrupted);
        CHECK_THROWS_AS(calibration.balanced(x.data(), 20'000, readings, 1'000'000, options),
                        pysnn::Interrupted);
    }
}

TEST_CASE("readings that do not fit are named") {
    const Calibration calibration(two_neurons());
    const std::vector<float> x(4, 0.5F);
    const auto largest = [&](const Reading& one) { calibration.largest(x.data(), 2, {one}); };
    Reading wrong;
    wrong.node = 1;
    CHECK_THROWS_WITH(largest(wrong), "reading 0 has node 1, expected an index below 1");
    CHECK_THROWS_WITH(largest(reading(3, Look::Plain)),
                      "reading 0 has 3 channels, expected a divisor of the node's 2 elements");
    wrong = Reading{};
    wrong.most = 0.0F;
    CHECK_THROWS_WITH(largest(wrong), "reading 0 has most 0.000000, expected a number above 0");
    wrong = Reading{};
    wrong.rank = 4;
    CHECK_THROWS_WITH(calibration.ranked(x.data(), 2, {wrong}),
                      "a reading has rank 4, expected one of 4 values");
    CHECK_THROWS_WITH(calibration.squared_errors(x.data(), 2, {Reading{}}, 8),
                      "a reading of 1 channels has 0 scales, expected as many for each channel");
    wrong = Reading{};
    wrong.scales = {0.0};
    CHECK_THROWS_WITH(calibration.squared_errors(x.data(), 2, {wrong}, 8),
                      "a reading has the scale 0.000000, expected one above 0");
    wrong.scales = {1.0};
    CHECK_THROWS_WITH(calibration.squared_errors(x.data(), 2, {wrong}, 0),
                      "num_steps is 0, expected a number between 1 and 2^30");
    wrong.cut_node = -1;
    CHECK_THROWS_WITH(calibration.balanced(x.data(), 2, {wrong}, 1),
                      "a reading of node 0 has cut_node -1, expected that node or one behind it "
                      "whose elements its channels divide");
    CHECK_THROWS_WITH(calibration.balanced(x.data(), 2, {Reading{}}, 0),
                      "num_updates is 0, expected at least 1");
    CHECK_THROWS_WITH(calibration.largest(x.data(), 0, {Reading{}}),
                      "num_samples is 0, expected at least 1");
}
