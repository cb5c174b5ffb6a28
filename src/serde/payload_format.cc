#include "serde/payload_format.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cmath>

#include "avro/logical_text.h"
#include "avro/number_text.h"
#include "base/base64.h"
#include "base/json.h"
#include "base/nearest.h"
#include "base/utf8.h"

namespace omashu::serde {

namespace {

struct JavaClass {
  std::string_view name;  // without package and "Serializer" or "Deserializer"
  PayloadFormat format;
};

constexpr std::array kJavaClasses = {
    JavaClass{"String", PayloadFormat::kString},    JavaClass{"ByteArray", PayloadFormat::kBytes},
    JavaClass{"Bytes", PayloadFormat::kBytes},      JavaClass{"ByteBuffer", PayloadFormat::kBytes},
    JavaClass{"Long", PayloadFormat::kLong},        JavaClass{"Integer", PayloadFormat::kInt},
    JavaClass{"Short", PayloadFormat::kShort},      JavaClass{"Double", PayloadFormat::kDouble},
    JavaClass{"Float", PayloadFormat::kFloat},      JavaClass{"UUID", PayloadFormat::kUuid},
    JavaClass{"KafkaAvro", PayloadFormat::kAvro},   JavaClass{"SpecificAvro", PayloadFormat::kAvro},
    JavaClass{"GenericAvro", PayloadFormat::kAvro}, JavaClass{"KafkaJson", PayloadFormat::kJson},
};

std::unexpected<Error> refuse(std::string message) { return fail(ErrorCode::kInvalidArgument, std::move(message)); }
std::unexpected<Error> corrupt(std::string message) { return fail(ErrorCode::kCorrupt, std::move(message)); }

std::string join(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

// Java's Integer 5 is UTF-8 too, but nobody's text has a NUL in it.
bool is_text(std::string_view payload) {
  return payload.find('\0') == std::string_view::npos && is_valid_utf8(payload);
}

void append_base64(std::string& out, std::string_view payload) {
  out.append(R"({"base64":")").append(to_base64(payload)).append(R"("})");
}

template <class Unsigned>
Result<Unsigned> read_big_endian(std::string_view payload, PayloadFormat format) {
  if (payload.size() != sizeof(Unsigned)) {
    return corrupt(fmt::format("{} bytes where {} are expected for {}", payload.size(), sizeof(Unsigned),
                               payload_format_name(format)));
  }
  Unsigned value = 0;
  for (const char byte : payload) value = static_cast<Unsigned>(value << 8 | static_cast<unsigned char>(byte));
  return value;
}

template <class Unsigned>
std::string to_big_endian(Unsigned value) {
  std::string bytes(sizeof value, '\0');
  for (size_t i = sizeof value; i-- > 0; value = static_cast<Unsigned>(value >> 8)) {
    bytes[i] = static_cast<char>(value & 0xFF);
  }
  return bytes;
}

template <class Signed>
Result<void> append_integer(std::string_view payload, PayloadFormat format, std::string& out) {
  const auto bits = read_big_endian<std::make_unsigned_t<Signed>>(payload, format);
  if (!bits) return fail(bits.error());
  out += fmt::format("{}", static_cast<Signed>(*bits));
  return {};
}

template <class Signed>
Result<std::string> integer_of_json(const json::Value& value, PayloadFormat format) {
  const auto number = value.as_int64();
  if (!number || *number != static_cast<Signed>(*number)) {
    return refuse(fmt::format("expected a whole number that a {} of {} bytes holds, found {}",
                              payload_format_name(format), sizeof(Signed), json::to_text(value)));
  }
  return to_big_endian(static_cast<std::make_unsigned_t<Signed>>(*number));
}

Result<void> append_real(std::string_view payload, PayloadFormat format, std::string& out) {
  std::array<char, 64> text;
  char* end = nullptr;
  if (format == PayloadFormat::kFloat) {
    const auto bits = read_big_endian<uint32_t>(payload, format);
    if (!bits) return fail(bits.error());
    end = avro::write_float(text.data(), std::bit_cast<float>(*bits));
  } else {
    const auto bits = read_big_endian<uint64_t>(payload, format);
    if (!bits) return fail(bits.error());
    end = avro::write_double(text.data(), std::bit_cast<double>(*bits));
  }
  out.append(text.data(), end);
  return {};
}

template <class Real>
std::optional<Real> real_of_json(const json::Value& value) {
  Real number = 0;
  if (value.is_string()) return avro::parse_special(value.text(), number) ? std::optional(number) : std::nullopt;
  if (!value.is_number()) return std::nullopt;
  const char* const end = value.text().data() + value.text().size();
  const auto [stop, error] = std::from_chars(value.text().data(), end, number);
  return error == std::errc() && stop == end ? std::optional(number) : std::nullopt;
}

Result<void> append_uuid(std::string_view payload, std::string& out) {
  if (!avro::parse_uuid(payload)) return corrupt("this is no text of a UUID");
  json::append_quoted(out, payload);
  return {};
}

Result<void> append_json(std::string_view payload, std::string& out) {
  const auto parsed = json::parse(payload);
  if (!parsed) return corrupt("this is no JSON: " + parsed.error().message);
  json::append_text(out, *parsed);
  return {};
}

// The bytes of {"base64":"…"}; nothing where the value is something else.
Result<std::optional<std::string>> base64_of(const json::Value& value) {
  const json::Value* base64 = value.members().size() == 1 ? value.find("base64") : nullptr;
  if (base64 == nullptr || !base64->is_string()) return std::nullopt;
  auto bytes = from_base64(base64->text());
  if (!bytes) return refuse("{\"base64\":…}: this is no base64");
  return bytes;
}

Result<std::string> text_of_json(const json::Value& value, PayloadFormat format) {
  if (value.is_string()) return value.text();
  const bool has_parts = value.is_object() || value.is_array() || value.is_null();
  if (has_parts && format != PayloadFormat::kString) {
    return refuse(format == PayloadFormat::kBytes
                      ? "expected {\"base64\":\"…\"}, or a string"
                      : "there is no schema for it: without one, write a string, or {\"base64\":\"…\"}, or say the "
                        "format json");
  }
  return json::to_text(value);
}

}  // namespace

const std::vector<std::string>& payload_format_names() {
  static const std::vector<std::string> kNames = {"auto", "avro",  "json",   "string", "bytes", "long",
                                                  "int",  "short", "double", "float",  "uuid"};
  return kNames;
}

std::optional<PayloadFormat> parse_payload_format(std::string_view name) {
  const auto& names = payload_format_names();
  const auto found = std::ranges::find(names, name);
  if (found == names.end()) return std::nullopt;
  return static_cast<PayloadFormat>(found - names.begin());
}

std::string_view payload_format_name(PayloadFormat format) {
  return payload_format_names()[static_cast<size_t>(format)];
}

Result<PayloadFormat> payload_format_of_class(std::string_view class_name) {
  std::string_view name = class_name;
  if (const size_t dot = name.rfind('.'); dot != std::string_view::npos) name.remove_prefix(dot + 1);
  for (const std::string_view suffix : {"Deserializer", "Serializer"}) {
    if (!name.ends_with(suffix)) continue;
    name.remove_suffix(suffix.size());
    const auto found = std::ranges::find(kJavaClasses, name, &JavaClass::name);
    if (found != kJavaClasses.end()) return found->format;
    break;
  }
  std::vector<std::string> names;
  for (const JavaClass& known : kJavaClasses) {
    for (const char* suffix : {"Serializer", "Deserializer"}) names.push_back(std::string(known.name) + suffix);
  }
  return refuse(fmt::format("the class {} is not known{}; the formats are {}", class_name,
                            did_you_mean(class_name.substr(class_name.rfind('.') + 1), names),
                            join(payload_format_names())));
}

Result<void> append_payload_json(std::string_view payload, PayloadFormat format, std::string& out) {
  switch (format) {
    case PayloadFormat::kJson: return append_json(payload, out);
    case PayloadFormat::kLong: return append_integer<int64_t>(payload, format, out);
    case PayloadFormat::kInt: return append_integer<int32_t>(payload, format, out);
    case PayloadFormat::kShort: return append_integer<int16_t>(payload, format, out);
    case PayloadFormat::kDouble:
    case PayloadFormat::kFloat: return append_real(payload, format, out);
    case PayloadFormat::kUuid: return append_uuid(payload, out);
    default: break;
  }
  const bool is_string =
      format == PayloadFormat::kString ? is_valid_utf8(payload) : format != PayloadFormat::kBytes && is_text(payload);
  if (is_string) {
    json::append_quoted(out, payload);
  } else {
    append_base64(out, payload);
  }
  return {};
}

Result<std::string> payload_of_json(std::string_view json, PayloadFormat format) {
  const auto value = json::parse(json);
  if (!value) return fail(value.error());
  if (format == PayloadFormat::kJson) return json::to_text(*value);
  auto bytes = base64_of(*value);
  if (!bytes) return fail(std::move(bytes.error()));
  if (*bytes) return **std::move(bytes);
  switch (format) {
    case PayloadFormat::kLong: return integer_of_json<int64_t>(*value, format);
    case PayloadFormat::kInt: return integer_of_json<int32_t>(*value, format);
    case PayloadFormat::kShort: return integer_of_json<int16_t>(*value, format);
    case PayloadFormat::kDouble:
      if (const auto number = real_of_json<double>(*value)) return to_big_endian(std::bit_cast<uint64_t>(*number));
      return refuse("expected a number that a double holds, found " + json::to_text(*value));
    case PayloadFormat::kFloat:
      if (const auto number = real_of_json<float>(*value)) return to_big_endian(std::bit_cast<uint32_t>(*number));
      return refuse("expected a number that a float holds, found " + json::to_text(*value));
    case PayloadFormat::kUuid:
      if (value->is_string() && avro::parse_uuid(value->text())) return value->text();
      return refuse("expected a UUID such as \"123e4567-e89b-12d3-a456-426614174000\", found " + json::to_text(*value));
    default: return text_of_json(*value, format);
  }
}

}  // namespace omashu::serde
