#include "schema_registry/server/candidate.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <optional>
#include <ranges>

#include "avro/schema_text.h"
#include "schema_registry/server/subject_name.h"

namespace omashu::schema_registry::server {

namespace {

// References of references: far more than anybody nests, and few enough for any stack.
constexpr size_t kMaxReferenceDepth = 64;

// Parses a text after what it refers to, each version once.
class ReferenceParser {
 public:
  explicit ReferenceParser(const Store& store) : store_(store) {}

  // Of the text itself defaults are checked where it is wanted, and never of what it refers to.
  Answer<avro::Schema> parse(std::string_view context, const SchemaText& text, size_t depth,
                             bool check_defaults = false) {
    if (depth > kMaxReferenceDepth) return invalid_schema("its references refer to each other without end");
    std::vector<avro::Schema> references;
    for (const Reference& reference : text.references) {
      Answer<avro::Schema> schema = parse_reference(context, reference, depth);
      if (!schema) return schema;
      references.push_back(*std::move(schema));
    }
    Result<avro::Schema> schema =
        avro::Schema::parse(text.schema, {.references = references, .check_defaults = check_defaults});
    if (!schema) return invalid_schema(describe(schema.error()));
    return *std::move(schema);
  }

 private:
  Answer<avro::Schema> parse_reference(std::string_view context, const Reference& reference, size_t depth) {
    const std::string subject = qualified_subject(context, reference.subject);
    const auto known = parsed_.find({subject, reference.version});
    if (known != parsed_.end()) return known->second;
    const VersionEntry* entry = store_.find_version(subject, reference.version);
    if (entry == nullptr) {
      return invalid_schema(
          fmt::format("no schema is registered as version {} of the subject '{}', which the reference '{}' names",
                      reference.version, subject, reference.name));
    }
    Answer<avro::Schema> schema = parse(context_of(subject), entry->content->text, depth + 1);
    if (schema) parsed_.emplace(std::pair(subject, reference.version), *schema);
    return schema;
  }

  static std::string describe(const Error& error) {
    if (!error.position) return error.message;
    return fmt::format("line {}, column {}: {}", error.position->line, error.position->column, error.message);
  }

  const Store& store_;
  std::map<std::pair<std::string, int>, avro::Schema> parsed_;
};

void sort_references(std::vector<Reference>& references) {
  std::ranges::sort(references, {}, [](const Reference& reference) {
    return std::tie(reference.subject, reference.version, reference.name);
  });
  references.erase(std::ranges::unique(references).begin(), references.end());
}

// A reference to version -1 means the latest, as it is now.
Answer<void> number_latest(const Store& store, std::string_view context, std::vector<Reference>& references) {
  for (Reference& reference : references) {
    if (reference.version != kLatestVersion) continue;
    const Subject* subject = store.find_subject(qualified_subject(context, reference.subject));
    const VersionEntry* latest = subject == nullptr ? nullptr : subject->latest();
    if (latest == nullptr) {
      return invalid_schema(fmt::format("the subject '{}', which the reference '{}' names, has no version",
                                        reference.subject, reference.name));
    }
    reference.version = latest->version;
  }
  return {};
}

// The same letters in whatever order: then two schemas of one normalized text differ in the order of custom properties
// (or of aliases) alone.
bool is_reordered(const std::string& text, const std::string& other) {
  if (text.size() != other.size() || letters_key(text) != letters_key(other)) return false;
  return text != other;
}

bool is_same_reordered(const Store& store, std::string_view context, const Content& content,
                       const Candidate& candidate) {
  if (content.all_annotations() != candidate.annotations || content.text.references != candidate.text.references) {
    return false;
  }
  if (!is_reordered(content.text.schema, candidate.text.schema)) return false;
  const Answer<avro::Schema> schema = parse_with_references(store, context, content.text);
  return schema && avro::to_java_text(*schema, true) == avro::to_java_text(candidate.schema, true);
}

// Whether a registered schema of another text is the candidate in another spelling, or with references in place of
// definitions.
bool is_same(const Store& store, std::string_view context, const Content& content, const Candidate& candidate) {
  if (content.all_annotations() != candidate.annotations) return false;
  const bool same_references = content.text.references == candidate.text.references;
  if (same_references ? content.is_properly_spelled.load() : !candidate.text.references.empty()) return false;
  const Answer<avro::Schema> schema = parse_with_references(store, context, content.text);
  if (!schema) return false;
  if (!same_references) return avro::to_resolved_java_text(*schema) == candidate.text.schema;
  const std::string text = avro::to_java_text(*schema);
  if (text == content.text.schema) content.is_properly_spelled = true;
  return text == candidate.text.schema;
}

}  // namespace

Answer<avro::Schema> parse_with_references(const Store& store, std::string_view context, const SchemaText& text) {
  return ReferenceParser(store).parse(context, text, 0);
}

Answer<void> check_defaults(const Store& store, std::string_view subject, const Candidate& candidate) {
  const Answer<avro::Schema> schema = ReferenceParser(store).parse(context_of(subject), candidate.text, 0, true);
  if (!schema) return std::unexpected(schema.error());
  return {};
}

Answer<Candidate> make_candidate(const Store& store, std::string_view subject, const SchemaText& text,
                                 const Annotations& annotations, bool normalize) {
  if (text.schema_type != "AVRO") {
    return invalid_schema(fmt::format("this registry holds Avro schemas alone, and none of type {}", text.schema_type));
  }
  if (text.schema.find_first_not_of(" \t\r\n") == std::string::npos) return invalid_schema("there is none");
  SchemaText numbered = text;
  if (auto found = number_latest(store, context_of(subject), numbered.references); !found) {
    return std::unexpected(std::move(found.error()));
  }
  Answer<avro::Schema> schema = parse_with_references(store, context_of(subject), numbered);
  if (!schema) return std::unexpected(std::move(schema.error()));
  SchemaText spelled = {.schema = avro::to_java_text(*schema, normalize), .references = std::move(numbered.references)};
  if (normalize) sort_references(spelled.references);
  const Guid guid = guid_of(spelled, annotations);
  return Candidate{std::move(spelled), annotations, guid, *std::move(schema)};
}

Answer<std::optional<std::string>> formatted_text(const Store& store, const Content& content, std::string_view format) {
  if (format != "resolved" || content.text.references.empty()) return std::nullopt;
  const std::string_view context = context_of(*content.places.front().subject);
  const Answer<avro::Schema> schema = parse_with_references(store, context, content.text);
  if (!schema) return std::unexpected(schema.error());
  return avro::to_resolved_java_text(*schema);
}

const VersionEntry* find_same(const Store& store, std::string_view subject, const Candidate& candidate,
                              bool deleted_too) {
  const Subject* found = store.find_subject(subject);
  if (found == nullptr) return nullptr;
  const auto counts = [&](const VersionEntry& entry) { return deleted_too || !entry.is_deleted; };
  for (const VersionEntry& entry : found->versions | std::views::reverse) {
    if (counts(entry) && entry.content->guid == candidate.guid) return &entry;
  }
  for (const VersionEntry& entry : found->versions | std::views::reverse) {
    if (!counts(entry)) continue;
    if (is_same(store, context_of(subject), *entry.content, candidate) ||
        is_same_reordered(store, context_of(subject), *entry.content, candidate)) {
      return &entry;
    }
  }
  return nullptr;
}

const Content* find_content(const Store& store, std::string_view context, const Candidate& candidate) {
  if (const Content* same = store.find(context, candidate.guid)) return same;
  for (const Content* content : store.with_letters(context, letters_key(candidate.text.schema))) {
    if (is_same_reordered(store, context, *content, candidate)) return content;
  }
  return nullptr;
}

Annotations inherited_annotations(const Store& store, std::string_view subject, const Annotations& own) {
  const Subject* found = store.find_subject(subject);
  const VersionEntry* latest = found == nullptr ? nullptr : found->latest();
  if (latest == nullptr) return own;
  const Annotations& before = latest->content->all_annotations();
  return {.metadata = own.metadata.empty() ? before.metadata : own.metadata,
          .rule_set = own.rule_set.empty() ? before.rule_set : own.rule_set};
}

Annotations configured_annotations(const Store& store, std::string_view subject, const Annotations& own) {
  const ConfigValue config = store.config_in_force(subject);
  return merged(merged(config.defaults, own), config.overrides);
}

}  // namespace omashu::schema_registry::server
