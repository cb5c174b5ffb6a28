// Values without parts: numbers, strings, bytes, symbols, and the texts of logical types.

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <optional>

#include "avro/decimal_text.h"
#include "avro/java_number.h"
#include "avro/json_encoder.h"
#include "avro/latin1.h"
#include "avro/logical_text.h"
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

template <class T>
bool take(const Result<T>& parsed, int64_t& value, std::string& problem) {
  if (!parsed) {
    problem = parsed.error().message;
    return false;
  }
  value = *parsed;
  return true;
}

}  // namespace

bool JsonEncoder::integer_of_text(const Node& type, std::string_view text, int64_t& value, std::string& problem) const {
  switch (type.logical_type) {
    case LogicalType::kDate: return take(parse_date(text), value, problem);
    case LogicalType::kTimeMillis: return take(parse_time(text, TimeUnit::kMillis), value, problem);
    case LogicalType::kTimeMicros: return take(parse_time(text, TimeUnit::kMicros), value, problem);
    case LogicalType::kTimestampMillis: return take(parse_timestamp(text, TimeUnit::kMillis, false), value, problem);
    case LogicalType::kTimestampMicros: return take(parse_timestamp(text, TimeUnit::kMicros, false), value, problem);
    case LogicalType::kTimestampNanos: return take(parse_timestamp(text, TimeUnit::kNanos, false), value, problem);
    case LogicalType::kLocalTimestampMillis:
      return take(parse_timestamp(text, TimeUnit::kMillis, true), value, problem);
    case LogicalType::kLocalTimestampMicros:
      return take(parse_timestamp(text, TimeUnit::kMicros, true), value, problem);
    case LogicalType::kLocalTimestampNanos: return take(parse_timestamp(text, TimeUnit::kNanos, true), value, problem);
    default: problem = "expected a whole number"; return false;
  }
}

bool JsonEncoder::integer(const Node& type) {
  const bool is_int = type.type == Type::kInt;
  int64_t number = 0;
  if (reader_.token() == Token::kString && type.logical_type != LogicalType::kNone) {
    std::string problem;
    if (!integer_of_text(type, reader_.text(), number, problem)) {
      return fail_with_found(problem);
    }
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

bool decimal_bytes(const Node& type, std::string_view text, std::string& bytes, std::string& problem) {
  const bool is_big = type.logical_type == LogicalType::kBigDecimal;
  const auto decimal = is_big ? parse_decimal(text) : parse_decimal(text, type.precision, type.scale);
  if (!decimal) {
    problem = decimal.error().message;
    return false;
  }
  bytes = is_big ? join_big_decimal(*decimal) : decimal->unscaled;
  if (type.type != Type::kFixed) return true;
  if (bytes.size() > type.fixed_size) {
    problem = fmt::format("this decimal does not fit {} bytes", type.fixed_size);
    return false;
  }
  const bool negative = static_cast<unsigned char>(bytes[0]) >= 0x80;
  bytes.insert(0, type.fixed_size - bytes.size(), negative ? '\xff' : '\0');
  return true;
}

template <size_t N>
bool take_bytes(const Result<std::array<char, N>>& parsed, std::string& bytes, std::string& problem) {
  if (!parsed) {
    problem = parsed.error().message;
    return false;
  }
  bytes.assign(parsed->data(), N);
  return true;
}

// From the text of a logical type.
bool logical_bytes(const Node& type, std::string_view text, std::string& bytes, std::string& problem) {
  if (type.logical_type == LogicalType::kUuid) return take_bytes(parse_uuid(text), bytes, problem);
  if (type.logical_type == LogicalType::kDuration) return take_bytes(parse_duration(text), bytes, problem);
  return decimal_bytes(type, text, bytes, problem);
}

// From Avro's form: a character up to U+00FF for each byte.
bool code_points(const Node& type, std::string_view text, std::string& bytes, std::string& problem) {
  if (!append_latin1(bytes, text)) {
    problem = "expected characters up to U+00FF, one for each byte";
  } else if (type.type == Type::kFixed && bytes.size() != type.fixed_size) {
    problem = fmt::format("expected {} bytes, one character for each", type.fixed_size);
  } else {
    return true;
  }
  return false;
}

}  // namespace

// The bytes that a text stands for. The text of a logical type comes first; what is no such text is bytes where it
// cannot be a slip of the pen. Where Avro's form is asked for, a text is always bytes.
bool JsonEncoder::bytes_of_text(const Node& type, std::string_view text, std::string& bytes,
                                std::string& problem) const {
  if (type.logical_type == LogicalType::kNone || form_ == JsonForm::kAvro) {
    return code_points(type, text, bytes, problem);
  }
  if (logical_bytes(type, text, bytes, problem)) return true;
  const bool uuid_bytes = type.logical_type == LogicalType::kUuid && text.size() == type.fixed_size;
  if (is_readable(text) && !uuid_bytes) return false;
  bytes.clear();
  return code_points(type, text, bytes, problem);
}

bool JsonEncoder::bytes(const Node& type) {
  const bool is_decimal = type.logical_type == LogicalType::kDecimal || type.logical_type == LogicalType::kBigDecimal;
  const bool is_number = is_decimal && reader_.token() == Token::kNumber;
  if (!is_number && reader_.token() != Token::kString) {
    return expected(is_decimal ? "a decimal such as \"12.34\"" : "a string");
  }
  std::string bytes;
  std::string problem;
  if (is_number ? !decimal_bytes(type, reader_.text(), bytes, problem)
                : !bytes_of_text(type, reader_.text(), bytes, problem)) {
    return fail_with_found(problem);
  }
  if (type.type == Type::kBytes) append_long(out_, static_cast<int64_t>(bytes.size()));
  out_ += bytes;
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
