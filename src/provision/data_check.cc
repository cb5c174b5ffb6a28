#include "provision/data_check.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "avro/codec.h"
#include "provision/schema_decisions.h"
#include "serde/deserializer.h"

namespace omashu::provision {

using serde::RecordPart;

namespace {

std::optional<std::string_view> schema_id_header(const kafka::Message& record, RecordPart part) {
  const auto header = std::ranges::find(record.headers, serde::schema_id_header_name(part), &kafka::Header::name);
  if (header == record.headers.end() || !header->value) return std::nullopt;
  return *header->value;
}

// The readers of one topic, and what they make of its records.
class TopicCheck {
 public:
  TopicCheck(std::span<const PlannedReader> readers, std::span<DataCheck> checks, serde::Deserializer& deserializer)
      : readers_(readers), checks_(checks), deserializer_(deserializer) {}

  Result<void> check(const kafka::Message& record) {
    if (auto checked = check(record, RecordPart::kKey, record.key); !checked) return checked;
    return check(record, RecordPart::kValue, record.value);
  }

 private:
  Result<void> check(const kafka::Message& record, RecordPart part, const std::optional<std::string>& payload) {
    if (!payload || std::ranges::find(readers_, part, &PlannedReader::part) == readers_.end()) return {};
    const auto datum = deserializer_.read(*payload, schema_id_header(record, part), {});
    if (!datum) {
      if (!serde::is_records_own(datum.error().code)) return fail(datum.error());
      const auto any = std::ranges::find(readers_, part, &PlannedReader::part);
      checks_[static_cast<size_t>(any - readers_.begin())].undecodable.add(record, datum.error());
      return {};
    }
    const auto reader = reader_of(part, datum->writer->schema);
    if (!reader) return {};
    DataCheck& result = checks_[*reader];
    const auto read = decode(*reader, *datum);
    if (read) {
      ++result.readable;
    } else if (const auto own = datum->writer->decoder.validate(datum->bytes); !own) {
      result.undecodable.add(record, own.error());
    } else {
      result.unreadable.add(record, read.error());
    }
    return {};
  }

  std::optional<size_t> reader_of(RecordPart part, const avro::Schema& writer) const {
    std::optional<size_t> of_part;
    size_t count = 0;
    for (size_t i = 0; i < readers_.size(); ++i) {
      if (readers_[i].part != part) continue;
      if (readers_[i].schema.root().full_name == writer.root().full_name) return i;
      of_part = i;
      ++count;
    }
    return count == 1 ? of_part : std::nullopt;
  }

  Result<void> decode(size_t reader, const serde::Deserializer::Datum& datum) {
    const auto key = std::pair(reader, datum.key);
    auto known = decoders_.find(key);
    if (known == decoders_.end()) {
      known = decoders_.emplace(key, avro::Decoder::compile(datum.writer->schema, readers_[reader].schema)).first;
    }
    if (!known->second) return fail(known->second.error());
    return known->second->validate(datum.bytes);
  }

  std::span<const PlannedReader> readers_;
  std::span<DataCheck> checks_;
  serde::Deserializer& deserializer_;
  std::map<std::pair<size_t, serde::SchemaKey>, Result<avro::Decoder>> decoders_;  // an error: no datum can be read
};

}  // namespace

void FailedRecords::add(const kafka::Message& record, const Error& error) {
  if (++count <= static_cast<int64_t>(kMaxShown)) {
    first.push_back({record.partition, record.offset, error.message});
  }
}

std::vector<PlannedReader> planned_readers(const Desired& desired, const Observed& observed) {
  std::map<size_t, avro::Schema> schemas;  // by subject
  for (SubjectDecision& decision : decide_schemas(desired, observed).subjects) {
    schemas.emplace(decision.subject, std::move(decision.schema));
  }
  std::vector<PlannedReader> readers;
  std::set<std::tuple<std::string, bool, size_t>> seen;
  for (const SchemaUse& use : desired.schema_uses) {
    const auto schema = schemas.find(use.subject);
    if (!observed.topics.contains(use.topic) || schema == schemas.end()) continue;
    if (!seen.insert({use.topic, use.is_key, use.subject}).second) continue;
    const DesiredSubject& subject = desired.subjects[use.subject];
    readers.push_back({use.topic, use.is_key ? RecordPart::kKey : RecordPart::kValue, subject.name,
                       desired.schemas[subject.schema].file.path, schema->second});
  }
  std::ranges::stable_sort(readers, {}, &PlannedReader::topic);
  return readers;
}

Result<std::vector<DataCheck>> check_data(std::span<const PlannedReader> readers, RecordSource& source,
                                          schema_registry::Client& registry, std::optional<int64_t> last) {
  serde::Deserializer deserializer(registry);
  std::vector<DataCheck> checks;
  for (const PlannedReader& reader : readers) {
    checks.push_back({.topic = reader.topic, .part = reader.part, .subject = reader.subject, .file = reader.file});
  }
  for (size_t begin = 0; begin < readers.size();) {
    size_t end = begin + 1;
    while (end < readers.size() && readers[end].topic == readers[begin].topic) ++end;
    TopicCheck topic(readers.subspan(begin, end - begin), std::span(checks).subspan(begin, end - begin), deserializer);
    auto done = source.read_last(readers[begin].topic, last,
                                 [&topic](const kafka::Message& record) { return topic.check(record); });
    if (!done) return fail(std::move(done).error());
    begin = end;
  }
  return checks;
}

bool is_all_readable(std::span<const DataCheck> checks) {
  return std::ranges::all_of(checks, [](const DataCheck& check) { return check.unreadable.count == 0; });
}

}  // namespace omashu::provision
