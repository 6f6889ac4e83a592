// Event lists out of spike masks, at several densities.

#include <algorithm>
#include <memory>
#include <random>

#include "engine/cpu/kernels/kernels.hpp"
#include "kernels_case.hpp"

namespace pysnn::benchmarks {
namespace {

using detail::kernels;
using detail::kStepWords;

struct ListWork {
    ListWork(std::int64_t num_rows, std::int64_t words_per_row, double density, bool by_ids)
        : named(by_ids),
          bits(static_cast<std::size_t>(num_rows * words_per_row * kNumSteps)),
          ids(static_cast<std::size_t>(words_per_row * 64)),
          flips(static_cast<std::size_t>(words_per_row)),
          offsets(static_cast<std::size_t>((num_rows + 1) * kNumSteps)),
          occupied(static_cast<std::size_t>(num_rows * kStepWords)) {
        std::mt19937_64 random(1);
        for (std::uint64_t& flip : flips) {
            flip = named ? random() : 0;
        }
        for (std::size_t i = 0; i < bits.size(); ++i) {
            for (int bit = 0; bit < 64; ++bit) {
                const double draw = static_cast<double>(random() >> 11) * 0x1p-53;
                bits[i] |= std::uint64_t{draw < density} << bit;
            }
            num_events += count(bits[i]);
            // What is listed are deviations: the bits after flipping have the density.
            bits[i] ^= flips[i / kNumSteps % static_cast<std::size_t>(words_per_row)];
        }
        for (std::size_t i = 0; i < ids.size(); ++i) {
            ids[i] = static_cast<std::uint16_t>(3 * i + 5);
        }
        // The last word has the places of a whole chunk, too, which kernels may read.
        bits.resize(bits.size() + detail::kMaxChunk - kNumSteps);
        for (std::int64_t row = 0; row < num_rows * words_per_row; ++row) {
            starts.push_back(bits.data() + row * kNumSteps);
        }
        events.resize(static_cast<std::size_t>(num_events + 64));
        arguments.words = starts.data();
        arguments.num_rows = num_rows;
        arguments.words_per_row = words_per_row;
        arguments.ids_per_row = words_per_row * 64;
        for (std::int64_t part = 0; part < words_per_row; ++part) {
            word_ids.push_back({static_cast<std::uint16_t>(part * 64), 64});
        }
        arguments.word_ids = word_ids.data();
        arguments.ids = ids.data();
        arguments.flips = flips.data();
        arguments.num_steps = kNumSteps;
        arguments.events = events.data();
        arguments.offsets = offsets.data();
        arguments.occupied = occupied.data();
    }

    static std::int64_t count(std::uint64_t word) {
        std::int64_t ones = 0;
        for (; word != 0; word &= word - 1) {
            ++ones;
        }
        return ones;
    }

    std::int64_t run() {
        const detail::WordKernels& lists = kernels().words;
        return named ? lists.list_ids(arguments) : lists.list_rows(arguments);
    }

    void check() {
        std::fill(occupied.begin(), occupied.end(), std::uint64_t{0});
        demand_equal(run(), num_events, "the number of events");
        std::size_t next = 0;
        for (std::int64_t step = 0; step < kNumSteps; ++step) {
            const std::uint32_t* at = offsets.data() + step * (arguments.num_rows + 1);
            for (std::int64_t row = 0; row < arguments.num_rows; ++row) {
                const std::string what =
                    "of row " + std::to_string(row) + " in step " + std::to_string(step);
                demand_equal<std::size_t>(at[row], next, "the first event " + what);
                check_row(step, row, next, what);
                const std::uint64_t word =
                    occupied[static_cast<std::size_t>(row * kStepWords + step / 64)];
                demand_equal((word >> (step % 64) & 1U) != 0, next != at[row],
                             "the occupation " + what);
            }
            demand_equal<std::size_t>(at[arguments.num_rows], next, "the end of a step");
        }
    }

    void check_row(std::int64_t step, std::int64_t row, std::size_t& next,
                   const std::string& what) const {
        for (std::int64_t bit = 0; bit < arguments.ids_per_row; ++bit) {
            const std::int64_t part = bit / 64;
            const std::size_t start =
                static_cast<std::size_t>(row * arguments.words_per_row + part);
            const std::uint64_t word = starts[start][step] ^ flips[static_cast<std::size_t>(part)];
            if ((word >> (bit % 64) & 1U) != 0) {
                const std::int64_t expected =
                    named ? ids[static_cast<std::size_t>(bit)] : row * arguments.ids_per_row + bit;
                demand_equal<std::int64_t>(events[next++], expected, "an event " + what);
            }
        }
    }

    bool named;
    std::int64_t num_events = 0;
    std::vector<std::uint64_t> bits;  // (row, word, step)
    std::vector<const std::uint64_t*> starts;
    std::vector<detail::WordIds> word_ids;
    std::vector<std::uint16_t> ids;
    std::vector<std::uint64_t> flips;
    std::vector<std::uint16_t> events;
    std::vector<std::uint32_t> offsets;
    std::vector<std::uint64_t> occupied;
    detail::ListArguments arguments;
};

void add_cases(std::vector<KernelCase>& cases, std::int64_t num_rows, std::int64_t words_per_row,
               bool named) {
    const std::string setting = std::to_string(num_rows) + (num_rows == 1 ? " row" : " rows") +
                                " of " + std::to_string(words_per_row) +
                                (words_per_row == 1 ? " word" : " words");
    for (const int percent : {0, 1, 5, 20, 50}) {
        auto work = std::make_shared<ListWork>(num_rows, words_per_row, percent / 100.0, named);
        cases.push_back({named ? "list_ids" : "list_rows", setting, std::to_string(percent) + " %",
                         "events", static_cast<double>(work->num_events),
                         static_cast<double>(kNumSteps),
                         [work](std::int64_t repeats) {
                             for (std::int64_t i = 0; i < repeats; ++i) {
                                 work->run();
                             }
                         },
                         [work] { work->check(); }});
    }
}

}  // namespace

void add_list_cases(std::vector<KernelCase>& cases) {
    add_cases(cases, 1, 19, false);  // 1200 neurons
    add_cases(cases, 12, 1, false);  // an image's rows
    add_cases(cases, 1, 3, true);    // pixels of a digit that are not black
}

}  // namespace pysnn::benchmarks
