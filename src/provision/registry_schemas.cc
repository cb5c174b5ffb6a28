#include "provision/registry_schemas.h"

#include <fmt/core.h>

#include <algorithm>
#include <set>
#include <vector>

#include "avro/schema_text.h"

namespace omashu::provision {

using schema_registry::Client;
using schema_registry::Reference;
using schema_registry::SchemaText;
using schema_registry::SubjectVersion;

namespace {

// References of references: a registry cannot hold a cycle, but what answers as one may claim it.
constexpr int kMaxDepth = 64;

}  // namespace

void RegistrySchemas::add(SubjectVersion version) {
  Key key{version.subject, version.version};
  versions_.insert_or_assign(std::move(key), std::move(version));
}

const SubjectVersion* RegistrySchemas::find(const std::string& subject, int version) const {
  const auto found = versions_.find({subject, version});
  return found == versions_.end() ? nullptr : &found->second;
}

Result<void> RegistrySchemas::fetch_references(Client& registry, std::span<const SchemaText* const> texts) {
  std::vector<Reference> pending;
  for (const SchemaText* text : texts) pending.insert(pending.end(), text->references.begin(), text->references.end());
  std::set<Key> asked;
  for (int depth = 0; !pending.empty(); ++depth) {
    if (depth == kMaxDepth) return fail(ErrorCode::kCorrupt, "the registry's references are nested too deep");
    std::vector<Client::SubjectAndVersion> questions;
    std::vector<Reference> next;
    for (const Reference& reference : pending) {
      const Key key{reference.subject, reference.version};
      if (!asked.insert(key).second) continue;
      const auto known = versions_.find(key);
      if (known == versions_.end()) {
        questions.push_back({reference.subject, reference.version});
      } else {
        next.insert(next.end(), known->second.text.references.begin(), known->second.text.references.end());
      }
    }
    for (auto& answer : registry.referenced_versions(questions)) {
      if (!answer && answer.error().code == ErrorCode::kNotFound) continue;
      if (!answer) return fail(std::move(answer).error());
      next.insert(next.end(), answer->text.references.begin(), answer->text.references.end());
      add(*std::move(answer));
    }
    pending = std::move(next);
  }
  return {};
}

Result<avro::Schema> RegistrySchemas::parse(const SchemaText& text) const { return parse(text, 0); }

Result<avro::Schema> RegistrySchemas::parse(const SchemaText& text, int depth) const {
  if (text.schema_type != "AVRO" && !text.schema_type.empty()) {
    return fail(ErrorCode::kInvalidArgument, fmt::format("it is a schema of type {}", text.schema_type));
  }
  std::vector<avro::Schema> references;
  for (const Reference& reference : text.references) {
    auto schema = parse_version(reference, depth + 1);
    if (!schema) {
      return fail(std::move(schema).error().within(
          fmt::format("its reference to {} version {}", reference.subject, reference.version)));
    }
    references.push_back(*std::move(schema));
  }
  return avro::Schema::parse(text.schema, {.references = references, .check_defaults = false});
}

Result<avro::Schema> RegistrySchemas::parse_version(const Reference& reference, int depth) const {
  const Key key{reference.subject, reference.version};
  if (const auto known = parsed_.find(key); known != parsed_.end()) return known->second;
  const auto version = versions_.find(key);
  if (version == versions_.end()) return fail(ErrorCode::kNotFound, "the registry does not have it");
  if (depth > kMaxDepth) return fail(ErrorCode::kCorrupt, "the references are nested too deep");
  return parsed_.emplace(key, parse(version->second.text, depth)).first->second;
}

bool RegistrySchemas::is_referenced(const std::string& subject) const {
  return std::ranges::any_of(versions_, [&](const auto& entry) {
    return std::ranges::any_of(entry.second.text.references,
                               [&](const Reference& reference) { return reference.subject == subject; });
  });
}

std::string comparable_text(const avro::Schema& schema) { return avro::to_java_text(schema, /*normalized=*/true); }

}  // namespace omashu::provision
