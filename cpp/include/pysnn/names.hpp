// The names that enumerators have in model files, in messages and in Python.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <pysnn/calibration.hpp>
#include <pysnn/export.hpp>
#include <pysnn/network.hpp>
#include <pysnn/normalization.hpp>
#include <pysnn/spiking_network.hpp>
#include <string_view>

namespace pysnn {

PYSNN_API const char* name_of(Activation activation) noexcept;
PYSNN_API const char* name_of(DataVariant variant) noexcept;
PYSNN_API const char* name_of(Look look) noexcept;
PYSNN_API const char* name_of(NeuronModel neuron) noexcept;
PYSNN_API const char* name_of(Precision precision) noexcept;
PYSNN_API const char* name_of(ResetMode reset) noexcept;

inline constexpr std::array<Activation, 2> kActivations{Activation::ReLU, Activation::None};
inline constexpr std::array<DataVariant, 2> kDataVariants{DataVariant::Correct,
                                                          DataVariant::Released};
inline constexpr std::array<Look, 3> kLooks{Look::Plain, Look::Rectified, Look::Magnitude};
inline constexpr std::array<NeuronModel, 6> kNeuronModels{
    NeuronModel::If,    NeuronModel::Signed,  NeuronModel::Bipolar,
    NeuronModel::Leaky, NeuronModel::Readout, NeuronModel::MaxPool};
inline constexpr std::array<Precision, 2> kPrecisions{Precision::Float32, Precision::Int16};
inline constexpr std::array<ResetMode, 2> kResetModes{ResetMode::Zero, ResetMode::Subtract};

/// The enumerator of a name, nothing where no enumerator has it.
///
/// Args:
///     all: the enumerators that the name may stand for.
template <typename Enum, std::size_t kCount>
std::optional<Enum> find_by_name(const std::array<Enum, kCount>& all, std::string_view name) {
    for (const Enum each : all) {
        if (name == name_of(each)) {
            return each;
        }
    }
    return std::nullopt;
}

}  // namespace pysnn
