// Random graphs of every kind of synapses, neurons, input and precision, against the reference.

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "compare.hpp"
#include "network_builder.hpp"

namespace {

using Pair = NetworkBuilder::Pair;

/// Draws a network, population by population; each reads one or two earlier ones, or the input.
class RandomNetwork {
  public:
    explicit RandomNetwork(unsigned seed)
        : random_(seed),
          builder_(seed, {1 + number(3), 3 + number(4), 3 + number(5)},
                   pysnn::kPrecisions[static_cast<std::size_t>(number(2))]) {
        if (number(2) == 0) {
            builder_.takes(ranges()[static_cast<std::size_t>(number(3))]);
        }
        const std::int64_t num_populations = 2 + number(4);
        for (std::int64_t k = 0; k < num_populations; ++k) {
            add_population("p" + std::to_string(k));
        }
        add_output();
    }

    pysnn::SpikingNetwork build() const { return builder_.build(); }

  private:
    static const std::vector<pysnn::InputRange>& ranges() {
        static const std::vector<pysnn::InputRange> all{
            {2.0, true, {}, {}}, {0.5, false, {}, {}}, {4.0, true, {0.5}, {-1.0}}};
        return all;
    }

    std::int64_t number(std::int64_t below) {
        return std::uniform_int_distribution<std::int64_t>(0, below - 1)(random_);
    }

    // Few channels, many, and those around the borders of words.
    std::int64_t channels() {
        constexpr std::array<std::int64_t, 9> kChoices{1, 2, 5, 16, 31, 32, 33, 64, 70};
        return kChoices[static_cast<std::size_t>(number(9))];
    }

    const std::string& source() {
        return names_[static_cast<std::size_t>(number(static_cast<std::int64_t>(names_.size())))];
    }

    const NeuronKind& kind() {
        const auto choice = static_cast<std::size_t>(number(10));
        return choice < 4 ? kNeuronKinds[choice] : kOtherKinds[choice - 4];
    }

    bool is_image(const std::string& name) const { return builder_.shape_of(name).size() == 3; }

    // Of an axis of some size, with padding of at most half of it.
    Pair kernel_of(const pysnn::Shape& shape) {
        return {1 + number(std::min<std::int64_t>(3, shape[1])),
                1 + number(std::min<std::int64_t>(3, shape[2]))};
    }
    pysnn::Padding padding_of(Pair kernel) {
        const auto half = [&](std::int64_t size) { return number(size / 2 + 1); };
        const std::int64_t top = half(kernel[0]);
        const std::int64_t left = half(kernel[1]);
        return {top, half(kernel[0]), left, half(kernel[1])};
    }

    pysnn::Projection projection_of(const std::string& from) {
        if (!is_image(from)) {
            return number(3) == 0 ? builder_.identity(from, 0, number(3))
                                  : builder_.linear(from, channels());
        }
        const Pair kernel = kernel_of(builder_.shape_of(from));
        const Pair stride{1 + number(2), 1 + number(2)};
        switch (number(5)) {
            case 0:
                return builder_.linear(from, channels());
            case 1: {
                pysnn::PoolSynapses pool(kernel, stride);
                pool.padding = padding_of(kernel);
                pool.ceil_mode = number(2) == 0;
                pool.count_include_pad = number(2) == 0;
                return {from, pool};
            }
            case 2:
                return builder_.identity(from, 0, number(3), stride, padding_of(kernel));
            default:
                return builder_.conv(from, channels(), kernel, stride, padding_of(kernel));
        }
    }

    void add_population(const std::string& name) {
        const std::string from = source();
        if (from != pysnn::kInputName && is_image(from) && number(4) == 0) {
            const Pair kernel = kernel_of(builder_.shape_of(from));
            builder_.add(name, kMaxPool,
                         {NetworkBuilder::max_pool(from, kernel, {1 + number(2), 1 + number(2)},
                                                   padding_of(kernel), {1, 1}, number(2) == 0)});
        } else {
            std::vector<pysnn::Projection> projections{projection_of(from)};
            const pysnn::Shape shape =
                pysnn::target_shape(projections[0].synapses, builder_.shape_of(from));
            add_second(shape, projections);
            builder_.add(name, kind(), projections, shape);
        }
        names_.push_back(name);
    }

    // A second projection onto the same neurons: by weights of all of them, or a shortcut.
    void add_second(const pysnn::Shape& shape, std::vector<pysnn::Projection>& projections) {
        const std::int64_t choice = number(4);
        const std::string from = source();
        const pysnn::Shape& source_shape = builder_.shape_of(from);
        if (choice == 0) {
            projections.push_back(builder_.linear(from, pysnn::num_elements(shape)));
        } else if (choice == 1 && source_shape.size() == shape.size() &&
                   source_shape[0] <= shape[0] &&
                   std::equal(shape.begin() + 1, shape.end(), source_shape.begin() + 1)) {
            projections.push_back(
                builder_.identity(from, shape[0], number(shape[0] - source_shape[0] + 1)));
        }
    }

    void add_output() {
        std::vector<pysnn::Projection> projections{builder_.linear(names_.back(), 5)};
        if (number(2) == 0) {
            projections.push_back(builder_.linear(source(), 5));
        }
        const NeuronKind& last = number(2) == 0 ? kReadout : kind();
        builder_.add("output", last, projections);
    }

    std::mt19937 random_;
    std::vector<std::string> names_{pysnn::kInputName};
    NetworkBuilder builder_;
};

/// Samples and spikes of every way to drive a network.
std::vector<TestInput> inputs_of(const pysnn::SpikingNetwork& network, unsigned seed) {
    const std::int64_t num_steps = seed % 5 == 0 ? 140 : 25;
    std::vector<TestInput> inputs{
        ranged_input(network, 2, num_steps, pysnn::Encoding::Constant, seed),
        ranged_input(network, 2, num_steps, pysnn::Encoding::Poisson, seed),
        ranged_input(network, 2, 6, pysnn::Encoding::Regular, seed),
        given_input(network, 2, num_steps, 0.3, seed)};
    if (network.description().input.is_signed) {
        std::vector<std::int8_t>& spikes = inputs.back().spikes;
        for (std::size_t i = 0; i < spikes.size(); i += 3) {
            spikes[i] = static_cast<std::int8_t>(-spikes[i]);
        }
    }
    return inputs;
}

}  // namespace

TEST_CASE("random networks equal the reference under every input") {
    for (unsigned seed = 0; seed < 60; ++seed) {
        INFO("seed ", seed);
        const pysnn::SpikingNetwork network = RandomNetwork(seed).build();
        for (const TestInput& input : inputs_of(network, seed)) {
            check_equals_reference(network, input);
        }
    }
}

TEST_CASE("threads and parts of the batch change nothing in random networks") {
    for (unsigned seed = 100; seed < 112; ++seed) {
        INFO("seed ", seed);
        const pysnn::SpikingNetwork network = RandomNetwork(seed).build();
        const TestInput input = ranged_input(network, 70, 20, pysnn::Encoding::Poisson, seed);
        pysnn::SimulationOptions options;
        options.num_steps = 20;
        options.max_rate = input.max_rate;
        options.num_threads = 1;
        const pysnn::SimulationResult one = pysnn::simulate(network, input.x.data(), 70, options);
        options.num_threads = 3;
        const pysnn::SimulationResult three = pysnn::simulate(network, input.x.data(), 70, options);
        CHECK(one.output_spikes == three.output_spikes);
        CHECK(one.output_negative_spikes == three.output_negative_spikes);
        CHECK(one.output_potentials == three.output_potentials);
        CHECK(one.num_spikes == three.num_spikes);
        options.sample_ids = {66, 67, 68, 69};
        const pysnn::SimulationResult part =
            pysnn::simulate(network, input.x.data() + 66 * network.num_inputs(), 4, options);
        const auto bytes = static_cast<std::ptrdiff_t>(one.output_spikes.size() / 70 * 66);
        CHECK(std::equal(part.output_spikes.begin(), part.output_spikes.end(),
                         one.output_spikes.begin() + bytes));
        const auto floats = static_cast<std::ptrdiff_t>(one.output_potentials.size() / 70 * 66);
        CHECK(std::equal(part.output_potentials.begin(), part.output_potentials.end(),
                         one.output_potentials.begin() + floats));
    }
}
