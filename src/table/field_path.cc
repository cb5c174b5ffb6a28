#include "table/field_path.h"

#include <fmt/core.h>

#include <charconv>
#include <span>

#include "base/shown.h"
#include "table/schema_path.h"

namespace omashu::table {

namespace {

using Step = FieldPath::Step;

const json::Value kNull;

void collect(const json::Value& value, std::span<const Step> steps, std::vector<const json::Value*>& found) {
  if (!steps.empty() && steps.front().index) {
    const size_t index = *steps.front().index;
    if (!value.is_array() || index >= value.items().size()) return found.push_back(&kNull);
    return collect(value.items()[index], steps.subspan(1), found);
  }
  if (value.is_array()) {
    for (const json::Value& item : value.items()) collect(item, steps, found);
    return;
  }
  if (steps.empty()) return found.push_back(&value);
  const json::Value* member = value.find(steps.front().name);
  if (member == nullptr) return found.push_back(&kNull);
  collect(*member, steps.subspan(1), found);
}

bool ends_name(char c) { return std::string_view(".[]()=!<>~\" \t\r\n").find(c) != std::string_view::npos; }

// The step in the brackets that open at `at`, which is moved behind them.
Result<Step> parse_brackets(std::string_view text, size_t& at) {
  const auto refuse = [&](size_t offset, std::string message) {
    return fail(Error{ErrorCode::kInvalidArgument, std::move(message), TextPosition{.line = 1, .column = offset + 1}});
  };
  Step step{.name = "", .offset = at};
  const size_t start = at + 1;
  size_t end = start;
  if (start < text.size() && text[start] == '"') {
    for (end = start + 1; end < text.size() && text[end] != '"'; ++end) {
      if (text[end] == '\\') ++end;
    }
    if (end >= text.size()) return refuse(start, "the name has no closing \"");
    const auto name = json::parse(text.substr(start, ++end - start));
    if (!name) return refuse(start, "this is no JSON string: " + name.error().message);
    step.name = name->text();
    step.is_quoted = true;
  } else {
    size_t index = 0;
    const auto [stop, error] = std::from_chars(text.data() + start, text.data() + text.size(), index);
    if (error != std::errc()) return refuse(start, "expected an index, or a name in quotes as \"a.b\"");
    step.index = index;
    end = static_cast<size_t>(stop - text.data());
  }
  if (end >= text.size() || text[end] != ']') return refuse(end, "a ] is missing");
  at = end + 1;
  return step;
}

}  // namespace

Result<FieldPath> FieldPath::parse(std::string_view text) {
  size_t end = 0;
  auto path = parse_start(text, end);
  if (!path) return path;
  if (end != text.size()) {
    return fail(Error{ErrorCode::kInvalidArgument,
                      fmt::format("{} is no field: write field, field.inner or field[\"a.b\"]", shown(text)),
                      TextPosition{.line = 1, .column = end + 1}});
  }
  return path;
}

Result<FieldPath> FieldPath::parse_start(std::string_view text, size_t& end) {
  FieldPath path;
  size_t at = 0;
  for (;;) {
    if (at < text.size() && text[at] == '[') {
      auto step = parse_brackets(text, at);
      if (!step) return fail(std::move(step.error()));
      path.steps_.push_back(*std::move(step));
    } else {
      const size_t start = at;
      while (at < text.size() && !ends_name(text[at])) ++at;
      if (at == start) {
        return fail(Error{ErrorCode::kInvalidArgument, "expected the name of a field, as field or field.inner",
                          TextPosition{.line = 1, .column = at + 1}});
      }
      path.steps_.push_back({.name = std::string(text.substr(start, at - start)), .offset = start});
    }
    if (at < text.size() && text[at] == '[') continue;
    if (at >= text.size() || text[at] != '.') break;
    ++at;
  }
  path.text_ = text.substr(0, at);
  end = at;
  return path;
}

std::vector<const json::Value*> FieldPath::find_all(const json::Value& value) const {
  std::vector<const json::Value*> found;
  collect(value, steps_, found);
  return found;
}

Result<void> FieldPath::check(const avro::Node& schema) const {
  if (auto path = SchemaPath::compile(*this, schema); !path) return fail(std::move(path.error()));
  return {};
}

FieldPath FieldPath::without_first() const {
  FieldPath rest = *this;
  rest.steps_.erase(rest.steps_.begin());
  return rest;
}

}  // namespace omashu::table
