// The core under a caller's own floating-point mode.

#include <doctest/doctest.h>

#include <vector>

#include "network_builder.hpp"
#include "platform/float_mode.hpp"

#if defined(__x86_64__) || defined(_M_X64)

#include <xmmintrin.h>

namespace {

constexpr unsigned kFlushToZero = 0x8000;
constexpr unsigned kDenormalsAreZero = 0x0040;
constexpr unsigned kRoundUp = 0x4000;

/// A mode that the caller of the library has set for its thread.
class CallersMode {
  public:
    explicit CallersMode(unsigned bits) : before_(_mm_getcsr()) { _mm_setcsr(before_ | bits); }
    ~CallersMode() { _mm_setcsr(before_); }
    CallersMode(const CallersMode&) = delete;
    CallersMode& operator=(const CallersMode&) = delete;

  private:
    unsigned before_;
};

unsigned mode() { return _mm_getcsr() & ~0x3FU; }

/// One neuron that nothing reaches, with a threshold that flushing would turn to 0.
pysnn::SpikingNetwork silent_network() {
    pysnn::SpikingNetworkDescription description;
    description.input_shape = {1};
    pysnn::Population population;
    population.name = "output";
    population.shape = {1};
    population.threshold = {1e-40F};
    population.projections = {{"input", pysnn::Linear{1, 1, {0.0F}, {}}}};
    description.populations = {population};
    return pysnn::SpikingNetwork(description);
}

}  // namespace

TEST_CASE("a caller that flushes denormal numbers does not make a silent neuron fire") {
    const pysnn::SpikingNetwork network = silent_network();
    const std::vector<float> x(8, 1.0F);
    pysnn::SimulationOptions options;
    options.num_steps = 10;
    for (const int num_threads : {1, 4}) {
        for (const pysnn::Encoding encoding :
             {pysnn::Encoding::Poisson, pysnn::Encoding::Regular, pysnn::Encoding::Constant}) {
            const CallersMode callers(kFlushToZero | kDenormalsAreZero);
            options.num_threads = num_threads;
            options.encoding = encoding;
            for (const std::int64_t spikes :
                 pysnn::simulate(network, x.data(), 8, options).spikes) {
                CHECK(spikes == 0);
            }
            pysnn::Simulation simulation(network, 8, options);
            simulation.run(x.data(), 3);
            CHECK(simulation.spike_counts() == std::vector<std::int32_t>(8, 0));
        }
    }
}

TEST_CASE("a caller's rounding mode does not change spike trains") {
    std::vector<float> x(64);
    for (std::size_t i = 0; i < x.size(); ++i) {
        x[i] = static_cast<float>(i) / 64.0F + 1e-3F;
    }
    pysnn::SpikeTrainOptions options;
    options.max_rate = 123.4;
    options.num_threads = 1;
    std::vector<std::uint8_t> expected(64 * 1000);
    pysnn::regular_spikes(x.data(), 1, 64, 1000, options, expected.data());
    const CallersMode callers(kRoundUp);
    std::vector<std::uint8_t> spikes(64 * 1000);
    pysnn::regular_spikes(x.data(), 1, 64, 1000, options, spikes.data());
    CHECK(spikes == expected);
}

TEST_CASE("every call gives the caller's floating-point mode back") {
    const pysnn::SpikingNetwork network = silent_network();
    const std::vector<float> x(8, 0.5F);
    std::vector<std::uint8_t> spikes(8 * 4);
    for (const unsigned bits : {0U, kFlushToZero | kDenormalsAreZero, kRoundUp}) {
        const CallersMode callers(bits);
        const unsigned before = mode();
        {
            const pysnn::detail::FloatMode inside;
            CHECK(mode() == 0x1F80U);
        }
        CHECK(mode() == before);
        pysnn::SimulationOptions options;
        options.num_steps = 4;
        pysnn::simulate(network, x.data(), 8, options);
        CHECK(mode() == before);
        options.num_steps = -1;
        CHECK_THROWS_AS(pysnn::simulate(network, x.data(), 8, options), std::invalid_argument);
        CHECK(mode() == before);
        pysnn::poisson_spikes(x.data(), 1, 8, 4, {}, spikes.data());
        CHECK(mode() == before);
    }
}

#endif
