#include "cli/console/console_properties.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <string_view>
#include <utility>

#include "base/nearest.h"
#include "base/properties.h"

namespace omashu::cli {

namespace {

bool is_registrys(std::string_view name) {
  return name.starts_with("schema.registry.") || name.starts_with("basic.auth.") || name.starts_with("bearer.auth.");
}

// They are about Java's objects, or about what happens here anyway: docs/console-tools.md says why of each.
bool is_without_effect(std::string_view name) {
  constexpr std::array<std::string_view, 11> kNames = {"print.value",
                                                       "value.deserializer",
                                                       "specific.avro.reader",
                                                       "avro.reflection.allow.null",
                                                       "schema.reflection",
                                                       "topic",
                                                       "avro.remove.java.properties",
                                                       "avro.fail.on.trailing.data",
                                                       "value.serializer",
                                                       "max.schemas.per.subject",
                                                       "use.schema.guid"};
  return std::ranges::find(kNames, name) != kNames.end() || name.starts_with("key.deserializer.") ||
         name.starts_with("value.deserializer.") || name.starts_with("headers.deserializer.") ||
         name.starts_with("key.serializer.");
}

}  // namespace

Result<ConsoleProperties> read_console_properties(const std::optional<std::string>& file,
                                                  const std::vector<std::string>& given) {
  ConsoleProperties properties;
  if (file) {
    std::ifstream in(*file, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    if (!in.is_open() || in.bad()) {
      return fail(ErrorCode::kIo, fmt::format("{}: cannot be read: name a file of name=value lines", *file));
    }
    auto parsed = parse_properties(text);
    if (!parsed) return fail(std::move(parsed.error()).within(*file));
    for (Property& property : *parsed) properties[property.name] = std::move(property.value);
  }
  for (const std::string& text : given) {
    const size_t equal = text.find('=');
    properties[text.substr(0, equal)] = equal == std::string::npos ? "" : text.substr(equal + 1);
  }
  return properties;
}

void route_console_properties(ConsoleProperties& properties, const std::vector<std::string>& known,
                              ConnectionOptions& connection, std::vector<std::string>& warnings) {
  for (auto property = properties.begin(); property != properties.end();) {
    const auto& [name, value] = *property;
    if (is_registrys(name)) {
      connection.properties.push_back(fmt::format("{}={}", name, value));
      property = properties.erase(property);
      continue;
    }
    if (std::ranges::find(known, name) == known.end() && !is_without_effect(name)) {
      warnings.push_back(fmt::format("the property {} has no effect{}", name, did_you_mean(name, known)));
    }
    ++property;
  }
}

}  // namespace omashu::cli
