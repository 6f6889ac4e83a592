// The core under a caller's own floating-point mode.

#include <doctest/doctest.h>

#include <cstdint>
#include <vector>

#include "network_builder.hpp"
#include "platform/float_mode.hpp"

#if defined(__x86_64__) || defined(_M_X64)
#define PYSNN_HAS_FLOAT_MODE 1
#include <xmmintrin.h>

namespace {

constexpr std::uint64_t kFlushes = 0x8040;  // results and operands
constexpr std::uint64_t kRoundsUp = 0x4000;
constexpr std::uint64_t kDefault = 0x1F80;

std::uint64_t mode() { return _mm_getcsr() & ~0x3FU; }
void set_mode(std::uint64_t mode) { _mm_setcsr(static_cast<unsigned>(mode)); }

}  // namespace

#elif defined(__aarch64__) && defined(__GNUC__)
#define PYSNN_HAS_FLOAT_MODE 1

namespace {

constexpr std::uint64_t kFlushes = 1U << 24;
constexpr std::uint64_t kRoundsUp = 1U << 22;
constexpr std::uint64_t kDefault = 0;

std::uint64_t mode() {
    std::uint64_t mode = 0;
    __asm__ volatile("mrs %0, fpcr" : "=r"(mode));
    return mode;
}
void set_mode(std::uint64_t mode) { __asm__ volatile("msr fpcr, %0" : : "r"(mode)); }

}  // namespace

#endif

#ifdef PYSNN_HAS_FLOAT_MODE

namespace {

/// A mode that the caller of the library has set for its thread.
class CallersMode {
  public:
    explicit CallersMode(std::uint64_t bits) : before_(mode()) { set_mode(before_ | bits); }
    ~CallersMode() { set_mode(before_); }
    CallersMode(const CallersMode&) = delete;
    CallersMode& operator=(const CallersMode&) = delete;

  private:
    std::uint64_t before_;
};

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
            const CallersMode callers(kFlushes);
            options.num_threads = num_threads;
            options.encoding = encoding;
            for (const std::int64_t spikes :
                 pysnn::simulate(network, x.data(), 8, options).num_spikes) {
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
    const CallersMode callers(kRoundsUp);
    std::vector<std::uint8_t> spikes(64 * 1000);
    pysnn::regular_spikes(x.data(), 1, 64, 1000, options, spikes.data());
    CHECK(spikes == expected);
}

TEST_CASE("every call gives the caller's floating-point mode back") {
    const pysnn::SpikingNetwork network = silent_network();
    const std::vector<float> x(8, 0.5F);
    std::vector<std::uint8_t> spikes(8 * 4);
    for (const std::uint64_t bits : {std::uint64_t{0}, kFlushes, kRoundsUp}) {
        const CallersMode callers(bits);
        const std::uint64_t before = mode();
        {
            const pysnn::detail::FloatMode inside;
            CHECK(mode() == kDefault);
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
