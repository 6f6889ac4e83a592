// The forward pass equals plain loops to the bit, whatever the kernels, the threads and the split.

#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <pysnn/error.hpp>
#include <pysnn/forward.hpp>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

#include "forward_networks.hpp"
#include "reference_forward.hpp"

namespace {

using pysnn::Activation;
using pysnn::AvgPool2d;
using pysnn::Conv2d;
using pysnn::Flatten;
using pysnn::ForwardOptions;
using pysnn::ForwardPass;
using pysnn::Linear;
using pysnn::Network;
using pysnn::Shape;

Network images(std::mt19937& random) {
    Network network{{4, 9, 11}, {}};
    network.nodes = {
        {"padded",
         random_conv(random, 7, 4, 1, {{3, 5}, {1, 1}, {1, 2}}, true),
         Activation::ReLU,
         {}},
        {"dilated",
         random_conv(random, 6, 7, 1, {{2, 3}, {1, 1}, {2, 1}, {3, 2}}, false),
         Activation::None,
         {}},
        {"grouped",
         random_conv(random, 8, 6, 2, {{3, 3}, {2, 1}, {1, 0}}, true),
         Activation::ReLU,
         {}},
        {"depthwise",
         random_conv(random, 8, 8, 8, {{3, 3}, {1, 2}, {1, 1}}, true),
         Activation::ReLU,
         {}},
        {"pool", AvgPool2d{{3, 2}, {2, 2}}, Activation::ReLU, {}},
        {"flatten", Flatten{}, Activation::ReLU, {}},
    };
    const std::int64_t features = pysnn::num_elements(ForwardPass(network).shapes().back());
    network.nodes.push_back(
        {"output", random_linear(random, 5, features, true), Activation::None, {}});
    return network;
}

void check_against_loops(const Network& network, const std::vector<float>& x,
                         std::int64_t num_samples) {
    const auto expected = reference_activations(network, x, num_samples);
    for (const int num_threads : {1, 3}) {
        const auto found = forward_activations(network, x, num_samples, num_threads);
        for (std::size_t i = 0; i < network.nodes.size(); ++i) {
            CAPTURE(network.nodes[i].name);
            CHECK(same_bits(found[i], expected[i]));
        }
    }
    const std::vector<float> outputs = ForwardPass(network).predict(x.data(), num_samples);
    CHECK(same_bits(outputs, expected.back()));
}

}  // namespace

TEST_CASE("every kind of node equals plain loops for any number of samples") {
    std::mt19937 random(1);
    const Network network = images(random);
    // Fewer than any vector has lanes, whole vectors, several parts for each thread.
    for (const std::int64_t num_samples : {0, 1, 3, 16, 37, 300}) {
        const std::vector<float> x = random_values(random, num_samples * 4 * 9 * 11, -0.5F, 1.0F);
        check_against_loops(network, x, num_samples);
    }
}

TEST_CASE("every number of outputs equals plain loops") {
    std::mt19937 random(2);
    for (std::int64_t outputs = 1; outputs <= 27; ++outputs) {
        CAPTURE(outputs);
        Network network{{2, 3, 4}, {}};
        network.nodes = {
            {"conv",
             random_conv(random, outputs, 2, 1, {{2, 2}}, outputs % 2 == 0),
             Activation::ReLU,
             {}},
            {"linear", random_linear(random, outputs, outputs * 6, true), Activation::None, {}},
        };
        check_against_loops(network, random_values(random, 21 * 24, 0.0F, 1.0F), 21);
    }
}

TEST_CASE("windows that lie in the padding altogether give the bias") {
    std::mt19937 random(3);
    Network network{{1, 1, 2}, {}};
    network.nodes = {{"conv",
                      random_conv(random, 3, 1, 1, {{2, 2}, {1, 1}, {4, 5}, {2, 3}}, true),
                      Activation::None,
                      {}}};
    const std::vector<float> x = random_values(random, 4, 0.0F, 1.0F);
    check_against_loops(network, x, 2);
    const auto found = forward_activations(network, x, 2, 1);
    CHECK(found[0][0] == std::get<Conv2d>(network.nodes[0].node).bias[0]);
}

TEST_CASE("sums of zeros are +0, whatever the signs of weights, biases and samples") {
    Network network{{2}, {}};
    network.nodes = {
        {"linear", Linear{2, 2, {-1.0F, -2.0F, 1.0F, 2.0F}, {-0.0F, -0.0F}}, Activation::None, {}}};
    for (const float zero : {0.0F, -0.0F}) {
        const std::vector<float> outputs =
            ForwardPass(network).predict(std::vector<float>{zero, zero}.data(), 1);
        CHECK(same_bits(outputs, {0.0F, 0.0F}));
    }
}

TEST_CASE("the largest activations are the maxima of the activations, per channel") {
    std::mt19937 random(4);
    const Network network = images(random);
    const std::int64_t num_samples = 83;
    const std::vector<float> x = random_values(random, num_samples * 4 * 9 * 11, -0.5F, 1.0F);
    const auto activations = reference_activations(network, x, num_samples);
    for (const int num_threads : {1, 2, 5}) {
        ForwardOptions options;
        options.num_threads = num_threads;
        const ForwardPass pass(network);
        const auto largest = pass.largest_activations(x.data(), num_samples, options);
        REQUIRE(largest.size() == network.nodes.size());
        for (std::size_t i = 0; i < largest.size(); ++i) {
            const Shape& shape = pass.shapes()[i];
            REQUIRE(static_cast<std::int64_t>(largest[i].size()) == shape[0]);
            std::vector<float> expected(largest[i].size(), -INFINITY);
            const std::size_t positions =
                static_cast<std::size_t>(pysnn::num_elements(shape) / shape[0]);
            for (std::size_t j = 0; j < activations[i].size(); ++j) {
                float& maximum = expected[j / positions % expected.size()];
                maximum = std::max(maximum, activations[i][j]);
            }
            CAPTURE(network.nodes[i].name);
            CHECK(same_bits(largest[i], expected));
        }
    }
}

TEST_CASE("an overflow is reported with the first sample that has it, and the first node there") {
    Network network{{1}, {}};
    network.nodes = {
        {"first", Linear{1, 1, {1e19F}, {}}, Activation::ReLU, {}},
        {"second", Linear{1, 1, {1e19F}, {}}, Activation::ReLU, {}},
        {"third", Linear{1, 1, {-4.0F}, {}}, Activation::ReLU, {}},
    };
    const ForwardPass pass(network);
    const auto report = [&](const std::vector<float>& x, int num_threads) -> std::string {
        ForwardOptions options;
        options.num_threads = num_threads;
        try {
            pass.largest_activations(x.data(), 200, options);
        } catch (const std::invalid_argument& error) {
            return error.what();
        }
        return "none";
    };
    for (const int num_threads : {1, 2}) {
        std::vector<float> x(200, 0.5F);
        CHECK(report(x, num_threads) == "none");
        x[150] = 10.0F;
        CHECK(report(x, num_threads) ==
              "layer 'second': its sum for sample 150 of x overflows "
              "float32, expected finite values");
        // Minus infinity, which ReLU hides.
        x[77] = 1.0F;
        CHECK(report(x, num_threads) ==
              "layer 'third': its sum for sample 77 of x overflows "
              "float32, expected finite values");
    }
}

TEST_CASE("a pass ends where it is asked to, and hands on what its callbacks throw") {
    std::mt19937 random(5);
    Network network{{400}, {}};
    network.nodes = {{"a", random_linear(random, 400, 400, true), Activation::ReLU, {}},
                     {"b", random_linear(random, 400, 400, true), Activation::ReLU, {}}};
    const std::int64_t num_samples = 100'000;
    const std::vector<float> x(num_samples * 400, 0.5F);
    const ForwardPass pass(network);
    for (const int num_threads : {1, 2}) {
        ForwardOptions options;
        options.num_threads = num_threads;
        options.should_stop = [] { return true; };
        CHECK_THROWS_AS(pass.largest_activations(x.data(), num_samples, options),
                        pysnn::Interrupted);
        options.should_stop = nullptr;
        options.progress = [](double) { throw std::runtime_error("enough"); };
        CHECK_THROWS_WITH(pass.largest_activations(x.data(), num_samples, options), "enough");
    }
}

TEST_CASE("wrong arguments of a forward pass are named") {
    Network network{{2}, {{"a", Linear{1, 2, {1.0F, 1.0F}, {}}, Activation::ReLU, {}}}};
    const ForwardPass pass(network);
    std::vector<float> x(40, 0.5F);
    CHECK_THROWS_WITH(pass.run(x.data(), 1, {}),
                      "activations has 0 pointers, but the network has 1 nodes");
    CHECK_THROWS_WITH(pass.predict(x.data(), -1), "num_samples is -1, expected at least 0");
    CHECK_THROWS_WITH(pass.largest_activations(x.data(), 0),
                      "num_samples is 0, expected at least 1");
    ForwardOptions options;
    options.batch_size = 0;
    CHECK_THROWS_WITH(pass.predict(x.data(), 1, options), "batch_size is 0, expected at least 1");
    CHECK_THROWS_WITH(pass.predict(nullptr, 1), "x is null, expected samples");
    x[35] = std::numeric_limits<float>::quiet_NaN();
    CHECK_THROWS_WITH(pass.predict(x.data(), 20),
                      "x has a value in sample 17 that is not finite, expected finite values");
}
