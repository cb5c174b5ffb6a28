#include "table/record_filter.h"

#include <optional>
#include <utility>

#include "serde/schema_loader.h"
#include "serde/subject_name.h"
#include "table/part_reader.h"

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

struct RecordFilter::State {
  Filter filter;
  PartReader key, value;
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
  return RecordFilter(std::unique_ptr<State>(
      new State{.filter = std::move(filter),
                .key = PartReader(registry, RecordPart::kKey, schemas.key, PayloadFormat::kAuto),
                .value = PartReader(registry, RecordPart::kValue, schemas.value, PayloadFormat::kAuto)}));
}

Result<bool> RecordFilter::matches(const kafka::Message& message) {
  static thread_local PartReader::Scratch key_scratch, value_scratch;  // keeps its memory from record to record
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
