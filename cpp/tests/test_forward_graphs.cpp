// The forward pass over graphs of all kinds of nodes: equal to plain loops to the bit, and to small
// cases by hand.

#include <doctest/doctest.h>

#include <cstdint>
#include <limits>
#include <pysnn/forward.hpp>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

#include "forward_networks.hpp"
#include "reference_forward.hpp"

namespace {

using pysnn::Activation;
using pysnn::Add;
using pysnn::Affine;
using pysnn::AvgPool2d;
using pysnn::BatchNorm;
using pysnn::Concat;
using pysnn::Flatten;
using pysnn::ForwardPass;
using pysnn::Linear;
using pysnn::MaxPool2d;
using pysnn::Network;
using pysnn::Node;
using pysnn::Pad;
using pysnn::ReLU;
using pysnn::Shape;

using Names = std::vector<std::string>;

BatchNorm batch_norm(std::mt19937& random, std::int64_t channels, bool is_affine) {
    BatchNorm norm;
    norm.weight = random_values(random, is_affine ? channels : 0, -2.0F, 2.0F);
    norm.bias = random_values(random, is_affine ? channels : 0, -1.0F, 1.0F);
    norm.mean = random_values(random, channels, -1.0F, 1.0F);
    norm.variance = random_values(random, channels, 0.0F, 3.0F);
    return norm;
}

/// Appends nodes one by one.
class Builder {
  public:
    explicit Builder(Shape input_shape) : network_{std::move(input_shape), {}} {}

    Builder& add(const std::string& name, Node node, Names inputs = {}) {
        network_.nodes.push_back({name, std::move(node), Activation::None, std::move(inputs)});
        return *this;
    }

    const Network& network() const { return network_; }

  private:
    Network network_;
};

Network residual(std::mt19937& random) {
    Builder builder({3, 8, 7});
    builder.add("scaled", Affine{{0.5, 2.0, -1.0}, {0.1}});
    builder.add("conv1", random_conv(random, 6, 3, 1, {{3, 3}, {1, 1}, {1, 1}}, false));
    builder.add("norm1", batch_norm(random, 6, true));
    builder.add("relu1", ReLU{});
    builder.add("conv2", random_conv(random, 6, 6, 2, {{3, 3}, {2, 2}, {1, 1}}, true));
    builder.add("norm2", batch_norm(random, 6, false));
    builder.add("pool", AvgPool2d{{2, 2}, {2, 2}, {}, true}, {"relu1"});
    builder.add("sum", Add{}, {"norm2", "pool"});
    builder.add("relu2", ReLU{6.0F});
    builder.add("left", random_conv(random, 2, 6, 1, {{1, 1}}, true), {"relu2"});
    builder.add("right", MaxPool2d{{3, 3}, {1, 1}, {1, 1}}, {"relu2"});
    builder.add("joined", Concat{}, {"left", "relu2", "right"});
    builder.add("steps", ReLU{1.5F, 8});
    builder.add("padded", Pad{{1, 0, 2, 3}});
    builder.add("flat", Flatten{});
    builder.add("triple", Add{}, {"flat", "flat", "flat"});
    builder.add("vector", batch_norm(random, 14 * 5 * 9, true));
    builder.add("logits", random_linear(random, 5, 14 * 5 * 9, true));
    return builder.network();
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
    // Without a reader that keeps them, values share memory.
    CHECK(same_bits(ForwardPass(network).predict(x.data(), num_samples), expected.back()));
}

std::vector<float> outputs_of(const Network& network, const std::vector<float>& x) {
    return ForwardPass(network).predict(x.data(), 1);
}

}  // namespace

TEST_CASE("a graph of every kind of node equals plain loops for any number of samples") {
    std::mt19937 random(1);
    const Network network = residual(random);
    for (const std::int64_t num_samples : {0, 1, 5, 16, 37, 200}) {
        check_against_loops(network, random_values(random, num_samples * 3 * 8 * 7, -2.0F, 2.0F),
                            num_samples);
    }
}

TEST_CASE("pools of any padding, rest and dilation equal plain loops") {
    std::mt19937 random(2);
    const std::vector<Node> pools{
        AvgPool2d{{2, 3}, {2, 3}},
        AvgPool2d{{3, 3}, {2, 2}, {1, 1}},
        AvgPool2d{{3, 3}, {2, 2}, {1, 1}, false, false},
        AvgPool2d{{3, 3}, {2, 2}, {1, 1}, true},
        AvgPool2d{{3, 3}, {2, 2}, {1, 1}, true, false},
        AvgPool2d{{4, 2}, {3, 5}, {0, 2, 1, 0}, true},
        AvgPool2d{{4, 2}, {3, 5}, {2, 0, 0, 1}, true, false},
        AvgPool2d{{8, 9}, {8, 9}, {}, true},
        MaxPool2d{{2, 2}, {2, 2}},
        MaxPool2d{{3, 3}, {2, 2}, {1, 1}},
        MaxPool2d{{3, 2}, {1, 2}, {1, 0, 0, 1}, {2, 3}},
        MaxPool2d{{3, 3}, {2, 3}, {1, 1}, {1, 1}, true},
        MaxPool2d{{8, 9}, {8, 9}, {}, {1, 1}, true},
    };
    for (std::size_t i = 0; i < pools.size(); ++i) {
        CAPTURE(i);
        const Network network = Builder({3, 7, 8}).add("pool", pools[i]).network();
        check_against_loops(network, random_values(random, 9 * 3 * 7 * 8, -1.0F, 1.0F), 9);
    }
}

TEST_CASE("sizes of pools are PyTorch's") {
    const auto size = [](std::int64_t input, std::int64_t kernel, std::int64_t stride,
                         std::int64_t padding, bool ceil_mode) {
        const MaxPool2d pool{{kernel, 1}, {stride, 1}, {padding, 0}, {1, 1}, ceil_mode};
        return pysnn::output_shape(pool, Shape{1, input, 1})[1];
    };
    CHECK(size(7, 2, 2, 0, false) == 3);
    CHECK(size(7, 2, 2, 0, true) == 4);
    CHECK(size(8, 3, 2, 1, false) == 4);
    CHECK(size(8, 3, 2, 1, true) == 5);
    // A window that would begin behind the image is none.
    CHECK(size(5, 1, 3, 0, true) == 2);
    CHECK(size(5, 2, 3, 1, true) == 2);
    CHECK(size(3, 2, 4, 0, true) == 1);
    // One that hangs over, though none fits.
    CHECK(size(2, 3, 2, 0, true) == 1);
}

TEST_CASE("small cases by hand") {
    const Shape image{1, 2, 2};
    const std::vector<float> x{1.0F, -2.0F, 3.0F, 4.0F};
    const auto of = [&](const Node& node) {
        return outputs_of(Builder(image).add("node", node).network(), x);
    };
    CHECK(of(ReLU{}) == std::vector<float>{1.0F, 0.0F, 3.0F, 4.0F});
    CHECK(of(ReLU{3.5F}) == std::vector<float>{1.0F, 0.0F, 3.0F, 3.5F});
    // Steps of 1.5, halves upwards.
    CHECK(of(ReLU{3.0F, 2}) == std::vector<float>{1.5F, 0.0F, 3.0F, 3.0F});
    CHECK(of(Affine{{2.0}, {-1.0}}) == std::vector<float>{1.0F, -5.0F, 5.0F, 7.0F});
    CHECK(of(BatchNorm{{2.0F}, {1.0F}, {1.0F}, {3.0F}, 1.0}) ==
          std::vector<float>{1.0F, -2.0F, 3.0F, 4.0F});
    CHECK(of(MaxPool2d{{2, 2}, {1, 1}, {1, 0, 0, 0}}) == std::vector<float>{1.0F, 4.0F});
    CHECK(of(AvgPool2d{{2, 2}, {1, 1}, {1, 0, 0, 0}}) == std::vector<float>{-0.25F, 1.5F});
    CHECK(of(AvgPool2d{{2, 2}, {1, 1}, {1, 0, 0, 0}, false, false}) ==
          std::vector<float>{-0.5F, 1.5F});
    CHECK(of(Pad{{0, 1, 1, 0}}) ==
          std::vector<float>{0.0F, 1.0F, -2.0F, 0.0F, 3.0F, 4.0F, 0.0F, 0.0F, 0.0F});
    const Network sums =
        Builder(image).add("relu", ReLU{}).add("sum", Add{}, {"input", "relu", "input"}).network();
    CHECK(outputs_of(sums, x) == std::vector<float>{3.0F, -4.0F, 9.0F, 12.0F});
    const Network joined =
        Builder(image).add("relu", ReLU{}).add("joined", Concat{}, {"relu", "input"}).network();
    CHECK(outputs_of(joined, x) ==
          std::vector<float>{1.0F, 0.0F, 3.0F, 4.0F, 1.0F, -2.0F, 3.0F, 4.0F});
}

TEST_CASE("a ReLU never gives -0, and leaves NaN as it is") {
    for (const ReLU& relu : {ReLU{}, ReLU{2.0F}, ReLU{2.0F, 4}}) {
        const Network network = Builder({2})
                                    .add("sum", Linear{2, 2, {3e38F, 3e38F, 0.0F, 0.0F}, {}})
                                    .add("relu", relu)
                                    .network();
        // 3e38 * 3 is infinite, and infinity - infinity is NaN.
        const std::vector<float> outputs = outputs_of(network, {3.0F, -3.0F});
        CHECK(outputs[0] != outputs[0]);
        CHECK(same_bits({outputs[1]}, {0.0F}));
        CHECK(same_bits(outputs_of(Builder({1}).add("relu", relu).network(), {-0.0F}), {0.0F}));
    }
}

TEST_CASE("a max pool gives the first of zeros that differ in sign") {
    const Network network = Builder({1, 1, 2}).add("pool", MaxPool2d{{1, 2}, {1, 2}}).network();
    for (const float zero : {0.0F, -0.0F}) {
        CHECK(same_bits(outputs_of(network, {zero, -zero}), {zero}));
    }
}

TEST_CASE("the memory of a deep graph does not grow with its depth") {
    std::mt19937 random(3);
    Builder builder({4, 6, 6});
    std::string last = "input";
    for (int i = 0; i < 50; ++i) {
        const std::string number = std::to_string(i);
        builder.add("conv" + number, random_conv(random, 4, 4, 1, {{3, 3}, {1, 1}, {1, 1}}, false),
                    {last});
        builder.add("norm" + number, batch_norm(random, 4, true));
        builder.add("sum" + number, Add{}, {"norm" + number, last});
        builder.add("relu" + number, ReLU{1.0F});
        last = "relu" + number;
    }
    check_against_loops(builder.network(), random_values(random, 20 * 144, -1.0F, 1.0F), 20);
}

TEST_CASE("what does not fit a graph is named") {
    const auto message = [](const Network& network) -> std::string {
        try {
            pysnn::validate(network);
        } catch (const std::invalid_argument& error) {
            return error.what();
        }
        return "none";
    };
    const auto of = [&](const Shape& input, const Node& node, const Names& inputs = {}) {
        return message(Builder(input).add("node", node, inputs).network());
    };
    CHECK(of({4}, Add{}) == "layer 'node': Add has 1 input, expected at least 2");
    CHECK(of({4}, ReLU{}, {"input", "input"}) == "layer 'node': ReLU has 2 inputs, expected 1");
    CHECK(message(Builder({1, 2, 2})
                      .add("flat", Flatten{})
                      .add("sum", Add{}, {"flat", "input"})
                      .network()) ==
          "layer 'sum': Add takes inputs of one shape, but they have (4,) and (1, 2, 2)");
    CHECK(message(Builder({1, 2, 2})
                      .add("padded", Pad{{1, 1}})
                      .add("joined", Concat{}, {"padded", "input"})
                      .network()) ==
          "layer 'joined': Concat takes inputs that differ in channels alone, but they have shapes "
          "(1, 4, 4) and (1, 2, 2)");
    CHECK(of({4}, ReLU{-1.0F}) ==
          "layer 'node': ReLU max is -1, expected a finite value above 0, or 0 for none");
    CHECK(of({4}, ReLU{0.0F, 3}) ==
          "layer 'node': ReLU has 3 levels and no max, but levels are parts of max");
    CHECK(of({2}, BatchNorm{{}, {}, {0.0F}, {1.0F}}) ==
          "layer 'node': BatchNorm mean has 1 values, expected 2");
    CHECK(of({1}, BatchNorm{{}, {}, {0.0F}, {-1.0F}}) ==
          "layer 'node': BatchNorm variance is -1 in channel 0 and eps is 1e-05, expected no "
          "negative variance and a sum above 0");
    CHECK(of({2}, Affine{{1.0, 2.0, 3.0}, {0.0}}) ==
          "layer 'node': Affine scale has 3 values, expected 2");
    CHECK(of({4}, Pad{{1, 1}}) ==
          "layer 'node': Pad takes (channels, height, width), but its input has shape (4,)");
    CHECK(of({1, 4, 4}, MaxPool2d{{2, 2}, {2, 2}, {2, 0}}) ==
          "layer 'node': MaxPool2d padding is (2, 0), expected at most half of the kernel, which "
          "is (2, 2)");
}
