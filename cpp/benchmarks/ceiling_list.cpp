// The list of ceilings: what is timed, and how much work it is.
#include "ceiling_list.hpp"

#include <algorithm>
#include <memory>
#include <random>

#include "base/aligned_buffer.hpp"
#include "caches.hpp"
#include "timing.hpp"

namespace pysnn::benchmarks {
namespace {

using Arrays = std::vector<detail::AlignedBuffer<char>>;

struct Level {
    const char* key;
    const char* name;
    std::int64_t bytes;  // per thread
};

std::int64_t whole_blocks(std::int64_t bytes) {
    return std::max(kBlockBytes, bytes / kBlockBytes * kBlockBytes);
}

// Half of a cache that a core has to itself; of a shared one, four times the level before, but
// never more than half of what is there for all; of the memory, far more than any cache.
std::vector<Level> levels(int num_threads) {
    const CacheSizes sizes = cache_sizes();
    const std::int64_t l3_share = sizes.l3_bytes / (2 * num_threads);
    std::vector<Level> found = {{"l1", "L1", whole_blocks(sizes.l1_bytes / 2)},
                                {"l2", "L2", whole_blocks(sizes.l2_bytes / 2)}};
    if (l3_share > sizes.l2_bytes) {
        found.push_back({"l3", "L3", whole_blocks(std::min(l3_share, 4 * sizes.l2_bytes))});
    }
    const std::int64_t memory = std::max<std::int64_t>(256 << 20, 4 * sizes.l3_bytes);
    found.push_back({"dram", "DRAM", whole_blocks(memory / num_threads)});
    return found;
}

std::string size_text(std::int64_t bytes) {
    return bytes < (4 << 20) ? std::to_string(bytes >> 10) + " KiB"
                             : std::to_string(bytes >> 20) + " MiB";
}

// Each array is first written by the thread that reads it, which puts it into that one's memory.
std::shared_ptr<Arrays> zeroed_arrays(std::int64_t bytes, int num_threads) {
    auto arrays = std::make_shared<Arrays>(static_cast<std::size_t>(num_threads));
    timed(num_threads, [&](int thread) {
        (*arrays)[static_cast<std::size_t>(thread)] =
            detail::AlignedBuffer<char>(static_cast<std::size_t>(bytes), 0);
    });
    return arrays;
}

void add_registers(const CeilingKernels& kernels, std::vector<Ceiling>& list) {
    const auto adds = static_cast<double>(kernels.adds_per_turn);
    list.push_back({"float32_add_registers", "float32 add, registers", "adds/s", adds,
                    [&kernels](int, std::int64_t n) { kernels.float_registers(n); }});
    list.push_back({"int16_add_registers", "int16 add, registers", "adds/s", 2 * adds,
                    [&kernels](int, std::int64_t n) { kernels.int16_registers(n); }});
}

void add_streams(const CeilingKernels& kernels, const Level& level,
                 const std::shared_ptr<Arrays>& arrays, std::vector<Ceiling>& list) {
    const std::int64_t bytes = level.bytes;
    const auto count = static_cast<double>(bytes);
    const std::string key = level.key;
    const std::string where = std::string(level.name) + ", " + size_text(bytes);
    const auto data = [arrays](int thread) {
        return (*arrays)[static_cast<std::size_t>(thread)].data();
    };
    list.push_back(
        {"load_" + key, "load, " + where, "B/s", count, [=, &kernels](int thread, std::int64_t n) {
             kernels.load_stream(data(thread), bytes, n);
         }});
    list.push_back({"float32_add_" + key, "float32 add, " + where, "adds/s", count / 4,
                    [=, &kernels](int thread, std::int64_t n) {
                        kernels.float_stream(data(thread), bytes, n);
                    }});
    list.push_back({"int16_add_" + key, "int16 add, " + where, "adds/s", count / 2,
                    [=, &kernels](int thread, std::int64_t n) {
                        kernels.int16_stream(data(thread), bytes, n);
                    }});
}

// An eighth of the rows of one column tile, in order, and others in the next step: the events of
// the FCN's first layer.
void add_rows(const CeilingKernels& kernels, int num_threads, std::vector<Ceiling>& list) {
    constexpr std::int32_t kNumRows = 784;
    constexpr int kNumSteps = 100;
    std::mt19937 random(1);
    auto rows = std::make_shared<std::vector<std::int32_t>>();
    for (int step = 0; step < kNumSteps; ++step) {
        for (std::int32_t row = 0; row < kNumRows; ++row) {
            if (random() % 8 == 0) {
                rows->push_back(row);
            }
        }
    }
    const auto arrays = zeroed_arrays(kNumRows * kRowBytes, num_threads);
    const auto num_rows = static_cast<std::int64_t>(rows->size());
    const auto bytes = static_cast<double>(num_rows * kRowBytes);
    const std::string where =
        "rows of " + std::to_string(kRowBytes) + " B out of " + size_text(kNumRows * kRowBytes);
    const auto slab = [arrays](int thread) {
        return (*arrays)[static_cast<std::size_t>(thread)].data();
    };
    list.push_back({"float32_add_rows", "float32 add, " + where, "adds/s", bytes / 4,
                    [=, &kernels](int thread, std::int64_t n) {
                        kernels.float_rows(slab(thread), rows->data(), num_rows, n);
                    }});
    list.push_back({"int16_add_rows", "int16 add, " + where, "adds/s", bytes / 2,
                    [=, &kernels](int thread, std::int64_t n) {
                        kernels.int16_rows(slab(thread), rows->data(), num_rows, n);
                    }});
}

}  // namespace

std::vector<Ceiling> ceilings(const CeilingKernels& kernels, int num_threads) {
    std::vector<Ceiling> list;
    add_registers(kernels, list);
    const std::vector<Level> found = levels(num_threads);
    const auto arrays = zeroed_arrays(found.back().bytes, num_threads);
    for (const Level& level : found) {
        add_streams(kernels, level, arrays, list);
    }
    add_rows(kernels, num_threads, list);
    list.push_back({"philox", "Philox4x32-10", "words/s",
                    static_cast<double>(kernels.words_per_turn),
                    [&kernels](int, std::int64_t n) { kernels.philox(7, n); }});
    return list;
}

}  // namespace pysnn::benchmarks
