#include "provision/table_field.h"

#include <fmt/core.h>

#include <algorithm>
#include <vector>

#include "base/nearest.h"
#include "base/shown.h"

namespace omashu::provision {

namespace {

// The one branch that is not null, where there is one alone.
const avro::Node& without_null(const avro::Node& type) {
  if (type.type != avro::Type::kUnion) return type;
  const avro::Node* only = nullptr;
  for (const avro::Node* branch : type.branches) {
    if (branch->type == avro::Type::kNull) continue;
    if (only != nullptr) return type;
    only = branch;
  }
  return only == nullptr ? type : *only;
}

}  // namespace

std::optional<std::string> field_problem(const avro::Node& schema, std::string_view path) {
  if (path == "key" || path.starts_with("key.") || path.find('[') != std::string_view::npos) return std::nullopt;
  const avro::Node* at = &schema;
  while (true) {
    at = &without_null(*at);
    if (at->type != avro::Type::kRecord) return std::nullopt;
    const std::string_view name = path.substr(0, path.find('.'));
    const avro::Field* field = at->find_field(name);
    if (field == nullptr) {
      std::vector<std::string> names;
      for (const avro::Field& one : at->fields) names.push_back(one.name);
      return fmt::format("{} has no field {}{}", at->full_name, shown(name), did_you_mean(name, names));
    }
    if (name.size() == path.size()) return std::nullopt;
    path.remove_prefix(name.size() + 1);
    at = field->type;
  }
}

}  // namespace omashu::provision
