#include "cli/part_formats.h"

#include "base/properties.h"
#include "cli/option_parser.h"

namespace omashu::cli {

using serde::PayloadFormat;
using serde::RecordPart;

void PartFormats::declare(OptionParser& parser, const char* help_for_values) {
  parser.choice("--value-format", "FORMAT", value_.option, serde::payload_format_names(), help_for_values);
  parser.choice("--key-format", "FORMAT", key_.option, serde::payload_format_names(), "the same for keys");
}

Result<bool> PartFormats::set(const std::string& name, const std::string& class_name) {
  const bool is_key = name == "key.serializer" || name == "key.deserializer";
  if (!is_key && name != "value.serializer" && name != "value.deserializer") return false;
  const auto format = serde::payload_format_of_class(class_name);
  if (!format) return fail(Error(format.error()).within(name));
  (is_key ? key_ : value_).by_class = *format;
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

PayloadFormat PartFormats::of(RecordPart part) const {
  const Part& formats = part == RecordPart::kKey ? key_ : value_;
  const auto option = serde::parse_payload_format(formats.option).value_or(PayloadFormat::kAuto);
  return option != PayloadFormat::kAuto ? option : formats.by_class;
}

}  // namespace omashu::cli
