// Runs the tests, or skips them where the CPU lacks what PYSNN_CPU asks for.
#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>

#include <cstdio>
#include <pysnn/system.hpp>
#include <stdexcept>

int main(int argc, char** argv) {
    try {
        std::printf("kernels: %s\n", pysnn::cpu_target().c_str());
    } catch (const std::invalid_argument& error) {
        std::printf("%s\n", error.what());
        return 77;
    }
    return doctest::Context(argc, argv).run();
}
