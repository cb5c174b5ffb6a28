// Avro binary data, read and written by a compiled program.
//
// A (writer, reader) pair of schemas compiles once into a flat array of ops; one loop runs it for each record. Nothing
// is allocated for a length before that many bytes are seen to be there; depth and item counts are bounded; errors are
// values, and no exception is thrown on the way of a record. Programs are immutable and may be shared by threads.
//
// Fields of a record without JSON: datum.h. A key from a value's fields: key_projection.h.

#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "avro/schema.h"

namespace omashu::avro {

enum class JsonForm : uint8_t {
  kPlain,  // for people: ISO timestamps, decimals as text, UUIDs; unions bare where that is read back the same
  kAvro,   // the specification's JSON encoding: tagged unions, bytes as code points, logical types as what they are
};

// Compiled from a writer schema and the reader schema that its data is seen through.
class Decoder {
 public:
  // Fails where no datum of `writer` could be read with `reader`. A mismatch that only some data meets (a union
  // branch, an enum symbol) fails when it is met.
  static Result<Decoder> compile(const Schema& writer, const Schema& reader);
  static Result<Decoder> compile(const Schema& schema) { return compile(schema, schema); }

  // Appends the datum as one line of JSON. `bytes` must be exactly one datum: bytes left over are an error.
  Result<void> to_json(std::string_view bytes, JsonForm form, std::string& out) const;

  // Checks that `bytes` is exactly one datum.
  Result<void> validate(std::string_view bytes) const;

 private:
  class Programs;
  explicit Decoder(std::shared_ptr<const Programs> programs) : programs_(std::move(programs)) {}
  std::shared_ptr<const Programs> programs_;
};

class Encoder {
 public:
  static Result<Encoder> compile(const Schema& schema);

  // Appends the datum that a JSON text gives. Both forms are accepted for each value, members in any order; missing
  // fields take their defaults, missing optional ones null. An unknown field, one that is there twice and a number out
  // of range are errors; they say the path of the field ("$.source.url: expected a string, found 3"), line and column.
  //
  // `form` decides only where a text can be read in both: a string for bytes or fixed of a logical type is that type's
  // text first, or always bytes. Which branch of a union a value belongs to: union_rule.h. Bytes may also be given as
  // {"base64":"…"}.
  Result<void> from_json(std::string_view json, std::string& out, JsonForm form = JsonForm::kPlain) const;

 private:
  struct Plan;
  explicit Encoder(std::shared_ptr<const Plan> plan) : plan_(std::move(plan)) {}
  std::shared_ptr<const Plan> plan_;
};

}  // namespace omashu::avro
