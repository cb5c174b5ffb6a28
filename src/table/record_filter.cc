#include "table/record_filter.h"

#include <optional>
#include <utility>

#include "serde/deserializer.h"
#include "serde/schema_loader.h"
#include "serde/subject_name.h"
#include "table/payload_reader.h"

namespace omashu::table {

namespace {

using serde::RecordPart;

// Nothing where the subject does not exist.
Result<std::optional<avro::Schema>> latest_schema(schema_registry::Client& registry, const std::string& subject) {
  const auto latest = registry.latest(subject);
  if (!latest && latest.error().code == ErrorCode::kNotFound) return std::nullopt;
  if (!latest) return fail(latest.error());
  auto schema = serde::SchemaLoader(registry).load_registered(latest->text);
  if (!schema) return fail(std::move(schema.error()).within(subject));
  return std::optional(*std::move(schema));
}

}  // namespace

// A key or a value, decoded as a filter asks it.
class RecordFilter::Part {
 public:
  Part(schema_registry::Client& registry, RecordPart part, const std::optional<avro::Schema>& latest)
      : part_(part), as_written_(registry, std::nullopt, avro::JsonForm::kPlain) {
    if (latest) resolved_.emplace(registry, serde::DeserializerOptions{.reader = latest});
  }

  // What the decoded part lives in, for one record.
  struct Scratch {
    avro::Arena arena;
    std::optional<serde::Deserializer::Datum> bytes;
    std::optional<avro::Datum> datum;
    json::Value json;
  };

  Result<FilterPart> read(const kafka::Message& message, Scratch& scratch) {
    const auto& payload = part_ == RecordPart::kKey ? message.key : message.value;
    if (!payload) return FilterPart{};
    if (resolved_ && read_resolved(message, *payload, scratch)) return FilterPart{.datum = &*scratch.datum};
    const auto text = as_written_.read_with_fields(message, part_);
    if (!text) return fail(text.error());
    auto parsed = json::parse(*text);
    if (!parsed) return fail(ErrorCode::kCorrupt, parsed.error().message);
    scratch.json = *std::move(parsed);
    return FilterPart{.json = &scratch.json};
  }

 private:
  bool read_resolved(const kafka::Message& message, const std::string& payload, Scratch& scratch) {
    auto bytes = resolved_->read(payload, schema_id_header(message, part_), {});
    if (!bytes) return false;
    scratch.bytes.emplace(*std::move(bytes));
    const auto datum = scratch.bytes->writer->generic.decode(scratch.bytes->bytes, scratch.arena);
    if (!datum) return false;
    scratch.datum.emplace(*datum);
    return true;
  }

  RecordPart part_;
  std::optional<serde::Deserializer> resolved_;  // absent: the subject does not exist
  PayloadReader as_written_;
};

struct RecordFilter::State {
  Filter filter;
  Part key, value;
};

RecordFilter::RecordFilter(std::unique_ptr<State> state) : state_(std::move(state)) {}
RecordFilter::~RecordFilter() = default;
RecordFilter::RecordFilter(RecordFilter&&) noexcept = default;

Result<RecordFilter> RecordFilter::open(schema_registry::Client& registry, const std::string& topic, Filter filter) {
  FilterSchemas schemas;
  for (const auto& [part, is_asked, schema] : {std::tuple(RecordPart::kKey, filter.asks_key(), &schemas.key),
                                               {RecordPart::kValue, filter.asks_value(), &schemas.value}}) {
    if (!is_asked) continue;
    auto latest = latest_schema(registry, serde::topic_subject(topic, part));
    if (!latest) return fail(std::move(latest.error()));
    *schema = *std::move(latest);
  }
  if (auto bound = filter.bind(schemas); !bound) return fail(std::move(bound.error()));
  return RecordFilter(std::unique_ptr<State>(new State{.filter = std::move(filter),
                                                       .key = Part(registry, RecordPart::kKey, schemas.key),
                                                       .value = Part(registry, RecordPart::kValue, schemas.value)}));
}

Result<bool> RecordFilter::matches(const kafka::Message& message) {
  static thread_local Part::Scratch key_scratch, value_scratch;  // keeps its memory from record to record
  FilterPart key, value;
  if (state_->filter.asks_key()) {
    auto read = state_->key.read(message, key_scratch);
    if (!read) return fail(std::move(read.error()));
    key = *read;
  }
  if (state_->filter.asks_value()) {
    auto read = state_->value.read(message, value_scratch);
    if (!read) return fail(std::move(read.error()));
    value = *read;
  }
  return state_->filter.matches(key, value);
}

}  // namespace omashu::table
