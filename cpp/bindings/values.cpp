// Enumerators and scales as Python has them: names, and one number for each layer or population.
#include "values.hpp"

namespace pysnn::bindings {

std::vector<double> single_scales(const std::vector<std::vector<double>>& scales) {
    std::vector<double> result;
    for (const std::vector<double>& each : scales) {
        if (each.size() != 1) {
            throw py::value_error("scale factors differ by channel (" +
                                  std::to_string(each.size()) + " of them), expected one number");
        }
        result.push_back(each.front());
    }
    return result;
}

std::vector<std::vector<double>> nested_scales(const std::vector<double>& scales) {
    std::vector<std::vector<double>> result;
    for (const double scale : scales) {
        result.push_back({scale});
    }
    return result;
}

}  // namespace pysnn::bindings
