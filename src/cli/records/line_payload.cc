#include "cli/records/line_payload.h"

#include <algorithm>
#include <array>

namespace omashu::cli {

namespace {

// The member of an object that has no other.
const json::Member* only_member(const json::Value& value) {
  return value.members().size() == 1 ? &value.members().front() : nullptr;
}

const json::Value* content_of_datum(const json::Value& value);

// Whether a value that stands in a line alone means something else than itself.
bool has_meaning(const json::Value& value) {
  if (value.is_null()) return true;
  const json::Member* member = only_member(value);
  if (member == nullptr) return false;
  return (member->name == "base64" && member->value.is_string()) || content_of_datum(value) != nullptr;
}

// X of {"avro":X} and {"json":X}.
const json::Value* content_of_datum(const json::Value& value) {
  const json::Member* member = only_member(value);
  if (member == nullptr || (member->name != "avro" && member->name != "json")) return nullptr;
  return has_meaning(member->value) ? &member->value : nullptr;
}

bool may_be_mistaken(std::string_view json) {
  if (json == "null") return true;
  constexpr std::array<std::string_view, 3> kBeginnings = {R"({"base64":)", R"({"avro":)", R"({"json":)"};
  if (std::ranges::none_of(kBeginnings, [&](std::string_view beginning) { return json.starts_with(beginning); })) {
    return false;
  }
  const auto value = json::parse(json);
  return value && has_meaning(*value);
}

}  // namespace

std::string line_datum(std::string json, std::string_view name) {
  if (!may_be_mistaken(json)) return json;
  return std::string("{\"").append(name).append("\":").append(json).append("}");
}

LinePayload line_payload(const json::Value& value) {
  if (const json::Value* content = content_of_datum(value)) return {.json = json::to_text(*content), .is_datum = true};
  return {.json = json::to_text(value)};
}

}  // namespace omashu::cli
