// Random schemas, and random data of them in the form that encoders give. Unions of types that look alike in JSON,
// names that look like tags, and texts that look like those of logical types are likely.

#pragma once

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "avro/decimal_text.h"
#include "avro/schema.h"
#include "avro/varint.h"

namespace omashu::avro::testing {

inline constexpr std::array kNames = {"a",     "b",    "id",     "string", "map", "array",
                                      "bytes", "long", "base64", "N1",     "N2",  "null"};

inline constexpr std::array kTexts = {"",
                                      "A",
                                      "B",
                                      "null",
                                      "NaN",
                                      "true",
                                      "5",
                                      "12.34",
                                      "-1",
                                      "Infinity",
                                      "P1D",
                                      "09",
                                      "23:59:59.9",
                                      "1970-01-01",
                                      "1970-01-01T00:00:00.000Z",
                                      "\"q\"",
                                      "{\"a\"",
                                      "\xc3\xa9",
                                      "\x01\x02\x7f",
                                      "1970-01-01T00:00:00.000",
                                      "12:34",
                                      "2E+3",
                                      "ab",
                                      "0123456789abcdef",
                                      "123e4567-e89b-12d3-a456-426614174000"};

inline constexpr std::array kLogicalTypes = {
    R"({"type":"int","logicalType":"date"})",
    R"({"type":"int","logicalType":"time-millis"})",
    R"({"type":"long","logicalType":"time-micros"})",
    R"({"type":"long","logicalType":"timestamp-millis"})",
    R"({"type":"long","logicalType":"timestamp-micros"})",
    R"({"type":"long","logicalType":"timestamp-nanos"})",
    R"({"type":"long","logicalType":"local-timestamp-millis"})",
    R"({"type":"long","logicalType":"local-timestamp-micros"})",
    R"({"type":"long","logicalType":"local-timestamp-nanos"})",
    R"({"type":"bytes","logicalType":"decimal","precision":5,"scale":2})",
    R"({"type":"bytes","logicalType":"decimal","precision":40})",
    R"({"type":"bytes","logicalType":"decimal","precision":4000,"scale":3500})",
    R"({"type":"bytes","logicalType":"big-decimal"})",
    R"({"type":"string","logicalType":"uuid"})",
};

class RandomAvro {
 public:
  explicit RandomAvro(uint64_t seed) : engine_(seed) {}

  size_t pick(size_t bound) { return engine_() % bound; }
  uint64_t bits() { return engine_() >> pick(64); }  // numbers of every length

  std::string schema(size_t depth) {
    const size_t choice = pick(depth == 0 ? 8 : 16);
    if (choice < 4) return primitive();
    if (choice < 6) return kLogicalTypes[pick(kLogicalTypes.size())];
    if (choice < 8) return named();
    if (choice < 10) return fmt::format(R"({{"type":"array","items":{}}})", schema(depth - 1));
    if (choice < 12) return fmt::format(R"({{"type":"map","values":{}}})", schema(depth - 1));
    return choice < 14 ? record(depth) : any_union(depth);
  }

  // A datum in the form that encoders give: one block for all items.
  void datum(const Node& type, std::string& out) {
    switch (type.type) {
      case Type::kNull: return;
      case Type::kBoolean: out += static_cast<char>(pick(2)); return;
      case Type::kInt: return append_long(out, static_cast<int32_t>(bits()));
      case Type::kLong: return append_long(out, static_cast<int64_t>(bits()));
      case Type::kFloat: return real<float, uint32_t>(out);
      case Type::kDouble: return real<double, uint64_t>(out);
      case Type::kBytes: return prefixed(type.logical_type == LogicalType::kNone ? bytes() : decimal(type), out);
      case Type::kString: return prefixed(type.logical_type == LogicalType::kUuid ? uuid() : text(), out);
      case Type::kFixed:
        for (size_t i = 0; i < type.fixed_size; ++i) out += static_cast<char>(pick(2) == 0 ? pick(256) : '0' + pick(9));
        return;
      case Type::kEnum: return append_long(out, static_cast<int64_t>(pick(type.symbols.size())));
      case Type::kRecord:
        for (const Field& field : type.fields) datum(*field.type, out);
        return;
      case Type::kUnion: {
        const size_t branch = pick(type.branches.size());
        append_long(out, static_cast<int64_t>(branch));
        return datum(*type.branches[branch], out);
      }
      case Type::kArray:
      case Type::kMap: return items(type, out);
    }
  }

 private:
  std::string name() { return fmt::format("N{}", ++names_); }

  std::string primitive() {
    constexpr std::array kPrimitives = {"null", "boolean", "int", "long", "float", "double", "bytes", "string"};
    return fmt::format("\"{}\"", kPrimitives[pick(kPrimitives.size())]);
  }

  std::string named() {
    switch (pick(6)) {
      case 0: return fmt::format(R"({{"type":"fixed","name":"{}","size":{}}})", name(), pick(5));
      case 1: return fmt::format(R"({{"type":"fixed","name":"{}","size":16,"logicalType":"uuid"}})", name());
      case 2: return fmt::format(R"({{"type":"fixed","name":"{}","size":12,"logicalType":"duration"}})", name());
      case 3:
        return fmt::format(R"({{"type":"fixed","name":"{}","size":3,"logicalType":"decimal","precision":4,"scale":2}})",
                           name());
      default: return fmt::format(R"({{"type":"enum","name":"{}","symbols":["A","B","NaN"]}})", name());
    }
  }

  std::string record(size_t depth) {
    std::set<std::string> fields;
    for (size_t count = pick(4); fields.size() < count;) fields.insert(kNames[pick(kNames.size())]);
    std::string text;
    for (const std::string& field : fields) {
      text += fmt::format(R"({}{{"name":"{}","type":{}}})", text.empty() ? "" : ",", field, schema(depth - 1));
    }
    return fmt::format(R"({{"type":"record","name":"{}","fields":[{}]}})", name(), text);
  }

  // Branches that a union may have together: each unnamed type once.
  std::string any_union(size_t depth) {
    std::string text;
    std::set<std::string> kinds;
    for (size_t count = 1 + pick(5); count > 0; --count) {
      const std::string branch = pick(3) == 0 ? record(depth) : schema(depth - 1);
      const auto parsed = Schema::parse(branch);
      if (!parsed || parsed->root().type == Type::kUnion) continue;
      const Node& root = parsed->root();
      if (!kinds.insert(root.is_named() ? root.full_name : std::string(type_name(root.type))).second) continue;
      text += (text.empty() ? "" : ",") + branch;
    }
    return text.empty() ? R"(["null","string"])" : "[" + text + "]";
  }

  void items(const Node& type, std::string& out) {
    std::vector<std::string> keys(pick(4));
    for (std::string& key : keys) key = pick(2) == 0 ? kNames[pick(kNames.size())] : text();
    std::ranges::sort(keys);
    keys.erase(std::ranges::unique(keys).begin(), keys.end());
    if (!keys.empty()) append_long(out, static_cast<int64_t>(keys.size()));
    for (const std::string& key : keys) {
      if (type.type == Type::kMap) prefixed(key, out);
      datum(*type.items, out);
    }
    append_long(out, 0);
  }

  template <class Real, class Bits>
  void real(std::string& out) {
    Real value = static_cast<Real>(static_cast<int64_t>(bits())) / 1000;
    if (pick(3) == 0) value = std::bit_cast<Real>(static_cast<Bits>(engine_()));
    if (pick(9) == 0) value = static_cast<Real>(pick(2) == 0 ? 0.0 / -1.0 : 1e300 * 1e300);
    if (pick(9) == 0) value = std::bit_cast<Real>(static_cast<Bits>(~Bits{0} >> pick(3)));
    // Generic data holds floats as doubles, and that conversion makes a signaling NaN a quiet one.
    if (sizeof value == 4 && std::isnan(value))
      value = std::bit_cast<Real>(static_cast<Bits>(std::bit_cast<Bits>(value) | 1 << 22));
    out.append(reinterpret_cast<const char*>(&value), sizeof value);
  }

  static void prefixed(std::string_view bytes, std::string& out) {
    append_long(out, static_cast<int64_t>(bytes.size()));
    out += bytes;
  }

  std::string bytes() {
    std::string out;
    for (size_t size = pick(20); size > 0; --size) out += static_cast<char>(pick(256));
    return pick(3) == 0 ? text() : out;
  }

  std::string text() {
    if (pick(2) == 0) return kTexts[pick(kTexts.size())];
    std::string out;
    for (size_t size = pick(20); size > 0; --size) out += static_cast<char>(pick(128));
    return out;
  }

  std::string uuid() {
    std::string text = "00000000-0000-0000-0000-000000000000";
    for (char& c : text) {
      if (c != '-') c = "0123456789abcdefABCDEF"[pick(22)];
    }
    return text;
  }

  // The two's complement as short as it is for most, and anything for some.
  std::string decimal(const Node& type) {
    if (pick(4) == 0) return bytes();
    std::string digits(1 + pick(pick(9) == 0 ? 3000 : 8), '0');
    for (char& digit : digits) digit = static_cast<char>('0' + pick(10));
    if (type.logical_type == LogicalType::kBigDecimal && pick(2) == 0) digits += fmt::format("E{}", pick(9000));
    const auto parsed = parse_decimal((pick(2) == 0 ? "-" : "") + digits);
    if (!parsed) return "";
    return type.logical_type == LogicalType::kBigDecimal ? join_big_decimal(*parsed) : parsed->unscaled;
  }

  std::mt19937_64 engine_;
  int names_ = 0;
};

}  // namespace omashu::avro::testing
