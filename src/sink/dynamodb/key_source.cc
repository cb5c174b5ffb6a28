#include "sink/dynamodb/key_source.h"

#include <fmt/core.h>

#include <algorithm>

#include "base/shown.h"

namespace omashu::sink::dynamodb {

namespace {

// A name of fields, joined by dots.
bool is_path(std::string_view text) {
  return !text.empty() && !text.starts_with('.') && !text.ends_with('.') && text.find("..") == text.npos &&
         std::ranges::all_of(text, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.';
         });
}

}  // namespace

std::string KeySource::default_attribute() const {
  if (!attribute.empty()) return attribute;
  switch (kind) {
    case Kind::kKey: return "key";
    case Kind::kPartition: return "partition";
    case Kind::kOffset: return "offset";
    case Kind::kPosition: return "position";
    case Kind::kField: break;
  }
  return field.substr(field.rfind('.') + 1);
}

char KeySource::default_type() const { return kind == Kind::kPartition || kind == Kind::kOffset ? 'N' : 'S'; }

Result<KeySource> parse_key_source(std::string_view text) {
  KeySource source;
  std::string_view from = text;
  if (const size_t equals = text.find('='); equals != text.npos) {
    source.attribute = text.substr(0, equals);
    from = text.substr(equals + 1);
    if (source.attribute.empty() || source.attribute.size() > 255) {
      return fail(
          ErrorCode::kInvalidArgument,
          fmt::format("{}: the name before the equals sign is that of an attribute, of 1 to 255 bytes", shown(text)));
    }
  }
  if (from == "key") return source;
  if (from == "partition" || from == "offset" || from == "position") {
    source.kind = from == "partition" ? KeySource::Kind::kPartition
                  : from == "offset"  ? KeySource::Kind::kOffset
                                      : KeySource::Kind::kPosition;
    return source;
  }
  if (!is_path(from)) {
    return fail(ErrorCode::kInvalidArgument,
                fmt::format("{}: give key, partition, offset, position, or a field as in source.url, with the name of "
                            "the attribute before it or not: id=key",
                            shown(text)));
  }
  source.kind = KeySource::Kind::kField;
  source.field = from;
  return source;
}

}  // namespace omashu::sink::dynamodb
