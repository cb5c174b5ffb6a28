#include "table/part_reader.h"

#include <utility>

namespace omashu::table {

PartReader::PartReader(schema_registry::Client& registry, serde::RecordPart part,
                       const std::optional<avro::Schema>& latest, PayloadFormat format)
    : part_(part), format_(format), as_written_(registry, std::nullopt, avro::JsonForm::kPlain) {
  if (!latest) return;
  resolved_.emplace(registry, serde::DeserializerOptions{.reader = latest});
  resolved_json_.emplace(registry, latest, avro::JsonForm::kPlain);
}

bool PartReader::read_resolved(const Payload& payload, Scratch& scratch) {
  auto bytes = resolved_->read(payload.bytes, payload.schema_id_header, {});
  if (!bytes) return false;
  scratch.bytes_.emplace(*std::move(bytes));
  const auto datum = scratch.bytes_->writer->generic.decode(scratch.bytes_->bytes, scratch.arena_);
  if (!datum) return false;
  scratch.datum_.emplace(*datum);
  return true;
}

Result<std::string> PartReader::read_as_written(const Payload& payload) {
  if (format_ == PayloadFormat::kAuto) return as_written_.read_with_fields(payload);
  return as_written_.read(payload, format_);
}

Result<FilterPart> PartReader::read(const kafka::Message& message, Scratch& scratch) {
  if (!(part_ == serde::RecordPart::kKey ? message.key : message.value)) return FilterPart{};
  return read(payload_of(message, part_), scratch);
}

Result<FilterPart> PartReader::read(const Payload& payload, Scratch& scratch) {
  if (resolved_ && read_resolved(payload, scratch)) return FilterPart{.datum = &*scratch.datum_};
  const auto text = read_as_written(payload);
  if (!text) return fail(text.error());
  auto parsed = json::parse(*text);
  if (!parsed) return fail(ErrorCode::kCorrupt, parsed.error().message);
  scratch.json_ = *std::move(parsed);
  return FilterPart{.json = &scratch.json_};
}

Result<PartReader::Json> PartReader::read_json(const Payload& payload) {
  std::optional<Error> unresolved;
  if (resolved_json_) {
    auto resolved = resolved_json_->read(payload, PayloadFormat::kAvro);
    if (resolved) return Json{.text = *std::move(resolved)};
    if (resolved.error().code != ErrorCode::kCorrupt) return fail(std::move(resolved.error()));
    unresolved = std::move(resolved.error());
  }
  auto text = read_as_written(payload);
  if (!text) return fail(std::move(text.error()));
  return Json{.text = *std::move(text), .unresolved = std::move(unresolved)};
}

bool PartReader::knows_schema_of(const Payload& payload) {
  if (!serde::is_framed(payload.bytes, payload.schema_id_header)) return true;
  const auto frame = serde::parse_frame(payload.bytes, payload.schema_id_header);
  return !frame || (resolved_json_ ? *resolved_json_ : as_written_).knows(frame->schema);
}

}  // namespace omashu::table
