#include "serde/schema_loader.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

namespace omashu::serde {

namespace {

using schema_registry::Reference;
using schema_registry::SchemaText;
using schema_registry::SubjectAndVersion;
using schema_registry::SubjectVersion;

SubjectAndVersion place_of(const Reference& reference) { return {reference.subject, reference.version}; }

std::string to_text(const SubjectAndVersion& place) {
  return fmt::format("{} version {}", place.subject, place.version);
}

Result<void> check_is_avro(const SchemaText& text) {
  if (text.schema_type == "AVRO") return {};
  return fail(ErrorCode::kInvalidArgument,
              fmt::format("the schema is of type {}; only AVRO schemas can be used here", text.schema_type));
}

// The texts that a schema needs, and their parsed forms in the order of their dependencies.
class ReferenceGraph {
 public:
  explicit ReferenceGraph(schema_registry::Client& client) : client_(client) {}

  // Fetches what `references` lead to, a depth at a time.
  Result<void> fetch(const std::vector<Reference>& references) {
    std::vector<SubjectAndVersion> wanted = unknown_of(references);
    for (size_t depth = 0; !wanted.empty(); ++depth) {
      if (depth == kMaxReferenceDepth) {
        return fail(ErrorCode::kInvalidArgument,
                    fmt::format("schema references go deeper than {}, down to {}", depth, to_text(wanted.front())));
      }
      const std::vector<Result<SubjectVersion>> found = client_.referenced_versions(wanted);
      std::vector<Reference> next;
      for (size_t i = 0; i < wanted.size(); ++i) {
        if (!found[i]) return fail(missing(wanted[i], found[i].error()));
        if (auto checked = check_is_avro(found[i]->text); !checked) {
          return fail(std::move(checked.error()).within("schema reference " + to_text(wanted[i])));
        }
        next.insert(next.end(), found[i]->text.references.begin(), found[i]->text.references.end());
        texts_.emplace(wanted[i], found[i]->text);
      }
      if (texts_.size() > kMaxReferences || next.size() > kMaxReferences) {
        return fail(ErrorCode::kInvalidArgument,
                    fmt::format("a schema that refers to more than {} others", kMaxReferences));
      }
      wanted = unknown_of(next);
    }
    return {};
  }

  // The schemas that `references` lead to, each once, those they need before them.
  Result<std::vector<avro::Schema>> closure_of(const std::vector<Reference>& references) {
    std::set<SubjectAndVersion> taken;
    std::vector<avro::Schema> schemas;
    for (const Reference& reference : references) {
      if (auto added = add(place_of(reference), taken, schemas); !added) return fail(std::move(added.error()));
    }
    return schemas;
  }

 private:
  std::vector<SubjectAndVersion> unknown_of(const std::vector<Reference>& references) const {
    std::set<SubjectAndVersion> unknown;
    for (const Reference& reference : references) {
      if (!texts_.contains(place_of(reference))) unknown.insert(place_of(reference));
    }
    return {unknown.begin(), unknown.end()};
  }

  static Error missing(const SubjectAndVersion& place, Error error) {
    if (error.code == ErrorCode::kNotFound) error.code = ErrorCode::kInvalidArgument;
    return std::move(error).within("schema reference " + to_text(place));
  }

  Result<void> add(const SubjectAndVersion& place, std::set<SubjectAndVersion>& taken,
                   std::vector<avro::Schema>& schemas) {
    if (taken.contains(place)) return {};
    const SchemaText& text = texts_.at(place);
    if (std::ranges::find(path_, place) != path_.end()) return fail(cycle_to(place));
    path_.push_back(place);
    for (const Reference& reference : text.references) {
      if (auto added = add(place_of(reference), taken, schemas); !added) return added;
    }
    Result<avro::Schema> schema = parsed(place, text);
    path_.pop_back();
    if (!schema) return fail(std::move(schema.error()));
    taken.insert(place);
    schemas.push_back(std::move(*schema));
    return {};
  }

  Result<avro::Schema> parsed(const SubjectAndVersion& place, const SchemaText& text) {
    if (const auto it = schemas_.find(place); it != schemas_.end()) return it->second;
    // Only what this text leads to: a name that it uses must not be found by chance in a neighbour.
    const Result<std::vector<avro::Schema>> needed = closure_of(text.references);
    if (!needed) return fail(needed.error());
    Result<avro::Schema> schema = avro::Schema::parse(text.schema, {.references = *needed, .check_defaults = false});
    if (!schema) return fail(std::move(schema.error()).within("schema reference " + to_text(place)));
    schemas_.emplace(place, *schema);
    return schema;
  }

  Error cycle_to(const SubjectAndVersion& place) const {
    std::string path;
    for (auto it = std::ranges::find(path_, place); it != path_.end(); ++it) path += to_text(*it) + " → ";
    return {ErrorCode::kInvalidArgument, "schema references form a cycle: " + path + to_text(place), {}};
  }

  schema_registry::Client& client_;
  std::map<SubjectAndVersion, SchemaText> texts_;
  std::map<SubjectAndVersion, avro::Schema> schemas_;
  std::vector<SubjectAndVersion> path_;  // from the schema down to the one being added
};

}  // namespace

Result<avro::Schema> SchemaLoader::load(const SchemaText& text, bool is_new) const {
  if (auto checked = check_is_avro(text); !checked) return fail(std::move(checked.error()));
  ReferenceGraph graph(*client_);
  if (auto fetched = graph.fetch(text.references); !fetched) return fail(std::move(fetched.error()));
  const Result<std::vector<avro::Schema>> references = graph.closure_of(text.references);
  if (!references) return fail(references.error());
  return avro::Schema::parse(text.schema, {.references = *references, .check_defaults = is_new});
}

Result<avro::Schema> SchemaLoader::load_registered(const SchemaText& text) const { return load(text, false); }

Result<avro::Schema> SchemaLoader::load_new(const SchemaText& text) const { return load(text, true); }

Result<avro::Schema> SchemaLoader::load(const SchemaKey& key) const {
  const SchemaId* id = std::get_if<SchemaId>(&key);
  const Result<SchemaText> text =
      id != nullptr ? client_->schema_by_id(*id) : client_->schema_by_guid(serde::to_text(std::get<Guid>(key)));
  if (!text) return fail(text.error());
  return load_registered(*text);
}

}  // namespace omashu::serde
