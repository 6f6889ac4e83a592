// The grids that make all sums exact, and rounding to them.
#include "network/spiking/rounding.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <vector>

#include "base/array.hpp"
#include "base/text.hpp"
#include "network/spiking/incoming.hpp"
#include "nodes/registry.hpp"

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
        sum += std::fabs(round_even(weight[i] * inverse_grid));
    }
    return sum;
}

double sum_of_magnitudes(const float* weight, std::int64_t count) {
    double sum = 0.0;
    for (std::int64_t i = 0; i < count; ++i) {
        sum += std::fabs(double{weight[i]});
    }
    return sum;
}

float rounded(float weight, double grid) {
    // + 0.0 turns a negative zero into the positive one that sums of nothing have.
    return static_cast<float>(round_even(weight / grid) * grid + 0.0);
}

// What RoundingLoss is made from.
struct LossSums {
    std::int64_t num_nonzero = 0;
    std::int64_t num_zeroed = 0;
    double magnitude = 0.0;
    double error = 0.0;

    RoundingLoss result() const {
        if (num_nonzero == 0) {
            return {};
        }
        return {static_cast<double>(num_zeroed) / static_cast<double>(num_nonzero),
                error / magnitude};
    }
};

void round_weights(const Row& row, double grid, LossSums& loss) {
    for (std::int64_t i = 0; i < row.count; ++i) {
        const double before = row.weight[i];
        const float after = rounded(row.weight[i], grid);
        loss.num_nonzero += before != 0.0 ? 1 : 0;
        loss.num_zeroed += before != 0.0 && after == 0.0F ? 1 : 0;
        loss.magnitude += std::fabs(before);
        loss.error += std::fabs(before - after);
        row.weight[i] = after;
    }
}

// Neurons that share a grid, in the words of a message. The words are put together only where they
// are needed: for each of a million neurons they would take longer than the rounding.
struct Place {
    const Population& population;
    bool per_neuron;
    std::int64_t index;

    [[noreturn]] void fail(const std::string& message) const {
        throw std::invalid_argument("population '" + population.name + "', " +
                                    (per_neuron ? "neuron " : "channel ") + std::to_string(index) +
                                    ": " + message);
    }
};

double mean_units(const MeanRow& row, double grid) { return std::ceil(row.mean / grid); }

// Largest, over the neurons of a grid, of the sum that `sum_row` and `value_of_mean` give.
template <typename SumRow, typename ValueOfMean>
double largest_sum(const Incoming& incoming, std::int64_t grid, SumRow sum_row,
                   ValueOfMean value_of_mean) {
    const auto sum_of = [&](const IncomingRows& rows) {
        double sum = 0.0;
        for (const Row& row : rows.weights) {
            sum += sum_row(row);
        }
        for (const Row& row : rows.biases) {
            sum += sum_row(row);
        }
        for (const MeanRow& row : rows.means) {
            sum += static_cast<double>(row.count) * value_of_mean(row);
        }
        return sum;
    };
    const double shared = sum_of(incoming.shared_rows(grid));
    double largest = shared;
    for (std::int64_t member = 0; member < incoming.num_members(); ++member) {
        largest = std::fmax(largest, shared + sum_of(incoming.member_rows(grid, member)));
    }
    return largest;
}

double largest_sum_of_units(const Incoming& incoming, std::int64_t index, double grid) {
    return largest_sum(
        incoming, index,
        [&](const Row& row) { return sum_of_units(row.weight, row.count, 1.0 / grid); },
        [&](const MeanRow& row) { return mean_units(row, grid); });
}

double find_grid(const Incoming& incoming, std::int64_t index, double limit, const Place& place) {
    const double magnitude = largest_sum(
        incoming, index, [](const Row& row) { return sum_of_magnitudes(row.weight, row.count); },
        [](const MeanRow& row) { return row.mean; });
    if (magnitude == 0.0) {
        return 1.0;
    }
    // Rounding to a coarser grid never takes more units, so the search may start anywhere.
    const auto fits = [&](int exponent) {
        return largest_sum_of_units(incoming, index, std::ldexp(1.0, exponent)) <= limit;
    };
    int exponent = std::ilogb(magnitude / limit);
    while (fits(exponent)) {
        --exponent;
    }
    while (!fits(exponent)) {
        ++exponent;
    }
    if (exponent < kLowestExponent || exponent > kHighestExponent) {
        place.fail("the sum of its weights' magnitudes is " + to_rounded_text(magnitude) +
                   ", which needs a grid of 2^" + std::to_string(exponent) +
                   "; expected one in [2^-126, 2^103]");
    }
    return std::ldexp(1.0, exponent);
}

void check_grid(const Incoming& incoming, std::int64_t index, double grid, double limit,
                const Place& place) {
    int exponent = 0;
    if (!(grid > 0.0) || !std::isfinite(grid) || std::frexp(grid, &exponent) != 0.5 ||
        exponent - 1 < kLowestExponent || exponent - 1 > kHighestExponent) {
        place.fail("grid is " + to_text(grid) + ", expected a power of two in [2^-126, 2^103]");
    }
    const auto check_row = [&](const Row& row) {
        for (std::int64_t i = 0; i < row.count; ++i) {
            const double units = row.weight[i] / grid;
            if (std::fabs(units) > limit || units != round_even(units)) {
                place.fail("a weight is not on its grid");
            }
        }
    };
    incoming.for_each(index, [&](const IncomingRows& rows) {
        std::for_each(rows.weights.begin(), rows.weights.end(), check_row);
        std::for_each(rows.biases.begin(), rows.biases.end(), check_row);
    });
    if (largest_sum_of_units(incoming, index, grid) > limit) {
        place.fail("weights need more than the grid's range");
    }
}

void round_mean(const MeanRow& row, double grid, const Place& place) {
    const float weight = static_cast<float>(mean_units(row, grid) * grid);
    if (*row.weight != 0.0F && *row.weight != weight) {
        place.fail("a pool's weight is " + to_text(*row.weight) + ", expected " + to_text(weight));
    }
    *row.weight = weight;
}

void round_all(const IncomingRows& rows, double grid, const Place& place, LossSums& loss) {
    for (const Row& row : rows.weights) {
        round_weights(row, grid, loss);
    }
    for (const Row& row : rows.biases) {
        for (std::int64_t i = 0; i < row.count; ++i) {
            row.weight[i] = rounded(row.weight[i], grid);
        }
    }
    for (const MeanRow& row : rows.means) {
        round_mean(row, grid, place);
    }
}

// Weights that meet the network's input meet numbers of at most 1 afterwards. Those of pools are
// made from the scale.
void scale_weights(Population& population, const std::vector<RowSource>& sources) {
    for (std::size_t i = 0; i < sources.size(); ++i) {
        Projection& projection = population.projections[i];
        std::vector<float>* weights = std::visit(
            [](auto& kind) {
                return KindTraits<std::decay_t<decltype(kind)>>::weight_rows(kind).weight;
            },
            projection.synapses);
        if (sources[i].scale == 1.0 || weights == nullptr) {
            continue;
        }
        for (float& weight : *weights) {
            weight = static_cast<float>(weight * sources[i].scale);
        }
        check_finite(*weights, "population '" + population.name + "', projection from '" +
                                   projection.source + "': weight times input_scale");
    }
}

}  // namespace

std::optional<RoundingLoss> round_to_grid(Population& population,
                                          const std::vector<RowSource>& sources,
                                          Precision precision) {
    const double limit = precision == Precision::Int16 ? 32767.0 : 16777216.0;
    const bool given = !population.grid.empty();
    if (!given) {
        scale_weights(population, sources);
    }
    const Incoming incoming(population, sources);
    const std::int64_t num_grids = incoming.num_grids();
    if (given && detail::size_of(population.grid) != num_grids) {
        throw std::invalid_argument("population '" + population.name + "': grid has " +
                                    std::to_string(population.grid.size()) + " values, expected " +
                                    std::to_string(num_grids));
    }
    population.grid.resize(static_cast<std::size_t>(num_grids));
    const bool per_neuron = num_grids == num_elements(population.shape);
    LossSums loss;
    for (std::int64_t index = 0; index < num_grids; ++index) {
        const Place place{population, per_neuron, index};
        float& grid = population.grid[static_cast<std::size_t>(index)];
        if (given) {
            check_grid(incoming, index, grid, limit, place);
        } else {
            grid = static_cast<float>(find_grid(incoming, index, limit, place));
        }
        incoming.for_each(index,
                          [&](const IncomingRows& rows) { round_all(rows, grid, place, loss); });
    }
    return given ? std::nullopt : std::optional<RoundingLoss>(loss.result());
}

}  // namespace pysnn::detail
