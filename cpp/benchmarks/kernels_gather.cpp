// Sums of weight rows: gather over steps and neurons, add_rows once.

#include <algorithm>
#include <memory>
#include <random>
#include <type_traits>

#include "base/aligned_buffer.hpp"
#include "caches.hpp"
#include "engine/cpu/kernels/kernels.hpp"
#include "engine/cpu/packing/weights.hpp"
#include "kernels_case.hpp"
#include "kernels_tile.hpp"

namespace pysnn::benchmarks {
namespace {

using detail::AlignedBuffer;
using detail::kernels;

constexpr float kGrid = 1.0F / 64;  // all weights are small multiples of it: every sum is exact

template <typename Weight>
constexpr bool is_float = std::is_same_v<Weight, float>;

/// Weight rows of a tile, laid out as the program has them; the last row is zero.
template <typename Weight>
struct Slab {
    Slab(std::int64_t num_rows, std::int64_t num_columns)
        : width(num_columns),
          zero_row(num_rows),
          weights(static_cast<std::size_t>((num_rows + 1) * num_columns), Weight{0}),
          base(static_cast<std::size_t>(num_columns)),
          grid(static_cast<std::size_t>(num_columns), kGrid) {
        for (std::int64_t row = 0; row < num_rows; ++row) {
            for (std::int64_t column = 0; column < width; ++column) {
                const std::int64_t units = (row * 31 + column * 17 + row * column) % 17 - 8;
                weights[place(row, column)] = in_units(units);
            }
        }
        for (std::int64_t column = 0; column < width; ++column) {
            base[static_cast<std::size_t>(column)] = in_units(column % 5);
        }
    }

    detail::TileRows rows() const { return {weights.data(), zero_row + 1}; }
    std::size_t place(std::int64_t row, std::int64_t column) const {
        const std::int64_t pass =
            is_float<Weight> ? kernels().pass_columns : kernels().pass_columns_int16;
        return static_cast<std::size_t>(
            detail::place_in_tile(row, column, zero_row + 1, width, pass));
    }
    static Weight in_units(std::int64_t units) {
        return static_cast<Weight>(static_cast<float>(units) * (is_float<Weight> ? kGrid : 1.0F));
    }

    std::int64_t width;
    std::int64_t zero_row;
    AlignedBuffer<Weight> weights;
    AlignedBuffer<Weight> base;
    AlignedBuffer<float> grid;
};

/// Ascending events for several chunks, so that together they touch most of a slab.
struct Events {
    Events(std::int64_t num_rows, std::int64_t per_step) {
        constexpr std::int64_t kMostChunks = 512;
        num_chunks = std::clamp<std::int64_t>(
            2 * num_rows / std::max<std::int64_t>(1, per_step * kNumSteps), 1, kMostChunks);
        std::mt19937 random(1);
        offsets.push_back(0);
        for (std::int64_t step = 0; step < num_chunks * kNumSteps; ++step) {
            for (std::int64_t i = 0; i < per_step; ++i) {
                ids.push_back(
                    static_cast<std::uint16_t>(random() % static_cast<std::uint32_t>(num_rows)));
            }
            std::sort(ids.end() - static_cast<std::ptrdiff_t>(per_step), ids.end());
            offsets.push_back(static_cast<std::uint32_t>(ids.size()));
        }
        ids.resize(ids.size() + 64);
    }

    std::int64_t num_chunks = 1;
    std::vector<std::uint16_t> ids;
    std::vector<std::uint32_t> offsets;
};

template <typename Weight>
struct GatherWork {
    GatherWork(std::shared_ptr<const Slab<Weight>> rows, std::int64_t per_step)
        : slab(std::move(rows)), tile(slab->width), events(slab->zero_row, per_step) {
        arguments.tile = tile.view();
        arguments.tile.base = slab->base.data();
        arguments.rows = slab->rows();
        arguments.zero_row = slab->zero_row;
        arguments.grid = slab->grid.data();
        arguments.events = events.ids.data();
        limit.reserve(static_cast<std::size_t>(slab->width));
        for (std::int64_t column = 0; column < slab->width; ++column) {
            // Thresholds are whole numbers of the grid.
            limit[static_cast<std::size_t>(column)] =
                static_cast<std::int32_t>(arguments.tile.neurons.threshold[column] / kGrid) - 1;
        }
        arguments.limit = limit.data();
    }

    std::int64_t run_chunk(std::int64_t chunk) {
        arguments.offsets = events.offsets.data() + chunk % events.num_chunks * kNumSteps;
        return is_float<Weight> ? kernels().gather(arguments) : kernels().gather_int16(arguments);
    }

    // The last chunk: its events do not begin at 0, where one that reads no offsets would look.
    void check() {
        const std::int64_t chunk = events.num_chunks - 1;
        tile.reset();
        const std::int64_t num_spikes = run_chunk(chunk);
        const std::uint32_t* offsets = events.offsets.data() + chunk * kNumSteps;
        tile.check(num_spikes, [&](std::int64_t step, std::int64_t column) {
            auto sum = static_cast<float>(slab->base[static_cast<std::size_t>(column)]);
            for (std::uint32_t k = offsets[step]; k < offsets[step + 1]; ++k) {
                sum += static_cast<float>(slab->weights[slab->place(events.ids[k], column)]);
            }
            return is_float<Weight> ? sum : sum * kGrid;
        });
    }

    std::shared_ptr<const Slab<Weight>> slab;
    Tile tile;
    Events events;
    AlignedBuffer<std::int32_t> limit;
    detail::GatherArguments arguments;
};

template <typename Weight>
struct AddRowsWork {
    AddRowsWork(std::shared_ptr<const Slab<Weight>> rows, std::int64_t per_list)
        : slab(std::move(rows)),
          num_events(per_list),
          events(slab->zero_row, per_list),
          sums(static_cast<std::size_t>(slab->width), Weight{0}) {}

    void run_list(std::int64_t list) {
        const std::uint16_t* ids =
            events.ids.data() + list % (events.num_chunks * kNumSteps) * num_events;
        if constexpr (is_float<Weight>) {
            kernels().add_rows(slab->rows(), slab->width, ids, num_events, sums.data());
        } else {
            kernels().add_rows_int16(slab->rows(), slab->width, ids, num_events, sums.data());
        }
    }

    void check() {
        std::copy_n(slab->base.data(), slab->width, sums.data());
        run_list(1);
        for (std::int64_t column = 0; column < slab->width; ++column) {
            auto sum = static_cast<float>(slab->base[static_cast<std::size_t>(column)]);
            for (std::int64_t k = num_events; k < 2 * num_events; ++k) {
                const std::uint16_t row = events.ids[static_cast<std::size_t>(k)];
                sum += static_cast<float>(slab->weights[slab->place(row, column)]);
            }
            demand_equal(static_cast<float>(sums[static_cast<std::size_t>(column)]), sum,
                         "the sum of column " + std::to_string(column));
        }
    }

    std::shared_ptr<const Slab<Weight>> slab;
    std::int64_t num_events;
    Events events;
    AlignedBuffer<Weight> sums;
};

template <typename Weight>
void add_cases(std::vector<KernelCase>& cases, std::int64_t width, const SlabSize& size) {
    constexpr std::int64_t kMostRows = 65535;  // an event has 16 bits
    const std::string type = is_float<Weight> ? "float32" : "int16";
    const auto row_bytes = width * static_cast<std::int64_t>(sizeof(Weight));
    const std::int64_t num_rows = std::min(kMostRows, size.bytes / row_bytes);
    const auto slab = std::make_shared<const Slab<Weight>>(num_rows, width);
    const std::string setting = std::to_string(width) + " columns, " +
                                std::to_string(num_rows * row_bytes >> 10) + " KiB (" + size.name +
                                ")";
    for (const std::int64_t per_step : {0, 2, 8, 22, 64}) {
        auto work = std::make_shared<GatherWork<Weight>>(slab, per_step);
        cases.push_back({"gather " + type, setting, std::to_string(per_step) + " events",
                         "additions", static_cast<double>(per_step * width * kNumSteps),
                         static_cast<double>(kNumSteps),
                         [work](std::int64_t repeats) {
                             for (std::int64_t i = 0; i < repeats; ++i) {
                                 work->run_chunk(i);
                             }
                         },
                         [work] { work->check(); }});
    }
    for (const std::int64_t num_events : {8, 64}) {
        auto work = std::make_shared<AddRowsWork<Weight>>(slab, num_events);
        cases.push_back({"add_rows " + type, setting, std::to_string(num_events) + " events",
                         "additions", static_cast<double>(num_events * width), 1.0,
                         [work](std::int64_t repeats) {
                             for (std::int64_t i = 0; i < repeats; ++i) {
                                 work->run_list(i);
                             }
                         },
                         [work] { work->check(); }});
    }
}

}  // namespace

std::vector<SlabSize> slab_sizes() {
    const CacheSizes sizes = cache_sizes();
    return {
        {"L1", sizes.l1_bytes / 2}, {"L2", sizes.l2_bytes / 2}, {"neither", 4 * sizes.l2_bytes}};
}

void add_gather_cases(std::vector<KernelCase>& cases) {
    for (const std::int64_t width : {16, 64, 128}) {
        for (const SlabSize& size : slab_sizes()) {
            add_cases<float>(cases, width, size);
        }
    }
    for (const std::int64_t width : {32, 64, 128}) {
        for (const SlabSize& size : slab_sizes()) {
            add_cases<std::int16_t>(cases, width, size);
        }
    }
}

}  // namespace pysnn::benchmarks
