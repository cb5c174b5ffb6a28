#include "sink/postgres/field_bytes.h"

#include <array>
#include <bit>
#include <cstring>

#include "avro/float_widening.h"
#include "avro/logical_text.h"
#include "sink/postgres/postgres_time.h"
#include "sink/postgres/value_text.h"

namespace omashu::sink::postgres {

namespace {

using avro::Datum;

template <class Unsigned>
void append_big_endian(Unsigned value, std::string& out) {
  std::array<char, sizeof(Unsigned)> bytes;
  for (size_t i = sizeof(Unsigned); i-- > 0; value = static_cast<Unsigned>(value >> 8))
    bytes[i] = static_cast<char>(value);
  out.append(bytes.data(), bytes.size());
}

// jsonb refuses \u0000, which is what JSON makes of a NUL in a string.
bool holds_nul_escape(std::string_view json) {
  for (size_t at = json.find("\\u0000"); at != std::string_view::npos; at = json.find("\\u0000", at + 1)) {
    size_t backslashes = 1;
    while (backslashes <= at && json[at - backslashes] == '\\') ++backslashes;
    if (backslashes % 2 == 1) return true;
  }
  return false;
}

Result<void> append_json(const Datum& datum, const avro::Decoder& decoder, std::string& out) {
  std::string bytes;
  avro::append_datum(datum, bytes);
  const size_t begin = out.size();
  if (auto written = decoder.to_json(bytes, avro::JsonForm::kPlain, out); !written) return written;
  if (holds_nul_escape(std::string_view(out).substr(begin))) {
    return fail(ErrorCode::kCorrupt, "a text in it holds a NUL character, which PostgreSQL cannot hold");
  }
  return {};
}

Result<void> append_uuid(const Datum& datum, std::string& out) {
  if (datum.type().type != avro::Type::kString) {
    out += datum.as_bytes();
    return {};
  }
  const auto parsed = avro::parse_uuid(datum.as_bytes());
  if (!parsed) return fail(parsed.error());
  out.append(parsed->data(), parsed->size());
  return {};
}

template <class Value, class Append>
Result<void> append_checked(const Result<Value>& value, std::string& out, Append append) {
  if (!value) return fail(value.error());
  append(*value, out);
  return {};
}

Result<void> append_real(const ColumnType& type, double value, std::string& out) {
  if (auto finite = check_finite(value); !finite) return finite;
  if (type.kind == Kind::kReal) {
    append_big_endian(std::bit_cast<uint32_t>(avro::narrow(value)), out);
  } else {
    append_big_endian(std::bit_cast<uint64_t>(value), out);
  }
  return {};
}

Result<void> append_content(const ColumnType& type, const Datum& datum, const avro::Decoder* json, std::string& out) {
  if (type.is_array) return append_array_text(type, datum, out);
  switch (type.kind) {
    case Kind::kBoolean: out += datum.as_boolean() ? '\1' : '\0'; return {};
    case Kind::kInteger: append_int32(static_cast<int32_t>(datum.as_long()), out); return {};
    case Kind::kBigint: append_int64(datum.as_long(), out); return {};
    case Kind::kReal:
    case Kind::kDouble: return append_real(type, datum.as_double(), out);
    case Kind::kBytea: out += datum.as_bytes(); return {};
    case Kind::kUuid: return append_uuid(datum, out);
    case Kind::kDate: return append_checked(postgres_date(datum.as_long()), out, append_int32);
    case Kind::kTime:
      return append_checked(postgres_time(datum.type().logical_type, datum.as_long()), out, append_int64);
    case Kind::kTimestamp:
    case Kind::kTimestamptz:
      return append_checked(postgres_timestamp(datum.type().logical_type, datum.as_long()), out, append_int64);
    case Kind::kInterval:
      return append_checked(postgres_interval(datum.as_bytes()), out, [](const Interval& interval, std::string& to) {
        append_int64(interval.microseconds, to);
        append_int32(interval.days, to);
        append_int32(interval.months, to);
      });
    case Kind::kJsonb: return append_json(datum, *json, out);
    case Kind::kText:
    case Kind::kEnum:
    case Kind::kNumeric: return append_value_text(type, datum, out);
  }
  return {};
}

}  // namespace

WireType wire_type(const ColumnType& type) {
  constexpr WireType kTextType = {"text", 25, 1009};
  if (type.is_array) return kTextType;
  switch (type.kind) {
    case Kind::kBoolean: return {"boolean", 16, 1000};
    case Kind::kInteger: return {"integer", 23, 1007};
    case Kind::kBigint: return {"bigint", 20, 1016};
    case Kind::kReal: return {"real", 700, 1021};
    case Kind::kDouble: return {"double precision", 701, 1022};
    case Kind::kBytea: return {"bytea", 17, 1001};
    case Kind::kUuid: return {"uuid", 2950, 2951};
    case Kind::kDate: return {"date", 1082, 1182};
    case Kind::kTime: return {"time without time zone", 1083, 1183};
    case Kind::kTimestamp: return {"timestamp without time zone", 1114, 1115};
    case Kind::kTimestamptz: return {"timestamp with time zone", 1184, 1185};
    case Kind::kInterval: return {"interval", 1186, 1187};
    case Kind::kText:
    case Kind::kNumeric:
    case Kind::kEnum:
    case Kind::kJsonb: return kTextType;
  }
  return kTextType;
}

void append_int16(int16_t value, std::string& out) { append_big_endian(static_cast<uint16_t>(value), out); }
void append_int32(int32_t value, std::string& out) { append_big_endian(static_cast<uint32_t>(value), out); }
void append_int64(int64_t value, std::string& out) { append_big_endian(static_cast<uint64_t>(value), out); }

void append_null_field(std::string& out) { append_int32(-1, out); }

void append_int32_field(int32_t value, std::string& out) {
  append_int32(4, out);
  append_int32(value, out);
}

void append_int64_field(int64_t value, std::string& out) {
  append_int32(8, out);
  append_int64(value, out);
}

void append_bytes_field(std::string_view bytes, std::string& out) {
  append_int32(static_cast<int32_t>(bytes.size()), out);
  out += bytes;
}

Result<void> append_field(const ColumnType& type, const Datum& datum, const avro::Decoder* json, std::string& out) {
  const size_t begin = out.size();
  append_int32(0, out);
  const auto appended = append_content(type, datum, json, out);
  if (!appended) {
    out.resize(begin);
    return fail(appended.error().code == ErrorCode::kInvalidArgument
                    ? Error{ErrorCode::kCorrupt, appended.error().message, {}}
                    : appended.error());
  }
  const auto size = static_cast<uint32_t>(out.size() - begin - sizeof(int32_t));
  for (size_t i = 0; i < 4; ++i) out[begin + i] = static_cast<char>(size >> (24 - 8 * i));
  return {};
}

}  // namespace omashu::sink::postgres
