#include "network/rounding.hpp"

#include <cmath>
#include <stdexcept>
#include <string>
#include <vector>

#include "base/text.hpp"

namespace pysnn::detail {
namespace {

constexpr int kLowestExponent = -126;
constexpr int kHighestExponent = 103;

// Rounds half to even without a call into the math library. Holds for |value| < 2^51.
inline double round_even(double value) {
    constexpr double kMagic = 6755399441055744.0;  // 1.5 * 2^52
    return (value + kMagic) - kMagic;
}

double sum_of_units(const float* weight, std::int64_t count, double inverse_grid) {
    double sum = 0.0;
    for (std::int64_t i = 0; i < count; ++i) {
        sum += std::fabs(round_even(static_cast<double>(weight[i]) * inverse_grid));
    }
    return sum;
}

double sum_of_magnitudes(const float* weight, std::int64_t count) {
    double sum = 0.0;
    for (std::int64_t i = 0; i < count; ++i) {
        sum += std::fabs(static_cast<double>(weight[i]));
    }
    return sum;
}

void round_all(float* weight, std::int64_t count, double grid) {
    for (std::int64_t i = 0; i < count; ++i) {
        // + 0.0 turns a negative zero into the positive one that sums of nothing have.
        weight[i] =
            static_cast<float>(round_even(static_cast<double>(weight[i]) / grid) * grid + 0.0);
    }
}

// A run of weights that enter one neuron.
struct Row {
    float* weight;
    std::int64_t count;
};

// The incoming synapses of one population, seen neuron by neuron.
class Synapses {
  public:
    explicit Synapses(Population& population) : num_neurons_(num_elements(population.shape)) {
        for (Projection& projection : population.projections) {
            if (auto* linear = std::get_if<Linear>(&projection.synapses)) {
                linear_.push_back(linear);
            } else if (auto* conv = std::get_if<Conv2d>(&projection.synapses)) {
                conv_.push_back(conv);
            } else if (auto* pool = std::get_if<PoolSynapses>(&projection.synapses)) {
                pool_.push_back(pool);
            }
        }
        const bool per_channel = !conv_.empty() || !pool_.empty();
        num_groups_ = per_channel ? population.shape[0] : num_neurons_;
    }

    std::int64_t num_groups() const { return num_groups_; }

    // Rows that only one neuron of the group has, one entry per neuron (a single one if it has
    // none).
    std::int64_t num_members() const { return linear_.empty() ? 1 : num_neurons_ / num_groups_; }

    std::vector<Row> member_rows(std::int64_t group, std::int64_t member) const {
        const std::int64_t neuron = group * (num_neurons_ / num_groups_) + member;
        std::vector<Row> rows;
        for (Linear* linear : linear_) {
            rows.push_back(
                {linear->weight.data() + neuron * linear->in_features, linear->in_features});
            if (!linear->bias.empty()) {
                rows.push_back({linear->bias.data() + neuron, 1});
            }
        }
        return rows;
    }

    // Rows that all neurons of the group share.
    std::vector<Row> shared_rows(std::int64_t group) const {
        std::vector<Row> rows;
        for (Conv2d* conv : conv_) {
            const std::int64_t size =
                conv->in_channels * conv->kernel_size[0] * conv->kernel_size[1];
            rows.push_back({conv->weight.data() + group * size, size});
            if (!conv->bias.empty()) {
                rows.push_back({conv->bias.data() + group, 1});
            }
        }
        return rows;
    }

    const std::vector<PoolSynapses*>& pools() const { return pool_; }

  private:
    std::int64_t num_neurons_;
    std::int64_t num_groups_ = 0;
    std::vector<Linear*> linear_;
    std::vector<Conv2d*> conv_;
    std::vector<PoolSynapses*> pool_;
};

// Neurons that share a grid, in the words of a message. The words are put together only where they
// are needed: for each of a million neurons they would take longer than the rounding.
struct Place {
    const Population& population;
    bool per_neuron;
    std::int64_t group;

    [[noreturn]] void fail(const std::string& message) const {
        throw std::invalid_argument("population '" + population.name + "', " +
                                    (per_neuron ? "neuron " : "channel ") + std::to_string(group) +
                                    ": " + message);
    }
};

double window_size(const PoolSynapses& pool) {
    return static_cast<double>(pool.kernel_size[0] * pool.kernel_size[1]);
}

// Rounded up: nine spikes through nine weights of 1/9 must reach a threshold of 1.
double pool_units(const PoolSynapses& pool, double grid) {
    return std::ceil(1.0 / window_size(pool) / grid);
}

// Largest, over the neurons of a group, of the sum that `sum_row` and `sum_pool` give.
template <typename SumRow, typename SumPool>
double largest_sum(const Synapses& synapses, std::int64_t group, SumRow sum_row, SumPool sum_pool) {
    double shared = 0.0;
    for (const Row& row : synapses.shared_rows(group)) {
        shared += sum_row(row);
    }
    for (const PoolSynapses* pool : synapses.pools()) {
        shared += window_size(*pool) * sum_pool(*pool);
    }
    double largest = shared;
    for (std::int64_t member = 0; member < synapses.num_members(); ++member) {
        double sum = shared;
        for (const Row& row : synapses.member_rows(group, member)) {
            sum += sum_row(row);
        }
        largest = std::fmax(largest, sum);
    }
    return largest;
}

double largest_sum_of_units(const Synapses& synapses, std::int64_t group, double grid) {
    return largest_sum(
        synapses, group,
        [&](const Row& row) { return sum_of_units(row.weight, row.count, 1.0 / grid); },
        [&](const PoolSynapses& pool) { return pool_units(pool, grid); });
}

double find_grid(const Synapses& synapses, std::int64_t group, double limit, const Place& place) {
    const double magnitude = largest_sum(
        synapses, group, [](const Row& row) { return sum_of_magnitudes(row.weight, row.count); },
        [](const PoolSynapses& pool) { return 1.0 / window_size(pool); });
    if (magnitude == 0.0) {
        return 1.0;
    }
    // Rounding to a coarser grid never takes more units, so the search may start anywhere.
    const auto fits = [&](int exponent) {
        return largest_sum_of_units(synapses, group, std::ldexp(1.0, exponent)) <= limit;
    };
    int exponent = std::ilogb(magnitude / limit);
    while (fits(exponent)) {
        --exponent;
    }
    while (!fits(exponent)) {
        ++exponent;
    }
    if (exponent < kLowestExponent || exponent > kHighestExponent) {
        place.fail("the sum of its weights' magnitudes is " + to_text(magnitude) +
                   ", which needs a grid of 2^" + std::to_string(exponent) +
                   "; expected one in [2^-126, 2^103]");
    }
    return std::ldexp(1.0, exponent);
}

void check_grid(const Synapses& synapses, std::int64_t group, double grid, double limit,
                const Place& place) {
    int exponent = 0;
    if (!(grid > 0.0) || !std::isfinite(grid) || std::frexp(grid, &exponent) != 0.5 ||
        exponent - 1 < kLowestExponent || exponent - 1 > kHighestExponent) {
        place.fail("grid is " + to_text(grid) + ", expected a power of two in [2^-126, 2^103]");
    }
    const auto check_row = [&](const Row& row) {
        for (std::int64_t i = 0; i < row.count; ++i) {
            const double units = static_cast<double>(row.weight[i]) / grid;
            if (std::fabs(units) > limit || units != round_even(units)) {
                place.fail("a weight is not on its grid");
            }
        }
    };
    for (const Row& row : synapses.shared_rows(group)) {
        check_row(row);
    }
    for (std::int64_t member = 0; member < synapses.num_members(); ++member) {
        for (const Row& row : synapses.member_rows(group, member)) {
            check_row(row);
        }
    }
    if (largest_sum_of_units(synapses, group, grid) > limit) {
        place.fail("weights need more than the grid's range");
    }
}

void round_group(const Synapses& synapses, std::int64_t group, double grid, const Place& place) {
    for (const Row& row : synapses.shared_rows(group)) {
        round_all(row.weight, row.count, grid);
    }
    for (std::int64_t member = 0; member < synapses.num_members(); ++member) {
        for (const Row& row : synapses.member_rows(group, member)) {
            round_all(row.weight, row.count, grid);
        }
    }
    for (PoolSynapses* pool : synapses.pools()) {
        const float weight = static_cast<float>(pool_units(*pool, grid) * grid);
        float& stored = pool->weight[static_cast<std::size_t>(group)];
        if (stored != 0.0F && stored != weight) {
            place.fail("a pool's weight is " + std::to_string(stored) + ", expected " +
                       std::to_string(weight));
        }
        stored = weight;
    }
}

}  // namespace

void round_to_grid(Population& population, Precision precision) {
    const double limit = precision == Precision::Int16 ? 32767.0 : 16777216.0;
    const Synapses synapses(population);
    for (PoolSynapses* pool : synapses.pools()) {
        pool->weight.resize(static_cast<std::size_t>(population.shape[0]), 0.0F);
    }
    const bool given = !population.grid.empty();
    if (given && static_cast<std::int64_t>(population.grid.size()) != synapses.num_groups()) {
        throw std::invalid_argument("population '" + population.name + "': grid has " +
                                    std::to_string(population.grid.size()) + " values, expected " +
                                    std::to_string(synapses.num_groups()));
    }
    population.grid.resize(static_cast<std::size_t>(synapses.num_groups()));
    const bool per_neuron = synapses.num_groups() == num_elements(population.shape);
    for (std::int64_t group = 0; group < synapses.num_groups(); ++group) {
        const Place place{population, per_neuron, group};
        float& grid = population.grid[static_cast<std::size_t>(group)];
        if (given) {
            check_grid(synapses, group, static_cast<double>(grid), limit, place);
        } else {
            grid = static_cast<float>(find_grid(synapses, group, limit, place));
        }
        round_group(synapses, group, static_cast<double>(grid), place);
    }
}

}  // namespace pysnn::detail
