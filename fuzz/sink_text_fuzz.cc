// What a sink reads back or is told as text: sections of properties, the positions beside a file, and where a record of
// a retry topic was written first. What is understood means the same when it is written again; what is not is one
// printable line.

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/sections.h"
#include "sink/file/file_positions.h"
#include "sink/retry_place.h"

using namespace omashu;

namespace {

void check(bool holds) {
  if (!holds) std::abort();
}

void check_sections(std::string_view text) {
  const auto sections = parse_sections(text);
  if (!sections) {
    check(std::ranges::none_of(sections.error().message,
                               [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }));
    return;
  }
  check(!sections->empty() && sections->front().name.empty());
  const auto lines =
      static_cast<size_t>(std::ranges::count_if(text, [](char c) { return c == '\n' || c == '\r'; })) + 1;
  size_t before = 0;
  for (const Section& section : *sections) {
    check(section.line >= before && section.line <= lines);
    for (const Property& property : section.properties) check(property.line > section.line && property.line <= lines);
    before = section.line;
  }
}

void check_positions(std::string_view text) {
  const auto positions = sink::parse_file_positions(text);
  if (!positions) return;
  const auto again = sink::parse_file_positions(sink::to_text(*positions));
  check(again && *again == *positions);
}

void check_origin(std::string_view text) {
  const auto origin = sink::parse_origin(text);
  if (!origin) return;
  const std::string written = sink::origin_text(*origin);
  const auto again = sink::parse_origin(written);
  check(again && again->topic == origin->topic && again->partition == origin->partition &&
        again->offset == origin->offset);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  check_sections(text);
  check_positions(text);
  check_origin(text);
  return 0;
}
