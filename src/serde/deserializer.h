// Payloads of Confluent's wire format to JSON. Thread-safe.
//
// The writer's schema is looked up once per id or guid; the compiled program is kept, and found again under a shared
// lock only. Errors name the record's place, its schema id and the subject.

#pragma once

#include <cstddef>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "avro/codec.h"
#include "avro/datum.h"
#include "avro/schema.h"
#include "base/mutex.h"
#include "omashu/result.h"
#include "serde/raw_bytes.h"
#include "serde/record_place.h"
#include "serde/schema_loader.h"
#include "serde/wire_format.h"

namespace omashu::serde {

struct DeserializerOptions {
  std::optional<avro::Schema> reader = {};  // absent: each record as its writer saw it
  TopLevelBytes top_level_bytes = TopLevelBytes::kRaw;
  size_t capacity = 1000;  // programs kept; the oldest goes first
};

// Whether the error is the record's own, so that another record may decode: else the registry is away or refuses, and
// every record would meet the same.
bool is_records_own(ErrorCode code);

// Whether the payload seems to carry a schema id at all: text does not begin with a zero byte, and ids begin at 1, so
// that Java's Integer or Long 5 does not either.
bool is_framed(std::string_view payload, std::optional<std::string_view> schema_id_header);

class Deserializer {
 public:
  // What was written with one schema, ready to be read; both decoders see it through the options' reader.
  struct Writer {
    avro::Schema schema;
    avro::Decoder decoder;
    avro::GenericDecoder generic;
  };

  // One datum: exactly its Avro encoding, and the schema that it was written with.
  struct Datum {
    SchemaKey key;
    std::shared_ptr<const Writer> writer;
    std::string_view bytes;  // of the payload, or of `storage`
    std::unique_ptr<const std::string> storage = nullptr;
  };

  // The registry's client must outlive this.
  explicit Deserializer(schema_registry::Client& client, DeserializerOptions options = {});

  // Appends the payload as one line of JSON. False, and nothing appended, for a tombstone (an absent payload).
  Result<bool> to_json(std::optional<std::string_view> payload, std::optional<std::string_view> schema_id_header,
                       const RecordPlace& place, avro::JsonForm form, std::string& out);

  // The Avro data of a payload that is there. It is not validated.
  Result<Datum> read(std::string_view payload, std::optional<std::string_view> schema_id_header,
                     const RecordPlace& place);

  Result<std::shared_ptr<const Writer>> writer(const SchemaKey& key);
  // Whether writer() has it without asking the registry.
  bool knows(const SchemaKey& key);

 private:
  Result<std::shared_ptr<const Writer>> compile(const SchemaKey& key) const;

  const SchemaLoader loader_;
  const DeserializerOptions options_;

  SharedMutex mutex_;
  std::map<SchemaKey, std::shared_ptr<const Writer>> writers_ GUARDED_BY(mutex_);
  std::deque<SchemaKey> by_age_ GUARDED_BY(mutex_);
};

}  // namespace omashu::serde
