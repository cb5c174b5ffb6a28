#include "sink/postgres/part_schema.h"

#include "serde/subject_name.h"

namespace omashu::sink::postgres {

namespace {

constexpr size_t kMaxWriters = 1000;

}  // namespace

PartSchema::PartSchema(schema_registry::Client& registry, const std::string& topic, serde::RecordPart part)
    : loader_(registry), subject_(serde::topic_subject(topic, part)) {}

Result<bool> PartSchema::refresh() {
  auto version = loader_.client().latest(subject_);
  if (!version && version.error().code == ErrorCode::kNotFound) return false;
  if (!version) return fail(std::move(version.error()));
  if (latest_id_ == version->id) return false;
  auto schema = loader_.load_registered(version->text);
  if (!schema) return fail(std::move(schema.error()).within("subject " + subject_));
  latest_ = *std::move(schema);
  latest_id_ = version->id;
  writers_.clear();
  return true;
}

bool PartSchema::learn(const SinkPart& part) {
  if (writers_.size() >= kMaxWriters) writers_.clear();
  const bool is_first = !latest_;
  if (is_first) latest_ = part.writer->schema;
  Reading reading = {.writer = part.writer};
  const auto* id = part.schema_key ? std::get_if<serde::SchemaId>(&*part.schema_key) : nullptr;
  if (is_first || (id != nullptr && latest_id_ == *id)) {
    reading.is_latest = true;
  } else if (auto decoder = avro::GenericDecoder::compile(part.writer->schema, *latest_)) {
    reading.decoder = *std::move(decoder);
  } else {
    reading.mismatch = std::move(decoder.error());
  }
  writers_.insert_or_assign(part.writer.get(), std::move(reading));
  return is_first;
}

Result<avro::Datum> PartSchema::read(const SinkPart& part, avro::Arena& arena) const {
  const Reading& reading = writers_.at(part.writer.get());
  if (reading.is_latest) return part.datum;
  if (reading.decoder) return reading.decoder->decode(part.data, arena);
  return fail(ErrorCode::kCorrupt,
              "the latest schema of " + subject_ + " cannot read it: " + reading.mismatch->message);
}

}  // namespace omashu::sink::postgres
