// The fields that index= and ttl= name.

#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "avro/schema.h"

namespace omashu::provision {

// Why values of that schema have no such field ("source.url"), with the nearest name. Nothing where they have it, and
// for what only the table itself can judge: fields of keys (`key.region`), and names in brackets.
std::optional<std::string> field_problem(const avro::Node& schema, std::string_view path);

}  // namespace omashu::provision
