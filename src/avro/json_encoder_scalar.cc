// Values without parts: numbers, strings, bytes, symbols, and the texts of logical types.

#include <fmt/core.h>

#include <charconv>
#include <cmath>
#include <optional>

#include "avro/java_number.h"
#include "avro/json_encoder.h"
#include "avro/logical_text.h"
#include "avro/logical_value.h"
#include "avro/number_text.h"
#include "avro/union_rule.h"
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

// A whole number with a point or an exponent (5.0, 1e3), as Java's JsonDecoder takes it.
std::optional<int64_t> parse_whole_real(std::string_view text) {
  constexpr double kMaxExact = 9007199254740992.0;  // 2^53
  const double value = double_of_spelling(text);
  if (!(std::fabs(value) <= kMaxExact) || value != std::floor(value)) return std::nullopt;
  return static_cast<int64_t>(value);
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
    auto parsed = parse_integer(reader_.text());
    if (!parsed && form_ == JsonForm::kAvro) parsed = parse_whole_real(reader_.text());
    if (!parsed || (is_int && !fits_int(*parsed))) {
      return expected(is_int ? "a whole number of 32 bits" : "a whole number of 64 bits");
    }
    number = *parsed;
  }
  append_long(out_, number);
  return true;
}

template <class T>
bool JsonEncoder::real(std::string_view type_name) {
  T special = 0;
  if (reader_.token() == Token::kString && parse_special(reader_.text(), special)) {
    append_raw(out_, special);
    return true;
  }
  if (reader_.token() != Token::kNumber) return expected("a number");
  const auto number = parse_real<T>(reader_.text());
  if (!number) return expected(fmt::format("a number within a {}'s range", type_name));
  append_raw(out_, *number);
  return true;
}

bool JsonEncoder::real(const Node& type) {
  return type.type == Type::kFloat ? real<float>("float") : real<double>("double");
}

bool JsonEncoder::string(const Node& type) {
  if (reader_.token() != Token::kString) return expected("a string");
  if (type.logical_type == LogicalType::kUuid && form_ == JsonForm::kPlain) {
    if (const auto uuid = parse_uuid(reader_.text()); !uuid) return fail_with_found(uuid.error().message);
  }
  append_long(out_, static_cast<int64_t>(reader_.text().size()));
  out_ += reader_.text();
  return true;
}

bool JsonEncoder::bytes(const Node& type) {
  const bool is_decimal = type.logical_type == LogicalType::kDecimal || type.logical_type == LogicalType::kBigDecimal;
  const bool is_number = is_decimal && reader_.token() == Token::kNumber;
  const bool is_object = reader_.token() == Token::kBeginObject;
  if (!is_number && !is_object && reader_.token() != Token::kString) {
    return expected(is_decimal ? "a decimal such as \"12.34\"" : "a string");
  }
  const auto bytes = is_object   ? base64_object()
                     : is_number ? parse_logical_bytes(type, reader_.text())
                                 : bytes_of_text(type, reader_.text(), form_);
  if (!bytes) return fail_with_found(bytes.error().message);
  if (is_object && type.type == Type::kFixed && bytes->size() != type.fixed_size) {
    return fail(fmt::format("expected {} bytes, found {}", type.fixed_size, bytes->size()));
  }
  if (type.type == Type::kBytes) append_long(out_, static_cast<int64_t>(bytes->size()));
  out_ += *bytes;
  return true;
}

Result<std::string> JsonEncoder::base64_object() {
  auto bytes = bytes_of_base64(reader_);
  if (!bytes) return omashu::fail(ErrorCode::kInvalidArgument, "expected a string, or {\"base64\":\"…\"}");
  reader_.skip_value();
  return *std::move(bytes);
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
