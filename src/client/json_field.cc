#include "omashu/json_field.h"

#include "base/json.h"
#include "base/utf8.h"

namespace omashu {

std::optional<std::string> json_field(std::string_view json, std::string_view path) {
  const Result<json::Value> root = json::parse(json);
  if (!root) return std::nullopt;
  const json::Value* value = &*root;
  for (;;) {
    const size_t dot = path.find('.');
    value = value->find(path.substr(0, dot));
    if (value == nullptr) return std::nullopt;
    if (dot == std::string_view::npos) break;
    path.remove_prefix(dot + 1);
  }
  if (value->is_null()) return std::nullopt;
  return value->is_string() ? value->text() : json::to_text(*value);
}

std::string json_text(std::string_view text) {
  std::string valid;
  while (!text.empty()) {
    const size_t length = utf8_character_length(text);
    if (length > 0) valid += text.substr(0, length);
    if (length == 0) append_utf8(valid, 0xFFFD);
    text.remove_prefix(length > 0 ? length : 1);
  }
  std::string out;
  json::append_quoted(out, valid);
  return out;
}

}  // namespace omashu
