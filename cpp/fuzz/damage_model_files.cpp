// Damages model files in every way and has the core read them under watch.
#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <exception>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <vector>

#include "damages.hpp"
#include "model_bytes.hpp"
#include "read_bytes.hpp"
#include "watched_read.hpp"

namespace {

struct Tally {
    std::size_t num_files = 0;
    std::size_t num_accepted = 0;
    double worst = 0.0;  // allocated bytes beyond the limit's constant, per byte of the file

    void add(const std::string& file) {
        const Reading reading = read_watched(file);
        ++num_files;
        num_accepted += reading.accepted ? 1 : 0;
        const std::size_t constant = allocation_limit(0);
        if (reading.allocated > constant) {
            worst = std::max(worst, static_cast<double>(reading.allocated - constant) /
                                        static_cast<double>(std::max<std::size_t>(file.size(), 1)));
        }
    }
};

std::string repeated(const char* unit, std::size_t size) {
    std::string list = "[";
    while (list.size() < size) {
        list += unit;
    }
    list.back() = ']';
    return list;
}

/// Headers and descriptions that are valid JSON and take the most memory per byte.
void add_dense_files(Tally& tally) {
    // Lists grow by doubling: the most is allocated just beyond a power of two.
    for (const std::size_t size : {(1U << 15) * 3 + 100, (1U << 15) * 3 - 100}) {
        for (const char* unit : {"{},", "[],", "0,", "[0],"}) {
            const std::string dense = "{\"a\":" + repeated(unit, size) + "}";
            tally.add(put_together({dense, ""}));
            const nlohmann::json metadata = {{"pysnn", dense}};
            tally.add(put_together({nlohmann::json({{"__metadata__", metadata}}).dump(), ""}));
        }
    }
}

void print(const char* what, const Tally& tally) {
    std::printf("%s: %zu files, %zu accepted, at most %.1f bytes allocated per byte\n", what,
                tally.num_files, tally.num_accepted, tally.worst);
}

void expect(bool holds, const std::string& what) {
    if (!holds) {
        throw std::runtime_error(what);
    }
}

}  // namespace

// Damages every file given, in every way, and has the core read each damaged version under watch.
// With --all-but-changes first, bytes keep their values: that part takes the most time by far.
int main(int argc, char** argv) {
    try {
        const std::vector<std::string> arguments(argv + 1, argv + argc);
        const bool changes_bytes = arguments.empty() || arguments.front() != "--all-but-changes";
        expect(arguments.size() > (changes_bytes ? 0 : 1),
               "usage: damage_model_files [--all-but-changes] FILE...");
        Tally cuts;
        Tally changes;
        Tally shifts;
        Tally fields;
        Tally dense;
        for (std::size_t i = changes_bytes ? 0 : 1; i < arguments.size(); ++i) {
            const std::string file = read_bytes(arguments[i]);
            expect(read_watched(file).accepted, arguments[i] + " is not a model file");
            cut_everywhere(file, [&](const std::string& damaged) { cuts.add(damaged); });
            if (changes_bytes) {
                change_every_byte(file, [&](const std::string& damaged) { changes.add(damaged); });
            }
            shift_every_byte(file, [&](const std::string& damaged) { shifts.add(damaged); });
            corrupt_every_field(file, [&](const std::string& damaged) { fields.add(damaged); });
        }
        add_dense_files(dense);
        print("cut", cuts);
        print("changed", changes);
        print("shifted", shifts);
        print("corrupted", fields);
        print("dense", dense);
        expect(cuts.num_accepted == 0, "a file that was cut or continued was accepted");
        expect(dense.num_accepted == 0, "a file without a network was accepted");
        return 0;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
        return 1;
    }
}
