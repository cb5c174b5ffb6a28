// Records of _schemas, from what they mean to bytes.

#include <fmt/core.h>

#include <array>

#include "base/json.h"
#include "schema_registry/server/schemas_topic.h"

namespace omashu::schema_registry::server {

namespace {

constexpr std::array<std::string_view, 5> kModeNames = {"READWRITE", "READONLY", "READONLY_OVERRIDE", "IMPORT",
                                                        "FORWARD"};

std::string quoted(std::string_view text) {
  std::string out;
  json::append_quoted(out, text);
  return out;
}

// `,"subject":"s"`, or nothing for all subjects.
std::string subject_member(const std::string& subject) {
  return subject.empty() ? "" : R"(,"subject":)" + quoted(subject);
}

std::string references_text(const std::vector<Reference>& references) {
  std::string out = "[";
  for (const Reference& reference : references) {
    if (out.size() > 1) out += ',';
    out += fmt::format(R"({{"name":{},"subject":{},"version":{}}})", quoted(reference.name), quoted(reference.subject),
                       reference.version);
  }
  return out + "]";
}

// {a,b}, each of which starts with a comma or is empty.
std::string object_of(std::string members) {
  if (!members.empty()) members.front() = '{';
  return (members.empty() ? "{" : members) + "}";
}

}  // namespace

std::string_view mode_name(Mode mode) { return kModeNames[static_cast<size_t>(mode)]; }

std::optional<Mode> parse_mode(std::string_view name) {
  for (size_t i = 0; i < kModeNames.size(); ++i) {
    if (kModeNames[i] == name) return static_cast<Mode>(i);
  }
  return std::nullopt;
}

std::string term_text(const Term& term) { return fmt::format("{}-{}", term.number, term.name); }

std::string key_text(const TopicKey& key) {
  switch (key.type) {
    case KeyType::kSchema:
      return fmt::format(R"({{"keytype":"SCHEMA","subject":{},"version":{},"magic":1}})", quoted(key.subject),
                         key.version);
    case KeyType::kConfig: return fmt::format(R"({{"keytype":"CONFIG"{},"magic":0}})", subject_member(key.subject));
    case KeyType::kMode: return fmt::format(R"({{"keytype":"MODE"{},"magic":0}})", subject_member(key.subject));
    case KeyType::kDeleteSubject:
      return fmt::format(R"({{"keytype":"DELETE_SUBJECT","subject":{},"magic":0}})", quoted(key.subject));
    case KeyType::kContext:
      return fmt::format(R"({{"keytype":"CONTEXT","tenant":"default","context":{},"magic":0}})", quoted(key.subject));
    case KeyType::kNoop:
    case KeyType::kOther: break;
  }
  return R"({"keytype":"NOOP","magic":0})";
}

TopicRecord schema_record(const SchemaValue& value) {
  std::string text = fmt::format(R"({{"subject":{},"version":{},"id":{})", quoted(value.subject), value.version,
                                 static_cast<int32_t>(value.id));
  if (value.text.schema_type != "AVRO") text += R"(,"schemaType":)" + quoted(value.text.schema_type);
  if (!value.text.references.empty()) text += R"(,"references":)" + references_text(value.text.references);
  if (!value.annotations.metadata.empty()) text += R"(,"metadata":)" + value.annotations.metadata;
  if (!value.annotations.rule_set.empty()) text += R"(,"ruleSet":)" + value.annotations.rule_set;
  text += R"(,"schema":)";
  json::append_quoted(text, value.text.schema);
  text += value.is_deleted ? R"(,"deleted":true})" : R"(,"deleted":false})";
  return {key_text({KeyType::kSchema, value.subject, value.version}), std::move(text)};
}

TopicRecord config_record(const std::string& subject, const ConfigValue& value) {
  return {key_text({KeyType::kConfig, subject}),
          object_of(subject_member(subject) + config_members(value, "compatibilityLevel"))};
}

TopicRecord mode_record(const std::string& subject, Mode mode) {
  return {key_text({KeyType::kMode, subject}),
          object_of(subject_member(subject) + fmt::format(R"(,"mode":"{}")", mode_name(mode)))};
}

TopicRecord delete_subject_record(const std::string& subject, int version) {
  return {key_text({KeyType::kDeleteSubject, subject}),
          fmt::format(R"({{"subject":{},"version":{}}})", quoted(subject), version)};
}

TopicRecord context_record(const std::string& context_name) {
  return {key_text({KeyType::kContext, context_name}),
          fmt::format(R"({{"tenant":"default","context":{}}})", quoted(context_name))};
}

TopicRecord leader_record(const LeaderValue& value) {
  std::string max_ids;
  for (const auto& [context, id] : value.max_ids) max_ids += fmt::format(",{}:{}", quoted(context), id);
  std::string text = fmt::format(R"({{"term":{},"leader":{},"maxIds":{})", quoted(term_text(value.term)),
                                 quoted(value.url), object_of(std::move(max_ids)));
  if (value.missing_ids) {
    std::string missing;
    for (const auto& [context, ids] : *value.missing_ids) {
      if (!ids.empty()) missing += fmt::format(R"(,{}:"{}")", quoted(context), id_ranges_text(ids));
    }
    text += R"(,"missingIds":)" + object_of(std::move(missing));
  }
  if (value.repaired_until > 0) {
    text += fmt::format(R"(,"repairedUntil":{},"lostRecords":{})", value.repaired_until, value.lost_records);
  }
  return {key_text({KeyType::kNoop}), text + "}"};
}

TopicRecord tombstone(const TopicKey& key) { return {key_text(key), std::nullopt}; }

}  // namespace omashu::schema_registry::server
