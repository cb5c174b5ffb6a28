// Which parts of an index a filter needs. See IndexedField::ranges().

#pragma once

#include <optional>
#include <string>

#include "avro/datum.h"
#include "base/json.h"
#include "table/bound_condition.h"
#include "table/filter.h"
#include "table/store/ranges.h"

namespace omashu::table {

// A value as the index has it, beside what compares with it: the two must agree.
std::string ordered_value(const avro::Datum& value);
std::string ordered_value(const json::Value& value);

// Nothing where the filter does not bound the field. `path` is without a first `key`.
std::optional<Ranges> index_ranges(const Filter& filter, const FieldPath& path, bool asks_key);

}  // namespace omashu::table
