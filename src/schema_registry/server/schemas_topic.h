// The records of the topic _schemas, in Confluent's format (and Karapace's, which is the same).
//
// Keys are JSON and compaction compares their bytes, so what is written here is byte for byte what Confluent's registry
// writes. What is read may be spelled otherwise: members in another order, a null for a missing one, unknown members.
//
//   {"keytype":"SCHEMA","subject":"s","version":1,"magic":1}
//   {"subject":"s","version":1,"id":1,"schema":…,"deleted":false}
//   {"keytype":"CONFIG","subject":"s","magic":0}                    {"subject":"s","compatibilityLevel":"FULL"}
//   {"keytype":"MODE","subject":"s","magic":0}                      {"subject":"s","mode":"READONLY"}
//   {"keytype":"DELETE_SUBJECT","subject":"s","magic":0}            {"subject":"s","version":2}
//   {"keytype":"CONTEXT","tenant":"default","context":".c","magic":0} {"tenant":"default","context":".c"}
//   {"keytype":"NOOP","magic":0}                                    nothing; omashu's leader writes itself there
//
// Without a subject CONFIG and MODE are those of all subjects. A key without a value removes what stood under it.

#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "omashu/result.h"
#include "schema_registry/server/annotations.h"
#include "schema_registry/server/config_value.h"
#include "schema_registry/server/id_ranges.h"
#include "schema_registry/types.h"

namespace omashu::schema_registry::server {

enum class Mode : uint8_t { kReadWrite, kReadOnly, kReadOnlyOverride, kImport, kForward };

std::string_view mode_name(Mode mode);  // "READWRITE"
std::optional<Mode> parse_mode(std::string_view name);

enum class KeyType : uint8_t { kSchema, kConfig, kMode, kDeleteSubject, kContext, kNoop, kOther };

struct TopicKey {
  KeyType type = KeyType::kOther;
  std::string subject = {};  // of kContext ".c"; "" of the settings for all subjects
  int version = 0;           // of kSchema

  auto operator<=>(const TopicKey&) const = default;
};

struct SchemaValue {
  std::string subject;
  int version = 0;
  SchemaId id{};
  SchemaText text;
  Annotations annotations = {};
  bool is_deleted = false;
};

struct DeleteSubjectValue {
  int version = 0;  // this one and all before it
};

struct ContextValue {};

// A leadership: the number grows from one to the next, the name is random.
struct Term {
  int64_t number = 0;  // 0: there has been none yet
  std::string name = {};

  bool operator==(const Term&) const = default;
};

// "12-5f3a…", and back; nothing for another text.
std::string term_text(const Term& term);
std::optional<Term> parse_term(std::string_view text);

// Who leads since this record. Confluent's registry passes over what a NOOP holds.
struct LeaderValue {
  Term term;
  std::string url;  // where the leader takes writes from its followers; "" where it is not known
  // By context: ids up to here have been given, also where no schema has them now.
  std::map<std::string, int> max_ids{};
  // By context: those of them that no schema has, with the knowledge of the leader (store_damage.cc). Absent where the
  // record keeps no account of them.
  std::optional<std::map<std::string, IdRanges>> missing_ids{};
  // The topic was repaired: what was damaged or lost before this offset has been dealt with, and was at most so many
  // records.
  int64_t repaired_until = 0;
  int lost_records = 0;
};

// monostate: no value.
using TopicValue =
    std::variant<std::monostate, SchemaValue, ConfigValue, Mode, DeleteSubjectValue, ContextValue, LeaderValue>;

// The header of a record that says in which term it was written.
inline constexpr std::string_view kTermHeader = "omashu.term";

// The header that says how many ids had been given before, in all contexts together. So whatever record comes after the
// newest schema tells of it, should its own be lost.
inline constexpr std::string_view kGivenIdsHeader = "omashu.given-ids";

// A record as it is written, but for those headers.
struct TopicRecord {
  std::string key;
  std::optional<std::string> value;

  bool operator==(const TopicRecord&) const = default;
};

// The key's bytes. `key` must not be of type kOther.
std::string key_text(const TopicKey& key);

TopicRecord schema_record(const SchemaValue& value);
TopicRecord config_record(const std::string& subject, const ConfigValue& value);
TopicRecord mode_record(const std::string& subject, Mode mode);
TopicRecord delete_subject_record(const std::string& subject, int version);
TopicRecord context_record(const std::string& context_name);
TopicRecord leader_record(const LeaderValue& value);
TopicRecord tombstone(const TopicKey& key);

// A record as it was read. `key` says under which key it stands, whatever its spelling. Errors are those of bytes that
// nobody should have written; the line says what is wrong, not where.
struct ParsedRecord {
  TopicKey key;
  TopicValue value;
};
Result<TopicKey> parse_key(std::string_view key);
Result<ParsedRecord> parse_record(std::string_view key, std::optional<std::string_view> value);

}  // namespace omashu::schema_registry::server
