// Batches of records for a sink, made without Kafka: from JSON, with the schemas of a registry in memory.

#pragma once

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "avro/arena.h"
#include "avro/codec.h"
#include "schema_registry/client/testing/memory_registry.h"
#include "sink/sink.h"

namespace omashu::real {

// Schemas under the subjects of one topic, each registered as the subject's next version.
class SinkTopic {
 public:
  explicit SinkTopic(std::string name) : name_(std::move(name)) {}

  const std::string& name() const { return name_; }
  schema_registry::testing::MemoryRegistry& registry() { return registry_; }

  // Each throws where the text is none.
  void set_key_schema(const std::string& text) { key_ = add(name_ + "-key", text); }
  void set_value_schema(const std::string& text) { value_ = add(name_ + "-value", text); }

  struct Place {
    int partition = 0;
    int64_t offset = 0;
    int64_t timestamp_ms = 1'700'000'000'000;
  };
  // A record of JSON, by the schemas that were set last; without a value a tombstone, without a key none.
  void add_record(const Place& place, const std::optional<std::string>& key, const std::optional<std::string>& value);
  // The same with a value's Avro encoding.
  void add_encoded(const Place& place, const std::optional<std::string>& key, const std::string& value_bytes);

  // What was added since the last call, with the positions behind it. It is valid until the next call.
  sink::Batch take();

 private:
  struct Registered {
    std::shared_ptr<const serde::Deserializer::Writer> writer;
    serde::SchemaKey id;
  };
  struct Stored {
    kafka::Message message;
    std::string key, value;
    avro::Arena key_arena, value_arena;
  };

  Registered add(const std::string& subject, const std::string& text);
  static std::string encode(const Registered& schema, const std::string& json);
  static sink::SinkPart part(const Registered& schema, const std::string& data, avro::Arena& arena);

  const std::string name_;
  schema_registry::testing::MemoryRegistry registry_;
  std::optional<Registered> key_, value_;
  std::deque<Stored> stored_, taken_;
  std::vector<sink::SinkRecord> records_, taken_records_;
  sink::Positions next_;
};

// Notes what is set aside.
class NotedRejections : public sink::Rejections {
 public:
  sink::WriteResult set_aside(std::span<const sink::Rejected> rejected) override {
    for (const sink::Rejected& one : rejected) reasons[one.index] = one.reason.message;
    return {};
  }
  std::map<size_t, std::string> reasons;  // by the record's number in its batch
};

}  // namespace omashu::real
