// Enumerators, sizes, paddings and scales as Python has them.
#include "values.hpp"

namespace pysnn::bindings {

Sides sides_of(const Padding& padding) {
    return {padding.top, padding.bottom, padding.left, padding.right};
}

Padding padding_of(const Sides& sides) { return {sides[0], sides[1], sides[2], sides[3]}; }

}  // namespace pysnn::bindings
