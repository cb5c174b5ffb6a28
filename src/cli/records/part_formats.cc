#include "cli/records/part_formats.h"

#include <fmt/core.h>

#include <fstream>
#include <iterator>

#include "base/properties.h"
#include "cli/option_parser.h"

namespace omashu::cli {

using serde::PayloadFormat;
using serde::RecordPart;

void PartFormats::declare(OptionParser& parser, const char* help_for_values) {
  parser.choice("--value-format", "FORMAT", value_.option, serde::payload_format_names(), help_for_values);
  parser.choice("--key-format", "FORMAT", key_.option, serde::payload_format_names(), "the same for keys");
}

bool PartFormats::is_property(std::string_view name) {
  return name == "key.serializer" || name == "key.deserializer" || name == "value.serializer" ||
         name == "value.deserializer";
}

Result<bool> PartFormats::set(const std::string& name, const std::string& class_name) {
  if (!is_property(name)) return false;
  const auto format = serde::payload_format_of_class(class_name);
  if (!format) return fail(Error(format.error()).within(name));
  (name.starts_with("key.") ? key_ : value_).by_class = *format;
  return true;
}

Result<void> PartFormats::take_from(std::vector<std::string>& properties) {
  std::vector<std::string> others;
  for (std::string& text : properties) {
    const auto property = parse_property(text);
    const auto is_format = property ? set(property->name, property->value) : Result<bool>(false);
    if (!is_format) return fail(is_format.error());
    if (!*is_format) others.push_back(std::move(text));
  }
  properties = std::move(others);
  return {};
}

Result<void> PartFormats::read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  const auto properties = parse_properties(text);
  if (!properties) return {};
  for (const Property& property : *properties) {
    if (auto set_one = set(property.name, property.value); !set_one) {
      return fail(Error(set_one.error()).within(fmt::format("{}:{}", path, property.line)));
    }
  }
  return {};
}

PayloadFormat PartFormats::of(RecordPart part) const {
  const Part& formats = part == RecordPart::kKey ? key_ : value_;
  const auto option = serde::parse_payload_format(formats.option).value_or(PayloadFormat::kAuto);
  return option != PayloadFormat::kAuto ? option : formats.by_class;
}

}  // namespace omashu::cli
