// The first byte picks a schema and the form of JSON, the rest is a text. What encodes must decode, and its JSON in
// either form must encode to the same bytes. What the fast encoder takes, the thorough one takes to the same bytes.

#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "avro/codec.h"
#include "avro/json_encoder.h"
#include "avro/json_fast_encoder.h"
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
  EncodePlan plan;
};

const std::vector<Codec>& codecs() {
  static const std::vector<Codec> all = [] {
    std::vector<Codec> list;
    for (const fuzz::SchemaPair& pair : fuzz::kSchemaPairs) {
      const Schema schema = *Schema::parse(pair.writer);
      list.push_back({*Decoder::compile(schema), *Encoder::compile(schema), *compile_encode_plan(schema)});
    }
    return list;
  }();
  return all;
}

void check_fast_encoder(const EncodePlan& plan, std::string_view text, JsonForm form) {
  std::string fast = "before";
  if (!JsonFastEncoder(plan, text, form, fast).run()) {
    return require(fast == "before", "the fast encoder left something", text);
  }
  std::string thorough = "before";
  require(JsonEncoder(plan, text, form, thorough).run() && fast == thorough, "the encoders differ", text);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const Codec& codec = codecs()[data[0] / 2 % codecs().size()];
  const JsonForm form = data[0] % 2 == 0 ? JsonForm::kPlain : JsonForm::kAvro;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);

  check_fast_encoder(codec.plan, text, form);
  std::string datum = "before";
  const auto encoded = codec.encoder.from_json(text, datum, form);
  if (!encoded) {
    require(datum == "before", "a failure left something", text);
    require(encoded.error().position.has_value(), "an error without a place", text);
    return 0;
  }
  datum.erase(0, 6);
  for (const JsonForm printed : {JsonForm::kPlain, JsonForm::kAvro}) {
    std::string json;
    require(codec.decoder.to_json(datum, printed, json).has_value(), "what was encoded does not decode", text);
    std::string again;
    const auto back = codec.encoder.from_json(json, again, printed);
    // Avro's form takes any text for a uuid, plain JSON only one that is a uuid.
    const bool is_no_uuid = !back && form == JsonForm::kAvro && printed == JsonForm::kPlain &&
                            back.error().message.find("expected a UUID") != std::string::npos;
    require(back.has_value() || is_no_uuid, "its own JSON does not encode", json);
    require(is_no_uuid || again == datum, "the datum changes", json);
  }
  return 0;
}
