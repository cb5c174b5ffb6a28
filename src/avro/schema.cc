#include "avro/schema.h"

#include <algorithm>
#include <array>

#include "avro/schema_graph.h"

namespace omashu::avro {

namespace {

// In the order of Type.
constexpr std::array<std::string_view, 14> kTypeNames = {"null",   "boolean", "int",    "long",   "float",
                                                         "double", "bytes",   "string", "record", "enum",
                                                         "fixed",  "array",   "map",    "union"};

}  // namespace

std::string_view type_name(Type type) { return kTypeNames[static_cast<size_t>(type)]; }

std::optional<Type> primitive_type(std::string_view name) {
  const auto end = kTypeNames.begin() + static_cast<size_t>(Type::kString) + 1;
  const auto found = std::find(kTypeNames.begin(), end, name);
  if (found == end) return std::nullopt;
  return static_cast<Type>(found - kTypeNames.begin());
}

std::string_view Node::name() const {
  const std::string_view full = full_name;
  return full.substr(full.rfind('.') + 1);  // npos + 1 is 0: the whole name
}

std::string_view Node::name_space() const {
  const size_t dot = full_name.rfind('.');
  return dot == std::string::npos ? std::string_view() : std::string_view(full_name).substr(0, dot);
}

const Field* Node::find_field(std::string_view field_name) const {
  const auto name_of = [this](uint32_t index) -> std::string_view { return fields[index].name; };
  const auto found = std::ranges::lower_bound(by_name, field_name, {}, name_of);
  return found == by_name.end() || name_of(*found) != field_name ? nullptr : &fields[*found];
}

std::optional<size_t> Node::find_symbol(std::string_view symbol) const {
  const auto name_of = [this](uint32_t index) -> std::string_view { return symbols[index]; };
  const auto found = std::ranges::lower_bound(by_name, symbol, {}, name_of);
  if (found == by_name.end() || name_of(*found) != symbol) return std::nullopt;
  return *found;
}

const std::map<std::string, const Node*, std::less<>>& Schema::definitions() const { return graph_->definitions; }

const std::vector<std::string>& Schema::external_names() const { return graph_->external_names; }

Schema Schema::at(const Node& node) const { return Schema(graph_, &node); }

}  // namespace omashu::avro
