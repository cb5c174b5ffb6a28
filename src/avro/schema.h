// An Avro schema (specification 1.11.1 and 1.12), parsed and checked.
//
// A Schema is a cheap, immutable, shareable handle on a graph of nodes. Named types may refer to themselves, so nodes
// point at each other; the graph lives as long as any Schema that was parsed into it or that references it.

#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "omashu/result.h"

namespace omashu::avro {

enum class Type : uint8_t {
  kNull,
  kBoolean,
  kInt,
  kLong,
  kFloat,
  kDouble,
  kBytes,
  kString,
  kRecord,
  kEnum,
  kFixed,
  kArray,
  kMap,
  kUnion,
};

// "null", "record"…, as schemas spell it.
std::string_view type_name(Type type);

inline bool is_primitive(Type type) { return type <= Type::kString; }

// The primitive type of that name.
std::optional<Type> primitive_type(std::string_view name);

enum class LogicalType : uint8_t {
  kNone,
  kDecimal,     // bytes or fixed; precision and scale
  kBigDecimal,  // bytes that carry their own scale
  kUuid,        // string, or fixed of 16 bytes (1.12)
  kDate,        // int, days since 1970-01-01
  kTimeMillis,  // int
  kTimeMicros,  // long
  kTimestampMillis,
  kTimestampMicros,
  kTimestampNanos,
  kLocalTimestampMillis,
  kLocalTimestampMicros,
  kLocalTimestampNanos,
  kDuration,  // fixed of 12 bytes: months, days, milliseconds, each u32 little-endian
};

// "decimal", "timestamp-millis"…, as schemas spell it; "" for kNone.
std::string_view logical_type_name(LogicalType type);

struct Node;

enum class FieldOrder : uint8_t { kAscending, kDescending, kIgnore };

struct Field {
  std::string name;
  const Node* type = nullptr;
  std::optional<std::string> doc;
  // As the schema spells it, but for a float or double written as text ("1.5"), which becomes the number that it
  // names; "NaN", "Infinity" and "-Infinity" stay text, since JSON has no such numbers. It suits the type, unless
  // ParseOptions::check_defaults was false.
  std::optional<json::Value> default_value;
  FieldOrder order = FieldOrder::kAscending;
  std::vector<std::string> aliases;
  std::vector<json::Member> properties;  // what the specification does not name, in the order of the text; unique
};

struct Node {
  Type type = Type::kNull;
  LogicalType logical_type = LogicalType::kNone;  // only where it is valid: else the underlying type holds
  int precision = 0;                              // decimal
  int scale = 0;                                  // decimal

  // Named types (record, enum, fixed).
  std::string full_name;             // "org.example.Status"; without a namespace, the bare name
  std::vector<std::string> aliases;  // full names
  std::optional<std::string> doc;

  bool is_error = false;                    // a record declared as "error"
  std::vector<Field> fields;                // record
  std::vector<std::string> symbols;         // enum
  std::optional<std::string> enum_default;  // enum
  size_t fixed_size = 0;                    // fixed, bytes; 0 is legal
  const Node* items = nullptr;              // array items, map values
  std::vector<const Node*> branches;        // union; none is legal: no datum has that type

  std::vector<json::Member> properties;  // what the specification does not name (logicalType and its kin included)

  bool is_named() const { return type == Type::kRecord || type == Type::kEnum || type == Type::kFixed; }
  std::string_view name() const;        // without the namespace
  std::string_view name_space() const;  // "" where there is none

  // Look-ups in the logarithm of the number of fields or symbols; nullptr and nothing where there is none.
  const Field* find_field(std::string_view field_name) const;
  std::optional<size_t> find_symbol(std::string_view symbol) const;

  std::vector<uint32_t> by_name;  // indexes of the fields or symbols in the order of their names: for the look-ups
};

class Schema;

inline constexpr size_t kMaxSchemaBytes = 16u << 20;

// JSON values and members' names in a schema's text: bounds the memory that a text can claim.
inline constexpr size_t kMaxSchemaElements = 1'000'000;

struct ParseOptions {
  // Schemas whose named types the text may use without defining them (schema references), with those that they
  // reference in their turn.
  std::span<const Schema> references;

  // Whether a default must suit its field's type. Registries hold older schemas whose defaults do not, and their data
  // must stay readable: false is for those. Such a default is then the matter of whoever needs its value.
  bool check_defaults = true;
};

class Schema {
 public:
  // Parses a schema text. Errors carry line and column, and say what would be right.
  // A text that is a bare primitive name ("string") is accepted with or without its quotes.
  static Result<Schema> parse(std::string_view text, const ParseOptions& options = {});

  const Node& root() const { return *root_; }

  // The named types that this text itself defines (not those of its references), by full name.
  const std::map<std::string, const Node*, std::less<>>& definitions() const;

  // Full names of the types that this text uses and its references define, in the order of the text.
  const std::vector<std::string>& external_names() const;

  // A handle on another node of the same graph.
  Schema at(const Node& node) const;

 private:
  friend class SchemaParser;
  struct Graph;
  Schema(std::shared_ptr<const Graph> graph, const Node* root) : graph_(std::move(graph)), root_(root) {}

  std::shared_ptr<const Graph> graph_;
  const Node* root_ = nullptr;
};

// A name that a schema text uses but does not define, with its place: what references must provide.
struct UnresolvedName {
  std::string full_name;
  // What the name means where nothing defines `full_name`: a bare name used inside a namespace may also be one of the
  // null namespace, as in Avro Java. Empty where there is no second reading.
  std::string fallback_name;
  TextPosition position;  // of its first use
};

// What can be said of a schema text without the schemas that it refers to.
struct SchemaInspection {
  std::vector<UnresolvedName> unresolved_names;  // in the order of the text
  std::vector<Error> mistakes;                   // for which it is no schema, whatever it refers to
};
SchemaInspection inspect_schema(std::string_view text);

// Every mistake for which Schema::parse refuses the text, in the order of the text, where it tells the first one alone:
// at most kMaxMistakes. What depends on a part that has a mistake is not judged.
std::vector<Error> find_mistakes(std::string_view text, const ParseOptions& options = {});

inline constexpr size_t kMaxMistakes = 100;

}  // namespace omashu::avro
