// The first byte picks a schema and the form of JSON that is preferred, the rest is a text. What encodes must decode,
// and its JSON must encode to the same bytes where the form leaves no doubt.

#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "avro/codec.h"
#include "fuzz/avro_schemas.h"

using namespace omashu;
using namespace omashu::avro;

namespace {

void require(bool condition, const char* what, std::string_view text) {
  if (condition) return;
  std::fprintf(stderr, "%s: %.*s\n", what, static_cast<int>(text.size()), text.data());
  std::abort();
}

struct Codec {
  Decoder decoder;
  Encoder encoder;
};

const std::vector<Codec>& codecs() {
  static const std::vector<Codec> all = [] {
    std::vector<Codec> list;
    for (const fuzz::SchemaPair& pair : fuzz::kSchemaPairs) {
      const Schema schema = *Schema::parse(pair.writer);
      list.push_back({*Decoder::compile(schema), *Encoder::compile(schema)});
    }
    return list;
  }();
  return all;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const Codec& codec = codecs()[data[0] / 2 % codecs().size()];
  const JsonForm form = data[0] % 2 == 0 ? JsonForm::kPlain : JsonForm::kAvro;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);

  std::string datum = "before";
  const auto encoded = codec.encoder.from_json(text, datum, form);
  if (!encoded) {
    require(datum == "before", "a failure left something", text);
    require(encoded.error().position.has_value(), "an error without a place", text);
    return 0;
  }
  datum.erase(0, 6);
  std::string avro;
  require(codec.decoder.to_json(datum, JsonForm::kAvro, avro).has_value(), "what was encoded does not decode", text);
  std::string again;
  require(codec.encoder.from_json(avro, again, JsonForm::kAvro).has_value(), "its own JSON does not encode", avro);
  require(again == datum, "the datum changes", avro);
  std::string plain;
  require(codec.decoder.to_json(datum, JsonForm::kPlain, plain).has_value(), "no plain JSON", avro);
  return 0;
}
