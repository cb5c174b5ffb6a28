// Records of _schemas, from bytes to what they mean. A pull reader, since a registry that starts reads all of them.

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <tuple>
#include <utility>

#include "base/json.h"
#include "schema_registry/server/schemas_topic.h"

namespace omashu::schema_registry::server {

namespace {

using json::Token;

// Reads one JSON object member by member; the first wrong type sticks, and one check of error() covers all.
class ObjectReader {
 public:
  explicit ObjectReader(std::string_view text) : text_(text), reader_(text) {
    if (reader_.next() != Token::kBeginObject) reader_.fail_here("an object was expected");
  }

  // Calls on_member(name) for each, which must take the value through one of the functions below.
  template <class OnMember>
  void each(OnMember&& on_member) {
    while (reader_.next() == Token::kName) {
      // Short, and so copied without an allocation: the next token takes the reader's place for it.
      const std::string name(reader_.text());
      reader_.next();
      on_member(std::string_view(name));
    }
  }

  // A whole text of one object.
  template <class OnMember>
  void each_of_all(OnMember&& on_member) {
    each(on_member);
    if (reader_.token() == Token::kEndObject) reader_.next();
  }

  // Each leaves `out` as it is where the value is null.
  void take(std::string& out) {
    if (reader_.token() == Token::kString) {
      out = reader_.text();
    } else if (reader_.token() != Token::kNull) {
      reader_.fail_here("a string was expected");
    }
  }

  template <class Number>
  void take(Number& out, int at_least) {
    if (reader_.token() == Token::kNull) return;
    const std::string_view digits = reader_.text();
    Number value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (reader_.token() != Token::kNumber || error != std::errc() || end != digits.data() + digits.size() ||
        value < at_least) {
      reader_.fail_here(fmt::format("a whole number from {} was expected", at_least));
      return;
    }
    out = value;
  }

  void take(std::optional<std::string>& out) {
    if (reader_.token() == Token::kNull) return;
    take(out.emplace());
  }

  std::optional<bool> take_flag() {
    if (reader_.token() == Token::kTrue) return true;
    if (reader_.token() == Token::kFalse) return false;
    if (reader_.token() != Token::kNull) reader_.fail_here("true or false was expected");
    return std::nullopt;
  }

  // The text of an object; "" of a null.
  std::string_view take_object() {
    if (reader_.token() == Token::kNull) return {};
    if (reader_.token() != Token::kBeginObject) {
      reader_.fail_here("an object was expected");
      return {};
    }
    const size_t start = reader_.offset();
    reader_.skip_value();
    if (reader_.token() == Token::kError) return {};
    return text_.substr(start, reader_.offset() + 1 - start);
  }

  void take_references(std::vector<Reference>& out) {
    if (reader_.token() == Token::kNull) return;
    if (reader_.token() != Token::kBeginArray) {
      reader_.fail_here("an array was expected");
      return;
    }
    while (reader_.next() == Token::kBeginObject) {
      Reference& reference = out.emplace_back();
      each([&](std::string_view name) {
        if (name == "name") return take(reference.name);
        if (name == "subject") return take(reference.subject);
        if (name == "version") return take(reference.version, 1);
        skip();
      });
      if (reader_.token() == Token::kEndObject && reference.version == 0) {
        reader_.fail_here("the reference names no version");
      }
    }
    if (reader_.token() != Token::kEndArray) reader_.fail_here("a reference was expected");
  }

  void take_ids(std::map<std::string, int>& out) {
    if (reader_.token() != Token::kBeginObject) {
      reader_.fail_here("an object was expected");
      return;
    }
    each([&](std::string_view context) { take(out[std::string(context)], 0); });
  }

  void take_id_ranges(std::map<std::string, IdRanges>& out) {
    if (reader_.token() != Token::kBeginObject) {
      reader_.fail_here("an object was expected");
      return;
    }
    each([&](std::string_view context) {
      std::string text;
      take(text);
      std::optional<IdRanges> ranges = parse_id_ranges(text);
      if (ranges) {
        out.insert_or_assign(std::string(context), *std::move(ranges));
      } else {
        reader_.fail_here("ranges of ids were expected");
      }
    });
  }

  void skip() { reader_.skip_value(); }

  std::optional<Error> error() const {
    if (reader_.token() != Token::kError) return std::nullopt;
    Error error = reader_.error();
    error.code = ErrorCode::kCorrupt;
    return error;
  }

 private:
  std::string_view text_;
  json::Reader reader_;
};

std::unexpected<Error> corrupt(std::string message) { return fail(ErrorCode::kCorrupt, std::move(message)); }

KeyType key_type(std::string_view name) {
  static constexpr std::pair<std::string_view, KeyType> kTypes[] = {
      {"SCHEMA", KeyType::kSchema},   {"CONFIG", KeyType::kConfig}, {"MODE", KeyType::kMode},
      {"CONTEXT", KeyType::kContext}, {"NOOP", KeyType::kNoop},     {"DELETE_SUBJECT", KeyType::kDeleteSubject},
  };
  const auto* found = std::ranges::find(kTypes, name, &std::pair<std::string_view, KeyType>::first);
  return found == std::end(kTypes) ? KeyType::kOther : found->second;
}

bool must_name_something(KeyType type) {
  return type == KeyType::kSchema || type == KeyType::kDeleteSubject || type == KeyType::kContext;
}

Result<std::string> parse_annotation(std::string_view text, Result<std::string> (*normalized)(const json::Value&)) {
  if (text.empty()) return std::string();
  const Result<json::Value> value = json::parse(text);
  if (!value) return fail(value.error());
  return normalized(*value);
}

Result<TopicValue> parse_schema(const TopicKey& key, std::string_view text) {
  SchemaValue schema{.subject = key.subject, .version = key.version, .id = {}, .text = {}};
  int id = -1;
  std::string_view metadata;
  std::string_view rule_set;
  std::string ignored_subject;
  ObjectReader object(text);
  object.each_of_all([&](std::string_view name) {
    if (name == "id") return object.take(id, 0);
    if (name == "schema") return object.take(schema.text.schema);
    if (name == "schemaType") return object.take(schema.text.schema_type);
    if (name == "references") return object.take_references(schema.text.references);
    if (name == "metadata") return static_cast<void>(metadata = object.take_object());
    if (name == "ruleSet") return static_cast<void>(rule_set = object.take_object());
    if (name == "deleted") return static_cast<void>(schema.is_deleted = object.take_flag().value_or(false));
    object.skip();
  });
  if (auto error = object.error()) return fail(*std::move(error));
  if (id < 0) return corrupt("the schema has no id");
  schema.id = SchemaId{id};
  Result<std::string> annotation = parse_annotation(metadata, normalized_metadata);
  if (!annotation) return fail(std::move(annotation.error()));
  schema.annotations.metadata = *std::move(annotation);
  annotation = parse_annotation(rule_set, normalized_rule_set);
  if (!annotation) return fail(std::move(annotation.error()));
  schema.annotations.rule_set = *std::move(annotation);
  return schema;
}

Result<TopicValue> parse_config(std::string_view text) {
  ConfigValue config;
  std::string level;
  std::map<std::string, std::string_view> objects;
  ObjectReader object(text);
  object.each_of_all([&](std::string_view name) {
    if (name == "compatibilityLevel") return object.take(level);
    if (name == "normalize") return static_cast<void>(config.normalize = object.take_flag());
    if (name == "validateFields") return static_cast<void>(config.validate_fields = object.take_flag());
    if (name == "alias") return object.take(config.alias);
    if (name == "compatibilityGroup") return object.take(config.compatibility_group);
    if (name.ends_with("Metadata") || name.ends_with("RuleSet")) {
      return static_cast<void>(objects[std::string(name)] = object.take_object());
    }
    object.skip();
  });
  if (auto error = object.error()) return fail(*std::move(error));
  const std::tuple<const char*, std::string&, Result<std::string> (*)(const json::Value&)> annotations[] = {
      {"defaultMetadata", config.defaults.metadata, normalized_metadata},
      {"overrideMetadata", config.overrides.metadata, normalized_metadata},
      {"defaultRuleSet", config.defaults.rule_set, normalized_rule_set},
      {"overrideRuleSet", config.overrides.rule_set, normalized_rule_set}};
  for (const auto& [name, member, normalized] : annotations) {
    Result<std::string> annotation = parse_annotation(objects[name], normalized);
    if (!annotation) return fail(std::move(annotation.error()));
    member = *std::move(annotation);
  }
  if (!level.empty()) {
    config.level = avro::parse_compatibility_level(level);
    if (!config.level) return corrupt(fmt::format("there is no compatibility level '{}'", level));
  }
  return config;
}

Result<TopicValue> parse_mode_value(std::string_view text) {
  std::string name_of_mode;
  ObjectReader object(text);
  object.each_of_all([&](std::string_view name) { name == "mode" ? object.take(name_of_mode) : object.skip(); });
  if (auto error = object.error()) return fail(*std::move(error));
  const std::optional<Mode> mode = parse_mode(name_of_mode);
  if (!mode) return corrupt(fmt::format("there is no mode '{}'", name_of_mode));
  return *mode;
}

Result<TopicValue> parse_delete_subject(std::string_view text) {
  DeleteSubjectValue value;
  ObjectReader object(text);
  object.each_of_all([&](std::string_view name) { name == "version" ? object.take(value.version, 1) : object.skip(); });
  if (auto error = object.error()) return fail(*std::move(error));
  return value;
}

// A NOOP of omashu's says who leads; any other says nothing.
Result<TopicValue> parse_leader(std::string_view text) {
  LeaderValue leader;
  std::string term;
  ObjectReader object(text);
  object.each_of_all([&](std::string_view name) {
    if (name == "term") return object.take(term);
    if (name == "leader") return object.take(leader.url);
    if (name == "maxIds") return object.take_ids(leader.max_ids);
    if (name == "missingIds") return object.take_id_ranges(leader.missing_ids.emplace());
    if (name == "repairedUntil") return object.take(leader.repaired_until, 0);
    if (name == "lostRecords") return object.take(leader.lost_records, 0);
    object.skip();
  });
  std::optional<Term> parsed = parse_term(term);
  if (object.error() || !parsed) return std::monostate();
  leader.term = *std::move(parsed);
  return leader;
}

Result<TopicValue> parse_value(const TopicKey& key, std::string_view text) {
  switch (key.type) {
    case KeyType::kSchema: return parse_schema(key, text);
    case KeyType::kConfig: return parse_config(text);
    case KeyType::kMode: return parse_mode_value(text);
    case KeyType::kDeleteSubject: return parse_delete_subject(text);
    case KeyType::kContext: return ContextValue();
    case KeyType::kNoop: return parse_leader(text);
    case KeyType::kOther: break;
  }
  return std::monostate();
}

}  // namespace

std::optional<Term> parse_term(std::string_view text) {
  Term term;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), term.number);
  const char* const text_end = text.data() + text.size();
  if (error != std::errc() || term.number < 1 || end == text_end || *end != '-') return std::nullopt;
  term.name.assign(end + 1, text_end);
  return term;
}

Result<TopicKey> parse_key(std::string_view key) {
  TopicKey parsed;
  std::string type;
  std::string subject;
  std::string context;
  ObjectReader object(key);
  object.each_of_all([&](std::string_view name) {
    if (name == "keytype") return object.take(type);
    if (name == "subject") return object.take(subject);
    if (name == "context") return object.take(context);
    if (name == "version") return object.take(parsed.version, 1);
    object.skip();
  });
  if (auto error = object.error()) return fail(std::move(*error).within("the key"));
  parsed.type = key_type(type);
  parsed.subject = parsed.type == KeyType::kContext ? std::move(context) : std::move(subject);
  if (must_name_something(parsed.type) && parsed.subject.empty()) return corrupt("the key names no subject");
  if (parsed.type == KeyType::kSchema && parsed.version == 0) return corrupt("the key names no version");
  if (parsed.type != KeyType::kSchema) parsed.version = 0;
  if (parsed.type == KeyType::kNoop) parsed.subject.clear();
  return parsed;
}

Result<ParsedRecord> parse_record(std::string_view key, std::optional<std::string_view> value) {
  Result<TopicKey> parsed = parse_key(key);
  if (!parsed) return fail(std::move(parsed.error()));
  if (!value) return ParsedRecord{*std::move(parsed), std::monostate()};
  Result<TopicValue> meaning = parse_value(*parsed, *value);
  if (!meaning) return fail(std::move(meaning.error()));
  return ParsedRecord{*std::move(parsed), *std::move(meaning)};
}

}  // namespace omashu::schema_registry::server
