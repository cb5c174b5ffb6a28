#include "table/avro_json.h"

namespace omashu::table {

Result<AvroJson> AvroJson::compile(const avro::Schema& schema) {
  auto encoder = avro::Encoder::compile(schema);
  if (!encoder) return fail(std::move(encoder.error()));
  auto decoder = avro::Decoder::compile(schema);
  if (!decoder) return fail(std::move(decoder.error()));
  return AvroJson(*std::move(encoder), *std::move(decoder));
}

Result<std::string> AvroJson::of_plain(std::string_view json) const {
  std::string datum, text;
  if (auto encoded = encoder_.from_json(json, datum); !encoded) return fail(std::move(encoded.error()));
  if (auto decoded = decoder_.to_json(datum, avro::JsonForm::kAvro, text); !decoded) {
    return fail(std::move(decoded.error()));
  }
  return text;
}

}  // namespace omashu::table
