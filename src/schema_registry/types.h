// The words of the Confluent Schema Registry's REST API, shared by its clients and its server.

#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace omashu::schema_registry {

enum class SchemaId : int32_t {};

// In place of a version, in a reference that is registered: the latest.
inline constexpr int kLatestVersion = -1;

// A named type that a schema uses and another subject's version defines.
struct Reference {
  std::string name;  // the full name of the Avro type
  std::string subject;
  int version = 0;

  auto operator<=>(const Reference&) const = default;
};

// What is registered: a text and what it refers to.
struct SchemaText {
  std::string schema;
  std::vector<Reference> references = {};
  std::string schema_type = "AVRO";

  auto operator<=>(const SchemaText&) const = default;
};

// One version of a subject.
struct SubjectVersion {
  std::string subject;
  int version = 0;
  SchemaId id{};
  std::optional<std::string> guid;  // 36 characters, where the server tells it
  SchemaText text;

  bool operator==(const SubjectVersion&) const = default;
};

// Where a schema is registered.
struct SubjectAndVersion {
  std::string subject;
  int version = 0;

  auto operator<=>(const SubjectAndVersion&) const = default;
};

// The answer of the compatibility check; the messages say why not, where the server tells it.
struct CompatibilityVerdict {
  bool is_compatible = false;
  std::vector<std::string> messages = {};

  bool operator==(const CompatibilityVerdict&) const = default;
};

// Error codes of the API (HTTP status times 100, plus a number).
namespace error_code {
inline constexpr int kSubjectNotFound = 40401;
inline constexpr int kVersionNotFound = 40402;
inline constexpr int kSchemaNotFound = 40403;
inline constexpr int kSubjectSoftDeleted = 40404;
inline constexpr int kSubjectNotSoftDeleted = 40405;
inline constexpr int kVersionSoftDeleted = 40406;
inline constexpr int kVersionNotSoftDeleted = 40407;
inline constexpr int kSubjectCompatibilityNotConfigured = 40408;
inline constexpr int kSubjectModeNotConfigured = 40409;
inline constexpr int kInvalidSchema = 42201;
inline constexpr int kInvalidVersion = 42202;
inline constexpr int kInvalidCompatibilityLevel = 42203;
inline constexpr int kInvalidMode = 42204;
inline constexpr int kOperationNotPermitted = 42205;
inline constexpr int kReferenceExists = 42206;
inline constexpr int kIdDoesNotMatch = 42207;
inline constexpr int kInvalidSubject = 42208;
inline constexpr int kSchemaTooLarge = 42209;
inline constexpr int kInvalidRuleSet = 42210;
inline constexpr int kIncompatible = 409;
inline constexpr int kIncompatibleNewest = 40901;  // what the newest releases say instead of 409
inline constexpr int kStore = 50001;
inline constexpr int kStoreTimeout = 50002;
inline constexpr int kForwarding = 50003;
inline constexpr int kUnknownLeader = 50004;
}  // namespace error_code

}  // namespace omashu::schema_registry
