// The attributes of a schema's text that the specification does not name. Private to this folder.

#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"

namespace omashu::avro {

// Which attributes count as the specification's own follows Avro Java: "default" is one of an enum's and of a field's,
// but a custom property of a record; "namespace" is one of every schema's, but a custom property of a field.
// Of a name that stands twice, the last value holds, at the place of the first.
std::vector<json::Member> schema_properties(const json::Value& object);
std::vector<json::Member> enum_properties(const json::Value& object);
std::vector<json::Member> field_properties(const json::Value& object);

// An attribute that is a string; one of another kind counts as none, as in Avro Java.
std::optional<std::string> optional_text(const json::Value& object, std::string_view name);

// The member that was most likely meant to be the attribute: one that the specification names nowhere, and that is
// nearly spelt like it. Null where there is none.
const json::Member* find_misspelt(const json::Value& object, std::string_view attribute);

// The members of an object, each name once, by the same rule.
std::vector<json::Member> unique_members(const std::vector<json::Member>& members);

}  // namespace omashu::avro
