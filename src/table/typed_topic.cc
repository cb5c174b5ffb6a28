#include "table/typed_topic.h"

#include <fmt/core.h>

#include <span>
#include <tuple>
#include <utility>

#include "avro/codec.h"
#include "avro/key_projection.h"
#include "base/mutex.h"
#include "serde/deserializer.h"
#include "serde/serializer.h"
#include "serde/subject_name.h"
#include "table/avro_json.h"
#include "table/key_agreement.h"
#include "table/key_text.h"
#include "table/payload_reader.h"
#include "table/stored_value.h"

namespace omashu::table {

namespace {

using serde::Deserializer;
using serde::RecordPart;
using serde::Serializer;

// Opened on the subject's latest version; nothing where the subject does not exist.
Result<std::optional<Serializer>> open_latest(schema_registry::Client& registry, const std::string& topic,
                                              RecordPart part) {
  serde::SerializerOptions options;
  options.auto_register_schemas = false;
  options.use_latest_version = true;
  auto serializer = Serializer::open(registry, topic, part, std::nullopt, options);
  if (serializer) return std::optional(*std::move(serializer));
  if (serializer.error().code == ErrorCode::kNotFound) return std::nullopt;
  return fail(std::move(serializer.error()));
}

}  // namespace

struct TypedTopic::State {
  State(schema_registry::Client& client, std::string topic_name)
      : registry(client), topic(std::move(topic_name)), as_written(client, std::nullopt, avro::JsonForm::kPlain) {}

  // How all versions of the key's subject but the latest write a key.
  struct EarlierKey {
    Serializer serializer;
    std::unique_ptr<Deserializer> through;  // the latest version's bytes as this one sees them
  };
  Result<std::span<const EarlierKey>> earlier_keys() EXCLUDES(earlier_mutex);

  Result<const AvroJson*> forms(RecordPart part) EXCLUDES(mutex);
  Result<const KeyAgreement*> key_agreement() EXCLUDES(mutex);
  const std::optional<avro::KeyProjection>& key_projection() EXCLUDES(mutex);

  schema_registry::Client& registry;
  std::string topic;
  std::optional<Serializer> key;    // absent: keys are plain text
  std::optional<Serializer> value;  // absent: the topic has no value schema
  std::optional<PayloadReader> as_latest_key;
  PayloadReader as_written;
  std::optional<PartReader> keys, values;
  TransitionRules transitions;
  std::optional<Error> transitions_mistake;

  // Made when they are first asked for, and left as they are from then on.
  Mutex mutex;
  std::optional<AvroJson> key_forms GUARDED_BY(mutex), value_forms GUARDED_BY(mutex);
  std::optional<KeyAgreement> agreement GUARDED_BY(mutex);
  // Nothing in it where the key cannot be made so.
  std::optional<std::optional<avro::KeyProjection>> projection GUARDED_BY(mutex);
  Mutex earlier_mutex;  // held while the registry is asked
  std::optional<std::vector<EarlierKey>> earlier GUARDED_BY(earlier_mutex);
};

TypedTopic::TypedTopic(std::unique_ptr<State> state) : state_(std::move(state)) {}
TypedTopic::~TypedTopic() = default;
TypedTopic::TypedTopic(TypedTopic&&) noexcept = default;

Result<TypedTopic> TypedTopic::open(schema_registry::Client& registry, const std::string& topic) {
  auto state = std::make_unique<State>(registry, topic);
  auto key = open_latest(registry, topic, RecordPart::kKey);
  if (!key) return fail(std::move(key.error()));
  auto value = open_latest(registry, topic, RecordPart::kValue);
  if (!value) return fail(std::move(value.error()));
  state->key = *std::move(key);
  state->value = *std::move(value);
  if (state->key) state->as_latest_key.emplace(registry, state->key->schema(), avro::JsonForm::kPlain);
  for (const auto& [part, latest, reader] :
       {std::tuple(RecordPart::kKey, &state->key, &state->keys), {RecordPart::kValue, &state->value, &state->values}}) {
    if (*latest) {
      reader->emplace(registry, part, (*latest)->schema(), PayloadFormat::kAvro);
    } else {
      reader->emplace(registry, part, std::nullopt, PayloadFormat::kAuto);
    }
  }
  if (state->value) {
    auto transitions = TransitionRules::compile(state->value->schema());
    if (transitions) {
      state->transitions = *std::move(transitions);
    } else {
      state->transitions_mistake = std::move(transitions.error());
    }
  }
  return TypedTopic(std::move(state));
}

// ---- reading

Result<std::string> TypedTopic::read_key(const kafka::Message& message) {
  if (!message.key) {
    return fail(ErrorCode::kCorrupt, fmt::format("{}-{}-{} has no key: a table has no place for it", message.topic,
                                                 message.partition, message.offset));
  }
  if (!state_->key) return state_->as_written.read(message, RecordPart::kKey, PayloadFormat::kAuto);
  auto resolved = state_->as_latest_key->read(message, RecordPart::kKey, PayloadFormat::kAvro);
  if (resolved || resolved.error().code != ErrorCode::kCorrupt) return resolved;
  // Written with a schema that the latest one cannot read: a key of its own.
  return state_->as_written.read(message, RecordPart::kKey, PayloadFormat::kAvro);
}

PartReader& TypedTopic::keys() { return *state_->keys; }
PartReader& TypedTopic::values() { return *state_->values; }

Payload TypedTopic::stored_payload(const Row& row) const {
  const StoredValue stored = read_stored_value(*row.value);
  return {.bytes = stored.payload,
          .schema_id_header = stored.schema_id_header,
          .place = {.topic = state_->topic,
                    .part = RecordPart::kValue,
                    .partition = row.position.partition,
                    .offset = row.position.offset}};
}

Result<PartReader::Json> TypedTopic::row_value(const Row& row) {
  return state_->values->read_json(stored_payload(row));
}

bool TypedTopic::knows_schema_of(const Row& row) {
  return !row.value || state_->values->knows_schema_of(stored_payload(row));
}

// ---- writing

Result<std::string> TypedTopic::write_key(std::string_view key, avro::JsonForm form) {
  if (!state_->key) {
    // As bytes that are no text are shown.
    if (!key.starts_with(R"({"base64":)")) return std::string(key);
    return serde::payload_of_json(key, PayloadFormat::kBytes);
  }
  std::string bytes;
  if (auto written = state_->key->serialize(key, bytes, form); !written)
    return fail(std::move(written.error()).within("key"));
  return bytes;
}

Result<std::string> TypedTopic::write_value(std::string_view json, avro::JsonForm form) {
  if (!state_->value) {
    return fail(ErrorCode::kNotFound,
                fmt::format("{} has no value schema: register one under the subject {} (init-kafka does)",
                            state_->topic, serde::topic_subject(state_->topic, RecordPart::kValue)));
  }
  std::string bytes;
  if (auto written = state_->value->serialize(json, bytes, form); !written) {
    return fail(std::move(written.error()).within("value"));
  }
  return bytes;
}

Result<const AvroJson*> TypedTopic::State::forms(RecordPart part) {
  const MutexLock lock(mutex);
  std::optional<AvroJson>& forms = part == RecordPart::kKey ? key_forms : value_forms;
  if (!forms) {
    auto compiled = AvroJson::compile((part == RecordPart::kKey ? key : value)->schema());
    if (!compiled) return fail(std::move(compiled.error()));
    forms.emplace(*std::move(compiled));
  }
  return &*forms;
}

Result<std::string> TypedTopic::to_avro_json(RecordPart part, std::string_view plain) const {
  if (!(part == RecordPart::kKey ? state_->key : state_->value)) return std::string(plain);
  const auto forms = state_->forms(part);
  if (!forms) return fail(forms.error());
  return (*forms)->of_plain(plain);
}

const std::optional<avro::KeyProjection>& TypedTopic::State::key_projection() {
  const MutexLock lock(mutex);
  if (!projection) {
    const bool has_fields = key && value && key->schema().root().type == avro::Type::kRecord;
    auto compiled = has_fields ? avro::KeyProjection::compile(value->schema(), key->schema())
                               : Result<avro::KeyProjection>(fail(ErrorCode::kIncompatible, ""));
    projection.emplace(compiled ? std::optional(*std::move(compiled)) : std::nullopt);
  }
  return *projection;
}

Result<std::optional<std::string>> TypedTopic::write_key_of(std::string_view value_bytes) {
  const std::optional<avro::KeyProjection>& projection = state_->key_projection();
  const auto frame = serde::parse_frame(value_bytes, std::nullopt);
  if (!projection || !frame) return std::nullopt;
  std::string datum;
  if (auto made = projection->append_key(frame->data, datum); !made) return fail(std::move(made.error()));
  std::string bytes;
  state_->key->serialize_avro(datum, bytes);
  return bytes;
}

Result<const KeyAgreement*> TypedTopic::State::key_agreement() {
  const MutexLock lock(mutex);
  if (!agreement) {
    auto made = KeyAgreement::make(key->schema(), value->schema());
    if (!made) return fail(std::move(made.error()));
    agreement.emplace(*std::move(made));
  }
  return &*agreement;
}

Result<std::optional<KeyDisagreement>> TypedTopic::find_disagreement(std::string_view key_bytes,
                                                                     std::string_view value_bytes) {
  if (!state_->key || !state_->value) return std::nullopt;
  const auto agreement = state_->key_agreement();
  if (!agreement) return fail(agreement.error());
  const auto key = serde::parse_frame(key_bytes, std::nullopt), value = serde::parse_frame(value_bytes, std::nullopt);
  if (!key || !value) return std::nullopt;
  return (*agreement)->find(key->data, value->data);
}

const TransitionRules& TypedTopic::transitions() const { return state_->transitions; }
const std::optional<Error>& TypedTopic::transitions_mistake() const { return state_->transitions_mistake; }

Result<std::optional<ImpossibleTransition>> TypedTopic::check_transition(const StoredValue* before,
                                                                         const StoredValue& after) {
  if (state_->transitions.is_empty()) return std::nullopt;
  PartReader::Scratch before_scratch, after_scratch;
  const auto read = [&](const StoredValue& value, PartReader::Scratch& scratch) {
    return state_->values->read(Payload{.bytes = value.payload, .schema_id_header = value.schema_id_header}, scratch);
  };
  const auto to = read(after, after_scratch);
  if (!to && to.error().code != ErrorCode::kCorrupt) return fail(to.error());
  if (!to || to->datum == nullptr) return std::nullopt;
  if (before == nullptr) return state_->transitions.check(nullptr, *to->datum);
  const auto from = read(*before, before_scratch);
  if (!from && from.error().code != ErrorCode::kCorrupt) return fail(from.error());
  if (!from || from->datum == nullptr) return std::nullopt;
  return state_->transitions.check(from->datum, *to->datum);
}

Result<std::span<const TypedTopic::State::EarlierKey>> TypedTopic::State::earlier_keys() {
  const MutexLock lock(earlier_mutex);
  if (earlier) return *earlier;
  const std::string subject = serde::topic_subject(topic, RecordPart::kKey);
  const auto versions = registry.versions(subject);
  if (!versions) return fail(versions.error());
  std::vector<EarlierKey> earlier_keys;
  for (const int number : *versions) {
    const auto version = registry.version(subject, number);
    if (!version) return fail(version.error());
    if (version->id == key->id()) continue;
    serde::SerializerOptions options;
    options.auto_register_schemas = false;
    options.use_schema_id = version->id;
    auto serializer = Serializer::open(registry, topic, RecordPart::kKey, std::nullopt, options);
    if (!serializer) return fail(std::move(serializer.error()));
    auto through = std::make_unique<Deserializer>(registry, serde::DeserializerOptions{.reader = serializer->schema()});
    earlier_keys.push_back({*std::move(serializer), std::move(through)});
  }
  earlier.emplace(std::move(earlier_keys));
  return *earlier;
}

Result<std::vector<std::string>> TypedTopic::every_key_encoding(std::string_view key) {
  auto latest = write_key(key);
  if (!latest) return fail(std::move(latest.error()));
  std::vector<std::string> encodings = {*latest};
  if (!state_->key) return encodings;
  const auto logical = logical_key(*latest);
  if (!logical) return fail(logical.error());
  const auto earlier = state_->earlier_keys();
  if (!earlier) return fail(earlier.error());
  for (const auto& [serializer, through] : *earlier) {
    // The key as the earlier schema sees it: without fields that came later.
    std::string json, bytes;
    const auto seen = through->to_json(*latest, std::nullopt, {}, avro::JsonForm::kPlain, json);
    if (!seen || !serializer.serialize(json, bytes)) continue;
    // It means the same key only where nothing was lost on the way.
    const auto back = logical_key(bytes);
    if (back && *back == *logical) encodings.push_back(std::move(bytes));
  }
  return encodings;
}

Result<std::string> TypedTopic::logical_key(const std::string& key_bytes) {
  kafka::Message message;
  message.topic = state_->topic;
  message.key = key_bytes;
  return read_key(message);
}

Result<std::string> TypedTopic::key_from_text(std::string_view text) const {
  if (!state_->key) return std::string(text);
  return table::key_from_text(state_->key->schema().root(), text);
}

Result<std::string> TypedTopic::key_from_value(std::string_view value, std::string_view field) const {
  const auto parsed = json::parse(value);
  if (!parsed) return fail(Error(parsed.error()).within("value"));
  if (!state_->key) return plain_key_from_value(*parsed, field);
  return table::key_from_value(state_->key->schema().root(), *parsed, field);
}

// ---- fields

Result<void> TypedTopic::check(const FieldPath& path) {
  if (!state_->value) return {};
  return path.check(state_->value->schema().root());
}

FilterSchemas TypedTopic::schemas() const {
  FilterSchemas schemas;
  if (state_->key) schemas.key = state_->key->schema();
  if (state_->value) schemas.value = state_->value->schema();
  return schemas;
}

}  // namespace omashu::table
