// Schema texts, and pairs of them with a zero byte between: what parses must have a text that parses to the same text,
// and must be able to read itself.

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "avro/compatibility.h"
#include "avro/schema.h"
#include "avro/schema_comments.h"
#include "avro/schema_lint.h"
#include "avro/schema_text.h"
#include "avro/transitions.h"

using namespace omashu;
using namespace omashu::avro;

namespace {

void require(bool condition, const char* what, const std::string& text) {
  if (condition) return;
  std::fprintf(stderr, "%s: %s\n", what, text.c_str());
  std::abort();
}

Result<Schema> parse_again(const std::string& text) {
  // An infinite double is written as text, which is a default only where the field's own type is float or double.
  return Schema::parse(text, {.references = {}, .check_defaults = false});
}

void check_text(const std::string& text, std::string (*write)(const Schema&)) {
  const auto again = parse_again(text);
  require(again.has_value(), "its own text does not parse", text);
  require(write(*again) == text, "its own text changes", text);
}

// The canonical form omits namespaces, so a name of the null namespace takes on that of the type around it.
bool mixes_namespaces(const Schema& schema) {
  const auto in_null_namespace = [](const auto& definition) { return definition.second->name_space().empty(); };
  return std::ranges::any_of(schema.definitions(), in_null_namespace) &&
         !std::ranges::all_of(schema.definitions(), in_null_namespace);
}

// A field with an alias that is the name of a field too reads from two at once.
bool has_ambiguous_alias(const Schema& schema) {
  return std::ranges::any_of(schema.definitions(), [](const auto& definition) {
    const Node& node = *definition.second;
    return std::ranges::any_of(node.fields, [&](const Field& field) {
      return std::ranges::any_of(field.aliases, [&](const std::string& alias) { return node.find_field(alias); });
    });
  });
}

void check_transitions(std::string_view text, const Schema& schema) {
  const bool are_well_formed = find_transition_mistakes(schema, text).empty();
  for (const auto& [name, node] : schema.definitions()) {
    for (const Field& field : node->fields) {
      const auto transitions = Transitions::of(field);
      require(transitions || !are_well_formed, "a mistake in transitions is not found in", std::string(text));
      if (!transitions || !*transitions) continue;
      for (size_t from = 0; from < std::min<size_t>((*transitions)->enumeration().symbols.size(), 10); ++from) {
        require((*transitions)->allows(from, from), "a value may not stay what it is in", std::string(text));
        (void)(*transitions)->possible(from);
      }
    }
  }
}

void check_schema(std::string_view text, const Schema& schema) {
  check_text(to_java_text(schema), [](const Schema& s) { return to_java_text(s); });
  check_text(to_java_text(schema, true), [](const Schema& s) { return to_java_text(s, true); });
  if (!mixes_namespaces(schema)) check_text(to_canonical_form(schema), to_canonical_form);
  fingerprint64(schema);
  check_transitions(text, schema);
  const SchemaInspection inspection = inspect_schema(text);
  require(inspection.unresolved_names.empty(), "names are missing from", std::string(text));
  require(inspection.mistakes.empty(), "mistakes are found in", std::string(text));
  if (has_ambiguous_alias(schema)) return;
  const auto reasons = find_incompatibilities(schema, schema);
  require(reasons.empty() || reasons.front().message.starts_with("the schemas are too large"), "cannot read itself",
          std::string(text));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const size_t zero = std::min(input.find('\0'), input.size());
  const std::string_view text = input.substr(0, zero);
  require(without_comments(text).size() == text.size(), "comments move what is in", std::string(text));
  (void)lint_schema(text);
  const auto schema = Schema::parse(text);
  if (!schema) {
    (void)inspect_schema(text);
    require(!find_mistakes(text).empty(), "no mistake is found in", std::string(text));
    return 0;
  }
  check_schema(text, *schema);
  if (zero == input.size()) return 0;

  const std::string_view other_text = input.substr(zero + 1);
  const std::vector<Schema> references = {*schema};
  const auto user = Schema::parse(other_text, {.references = references});
  if (user) to_java_text(*user);
  const auto other = Schema::parse(other_text);
  if (!other) return 0;
  (void)check_compatibility(CompatibilityLevel::kFull, *schema, std::vector<VersionedSchema>{{1, *other}});
  return 0;
}
