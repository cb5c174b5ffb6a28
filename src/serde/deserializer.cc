#include "serde/deserializer.h"

#include <fmt/core.h>

#include <utility>

#include "serde/subject_name.h"

namespace omashu::serde {

namespace {

Error at(const RecordPlace& place, Error error) { return std::move(error).within(to_text(place)); }

Error at(const RecordPlace& place, const SchemaKey& key, Error error) {
  if (place.topic.empty()) return std::move(error).within(fmt::format("{} ({})", to_text(place), to_text(key)));
  return std::move(error).within(
      fmt::format("{} ({}, subject {})", to_text(place), to_text(key), topic_subject(place.topic, place.part)));
}

}  // namespace

bool is_records_own(ErrorCode code) {
  switch (code) {
    case ErrorCode::kUnavailable:
    case ErrorCode::kTimeout:
    case ErrorCode::kUnauthorized:
    case ErrorCode::kCancelled: return false;
    default: return true;
  }
}

bool is_framed(std::string_view payload, std::optional<std::string_view> schema_id_header) {
  if (schema_id_header) return true;
  const auto frame = payload.starts_with('\0') ? parse_frame(payload, std::nullopt) : fail(Error{});
  return frame && std::get<SchemaId>(frame->schema) > SchemaId{0};
}

Deserializer::Deserializer(schema_registry::Client& client, DeserializerOptions options)
    : loader_(client), options_(std::move(options)) {}

Result<bool> Deserializer::to_json(std::optional<std::string_view> payload,
                                   std::optional<std::string_view> schema_id_header, const RecordPlace& place,
                                   avro::JsonForm form, std::string& out) {
  if (!payload) return false;
  const Result<Datum> datum = read(*payload, schema_id_header, place);
  if (!datum) return fail(datum.error());
  const size_t start = out.size();
  if (auto written = datum->writer->decoder.to_json(datum->bytes, form, out); !written) {
    out.resize(start);
    return fail(at(place, datum->key, std::move(written.error())));
  }
  return true;
}

Result<Deserializer::Datum> Deserializer::read(std::string_view payload,
                                               std::optional<std::string_view> schema_id_header,
                                               const RecordPlace& place) {
  const Result<Frame> frame = parse_frame(payload, schema_id_header);
  if (!frame) return fail(at(place, frame.error()));
  Result<std::shared_ptr<const Writer>> found = writer(frame->schema);
  if (!found) return fail(at(place, frame->schema, std::move(found.error())));
  Datum datum{frame->schema, std::move(*found), frame->data};
  if (is_top_level_bytes(datum.writer->schema) && options_.top_level_bytes == TopLevelBytes::kRaw) {
    datum.storage = std::make_unique<const std::string>(with_length(frame->data));
    datum.bytes = *datum.storage;
  }
  return datum;
}

bool Deserializer::knows(const SchemaKey& key) {
  const ReaderLock lock(mutex_);
  return writers_.contains(key);
}

Result<std::shared_ptr<const Deserializer::Writer>> Deserializer::writer(const SchemaKey& key) {
  {
    const ReaderLock lock(mutex_);
    if (const auto it = writers_.find(key); it != writers_.end()) return it->second;
  }
  // Threads that meet a new schema together compile it each for themselves; the client asks the registry once.
  Result<std::shared_ptr<const Writer>> compiled = compile(key);
  if (!compiled) return compiled;
  const WriterLock lock(mutex_);
  const auto [it, is_new] = writers_.emplace(key, std::move(*compiled));
  const std::shared_ptr<const Writer> result = it->second;
  if (is_new) {
    by_age_.push_back(key);
    if (by_age_.size() > options_.capacity) {
      writers_.erase(by_age_.front());
      by_age_.pop_front();
    }
  }
  return result;
}

Result<std::shared_ptr<const Deserializer::Writer>> Deserializer::compile(const SchemaKey& key) const {
  Result<avro::Schema> schema = loader_.load(key);
  if (!schema) return fail(std::move(schema.error()));
  Result<avro::Decoder> decoder =
      options_.reader ? avro::Decoder::compile(*schema, *options_.reader) : avro::Decoder::compile(*schema);
  if (!decoder) return fail(std::move(decoder.error()));
  Result<avro::GenericDecoder> generic = avro::GenericDecoder::compile(*schema, options_.reader.value_or(*schema));
  if (!generic) return fail(std::move(generic.error()));
  return std::make_shared<const Writer>(Writer{std::move(*schema), std::move(*decoder), std::move(*generic)});
}

}  // namespace omashu::serde
