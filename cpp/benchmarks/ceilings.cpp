// How much this machine can add, load and draw at best: see README.md.

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <pysnn/system.hpp>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "ceiling_check.hpp"
#include "ceiling_list.hpp"
#include "platform/cpu_target.hpp"
#include "timing.hpp"

namespace pysnn::benchmarks {
namespace {

constexpr const char* kUsage =
    "usage: pysnn_ceilings [--json] [--only KEY] [--threads N] [--rounds N] [--seconds S]\n\n"
    "Measures what one thread and N threads reach: medians of the rounds, each of about S\n"
    "seconds; --only takes the keys that --json shows. PYSNN_CPU=baseline|avx2|avx512|neon forces "
    "an instruction set.\n";

struct Options {
    bool json = false;
    std::string only;  // key; empty for all
    int num_threads = default_num_threads();
    int rounds = 7;
    double seconds = 0.03;
};

double number_after(int argc, char** argv, int i) {
    char* end = nullptr;
    const double value = i + 1 < argc ? std::strtod(argv[i + 1], &end) : 0.0;
    if (end == nullptr || *end != '\0' || !(value > 0.0 && value <= 4096.0)) {
        throw std::invalid_argument(std::string(argv[i]) + " needs a number above 0");
    }
    return value;
}

Options parse(int argc, char** argv) {
    Options options;
    for (int i = 1; i < argc; ++i) {
        const std::string argument = argv[i];
        if (argument == "--json") {
            options.json = true;
        } else if (argument == "--only" && i + 1 < argc) {
            options.only = argv[++i];
        } else if (argument == "--threads") {
            options.num_threads = static_cast<int>(std::ceil(number_after(argc, argv, i++)));
        } else if (argument == "--rounds") {
            options.rounds = static_cast<int>(std::ceil(number_after(argc, argv, i++)));
        } else if (argument == "--seconds") {
            options.seconds = number_after(argc, argv, i++);
        } else {
            throw std::invalid_argument("unknown argument '" + argument + "'");
        }
    }
    return options;
}

const CeilingKernels& selected_kernels() {
    switch (detail::selected_cpu_target()) {
        case detail::CpuTarget::Avx512:
            return kAvx512Ceilings;
        case detail::CpuTarget::Avx2:
            return kAvx2Ceilings;
        default:
            return kBaselineCeilings;
    }
}

struct Rates {
    double one_thread;
    double all_threads;
};

// The two are measured in turns, so that a machine that slows down slows both.
Rates measure(const Ceiling& ceiling, const Options& options) {
    const std::int64_t repeats =
        repeats_for(options.seconds, [&](std::int64_t count) { ceiling.run(0, count); });
    const auto rate = [&](int num_threads) {
        const double seconds = timed(num_threads, [&](int t) { ceiling.run(t, repeats); });
        return num_threads * ceiling.work * static_cast<double>(repeats) / seconds;
    };
    std::vector<double> one;
    std::vector<double> all;
    for (int round = 0; round < options.rounds; ++round) {
        one.push_back(rate(1));
        all.push_back(rate(options.num_threads));
    }
    return {median(one), median(all)};
}

void print_table(const std::vector<Ceiling>& list, const Options& options) {
    std::printf("CPU %s, medians of %d rounds, G = 10^9\n\n", cpu_target().c_str(), options.rounds);
    std::printf("| what | 1 thread | %d threads | unit |\n|---|---|---|---|\n",
                options.num_threads);
    for (const Ceiling& ceiling : list) {
        const Rates rates = measure(ceiling, options);
        std::printf("| %s | %.1f | %.1f | G %s |\n", ceiling.name.c_str(), rates.one_thread * 1e-9,
                    rates.all_threads * 1e-9, ceiling.unit.c_str());
        std::fflush(stdout);
    }
}

void print_json(const std::vector<Ceiling>& list, const Options& options) {
    std::printf("{\"cpu_target\": \"%s\", \"num_threads\": %d, \"rounds\": %d, \"ceilings\": [",
                cpu_target().c_str(), options.num_threads, options.rounds);
    const char* separator = "";
    for (const Ceiling& ceiling : list) {
        const Rates rates = measure(ceiling, options);
        std::printf(
            "%s\n{\"key\": \"%s\", \"name\": \"%s\", \"unit\": \"%s\", \"one_thread\": %.6g, "
            "\"all_threads\": %.6g}",
            separator, ceiling.key.c_str(), ceiling.name.c_str(), ceiling.unit.c_str(),
            rates.one_thread, rates.all_threads);
        separator = ",";
    }
    std::printf("]}\n");
}

void run(const Options& options) {
    const CeilingKernels& kernels = selected_kernels();
    check(kernels);
    std::vector<Ceiling> list;
    for (Ceiling& ceiling : ceilings(kernels, options.num_threads)) {
        if (options.only.empty() || options.only == ceiling.key) {
            list.push_back(std::move(ceiling));
        }
    }
    if (list.empty()) {
        throw std::invalid_argument("no ceiling has the key '" + options.only + "'");
    }
    if (options.json) {
        print_json(list, options);
    } else {
        print_table(list, options);
    }
}

}  // namespace
}  // namespace pysnn::benchmarks

int main(int argc, char** argv) {
    if (argc == 2 && std::strcmp(argv[1], "--help") == 0) {
        std::fputs(pysnn::benchmarks::kUsage, stdout);
        return 0;
    }
    try {
        pysnn::benchmarks::run(pysnn::benchmarks::parse(argc, argv));
    } catch (const std::invalid_argument& error) {
        std::fprintf(stderr, "pysnn_ceilings: %s\n%s", error.what(), pysnn::benchmarks::kUsage);
        return 2;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "pysnn_ceilings: %s\n", error.what());
        return 1;
    }
    return 0;
}
