#include "avro/schema_properties.h"

#include <algorithm>
#include <array>
#include <span>
#include <string_view>
#include <unordered_map>

#include "base/nearest.h"

namespace omashu::avro {

namespace {

constexpr std::array<std::string_view, 10> kSchemaAttributes = {"type",  "name", "namespace", "doc",    "aliases",
                                                                "items", "size", "fields",    "values", "symbols"};
constexpr std::array<std::string_view, 6> kFieldAttributes = {"name", "type", "doc", "default", "order", "aliases"};

bool contains(std::span<const std::string_view> names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

template <class IsReserved>
std::vector<json::Member> properties(const json::Value& object, IsReserved is_reserved) {
  std::vector<json::Member> custom;
  for (const json::Member& member : object.members()) {
    if (!is_reserved(member.name)) custom.push_back(member);
  }
  return unique_members(custom);
}

}  // namespace

std::vector<json::Member> schema_properties(const json::Value& object) {
  return properties(object, [](std::string_view name) { return contains(kSchemaAttributes, name); });
}

std::vector<json::Member> enum_properties(const json::Value& object) {
  return properties(object,
                    [](std::string_view name) { return name == "default" || contains(kSchemaAttributes, name); });
}

std::vector<json::Member> field_properties(const json::Value& object) {
  return properties(object, [](std::string_view name) { return contains(kFieldAttributes, name); });
}

std::optional<std::string> optional_text(const json::Value& object, std::string_view name) {
  const json::Value* value = object.find(name);
  if (value == nullptr || !value->is_string()) return std::nullopt;
  return value->text();
}

const json::Member* find_misspelt(const json::Value& object, std::string_view attribute) {
  const size_t max_typos = attribute.size() <= 4 ? 1 : 2;
  for (const json::Member& member : object.members()) {
    if (contains(kSchemaAttributes, member.name) || contains(kFieldAttributes, member.name)) continue;
    if (member.name.size() > attribute.size() + max_typos) continue;
    if (edit_distance(member.name, attribute) <= max_typos) return &member;
  }
  return nullptr;
}

std::vector<json::Member> unique_members(const std::vector<json::Member>& members) {
  std::vector<json::Member> unique;
  std::unordered_map<std::string_view, size_t> places;  // views of `members`
  for (const json::Member& member : members) {
    const auto [place, added] = places.emplace(member.name, unique.size());
    if (added) {
      unique.push_back(member);
    } else {
      unique[place->second].value = member.value;
    }
  }
  return unique;
}

}  // namespace omashu::avro
