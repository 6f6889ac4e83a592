// Normalization with one scale per channel, and over the values that are searched for the largest.

#include <doctest/doctest.h>

#include <cstdint>
#include <limits>
#include <pysnn/normalization.hpp>
#include <vector>

namespace {

using pysnn::Activation;
using pysnn::AvgPool2d;
using pysnn::Conv2d;
using pysnn::Flatten;
using pysnn::Linear;
using pysnn::Network;

Conv2d pointwise(std::int64_t out_channels, std::int64_t in_channels, std::vector<float> weight,
                 std::vector<float> bias) {
    Conv2d conv;
    conv.out_channels = out_channels;
    conv.in_channels = in_channels;
    conv.kernel_size = {1, 1};
    conv.weight = std::move(weight);
    conv.bias = std::move(bias);
    return conv;
}

Network images() {
    return {{2, 2, 2},
            {{"conv", pointwise(2, 2, {1.0F, 2.0F, 3.0F, 4.0F}, {8.0F, 16.0F}), {}, {}},
             {"pool", AvgPool2d{{1, 2}, {1, 2}}, {}, {}},
             {"flatten", Flatten{}, {}, {}},
             {"linear", Linear{1, 4, {1.0F, 2.0F, 3.0F, 4.0F}, {8.0F}}, {}, {}}}};
}

}  // namespace

TEST_CASE("sums take each positive weight times the scale of the channel that it meets") {
    const Linear linear{2, 4, {1.0F, -1.0F, 2.0F, 1.0F, 0.0F, 1.0F, 1.0F, 1.0F}, {0.5F, -9.0F}};
    CHECK(pysnn::largest_positive_sum(linear, 2.0) == 2.0 * 4.0 + 0.5);
    CHECK(pysnn::largest_positive_sum(linear, std::vector<double>{1.0, 2.0, 4.0, 8.0}) ==
          1.0 + 8.0 + 8.0 + 0.5);
    // The elements of two channels, flattened.
    CHECK(pysnn::largest_positive_sum(linear, std::vector<double>{1.0, 10.0}) ==
          1.0 + 20.0 + 10.0 + 0.5);
    const Conv2d conv = pointwise(2, 2, {1.0F, -1.0F, 2.0F, 1.0F}, {});
    CHECK(pysnn::largest_positive_sum(conv, std::vector<double>{1.0, 10.0}) == 12.0);
    CHECK(pysnn::largest_positive_sum(AvgPool2d{{2, 2}, {2, 2}}, 1.0) == 0.0);
}

TEST_CASE("weights are multiplied by the scale of what they meet and divided by their own") {
    const Network after =
        pysnn::apply_scales(images(), {{2.0, 4.0}, {2.0, 4.0}, {2.0, 4.0}, {16.0}});
    const auto& conv = std::get<Conv2d>(after.nodes[0].node);
    CHECK(conv.weight == std::vector<float>{0.5F, 1.0F, 0.75F, 1.0F});
    CHECK(conv.bias == std::vector<float>{4.0F, 4.0F});
    const auto& linear = std::get<Linear>(after.nodes[3].node);
    CHECK(linear.weight == std::vector<float>{0.125F, 0.25F, 0.75F, 1.0F});
    CHECK(linear.bias == std::vector<float>{0.5F});
}

TEST_CASE("one scale and as many equal ones give the same weights") {
    const Network one = pysnn::apply_scales(images(), {{3.0}, {3.0}, {3.0}, {7.0}});
    const Network many =
        pysnn::apply_scales(images(), {{3.0, 3.0}, {3.0, 3.0}, {3.0, 3.0, 3.0, 3.0}, {7.0}});
    CHECK(std::get<Conv2d>(one.nodes[0].node).weight ==
          std::get<Conv2d>(many.nodes[0].node).weight);
    CHECK(std::get<Linear>(one.nodes[3].node).weight ==
          std::get<Linear>(many.nodes[3].node).weight);
}

TEST_CASE("scales that do not fit a node are refused by its name") {
    CHECK_THROWS_WITH(pysnn::apply_scales(images(), {{1.0}}),
                      "scale_factor has 1 values, but the network has 4 layers");
    CHECK_THROWS_WITH(pysnn::apply_scales(images(), {{1.0, 1.0, 1.0}, {1.0}, {1.0}, {1.0}}),
                      "layer 'conv': scale_factor has 3 values, expected 1 or 2");
    CHECK_THROWS_WITH(pysnn::apply_scales(images(), {{1.0}, {1.0}, {1.0, 1.0, 1.0}, {1.0}}),
                      "layer 'flatten': scale_factor has 3 values, expected 1 or 4");
    CHECK_THROWS_WITH(pysnn::apply_scales(images(), {{1.0, 0.0}, {1.0}, {1.0}, {1.0}}),
                      "layer 'conv': its scale_factor is 0, so it can't be normalized; expected a "
                      "value above 0");
}

TEST_CASE("the largest value is found at every index, and so is one that is not finite") {
    // Beginnings and ends of the parts that threads share.
    for (const std::int64_t index : {0, 1, 65'535, 65'536, 65'537, 131'072, 139'999}) {
        std::vector<float> values(140'000, -3.0F);
        values.data()[index] = -0.5F;
        for (const int num_threads : {1, 2}) {
            CHECK(pysnn::largest_value(values.data(), 140'000, num_threads) == -0.5F);
        }
        values.data()[index] = std::numeric_limits<float>::infinity();
        CHECK_THROWS_WITH(pysnn::largest_value(values.data(), 140'000),
                          doctest::Contains(std::to_string(index).c_str()));
    }
}
