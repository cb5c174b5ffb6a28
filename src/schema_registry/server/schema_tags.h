// Tags within a schema's text: the property "confluent:tags" of a record or of a field, and requests that change it.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "schema_registry/server/api_error.h"

namespace omashu::schema_registry::server {

struct EntityTags {
  std::string path;  // "name.space.Record", or with ".field" behind it; without a name space, the first of that name
  bool is_field = false;
  std::vector<std::string> tags = {};
};

struct TagChanges {
  std::vector<EntityTags> add = {};
  std::vector<EntityTags> remove = {};

  bool empty() const { return add.empty() && remove.empty(); }
};

// [{"schemaEntity":{"entityPath":"n.R.f","entityType":"sr_field"},"tags":["PII"]}] under two names of an object; 422
// for anything else.
Answer<TagChanges> parse_tag_changes(const json::Value& object, std::string_view add_name,
                                     std::string_view remove_name);

// The text with tags added and then removed. 42201 where it is no JSON or has no such record or field.
Answer<std::string> with_tags(const std::string& schema, const TagChanges& changes);

}  // namespace omashu::schema_registry::server
