// How the keys and values of one topic are written and read: between bytes and plain JSON.
//
// The subjects are <topic>-key and <topic>-value. Where there is no key subject, keys are plain text, and the logical
// key is that text as a JSON string. Where there is one, the logical key is the key seen through the subject's latest
// schema: two schema ids, and fields that were added with a default, make no difference. Values are seen
// through the latest schema too; what it cannot read is shown as it was written.
//
// Thread-safe.

#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "avro/codec.h"
#include "avro/schema.h"
#include "kafka/types.h"
#include "omashu/result.h"
#include "schema_registry/client/client.h"
#include "serde/wire_format.h"
#include "table/field_path.h"
#include "table/filter.h"
#include "table/key_agreement.h"
#include "table/part_reader.h"
#include "table/row.h"
#include "table/stored_value.h"
#include "table/transition_rules.h"

namespace omashu::table {

class TypedTopic {
 public:
  // Asks the registry for the subjects' latest schemas; the registry must outlive the topic.
  static Result<TypedTopic> open(schema_registry::Client& registry, const std::string& topic);
  ~TypedTopic();
  TypedTopic(TypedTopic&&) noexcept;

  // Reading. kCorrupt where the record is at fault: another one may decode. Any other error is the registry's, and will
  // meet other records too.
  Result<std::string> read_key(const kafka::Message& message);
  PartReader& keys();
  PartReader& values();

  // The value of a table's row, of which the table keeps a StoredValue: as it stands on the topic, and as JSON. The row
  // must not be deleted.
  Payload stored_payload(const Row& row) const;
  Result<PartReader::Json> row_value(const Row& row);

  // Whether row_value() need not ask the registry. True of a row that is deleted.
  bool knows_schema_of(const Row& row);

  // Writing. `key` is JSON under the key's schema, or the text itself where keys are plain.
  Result<std::string> write_key(std::string_view key, avro::JsonForm form = avro::JsonForm::kPlain);
  // kNotFound where the topic has no value schema.
  Result<std::string> write_value(std::string_view json, avro::JsonForm form = avro::JsonForm::kPlain);

  // What read() gives for a key or a value, as Avro's own JSON under the latest schema; without one, as it is.
  Result<std::string> to_avro_json(serde::RecordPart part, std::string_view plain) const;

  // The bytes of the key whose fields are those of a value that write_value() made, by their names. Nothing where the
  // key is no record, or the value has not all of its fields: key_from_value() says what is missing.
  Result<std::optional<std::string>> write_key_of(std::string_view value_bytes);

  // In which field a key and a value written by this topic say differently what both have; see KeyAgreement.
  Result<std::optional<KeyDisagreement>> find_disagreement(std::string_view key_bytes, std::string_view value_bytes);

  // What the value's schema says of changes; nothing where it says nothing, or nothing that is well formed.
  const TransitionRules& transitions() const;
  const std::optional<Error>& transitions_mistake() const;  // why not well formed
  // The transition that a row cannot make from one value to the next; `before` is null where there is no row, or a
  // deleted one. Nothing where the latest schema cannot read one of them. An error is the registry's.
  Result<std::optional<ImpossibleTransition>> check_transition(const StoredValue* before, const StoredValue& after);

  // The bytes under which any version of the key's schema writes that key, the latest version's first.
  Result<std::vector<std::string>> every_key_encoding(std::string_view key);

  // The logical key that bytes written by write_key() have.
  Result<std::string> logical_key(const std::string& key_bytes);

  // The key that a person gave (key_from_text), or that a value carries (key_from_value), for the calls above.
  Result<std::string> key_from_text(std::string_view text) const;
  Result<std::string> key_from_value(std::string_view value, std::string_view field) const;

  // Whether the latest version of the value's schema has the field; the error suggests the nearest.
  Result<void> check(const FieldPath& path);
  // What conditions and counts are read by: the latest schemas.
  FilterSchemas schemas() const;

 private:
  struct State;
  explicit TypedTopic(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace omashu::table
