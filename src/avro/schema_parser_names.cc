// How the parser gives types their names and finds the types that names mean: in the text, in its references, or
// nowhere yet.

#include <fmt/core.h>

#include <algorithm>
#include <unordered_set>

#include "avro/name.h"
#include "avro/schema_parser.h"
#include "avro/schema_properties.h"
#include "avro/schema_text.h"
#include "avro/type_advice.h"

namespace omashu::avro {

// ---- Definitions

Node* SchemaParser::define(const json::Value& value, Type type, std::string_view name_space) {
  Node& node = new_node(type);
  if (!read_full_name(value, name_space, node.full_name)) return nullptr;
  const size_t offset = value.find("name")->offset();
  const std::string& name = node.full_name;
  if (const auto first = definition_offsets_.find(name); first != definition_offsets_.end()) {
    const TextPosition at = json::position_at(text_, first->second);
    return fail_at(offset, fmt::format("{} is defined twice, first at line {}, column {}: define it once and use its "
                                       "name after that",
                                       name, at.line, at.column));
  }
  if (external_.contains(name)) {
    return fail_at(offset,
                   fmt::format("{} is defined by a reference already: use its name here, or drop the reference", name));
  }
  if (placeholders_.contains(name)) {
    const auto use = std::ranges::find(unresolved_, name, &Unresolved::full_name);
    const TextPosition at = json::position_at(text_, use->offset);
    return fail_at(offset, fmt::format("{} is used before its definition, at line {}, column {}: move the definition "
                                       "to its first use",
                                       name, at.line, at.column));
  }
  definition_offsets_.emplace(name, offset);
  graph_->definitions.emplace(name, &node);
  node.doc = optional_text(value, "doc");
  node.properties = type == Type::kEnum ? enum_properties(value) : schema_properties(value);
  return qualify_aliases(value, node) ? &node : nullptr;
}

bool SchemaParser::read_full_name(const json::Value& value, std::string_view name_space, std::string& full_name) {
  const std::string& type = value.find("type")->text();
  const json::Value* name = value.find("name");
  if (name == nullptr || !name->is_string()) {
    std::string message = fmt::format("the {} needs the attribute \"name\", a string", type);
    if (name == nullptr) {
      fail_without(value, "name", std::move(message));
    } else {
      fail_at(*name, std::move(message));
    }
    return false;
  }
  const json::Value* own_space = value.find("namespace");
  const bool dotted = name->text().find('.') != std::string::npos;
  if (own_space != nullptr && own_space->is_string() && !dotted) {
    name_space = own_space->text();
    if (!name_space.empty() && !is_dotted_name(name_space)) {
      fail_at(*own_space,
              fmt::format("the namespace \"{}\" must be names of letters, digits and '_', none of which starts "
                          "with a digit, with dots between them",
                          name_space));
      return false;
    }
  }
  full_name = qualify(name->text(), name_space);
  if (!is_dotted_name(full_name)) {
    fail_at(*name,
            fmt::format("the name \"{}\" must be of letters, digits and '_', and start with no digit", name->text()));
    return false;
  }
  if (!primitive_type(full_name)) return true;
  fail_at(*name, fmt::format("\"{}\" is the name of a primitive type: choose another", full_name));
  return false;
}

bool SchemaParser::qualify_aliases(const json::Value& value, Node& node) {
  std::vector<std::string> aliases;
  if (!parse_aliases(value, aliases)) return false;
  std::unordered_set<std::string> seen;
  for (const std::string& alias : aliases) {
    if (!is_dotted_name(alias)) {
      fail_at(*value.find("aliases"),
              fmt::format("the alias \"{}\" of {} must be a name of letters, digits and '_', that "
                          "starts with no digit",
                          alias, node.full_name));
      return false;
    }
    std::string full = qualify(alias, node.name_space());
    if (seen.insert(full).second) node.aliases.push_back(std::move(full));
  }
  return true;
}

// ---- Uses

// A primitive's name is never another type's. A bare name is one of the enclosing namespace or else, as in Avro Java,
// of the null namespace.
const Node* SchemaParser::resolve_name(const json::Value& value, const std::string& name, std::string_view name_space) {
  if (const std::optional<Type> type = primitive_type(name)) return plain_primitive(*type);
  if (const Node* node = find_type(qualify(name, name_space))) return node;
  if (const Node* node = find_type(name)) return node;
  if (!is_dotted_name(name)) return fail_at(value, fmt::format("\"{}\" is not the name of a type", name));
  return unresolved_type(value.offset(), name, name_space);
}

const Node* SchemaParser::find_type(const std::string& full_name) {
  const auto own = graph_->definitions.find(full_name);
  if (own != graph_->definitions.end()) return own->second;
  const auto external = external_.find(full_name);
  if (external == external_.end()) return nullptr;
  if (used_external_.insert(external->first).second) graph_->external_names.push_back(full_name);
  return &external->second.root();
}

const Node* SchemaParser::unresolved_type(size_t offset, const std::string& name, std::string_view name_space) {
  Unresolved use{.full_name = qualify(name, name_space), .fallback_name = {}, .offset = offset};
  if (use.full_name != name) use.fallback_name = name;
  const Node*& placeholder = placeholders_[use.full_name];
  if (placeholder == nullptr) {
    Node& node = new_node(Type::kRecord);
    node.full_name = use.full_name;
    placeholder = &node;
    unknown_types_.insert(&node);
    unresolved_.push_back(std::move(use));
  }
  return placeholder;
}

void SchemaParser::report_unresolved(const Unresolved& unresolved) {
  const std::string& written = unresolved.fallback_name.empty() ? unresolved.full_name : unresolved.fallback_name;
  fail_at(
      unresolved.offset,
      fmt::format("unknown type {}: {}", unresolved.full_name,
                  builtin_type_advice(written).value_or("define it before this use, or name a reference that does")));
}

// ---- References

bool SchemaParser::add_references() {
  for (const Schema& reference : options_.references) {
    if (!add_reference(reference.graph_)) return false;
    graph_->references.push_back(reference.graph_);
  }
  return true;
}

// The same definition may arrive by several ways; two definitions of one name may not.
bool SchemaParser::add_reference(const std::shared_ptr<const Schema::Graph>& graph) {
  if (!seen_references_.insert(graph.get()).second) return true;
  for (const auto& [name, node] : graph->definitions) {
    const Schema definition(graph, node);
    const auto [other, added] = external_.emplace(name, definition);
    if (added || to_java_text(other->second) == to_java_text(definition)) continue;
    fail_at(0, fmt::format("two references define {} differently: they must agree on one version of it", name));
    return false;
  }
  return std::ranges::all_of(graph->references, [this](const auto& inner) { return add_reference(inner); });
}

}  // namespace omashu::avro
