// One visitor of several lambdas for std::visit, one for each alternative of a variant.
#pragma once

namespace pysnn::detail {

template <typename... Functions>
struct Overloaded : Functions... {
    using Functions::operator()...;
};

template <typename... Functions>
Overloaded(Functions...) -> Overloaded<Functions...>;

}  // namespace pysnn::detail
