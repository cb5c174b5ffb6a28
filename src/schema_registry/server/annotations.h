// What may stand beside a schema's text: metadata (tags, properties, names of sensitive ones) and a rule set. The
// server keeps and returns them; clients act on them. They are part of a schema's identity, so they have one spelling:
// known members in a fixed order, sets and maps sorted, empty parts and nulls left out.

#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "omashu/result.h"

namespace omashu::schema_registry::server {

// JSON in the one spelling; "" where there is none.
struct Annotations {
  std::string metadata = {};
  std::string rule_set = {};

  bool empty() const { return metadata.empty() && rule_set.empty(); }
  bool operator==(const Annotations&) const = default;
};

// Reads the members "metadata" and "ruleSet" (as .NET's client spells it: "ruleset") of a request or a record.
// Errors name the member that is wrong.
Result<Annotations> parse_annotations(const json::Value& object);

Result<std::string> normalized_metadata(const json::Value& metadata);
Result<std::string> normalized_rule_set(const json::Value& rule_set);

// Both put together, member by member; `over` where both have one: a tag, a property, a rule by its name.
Annotations merged(const Annotations& under, const Annotations& over);

// Whether a rule set in the one spelling says what Confluent's clients can act on: names, types, kinds and modes.
Result<void> check_rule_set(const std::string& rule_set);

// The rule set without the rules of these names.
std::string without_rules(const std::string& rule_set, const std::vector<std::string>& names);

std::optional<std::string> metadata_property(const std::string& metadata, std::string_view name);

// Whether the metadata has all these properties.
bool has_properties(const std::string& metadata, const json::Value& properties);

// What Confluent's registry feeds into the hash of a schema (guid.h).
void append_hashed(std::string& out, const Annotations& annotations);

}  // namespace omashu::schema_registry::server
