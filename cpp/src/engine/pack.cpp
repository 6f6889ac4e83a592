// Networks that are compiled at once and drop what nobody reads any more.

#include <optional>
#include <pysnn/input.hpp>
#include <pysnn/pack.hpp>
#include <stdexcept>
#include <string>
#include <utility>

#include "engine/program.hpp"
#include "engine/settings.hpp"
#include "network/spiking/network_data.hpp"
#include "platform/float_mode.hpp"

namespace pysnn {

SpikingNetwork pack(SpikingNetwork network, std::optional<Encoding> encoding) {
    const detail::FloatMode mode;
    if (network.packed_for()) {
        throw std::invalid_argument("network is packed already, for " +
                                    std::string(name_of(*network.packed_for())) + " input");
    }
    const Encoding chosen = detail::encoding_of(network, encoding);
    auto data = detail::NetworkAccess::take(std::move(network));
    data->packed_for = chosen;
    const auto program = detail::compile_for(data->description, chosen);
    data->compiled.get([&] { return program; });
    return detail::NetworkAccess::network_of(std::move(data));
}

}  // namespace pysnn
