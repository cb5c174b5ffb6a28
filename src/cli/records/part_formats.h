// --key-format and --value-format, and the Java classes that say the same ("key.deserializer=…LongDeserializer").

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "omashu/result.h"
#include "serde/payload_format.h"
#include "serde/wire_format.h"

namespace omashu::cli {

class OptionParser;

class PartFormats {
 public:
  void declare(OptionParser& parser, const char* help_for_values);

  // Whether it is key.serializer, value.serializer, key.deserializer or value.deserializer.
  static bool is_property(std::string_view name);
  // False where it is not.
  Result<bool> set(const std::string& name, const std::string& class_name);
  // Takes those four out of name=value lines.
  Result<void> take_from(std::vector<std::string>& properties);
  // Reads them in a file of such lines. A file that cannot be read is left to whoever needs the rest of it.
  Result<void> read_file(const std::string& path);

  // An option wins over a class.
  serde::PayloadFormat of(serde::RecordPart part) const;

 private:
  struct Part {
    std::string option = "auto";
    serde::PayloadFormat by_class = serde::PayloadFormat::kAuto;
  };
  Part key_;
  Part value_;
};

}  // namespace omashu::cli
