// Values as bytes whose order is theirs (docs/table-store.md). The first byte says what kind of value follows; kinds
// are ordered as they stand here.
//
// One that would be longer than kMaxOrderedBytes is cut to one byte more. Cutting keeps the order, but for values that
// are equal afterwards.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "table/decimal_number.h"

namespace omashu::table {

constexpr size_t kMaxOrderedBytes = 1'024;

enum class OrderedKind : unsigned char {
  kNull = 0x01,
  kFalse = 0x02,
  kTrue = 0x03,
  kNumber = 0x10,  // all numbers in one order, exactly, whatever the types are; NaN is behind them
  kDecimal = 0x20,
  kText = 0x30,
  kBytes = 0x40,
  kUuid = 0x50,
  kOther = 0xf0,  // what has no order among these
};

std::string ordered_null();
std::string ordered_boolean(bool value);
std::string ordered_number(int64_t value);
std::string ordered_number(double value);
std::string ordered_decimal(const DecimalNumber& value);
std::string ordered_bytes(OrderedKind kind, std::string_view bytes);  // of kText, kBytes, kUuid and kOther

bool is_cut(std::string_view ordered);

// The first value of a kind that there can be, and what is behind all of it.
std::string begin_of(OrderedKind kind);
std::string end_of(OrderedKind kind);

// Back. Nothing where the bytes are none of that kind.
std::optional<OrderedKind> kind_of(std::string_view ordered);
struct OrderedNumber {
  double floor = 0;   // the number, or the next double below it
  uint16_t rest = 0;  // the number less that
};
std::optional<OrderedNumber> read_ordered_number(std::string_view ordered);
std::optional<DecimalNumber> read_ordered_decimal(std::string_view ordered);

}  // namespace omashu::table
