// Plain JSON as Avro's own. Plain JSON loses nothing of a datum, so that rows may be kept, filtered and sorted in it
// and take the other form when they are printed.

#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "avro/codec.h"
#include "avro/schema.h"
#include "omashu/result.h"

namespace omashu::table {

class AvroJson {
 public:
  static Result<AvroJson> compile(const avro::Schema& schema);

  // Fails where the text is no datum of the schema.
  Result<std::string> of_plain(std::string_view json) const;

 private:
  AvroJson(avro::Encoder encoder, avro::Decoder decoder) : encoder_(std::move(encoder)), decoder_(std::move(decoder)) {}

  avro::Encoder encoder_;
  avro::Decoder decoder_;
};

}  // namespace omashu::table
