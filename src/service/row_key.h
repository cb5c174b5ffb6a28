// {key} of a path: a key as people write it, and the logical key of the table that it means.

#pragma once

#include <string>
#include <string_view>

#include "service/operation.h"
#include "table/typed_topic.h"

namespace omashu::service {

Parameter key_parameter();

// The refusal says what a key of this table looks like.
Answer<std::string> logical_key(table::TypedTopic& typed, std::string_view text);

// As problems show it.
std::string shown_key(std::string_view logical_key);

}  // namespace omashu::service
