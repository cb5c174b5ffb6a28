// The first byte picks a (writer, reader) pair of schemas, the rest is a datum of the writer's. All sinks must agree on
// whether it decodes; what decodes goes to JSON, and from there to binary and to the same JSON again. The JSON of Avro
// Java is there for all that decodes, but for values that Java's conversions refuse.

#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "avro/codec.h"
#include "avro/datum.h"
#include "avro/java_datum_json.h"
#include "base/json.h"
#include "fuzz/avro_schemas.h"

using namespace omashu;
using namespace omashu::avro;

namespace {

void require(bool condition, const char* what, const std::string& text) {
  if (condition) return;
  std::fprintf(stderr, "%s: %s\n", what, text.c_str());
  std::abort();
}

struct Codec {
  Schema writer, reader;
  Decoder decoder;
  Decoder reader_decoder;
  GenericDecoder generic;
  Encoder encoder;
  bool resolves;  // the reader is another schema: of what it skips, the decoder looks at the size alone
};

const std::vector<Codec>& codecs() {
  static const std::vector<Codec> all = [] {
    std::vector<Codec> list;
    for (const fuzz::SchemaPair& pair : fuzz::kSchemaPairs) {
      const Schema writer = *Schema::parse(pair.writer);
      const Schema reader = pair.reader.empty() ? writer : *Schema::parse(pair.reader);
      list.push_back({writer, reader, *Decoder::compile(writer, reader), *Decoder::compile(reader),
                      *GenericDecoder::compile(writer, reader), *Encoder::compile(reader), !pair.reader.empty()});
    }
    return list;
  }();
  return all;
}

void check_json(const Codec& codec, JsonForm form, const std::string& json) {
  std::string bytes;
  const auto encoded = codec.encoder.from_json(json, bytes, form);
  if (!encoded) {
    // What has a text but may not be written: a map with a key twice, more empty items than its bytes allow once they
    // are in one block, and in plain JSON a uuid that is none.
    const std::string& message = encoded.error().message;
    const bool may_not_be = message.find("is there twice") != std::string::npos ||
                            message.find("items that take no bytes") != std::string::npos ||
                            (form == JsonForm::kPlain && message.find("expected a UUID") != std::string::npos);
    require(may_not_be, "its own JSON does not encode", json + message);
    return;
  }
  std::string again;
  const auto decoded = codec.reader_decoder.to_json(bytes, form, again);
  require(decoded.has_value(), "what was encoded does not decode", json);
  require(again == json, "the JSON changes", json + "\n" + again);
}

void check_java_json(const Codec& codec, std::string_view datum, bool valid) {
  for (const bool converts : {false, true}) {
    std::string java = "before";
    const auto printed = append_java_json(codec.writer, datum, {.use_logical_type_converters = converts}, java);
    if (printed) {
      require(java == "before" || json::parse(std::string_view(java).substr(6)), "Java's JSON is none", java);
    } else {
      require(java == "before", "a failure left something of Java's JSON", java);
      require(!valid || converts || codec.resolves, "what decodes has no JSON of Java's", printed.error().message);
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const Codec& codec = codecs()[data[0] % codecs().size()];
  const std::string_view datum(reinterpret_cast<const char*>(data) + 1, size - 1);
  const bool valid = codec.decoder.validate(datum).has_value();

  check_java_json(codec, datum, valid);

  static Arena arena;
  const auto value = codec.generic.decode(datum, arena);
  require(value.has_value() == valid, "validation and the generic value differ", "");
  std::string plain = "before";
  require(codec.decoder.to_json(datum, JsonForm::kPlain, plain).has_value() == valid, "plain JSON differs", "");
  std::string avro = "before";
  require(codec.decoder.to_json(datum, JsonForm::kAvro, avro).has_value() == valid, "Avro's JSON differs", "");
  if (!valid) {
    require(plain == "before" && avro == "before", "a failure left something", plain + avro);
    return 0;
  }
  check_json(codec, JsonForm::kPlain, plain.substr(6));
  check_json(codec, JsonForm::kAvro, avro.substr(6));

  std::string written;
  append_datum(*value, written);
  std::string of_written = "before";
  const auto read = codec.reader_decoder.to_json(written, JsonForm::kAvro, of_written);
  const bool is_out_of_proportion = !read && read.error().message.find("out of all proportion") != std::string::npos;
  require(is_out_of_proportion || (read && of_written == avro), "the generic value is written as another", of_written);
  return 0;
}
