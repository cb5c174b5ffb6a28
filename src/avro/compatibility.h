// Can data written with one schema be read with another (specification, "Schema Resolution"), and Confluent's seven
// compatibility levels over it.

#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "avro/schema.h"

namespace omashu::avro {

enum class IncompatibilityType : uint8_t {
  kNameMismatch,
  kFixedSizeMismatch,
  kMissingEnumSymbols,
  kReaderFieldMissingDefaultValue,
  kTypeMismatch,
  kMissingUnionBranch,
};

// "NAME_MISMATCH"…, as Avro Java and the registry's messages spell it.
std::string_view incompatibility_name(IncompatibilityType type);

struct Incompatibility {
  IncompatibilityType type;
  std::string location;  // JSON pointer into the reader schema, as Avro Java has it: "/fields/0/type"
  std::string message;
};

// As Confluent's registry words it: "{errorType:'…', description:'…', additionalInfo:'…'}". `new_schema_reads_old` says
// which of the two was the reader.
std::string registry_message(const Incompatibility& incompatibility, bool new_schema_reads_old);

// A type that is used in many places gives its reasons at each of them, and hostile schemas nest without end: the list
// stops here.
inline constexpr size_t kMaxIncompatibilities = 1000;

// Every reason why `reader` cannot read what `writer` wrote; empty where it can. Types, order, locations and messages
// are Avro Java's. Where Java throws (a reader's field that matches several of the writer's, by name and alias) the
// list says so as a NAME_MISMATCH; where the schemas are too large or nest too deeply to be compared, as a
// TYPE_MISMATCH.
std::vector<Incompatibility> find_incompatibilities(const Schema& reader, const Schema& writer);

enum class CompatibilityLevel : uint8_t {
  kNone,
  kBackward,
  kBackwardTransitive,
  kForward,
  kForwardTransitive,
  kFull,
  kFullTransitive,
};

std::string_view compatibility_level_name(CompatibilityLevel level);  // "BACKWARD_TRANSITIVE"
std::optional<CompatibilityLevel> parse_compatibility_level(std::string_view name);

// One earlier version that the new schema does not go with.
struct VersionConflict {
  int version = 0;
  bool new_schema_reads_old = true;  // false: the old schema cannot read the new one's data
  std::vector<Incompatibility> incompatibilities;
};

struct VersionedSchema {
  int version = 0;
  Schema schema;
};

// `earlier` in ascending order of version. The transitive levels walk from the newest to the oldest, the others look
// at the newest alone. All conflicts are told (the registry stops at the first version that has one); FULL tells first
// what the old schema cannot read, as the registry does.
std::vector<VersionConflict> check_compatibility(CompatibilityLevel level, const Schema& schema,
                                                 std::span<const VersionedSchema> earlier);

}  // namespace omashu::avro
