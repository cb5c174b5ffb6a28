#include "service/cluster/json_names.h"

#include <utility>

namespace omashu::service {

namespace {

std::string service_name(std::string_view name) {
  std::string out;
  for (size_t i = 0; i < name.size(); ++i) {
    const bool is_joint = name[i] == '_' && !out.empty() && i + 1 < name.size();
    if (!is_joint) {
      out += name[i];
      continue;
    }
    const char next = name[++i];
    out += next >= 'a' && next <= 'z' ? static_cast<char>(next - 'a' + 'A') : next;
  }
  return out;
}

}  // namespace

json::Value with_service_names(const json::Value& value) {
  if (value.is_array()) {
    json::Value array = json::Value::array();
    for (const json::Value& item : value.items()) array.append(with_service_names(item));
    return array;
  }
  if (!value.is_object()) return value;
  json::Value object = json::Value::object();
  for (const json::Member& member : value.members()) {
    object.add(service_name(member.name), with_service_names(member.value));
  }
  return object;
}

}  // namespace omashu::service
