#include "base/json_pointer.h"

#include <charconv>

#include "base/json.h"

namespace omashu::json {

TextPosition position_of_pointer(std::string_view text, std::string_view pointer) {
  const auto json = parse(text);
  if (!json) return {};
  const Value* at = &*json;
  while (!pointer.empty()) {
    pointer.remove_prefix(1);
    const std::string_view step = pointer.substr(0, pointer.find('/'));
    pointer.remove_prefix(step.size());
    const Value* next = at->find(step);
    size_t index = 0;
    const auto [end, error] = std::from_chars(step.data(), step.data() + step.size(), index);
    if (at->is_array() && error == std::errc() && end == step.data() + step.size() && index < at->items().size()) {
      next = &at->items()[index];
    }
    if (next == nullptr) break;
    at = next;
  }
  return position_at(text, at->offset());
}

}  // namespace omashu::json
