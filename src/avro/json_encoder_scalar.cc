// Values without parts: numbers, strings, bytes, symbols, and the texts of logical types.

#include <fmt/core.h>

#include <charconv>
#include <cmath>
#include <optional>

#include "avro/java_number.h"
#include "avro/json_encoder.h"
#include "avro/latin1.h"
#include "avro/logical_value.h"
#include "avro/number_text.h"
#include "avro/varint.h"
#include "base/nearest.h"

namespace omashu::avro {

using json::Token;

namespace {

std::optional<int64_t> parse_integer(std::string_view text) {
  int64_t value = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || stop != text.data() + text.size()) return std::nullopt;
  return value;
}

bool fits_int(int64_t value) { return value == static_cast<int32_t>(value); }

// Nothing where the number is beyond the type's range. One that is too small to tell from 0 is 0.
template <class T>
std::optional<T> parse_real(std::string_view text) {
  T value = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc()) return value;
  if (std::fabs(double_of_spelling(text)) > 1) return std::nullopt;
  return T{0};
}

// A text of printable ASCII is what a person wrote; the bytes of a decimal or a duration hardly ever are.
bool is_readable(std::string_view text) {
  for (const char c : text) {
    if (c < 0x20 || c > 0x7e) return false;
  }
  return true;
}

template <class T>
void append_raw(std::string& out, T value) {
  out.append(reinterpret_cast<const char*>(&value), sizeof value);
}

}  // namespace

bool JsonEncoder::integer(const Node& type) {
  const bool is_int = type.type == Type::kInt;
  int64_t number = 0;
  if (reader_.token() == Token::kString && type.logical_type != LogicalType::kNone) {
    const auto parsed = parse_logical_integer(type, reader_.text());
    if (!parsed) return fail_with_found(parsed.error().message);
    number = *parsed;
  } else {
    if (reader_.token() != Token::kNumber) return expected("a whole number");
    const auto parsed = parse_integer(reader_.text());
    if (!parsed || (is_int && !fits_int(*parsed))) {
      return expected(is_int ? "a whole number of 32 bits" : "a whole number of 64 bits");
    }
    number = *parsed;
  }
  append_long(out_, number);
  return true;
}

bool JsonEncoder::real(const Node& type) {
  const bool is_float = type.type == Type::kFloat;
  double special = 0;
  if (reader_.token() == Token::kString && parse_special_double(reader_.text(), special)) {
    if (is_float) {
      append_raw(out_, static_cast<float>(special));
    } else {
      append_raw(out_, special);
    }
    return true;
  }
  if (reader_.token() != Token::kNumber) return expected("a number");
  const auto as_float = is_float ? parse_real<float>(reader_.text()) : std::nullopt;
  const auto as_double = is_float ? std::nullopt : parse_real<double>(reader_.text());
  if (as_float) {
    append_raw(out_, *as_float);
  } else if (as_double) {
    append_raw(out_, *as_double);
  } else {
    return expected(is_float ? "a number within a float's range" : "a number within a double's range");
  }
  return true;
}

bool JsonEncoder::string() {
  if (reader_.token() != Token::kString) return expected("a string");
  append_long(out_, static_cast<int64_t>(reader_.text().size()));
  out_ += reader_.text();
  return true;
}

// ---- bytes

namespace {

// From Avro's form: a character up to U+00FF for each byte.
Result<std::string> parse_code_points(const Node& type, std::string_view text) {
  std::string bytes;
  if (!append_latin1(bytes, text)) {
    return omashu::fail(ErrorCode::kInvalidArgument, "expected characters up to U+00FF, one for each byte");
  }
  if (type.type == Type::kFixed && bytes.size() != type.fixed_size) {
    return omashu::fail(ErrorCode::kInvalidArgument,
                        fmt::format("expected {} bytes, one character for each", type.fixed_size));
  }
  return bytes;
}

}  // namespace

// The bytes that a text stands for. The text of a logical type comes first; what is no such text is bytes where it
// cannot be a slip of the pen. Where Avro's form is asked for, a text is always bytes.
Result<std::string> JsonEncoder::bytes_of_text(const Node& type, std::string_view text) const {
  if (type.logical_type == LogicalType::kNone || form_ == JsonForm::kAvro) return parse_code_points(type, text);
  auto bytes = parse_logical_bytes(type, text);
  const bool uuid_bytes = type.logical_type == LogicalType::kUuid && text.size() == type.fixed_size;
  if (bytes || (is_readable(text) && !uuid_bytes)) return bytes;
  return parse_code_points(type, text);
}

bool JsonEncoder::bytes(const Node& type) {
  const bool is_decimal = type.logical_type == LogicalType::kDecimal || type.logical_type == LogicalType::kBigDecimal;
  const bool is_number = is_decimal && reader_.token() == Token::kNumber;
  if (!is_number && reader_.token() != Token::kString) {
    return expected(is_decimal ? "a decimal such as \"12.34\"" : "a string");
  }
  const auto bytes = is_number ? parse_logical_bytes(type, reader_.text()) : bytes_of_text(type, reader_.text());
  if (!bytes) return fail_with_found(bytes.error().message);
  if (type.type == Type::kBytes) append_long(out_, static_cast<int64_t>(bytes->size()));
  out_ += *bytes;
  return true;
}

bool JsonEncoder::enumeration(const Node& type) {
  if (reader_.token() != Token::kString) return expected(fmt::format("a symbol of {}", type.full_name));
  const auto symbol = type.find_symbol(reader_.text());
  if (!symbol) {
    return fail(fmt::format("{} has no symbol \"{}\"{}", type.full_name, reader_.text(),
                            did_you_mean(reader_.text(), type.symbols)));
  }
  append_long(out_, static_cast<int64_t>(*symbol));
  return true;
}

}  // namespace omashu::avro
