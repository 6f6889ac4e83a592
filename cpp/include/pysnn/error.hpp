// The errors that have types of their own.
#pragma once

#include <pysnn/export.hpp>
#include <stdexcept>

namespace pysnn {

/// The file is not a model file, is damaged, or is of a version that this library does not read.
class PYSNN_EXCEPTION ModelFileError : public std::invalid_argument {
  public:
    using std::invalid_argument::invalid_argument;
};

/// should_stop asked to give up.
class PYSNN_EXCEPTION Interrupted : public std::runtime_error {
  public:
    Interrupted() : std::runtime_error("interrupted") {}
};

}  // namespace pysnn
