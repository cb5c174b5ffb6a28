// JSON, or Avro data, to payloads of Confluent's wire format, for one part of one topic.
//
// All talk with the registry is done when the serializer is opened; serialize() needs no network. Thread-safe.

#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "avro/codec.h"
#include "avro/schema.h"
#include "omashu/result.h"
#include "schema_registry/client/client.h"
#include "serde/raw_bytes.h"
#include "serde/subject_name.h"
#include "serde/wire_format.h"

namespace omashu::serde {

enum class SchemaIdPlace : uint8_t { kPayload, kHeader };  // an id in the payload; a guid in a header

// Named as the properties of Confluent's serializers are, and with their defaults.
struct SerializerOptions {
  bool auto_register_schemas = true;  // else the schema must be registered already
  bool use_latest_version = false;    // writes with the subject's latest version
  std::optional<SchemaId> use_schema_id = {};
  bool normalize_schemas = false;
  // Whether the schema that is written with must be able to read what the given one describes.
  bool latest_compatibility_strict = true;
  bool id_compatibility_strict = true;
  SubjectNameStrategy subject_name_strategy = SubjectNameStrategy::kTopicName;
  SchemaIdPlace schema_id_place = SchemaIdPlace::kPayload;
  TopLevelBytes top_level_bytes = TopLevelBytes::kRaw;
};

class Serializer {
 public:
  struct Header {
    std::string name;
    std::string value;
  };

  // `text` may be absent with use_latest_version and use_schema_id. Needs the client only while it runs.
  static Result<Serializer> open(schema_registry::Client& client, const std::string& topic, RecordPart part,
                                 const std::optional<schema_registry::SchemaText>& text,
                                 const SerializerOptions& options);

  // Appends the payload; `form` as avro::Encoder has it. On failure `out` is as it was.
  Result<void> serialize(std::string_view json, std::string& out, avro::JsonForm form = avro::JsonForm::kPlain) const;

  // Appends the payload for one Avro datum, which is taken as it is.
  void serialize_avro(std::string_view datum, std::string& out) const;

  // What each record must carry besides; absent where the id is in the payload.
  const std::optional<Header>& header() const { return header_; }

  SchemaId id() const { return id_; }
  const std::string& subject() const { return subject_; }  // "" where it was opened by id
  const avro::Schema& schema() const { return schema_; }   // that it writes with

 private:
  friend class SerializerOpening;
  Serializer(avro::Schema schema, avro::Encoder encoder) : schema_(std::move(schema)), encoder_(std::move(encoder)) {}

  avro::Schema schema_;
  avro::Encoder encoder_;
  SchemaId id_{};
  std::string subject_;
  std::string frame_;  // what stands before the data
  std::optional<Header> header_;
  bool is_raw_bytes_ = false;
};

}  // namespace omashu::serde
