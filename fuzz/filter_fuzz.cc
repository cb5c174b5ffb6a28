// A line for each condition, which is parsed, bound to a schema that has every type, and asked of one datum: every
// error is one printable line that names a column, and an answer is the same once more.

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "avro/codec.h"
#include "avro/datum.h"
#include "table/filter.h"

using namespace omashu;

namespace {

constexpr std::string_view kSchema = R"({"type":"record","name":"R","fields":[
  {"name":"e","type":{"type":"enum","name":"E","symbols":["A","B"]}},{"name":"i","type":"int"},
  {"name":"l","type":["null","long"]},{"name":"f","type":"float"},{"name":"d","type":"double"},
  {"name":"b","type":"boolean"},{"name":"s","type":["null","string"]},{"name":"y","type":"bytes"},
  {"name":"p","type":{"type":"bytes","logicalType":"decimal","precision":20,"scale":2}},
  {"name":"t","type":{"type":"long","logicalType":"timestamp-millis"}},
  {"name":"u","type":{"type":"string","logicalType":"uuid"}},{"name":"m","type":{"type":"map","values":"string"}},
  {"name":"a","type":{"type":"array","items":{"type":"record","name":"P","fields":[{"name":"n","type":"int"}]}}},
  {"name":"r","type":["null","R"]}]})";
constexpr std::string_view kValue = R"({"e":"A","i":-3,"l":null,"f":0.5,"d":-0.25,"b":true,"s":"text","y":"\u00ff",
  "p":"1.50","t":"2024-01-01T00:00:00Z","u":"123e4567-e89b-12d3-a456-426614174000","m":{"a.b":"c"},
  "a":[{"n":1},{"n":2}],"r":null})";

struct Fixture {
  avro::Schema schema = *avro::Schema::parse(kSchema);
  avro::GenericDecoder decoder = *avro::GenericDecoder::compile(schema);
  std::string bytes;
  avro::Arena arena;
  std::optional<avro::Datum> datum;
  json::Value json = *json::parse(kValue);

  Fixture() {
    if (!avro::Encoder::compile(schema)->from_json(kValue, bytes)) std::abort();
    datum.emplace(*decoder.decode(bytes, arena));
  }
};

void require_error(const Error& error, std::string_view input) {
  const bool is_printable =
      std::ranges::none_of(error.message, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
  if (is_printable && error.position && error.message.find(", column ") != std::string::npos) return;
  std::fprintf(stderr, "a strange error: %s\n%.*s\n", error.message.c_str(), static_cast<int>(input.size()),
               input.data());
  std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const Fixture fixture;
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  if (size > 4'096) return 0;
  std::vector<std::string> conditions;
  for (size_t start = 0; start <= input.size();) {
    const size_t end = std::min(input.find('\n', start), input.size());
    conditions.emplace_back(input.substr(start, end - start));
    start = end + 1;
  }
  auto filter = table::Filter::parse(conditions);
  if (!filter) return require_error(filter.error(), input), 0;
  (void)filter->matches({}, {.json = &fixture.json});
  if (auto bound = filter->bind({.key = std::nullopt, .value = fixture.schema}); !bound) {
    return require_error(bound.error(), input), 0;
  }
  const bool answer = filter->matches({}, {.datum = &*fixture.datum});
  if (filter->matches({}, {.datum = &*fixture.datum}) != answer) std::abort();
  return 0;
}
