// What the bytes of a key or a value are, and the way between them and JSON where no registered schema is asked for.
//
// Text is a JSON string. Bytes that are no text stand in {"base64":"…"}, as in headers. Numbers are as Java's
// serializers write them (big-endian), a UUID is its text.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "omashu/result.h"

namespace omashu::serde {

enum class PayloadFormat : uint8_t {
  kAuto,  // Avro where Confluent's framing can be there, else text, else bytes
  kAvro,
  kJson,    // JSON text
  kString,  // text
  kBytes,
  kLong,    // 8 bytes
  kInt,     // 4
  kShort,   // 2
  kDouble,  // 8
  kFloat,   // 4
  kUuid,    // 36 characters
};

// "auto", "avro", …: the values of --key-format and --value-format, in the order above.
const std::vector<std::string>& payload_format_names();
std::optional<PayloadFormat> parse_payload_format(std::string_view name);
std::string_view payload_format_name(PayloadFormat format);

// Of a serializer's or deserializer's Java class: "org.apache.kafka.common.serialization.LongDeserializer", with or
// without the package.
Result<PayloadFormat> payload_format_of_class(std::string_view class_name);

// Appends the payload as JSON. `format` is not kAvro; kAuto is text or bytes. kCorrupt where the payload is nothing of
// the kind. Nothing is appended on failure.
Result<void> append_payload_json(std::string_view payload, PayloadFormat format, std::string& out);

// The payload that append_payload_json() gives that JSON for. Besides, strings are taken for bytes (their UTF-8), and
// numbers and booleans for text.
Result<std::string> payload_of_json(std::string_view json, PayloadFormat format);

}  // namespace omashu::serde
