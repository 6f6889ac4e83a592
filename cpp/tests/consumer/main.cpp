/// A stranger's program: whatever way it found the library, it prints the same lines.

#include <cstdint>
#include <cstdio>
#include <pysnn/pysnn.hpp>
#include <vector>

int main() {
    std::printf("headers %d.%d.%d library %s\n", PYSNN_VERSION_MAJOR, PYSNN_VERSION_MINOR,
                PYSNN_VERSION_PATCH, pysnn::version());
    std::printf("openmp %d\n", pysnn::has_openmp() ? 1 : 0);

    pysnn::Population output;
    output.name = "output";
    output.shape = {2};
    output.projections = {{pysnn::kInputName, pysnn::Linear{2,
                                                            3,
                                                            {0.5F, 0.25F, 0.0F,  //
                                                             0.1F, -0.2F, 0.7F},
                                                            {}}}};
    pysnn::SpikingNetworkDescription description;
    description.input_shape = {3};
    description.populations = {output};
    const pysnn::SpikingNetwork network(description);
    const std::vector<float> x = {1.0F, 0.5F, 0.25F};
    pysnn::SimulationOptions options;
    options.seed = 7;
    const std::vector<std::int32_t> counts =
        pysnn::simulate(network, x.data(), 1, options).spike_counts();
    std::printf("spikes %u %u\n", static_cast<unsigned>(counts[0]),
                static_cast<unsigned>(counts[1]));

    // Thrown in the library, caught by its type here.
    try {
        pysnn::model_from_bytes("not a model");
    } catch (const pysnn::ModelFileError&) {
        std::printf("caught\n");
    }
    return 0;
}
