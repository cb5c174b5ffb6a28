// Whether a record's key and its value say the same: fields of the key that the value has too, by their names, must be
// equal. A row is found by its key and read by its value, so one that says both om-1 and om-2 misleads.

#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "avro/datum.h"
#include "avro/schema.h"
#include "omashu/result.h"

namespace omashu::table {

struct KeyDisagreement {
  std::string field;
  std::string of_key, of_value;  // as people write them

  // "the key has the omashuId 'om-2', and the value 'om-1': they must be equal"
  std::string text() const;
};

class KeyAgreement {
 public:
  // A key or a value that is no record has no names to compare: then everything agrees.
  static Result<KeyAgreement> make(const avro::Schema& key, const avro::Schema& value);

  // Of two Avro data: the first field that differs. An error where one of them does not decode.
  Result<std::optional<KeyDisagreement>> find(std::string_view key, std::string_view value) const;

  // The names that are compared.
  std::vector<std::string> fields() const;

 private:
  KeyAgreement(avro::Schema schema, avro::GenericDecoder key, avro::GenericDecoder value)
      : key_schema_(std::move(schema)), key_(std::move(key)), value_(std::move(value)) {}

  avro::Schema key_schema_;
  avro::GenericDecoder key_, value_;
  std::vector<std::pair<size_t, size_t>> fields_;  // of the key and of the value: their indexes
};

}  // namespace omashu::table
