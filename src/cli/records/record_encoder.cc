#include "cli/records/record_encoder.h"

#include "cli/records/record_json.h"

namespace omashu::cli {

using serde::RecordPart;

Result<RecordEncoder> RecordEncoder::open(schema_registry::Client& registry, const std::string& topic,
                                          const RecordEncoding& encoding) {
  auto lines = ConsoleLineReader::open(encoding.console);
  if (!lines) return fail(std::move(lines.error()));
  auto key = PayloadWriter::open(registry, topic, RecordPart::kKey, encoding.key);
  if (!key) return fail(std::move(key.error()));
  auto value = PayloadWriter::open(registry, topic, RecordPart::kValue, encoding.value);
  if (!value) return fail(std::move(value.error()));
  return RecordEncoder(topic, encoding, *std::move(lines), *std::move(key), *std::move(value));
}

Result<kafka::Record> RecordEncoder::encode(std::string_view line) const {
  auto record = encoding_.is_console ? encode_console(line) : encode_json(line);
  if (!record) return record;
  record->topic = topic_;
  // The id is in the payload: a header with another one would be believed before it.
  std::erase_if(record->headers, [&](const kafka::Header& header) {
    return (key_.is_avro() && header.name == serde::schema_id_header_name(RecordPart::kKey)) ||
           (value_.is_avro() && header.name == serde::schema_id_header_name(RecordPart::kValue));
  });
  return record;
}

Result<kafka::Record> RecordEncoder::encode_json(std::string_view line) const {
  auto input = parse_record(line);
  if (!input) return fail(std::move(input.error()));
  if (encoding_.is_avro_json && input->was_consumed && !input->is_avro_json) {
    return fail(ErrorCode::kInvalidArgument,
                "the line is plain JSON: print it with consume --avro-json, or leave --avro-json out here");
  }
  const bool is_avro_json = encoding_.is_avro_json || input->is_avro_json;
  const auto form = is_avro_json ? avro::JsonForm::kAvro : avro::JsonForm::kPlain;
  kafka::Record record;
  if (!encoding_.ignores_partitions) record.partition = input->partition;
  record.timestamp_ms = input->timestamp_ms;
  record.headers = std::move(input->headers);
  if (input->key) {
    auto bytes = key_.write(*input->key, form);
    if (!bytes) return fail(std::move(bytes.error()));
    record.key = *std::move(bytes);
  }
  if (input->value) {
    auto bytes = value_.write(*input->value, form);
    if (!bytes) return fail(std::move(bytes.error()));
    record.value = *std::move(bytes);
  }
  return record;
}

Result<kafka::Record> RecordEncoder::encode_console(std::string_view line) const {
  auto parsed = console_lines_.read(line);
  if (!parsed) return fail(std::move(parsed.error()));
  kafka::Record record;
  record.headers = std::move(parsed->headers);
  if (parsed->key) {
    auto bytes = key_.write_console(*parsed->key);
    if (!bytes) return fail(std::move(bytes.error()));
    record.key = *std::move(bytes);
  }
  if (parsed->value) {
    auto bytes = value_.write_console(*parsed->value);
    if (!bytes) return fail(std::move(bytes.error()));
    record.value = *std::move(bytes);
  }
  return record;
}

}  // namespace omashu::cli
