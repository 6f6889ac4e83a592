// Reads the inputs of a corpus where there is no libFuzzer.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <string>
#include <vector>

#include "read_bytes.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

// Stands in for libFuzzer where the compiler has none: every file of the folders once.
int main(int argc, char** argv) {
    namespace fs = std::filesystem;
    try {
        std::vector<std::string> paths;
        for (int i = 1; i < argc; ++i) {
            for (const fs::directory_entry& entry : fs::directory_iterator(argv[i])) {
                paths.push_back(entry.path().string());
            }
        }
        std::sort(paths.begin(), paths.end());
        for (const std::string& path : paths) {
            // Said before, so that a crash names its file.
            std::fprintf(stderr, "%s\n", path.c_str());
            const std::string bytes = read_bytes(path);
            LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(bytes.data()),
                                   bytes.size());
        }
        std::printf("%zu inputs\n", paths.size());
        return paths.empty() ? 2 : 0;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
        return 2;
    }
}
