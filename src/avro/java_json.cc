#include "avro/java_json.h"

#include <fmt/core.h>

#include <algorithm>
#include <iterator>
#include <vector>

#include "avro/java_number.h"
#include "avro/schema_properties.h"

namespace omashu::avro {

void append_java_string(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) {
    switch (c) {
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      case '\b': out += "\\b"; break;
      case '\f': out += "\\f"; break;
      case '\n': out += "\\n"; break;
      case '\r': out += "\\r"; break;
      case '\t': out += "\\t"; break;
      default:
        if (static_cast<unsigned char>(c) >= 0x20) {
          out += c;
        } else {
          out += fmt::format("\\u{:04X}", static_cast<unsigned char>(c));
        }
    }
  }
  out += '"';
}

namespace {

// The members that Jackson would write, in its order.
std::vector<json::Member> written_members(const json::Value& object, bool sort_members) {
  std::vector<json::Member> members = unique_members(object.members());
  if (sort_members) std::ranges::sort(members, {}, &json::Member::name);
  return members;
}

// `append(item)` and `append(member)` write what is inside. Recursion is as deep as the JSON text was, which its reader
// bounds.
template <class AppendItem>
void append_array(std::string& out, const json::Value& array, AppendItem append_item) {
  out += '[';
  for (const json::Value& item : array.items()) {
    if (&item != &array.items().front()) out += ',';
    append_item(item);
  }
  out += ']';
}

template <class AppendMember>
void append_object(std::string& out, const std::vector<json::Member>& members, AppendMember append_member) {
  out += '{';
  for (const json::Member& member : members) {
    if (&member != &members.front()) out += ',';
    append_java_string(out, member.name);
    out += ':';
    append_member(member);
  }
  out += '}';
}

}  // namespace

void append_java_json(std::string& out, const json::Value& value, bool sort_members) {
  switch (value.kind()) {
    case json::Value::Kind::kNull: out += "null"; break;
    case json::Value::Kind::kBoolean: out += value.boolean() ? "true" : "false"; break;
    case json::Value::Kind::kNumber: out += java_number_text(value.text()); break;
    case json::Value::Kind::kString: append_java_string(out, value.text()); break;
    case json::Value::Kind::kArray:
      append_array(out, value, [&](const json::Value& item) { append_java_json(out, item, sort_members); });
      break;
    case json::Value::Kind::kObject:
      append_object(out, written_members(value, sort_members),
                    [&](const json::Member& member) { append_java_json(out, member.value, sort_members); });
      break;
  }
}

void append_normalized_default(std::string& out, const json::Value& value, const Node& type) {
  const auto append_element = [&](const json::Value& item) { append_normalized_default(out, item, *type.items); };
  if (type.type == Type::kUnion && !type.branches.empty()) {
    append_normalized_default(out, value, *type.branches.front());
  } else if (type.type == Type::kDouble && value.is_number()) {
    out += java_double_text(double_of_spelling(value.text()));
  } else if (type.type == Type::kFloat && value.is_number()) {
    out += java_float_text(double_of_spelling(value.text()));
  } else if (type.type == Type::kArray && value.is_array()) {
    append_array(out, value, append_element);
  } else if (type.type == Type::kMap && value.is_object()) {
    append_object(out, written_members(value, true), [&](const json::Member& member) { append_element(member.value); });
  } else if (type.type == Type::kRecord && value.is_object()) {
    append_object(out, written_members(value, true), [&](const json::Member& member) {
      const Field* field = type.find_field(member.name);
      if (field == nullptr) return append_java_json(out, member.value, true);
      append_normalized_default(out, member.value, *field->type);
    });
  } else {
    append_java_json(out, value, true);
  }
}

}  // namespace omashu::avro
