// Kernels over windows of an image: subset tables, pools, and the bits that they read.

#include <algorithm>
#include <memory>
#include <random>

#include "base/aligned_buffer.hpp"
#include "engine/cpu/kernels/kernels.hpp"
#include "kernels_case.hpp"
#include "kernels_tile.hpp"

namespace pysnn::benchmarks {
namespace {

using detail::AlignedBuffer;
using detail::kernels;
using detail::kMaxChunk;

// Small multiples of 1/64, mostly positive, so that neurons fire and every sum is exact.
AlignedBuffer<float> small_numbers(std::int64_t size) {
    AlignedBuffer<float> numbers(static_cast<std::size_t>(size));
    for (std::int64_t i = 0; i < numbers.size(); ++i) {
        numbers[i] = static_cast<float>(static_cast<int>(i * 7 % 13) - 4) / 64.0F;
    }
    return numbers;
}

struct TableWork {
    TableWork(std::int64_t row_width, std::int64_t lookups, int bits, int rows)
        : width(row_width),
          num_lookups(lookups),
          table_size(row_width << bits),
          tile(row_width, rows),
          tables(small_numbers(lookups * table_size)),
          base(small_numbers(row_width * rows)),
          patterns(static_cast<std::size_t>(rows * lookups * kMaxChunk)) {
        std::mt19937 random(1);
        for (std::uint8_t& pattern : patterns) {
            pattern = static_cast<std::uint8_t>(random() % (1U << bits));
        }
        arguments.tile = tile.view();
        arguments.tile.base = base.data();
        arguments.num_rows = rows;
        arguments.neuron_stride = width;
        arguments.mask_row_stride = tile.mask_row_stride();
        arguments.num_lookups = lookups;
        arguments.tables = tables.data();
        arguments.table_size = table_size;
        arguments.row_width = width;
        arguments.patterns = patterns.data();
        arguments.pattern_stride = kMaxChunk;
        arguments.pattern_row_stride = lookups * kMaxChunk;
    }

    void check() {
        tile.reset();
        const std::int64_t num_spikes = kernels().table(arguments);
        tile.check(num_spikes, [this](std::int64_t step, std::int64_t neuron) {
            float sum = base[static_cast<std::size_t>(neuron)];
            for (std::int64_t k = 0; k < num_lookups; ++k) {
                const std::int64_t at = (neuron / width * num_lookups + k) * kMaxChunk + step;
                const std::int64_t pattern = patterns[static_cast<std::size_t>(at)];
                sum += tables[static_cast<std::size_t>(k * table_size + pattern * width +
                                                       neuron % width)];
            }
            return sum;
        });
    }

    std::int64_t width;
    std::int64_t num_lookups;
    std::int64_t table_size;
    Tile tile;
    AlignedBuffer<float> tables;
    AlignedBuffer<float> base;
    std::vector<std::uint8_t> patterns;  // (row, lookup, step)
    detail::TableArguments arguments;
};

struct PoolWork {
    PoolWork(std::int64_t columns, int windows)
        : width(columns),
          tile(columns),
          weight(small_numbers(columns)),
          base(small_numbers(columns)),
          words(static_cast<std::size_t>(windows * kNumSteps)),
          shifts(static_cast<std::size_t>(windows)) {
        std::mt19937_64 random(1);
        for (std::uint64_t& word : words) {
            word = random() & random();
        }
        for (int window = 0; window < windows; ++window) {
            starts.push_back(words.data() + window * kNumSteps);
            shifts[static_cast<std::size_t>(window)] =
                static_cast<int>(window % 3 * width) % (65 - static_cast<int>(width));
        }
        arguments.tile = tile.view();
        arguments.tile.base = base.data();
        arguments.weight = weight.data();
        arguments.windows = starts.data();
        arguments.shifts = shifts.data();
        arguments.num_windows = windows;
    }

    void check() {
        tile.reset();
        const std::int64_t num_spikes = kernels().pool(arguments);
        tile.check(num_spikes, [this](std::int64_t step, std::int64_t column) {
            float sum = base[static_cast<std::size_t>(column)];
            for (std::size_t window = 0; window < starts.size(); ++window) {
                const bool spike = (starts[window][step] >> (shifts[window] + column) & 1U) != 0;
                sum += spike ? weight[static_cast<std::size_t>(column)] : 0.0F;
            }
            return sum;
        });
    }

    std::int64_t width;
    Tile tile;
    AlignedBuffer<float> weight;
    AlignedBuffer<float> base;
    std::vector<std::uint64_t> words;  // (window, step)
    std::vector<int> shifts;
    std::vector<const std::uint64_t*> starts;
    detail::PoolArguments arguments;
};

struct SpreadWork {
    explicit SpreadWork(std::uint64_t target_bits)
        : mask(target_bits), low(kNumSteps), high(kNumSteps), out(kNumSteps) {
        std::mt19937_64 random(1);
        std::generate(low.begin(), low.end(), random);
        std::generate(high.begin(), high.end(), random);
    }

    void run() {
        kernels().spread_words(low.data(), high.data(), kShift, mask, kNumSteps, out.data());
    }

    void check() {
        run();
        for (std::size_t step = 0; step < out.size(); ++step) {
            std::uint64_t expected = 0;
            int next = kShift;
            for (int bit = 0; bit < 64; ++bit) {
                if ((mask >> bit & 1U) != 0) {
                    const std::uint64_t word = next < 64 ? low[step] : high[step];
                    expected |= (word >> next % 64 & 1U) << bit;
                    ++next;
                }
            }
            demand_equal(out[step], expected, "word " + std::to_string(step));
        }
    }

    static constexpr int kShift = 37;
    std::uint64_t mask;
    std::vector<std::uint64_t> low;
    std::vector<std::uint64_t> high;
    std::vector<std::uint64_t> out;
};

void add_table_case(std::vector<KernelCase>& cases, std::int64_t width, std::int64_t lookups,
                    int bits, int rows) {
    auto work = std::make_shared<TableWork>(width, lookups, bits, rows);
    const std::string setting = std::to_string(width) + " columns, " + std::to_string(lookups) +
                                " lookups of " + std::to_string(1 << bits) + " rows";
    cases.push_back({"table", setting, std::to_string(rows) + (rows == 1 ? " row" : " rows"),
                     "additions", static_cast<double>(rows * lookups * width * kNumSteps),
                     static_cast<double>(kNumSteps),
                     [work](std::int64_t repeats) {
                         for (std::int64_t i = 0; i < repeats; ++i) {
                             kernels().table(work->arguments);
                         }
                     },
                     [work] { work->check(); }});
}

void add_pool_case(std::vector<KernelCase>& cases, std::int64_t width, int windows) {
    auto work = std::make_shared<PoolWork>(width, windows);
    cases.push_back({"pool", std::to_string(width) + " columns",
                     std::to_string(windows) + " pixels", "additions",
                     static_cast<double>(windows * width * kNumSteps),
                     static_cast<double>(kNumSteps),
                     [work](std::int64_t repeats) {
                         for (std::int64_t i = 0; i < repeats; ++i) {
                             kernels().pool(work->arguments);
                         }
                     },
                     [work] { work->check(); }});
}

void add_spread_case(std::vector<KernelCase>& cases, const std::string& variant,
                     std::uint64_t mask) {
    auto work = std::make_shared<SpreadWork>(mask);
    cases.push_back({"spread_words", "64-bit words", variant, "words",
                     static_cast<double>(kNumSteps), static_cast<double>(kNumSteps),
                     [work](std::int64_t repeats) {
                         for (std::int64_t i = 0; i < repeats; ++i) {
                             work->run();
                         }
                     },
                     [work] { work->check(); }});
}

}  // namespace

void add_window_cases(std::vector<KernelCase>& cases) {
    for (const int rows : {1, 2}) {
        add_table_case(cases, 16, 5, 5, rows);
        add_table_case(cases, 32, 5, 6, rows);
        add_table_case(cases, 64, 6, 5, rows);
    }
    for (const int windows : {4, 9}) {
        for (const std::int64_t width : {16, 32, 64}) {
            add_pool_case(cases, width, windows);
        }
    }
    add_spread_case(cases, "3 of 16 bits", 0x0007000700070007U);
    add_spread_case(cases, "12 of 16 bits", 0x0FFF0FFF0FFF0FFFU);
    add_spread_case(cases, "all bits", ~std::uint64_t{0});
}

}  // namespace pysnn::benchmarks
