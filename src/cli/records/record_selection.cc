#include "cli/records/record_selection.h"

#include <algorithm>
#include <utility>

#include "base/json.h"
#include "cli/option_parser.h"

namespace omashu::cli {

KeySelection::KeySelection(std::string given) : given_(std::move(given)) {
  if (const auto parsed = json::parse(given_)) json_ = json::to_text(*parsed);
}

bool KeySelection::matches(std::string_view bytes, std::string_view json) const {
  if (bytes == given_ || json == given_ || (json_ && json == *json_)) return true;
  const auto key = json::parse(json);
  if (!key) return false;
  const json::Value& value = key->is_object() && key->members().size() == 1 ? key->members().front().value : *key;
  if (value.is_string()) return value.text() == given_;
  return json_ && json::to_text(value) == *json_;
}

void RecordSelection::declare(OptionParser& parser) {
  where_.declare(parser, "records");
  parser.option("--key", "KEY", key_, "only records with this key: its text, its JSON, or the value of its only field");
  parser.option("--header", "NAME[=VALUE]", headers_,
                "only records with this header, and this value of it; several must all be there");
}

Result<void> RecordSelection::check() {
  if (key_) key_selection_.emplace(*key_);
  for (const std::string& text : headers_) {
    const size_t equal = text.find('=');
    if (equal == 0) return fail(ErrorCode::kInvalidArgument, "--header: a name is missing: write NAME or NAME=VALUE");
    header_conditions_.push_back({.name = text.substr(0, equal), .value = std::nullopt});
    if (equal != std::string::npos) header_conditions_.back().value = text.substr(equal + 1);
  }
  return where_.check();
}

Result<void> RecordSelection::open(schema_registry::Client& registry, const std::string& topic) {
  if (where_.filter().is_empty()) return {};
  auto filter = table::RecordFilter::open(registry, topic, where_.filter());
  if (!filter) return fail(std::move(filter.error()).within("--where"));
  filter_.emplace(*std::move(filter));
  return {};
}

bool RecordSelection::matches_headers(const kafka::Message& message) const {
  return std::ranges::all_of(header_conditions_, [&](const HeaderCondition& condition) {
    return std::ranges::any_of(message.headers, [&](const kafka::Header& header) {
      return header.name == condition.name && (!condition.value || header.value == condition.value);
    });
  });
}

Result<bool> RecordSelection::matches(const kafka::Message& message) {
  if (!matches_headers(message)) return false;
  if (key_selection_ && !message.key) return false;
  if (!filter_) return true;
  return filter_->matches(message);
}

}  // namespace omashu::cli
