// The components of an OpenAPI document that a table adds: its key, its value, its row.

#pragma once

#include <string>

#include "base/json.h"
#include "table/typed_topic.h"

namespace omashu::service {

// Adds TOPIC-key, TOPIC-value, TOPIC-row and the named types that they use to an object of components.
void add_table_schemas(json::Value& schemas, const std::string& topic, const table::TypedTopic& typed);

// The value with references to Key, Value and Row turned into those of the topic.
json::Value with_table_references(const json::Value& schema, const std::string& topic);

}  // namespace omashu::service
