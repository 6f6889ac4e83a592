// Recordables and their arrays by name, for callers that do not know them.

#include <pysnn/record.hpp>
#include <stdexcept>

#include "record/recordable.hpp"

namespace pysnn {
namespace {

const detail::Recordable& find(const std::string& recordable) {
    std::string names;
    for (const detail::Recordable* each : detail::kRecordables) {
        if (recordable == each->name) {
            return *each;
        }
        names += (names.empty() ? "'" : ", '") + std::string(each->name) + "'";
    }
    throw std::invalid_argument("record: '" + recordable + "' cannot be kept, expected one of " +
                                names);
}

}  // namespace

std::vector<std::string> recordable_names() {
    std::vector<std::string> names;
    for (const detail::Recordable* each : detail::kRecordables) {
        names.emplace_back(each->name);
    }
    return names;
}

std::vector<std::string>& populations_to_record(RecordOptions& options,
                                                const std::string& recordable) {
    return options.*find(recordable).populations;
}

std::vector<RecordedArray> recorded_arrays(const PopulationRecord& record,
                                           const std::string& recordable) {
    return find(recordable).arrays(record);
}

}  // namespace pysnn
