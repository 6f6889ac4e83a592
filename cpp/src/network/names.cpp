// The names that enumerators have in model files, in messages and in Python; neuron models have
// theirs in network/spiking/neuron_models.cpp.
#include <pysnn/input.hpp>
#include <pysnn/names.hpp>

namespace pysnn {

// A switch without a default: the compiler warns of an enumerator that is left out.

const char* name_of(Activation activation) noexcept {
    switch (activation) {
        case Activation::ReLU:
            return "relu";
        case Activation::None:
            return "none";
    }
    return "";
}

const char* name_of(DataVariant variant) noexcept {
    switch (variant) {
        case DataVariant::Correct:
            return "correct";
        case DataVariant::Released:
            return "released";
    }
    return "";
}

const char* name_of(Encoding encoding) noexcept {
    switch (encoding) {
        case Encoding::Poisson:
            return "poisson";
        case Encoding::Regular:
            return "regular";
        case Encoding::Constant:
            return "constant";
    }
    return "";
}

const char* name_of(Look look) noexcept {
    switch (look) {
        case Look::Plain:
            return "plain";
        case Look::Rectified:
            return "rectified";
        case Look::Magnitude:
            return "magnitude";
    }
    return "";
}

const char* name_of(Precision precision) noexcept {
    switch (precision) {
        case Precision::Float32:
            return "float32";
        case Precision::Int16:
            return "int16";
    }
    return "";
}

const char* name_of(ResetMode reset) noexcept {
    switch (reset) {
        case ResetMode::Zero:
            return "zero";
        case ResetMode::Subtract:
            return "subtract";
    }
    return "";
}

}  // namespace pysnn
