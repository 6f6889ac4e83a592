// Compiling, once for each network; which engine does it is decided here.

#include "engine/program.hpp"

#include "engine/cpu/cpu_program.hpp"
#include "network/spiking/network_data.hpp"

namespace pysnn::detail {
std::shared_ptr<const Program> compile(const SpikingNetwork& network) {
    return std::static_pointer_cast<const Program>(
        NetworkAccess::compiled(network).get([&]() -> std::shared_ptr<const Program> {
            return std::make_shared<const CpuProgram>(network.description());
        }));
}

std::shared_ptr<const Program> compile_for(SpikingNetworkDescription& description,
                                           Encoding encoding) {
    return std::make_shared<const CpuProgram>(description, encoding);
}

}  // namespace pysnn::detail
