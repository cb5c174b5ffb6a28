// Confluent's compatibility levels over the comparison of two schemas, and the registry's words for its results.

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <ranges>
#include <utility>

#include "avro/compatibility.h"

namespace omashu::avro {

namespace {

struct Level {
  std::string_view name;
  bool backward;  // the new schema reads what the old one wrote
  bool forward;   // the old schema reads what the new one writes
  bool transitive;
};

// In the order of CompatibilityLevel.
constexpr std::array<Level, 7> kLevels = {{
    {"NONE", false, false, false},
    {"BACKWARD", true, false, false},
    {"BACKWARD_TRANSITIVE", true, false, true},
    {"FORWARD", false, true, false},
    {"FORWARD_TRANSITIVE", false, true, true},
    {"FULL", true, true, false},
    {"FULL_TRANSITIVE", true, true, true},
}};

// In the order of IncompatibilityType.
constexpr std::array<std::string_view, 6> kIncompatibilityNames = {
    "NAME_MISMATCH", "FIXED_SIZE_MISMATCH", "MISSING_ENUM_SYMBOLS", "READER_FIELD_MISSING_DEFAULT_VALUE",
    "TYPE_MISMATCH", "MISSING_UNION_BRANCH"};

std::string describe(const Incompatibility& reason, std::string_view reader, std::string_view writer) {
  switch (reason.type) {
    case IncompatibilityType::kFixedSizeMismatch:
      return fmt::format("The size of FIXED type field at path '{}' in the {} schema does not match with the {} schema",
                         reason.location, reader, writer);
    case IncompatibilityType::kTypeMismatch:
      return fmt::format("The type (path '{}') of a field in the {} schema does not match with the {} schema",
                         reason.location, reader, writer);
    case IncompatibilityType::kNameMismatch:
      return fmt::format("The name of the schema has changed (path '{}')", reason.location);
    case IncompatibilityType::kMissingEnumSymbols:
      return fmt::format("The {} schema is missing enum symbols '{}' at path '{}' in the {} schema", reader,
                         reason.message, reason.location, writer);
    case IncompatibilityType::kMissingUnionBranch:
      return fmt::format("The {} schema is missing a type inside a union field at path '{}' in the {} schema", reader,
                         reason.location, writer);
    case IncompatibilityType::kReaderFieldMissingDefaultValue:
      return fmt::format(
          "The field '{}' at path '{}' in the {} schema has no default value and is missing in the {} schema",
          reason.message, reason.location, reader, writer);
  }
  return {};
}

void check_version(const Level& level, const Schema& schema, const VersionedSchema& old,
                   std::vector<VersionConflict>& conflicts) {
  const auto check = [&](bool new_reads_old, const Schema& reader, const Schema& writer) {
    std::vector<Incompatibility> reasons = find_incompatibilities(reader, writer);
    if (!reasons.empty()) conflicts.push_back({old.version, new_reads_old, std::move(reasons)});
  };
  if (level.forward) check(false, old.schema, schema);
  if (level.backward) check(true, schema, old.schema);
}

}  // namespace

std::string_view incompatibility_name(IncompatibilityType type) {
  return kIncompatibilityNames[static_cast<size_t>(type)];
}

std::string_view compatibility_level_name(CompatibilityLevel level) { return kLevels[static_cast<size_t>(level)].name; }

std::optional<CompatibilityLevel> parse_compatibility_level(std::string_view name) {
  const auto found = std::ranges::find(kLevels, name, &Level::name);
  if (found == kLevels.end()) return std::nullopt;
  return static_cast<CompatibilityLevel>(found - kLevels.begin());
}

std::string registry_message(const Incompatibility& incompatibility, bool new_schema_reads_old) {
  const std::string_view reader = new_schema_reads_old ? "new" : "old";
  const std::string_view writer = new_schema_reads_old ? "old" : "new";
  return fmt::format("{{errorType:'{}', description:'{}', additionalInfo:'{}'}}",
                     incompatibility_name(incompatibility.type), describe(incompatibility, reader, writer),
                     incompatibility.message);
}

std::vector<VersionConflict> check_compatibility(CompatibilityLevel level, const Schema& schema,
                                                 std::span<const VersionedSchema> earlier) {
  const Level& rules = kLevels[static_cast<size_t>(level)];
  std::vector<VersionConflict> conflicts;
  for (const VersionedSchema& old : earlier | std::views::reverse) {
    check_version(rules, schema, old, conflicts);
    if (!rules.transitive) break;
  }
  return conflicts;
}

}  // namespace omashu::avro
