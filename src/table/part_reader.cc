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

bool PartReader::read_resolved(const kafka::Message& message, Scratch& scratch) {
  const auto& payload = part_ == serde::RecordPart::kKey ? message.key : message.value;
  auto bytes = resolved_->read(*payload, schema_id_header(message, part_), {});
  if (!bytes) return false;
  scratch.bytes_.emplace(*std::move(bytes));
  const auto datum = scratch.bytes_->writer->generic.decode(scratch.bytes_->bytes, scratch.arena_);
  if (!datum) return false;
  scratch.datum_.emplace(*datum);
  return true;
}

Result<std::string> PartReader::read_as_written(const kafka::Message& message) {
  if (format_ == PayloadFormat::kAuto) return as_written_.read_with_fields(message, part_);
  return as_written_.read(message, part_, format_);
}

Result<FilterPart> PartReader::read(const kafka::Message& message, Scratch& scratch) {
  if (!(part_ == serde::RecordPart::kKey ? message.key : message.value)) return FilterPart{};
  if (resolved_ && read_resolved(message, scratch)) return FilterPart{.datum = &*scratch.datum_};
  const auto text = read_as_written(message);
  if (!text) return fail(text.error());
  auto parsed = json::parse(*text);
  if (!parsed) return fail(ErrorCode::kCorrupt, parsed.error().message);
  scratch.json_ = *std::move(parsed);
  return FilterPart{.json = &scratch.json_};
}

Result<PartReader::Json> PartReader::read_json(const kafka::Message& message) {
  std::optional<Error> unresolved;
  if (resolved_json_) {
    auto resolved = resolved_json_->read(message, part_, PayloadFormat::kAvro);
    if (resolved) return Json{.text = *std::move(resolved)};
    if (resolved.error().code != ErrorCode::kCorrupt) return fail(std::move(resolved.error()));
    unresolved = std::move(resolved.error());
  }
  auto text = read_as_written(message);
  if (!text) return fail(std::move(text.error()));
  return Json{.text = *std::move(text), .unresolved = std::move(unresolved)};
}

bool PartReader::knows_schema_of(std::string_view payload, std::optional<std::string_view> schema_id_header) {
  if (!serde::is_framed(payload, schema_id_header)) return true;
  const auto frame = serde::parse_frame(payload, schema_id_header);
  return !frame || (resolved_json_ ? *resolved_json_ : as_written_).knows(frame->schema);
}

}  // namespace omashu::table
