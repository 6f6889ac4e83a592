// How fast each kernel of the selected instruction set is by itself: see README.md.

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <pysnn/system.hpp>
#include <stdexcept>
#include <string>

#include "kernels_case.hpp"
#include "timing.hpp"

namespace pysnn::benchmarks {
namespace {

constexpr const char* kUsage =
    "usage: pysnn_kernel_benchmarks [--json] [--only KERNEL] [--rounds N] [--seconds S]\n\n"
    "Compares each kernel with a plain loop, then times it on one thread: medians of the rounds,\n"
    "in each of which every case runs once, for about S seconds. --only takes what begins with\n"
    "KERNEL. PYSNN_CPU=baseline|avx2|avx512|neon forces an instruction set.\n";

struct Options {
    bool help = false;
    bool json = false;
    std::string only;
    double rounds = 7;
    double seconds = 0.01;
};

double positive(const std::string& name, const char* text) {
    char* end = nullptr;
    const double value = std::strtod(text, &end);
    if (*end != '\0' || !(value > 0.0 && value <= 1e4)) {
        throw std::invalid_argument(name + " is '" + text + "', expected a number in (0, 10000]");
    }
    return value;
}

Options parse(const std::vector<std::string>& arguments) {
    Options options;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        const std::string& name = arguments[i];
        if (name == "--json" || name == "--help") {
            (name == "--json" ? options.json : options.help) = true;
            continue;
        }
        if (name != "--only" && name != "--rounds" && name != "--seconds") {
            throw std::invalid_argument("unknown argument '" + name + "'");
        }
        if (++i == arguments.size()) {
            throw std::invalid_argument(name + " needs a value");
        }
        if (name == "--only") {
            options.only = arguments[i];
        } else {
            (name == "--rounds" ? options.rounds : options.seconds) =
                positive(name, arguments[i].c_str());
        }
    }
    return options;
}

std::vector<KernelCase> selected_cases(const std::string& only) {
    std::vector<KernelCase> cases;
    add_gather_cases(cases);
    add_window_cases(cases);
    add_list_cases(cases);
    add_poisson_cases(cases);
    const auto unwanted = [&](const KernelCase& c) { return c.kernel.rfind(only, 0) != 0; };
    cases.erase(std::remove_if(cases.begin(), cases.end(), unwanted), cases.end());
    if (cases.empty()) {
        throw std::invalid_argument("no kernel begins with '" + only + "'");
    }
    return cases;
}

void check(const std::vector<KernelCase>& cases) {
    for (const KernelCase& each : cases) {
        try {
            each.check();
        } catch (const std::runtime_error& error) {
            throw std::runtime_error(each.kernel + ", " + each.setting + ", " + each.variant +
                                     ": " + error.what());
        }
    }
}

/// Median seconds of one run of each case. Rounds go through all cases, so that a machine that
/// slows down for a while costs each of them a round and none its median.
std::vector<double> measure(const std::vector<KernelCase>& cases, const Options& options) {
    std::vector<std::int64_t> repeats;
    for (const KernelCase& each : cases) {
        repeats.push_back(repeats_for(options.seconds, each.run));
    }
    std::vector<std::vector<double>> seconds(cases.size());
    for (int round = 0; round < static_cast<int>(options.rounds + 0.5); ++round) {
        for (std::size_t i = 0; i < cases.size(); ++i) {
            const double taken = timed(1, [&](int) { cases[i].run(repeats[i]); });
            seconds[i].push_back(taken / static_cast<double>(repeats[i]));
        }
    }
    std::vector<double> medians;
    for (const std::vector<double>& times : seconds) {
        medians.push_back(median(times));
    }
    return medians;
}

void print_table(const std::vector<KernelCase>& cases, const std::vector<double>& seconds) {
    std::printf("CPU %s\n\n| kernel | on | with | ns | G/s | of |\n|---|---|---|---|---|---|\n",
                cpu_target().c_str());
    for (std::size_t i = 0; i < cases.size(); ++i) {
        const KernelCase& each = cases[i];
        std::printf("| %s | %s | %s | %.2f | %.2f | %s |\n", each.kernel.c_str(),
                    each.setting.c_str(), each.variant.c_str(), seconds[i] / each.steps * 1e9,
                    each.work / seconds[i] * 1e-9, each.unit.c_str());
    }
}

void print_json(const std::vector<KernelCase>& cases, const std::vector<double>& seconds) {
    std::printf("{\"cpu_target\": \"%s\", \"cases\": [", cpu_target().c_str());
    for (std::size_t i = 0; i < cases.size(); ++i) {
        const KernelCase& each = cases[i];
        std::printf(
            "%s\n{\"kernel\": \"%s\", \"setting\": \"%s\", \"variant\": \"%s\", \"unit\": \"%s\", "
            "\"seconds_per_step\": %.6g, \"work_per_second\": %.6g}",
            i == 0 ? "" : ",", each.kernel.c_str(), each.setting.c_str(), each.variant.c_str(),
            each.unit.c_str(), seconds[i] / each.steps, each.work / seconds[i]);
    }
    std::printf("]}\n");
}

void run(const Options& options) {
    if (options.help) {
        std::fputs(kUsage, stdout);
        return;
    }
    const std::vector<KernelCase> cases = selected_cases(options.only);
    check(cases);
    (options.json ? print_json : print_table)(cases, measure(cases, options));
}

}  // namespace
}  // namespace pysnn::benchmarks

int main(int argc, char** argv) {
    try {
        pysnn::benchmarks::run(pysnn::benchmarks::parse({argv + 1, argv + argc}));
    } catch (const std::invalid_argument& error) {
        std::fprintf(stderr, "pysnn_kernel_benchmarks: %s\n%s", error.what(),
                     pysnn::benchmarks::kUsage);
        return 2;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "pysnn_kernel_benchmarks: %s\n", error.what());
        return 1;
    }
    return 0;
}
