#include "avro/logical_text.h"

#include <fmt/core.h>

#include <bit>
#include <charconv>
#include <chrono>
#include <cstring>

#include "avro/digits.h"

namespace omashu::avro {

namespace {

constexpr int64_t kSecondsPerDay = 86'400;

constexpr int64_t units_per_second(TimeUnit unit) {
  return unit == TimeUnit::kMillis ? 1'000 : unit == TimeUnit::kMicros ? 1'000'000 : 1'000'000'000;
}

struct Civil {
  int64_t year;
  unsigned month, day;
};

// Days since 1970-01-01 to a date and back, for any 64-bit year that a timestamp reaches (std::chrono's years end at
// 32767). Eras of 400 years, years starting in March.
Civil to_civil(int64_t days) {
  days += 719'468;  // from 0000-03-01
  const int64_t era = (days >= 0 ? days : days - 146'096) / 146'097;
  const int64_t day_of_era = days - era * 146'097;
  const int64_t year_of_era = (day_of_era - day_of_era / 1'460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
  const int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const int64_t month = (5 * day_of_year + 2) / 153;  // 0 is March
  return {.year = year_of_era + era * 400 + (month >= 10 ? 1 : 0),
          .month = static_cast<unsigned>(month < 10 ? month + 3 : month - 9),
          .day = static_cast<unsigned>(day_of_year - (153 * month + 2) / 5 + 1)};
}

// The days of the years 0000 (from March on) to 9999, counted from 1970-01-01.
constexpr int64_t kFirstUsualDay = -719'468;
constexpr int64_t kLastUsualDay = 2'932'896;

// to_civil() of those: multiplications in place of divisions ("Euclidean affine functions and their application to
// calendar algorithms", Neri and Schneider, 2022).
Civil to_usual_civil(int64_t days) {
  const uint32_t quarters = 4 * static_cast<uint32_t>(days - kFirstUsualDay) + 3;
  const uint32_t century = quarters / 146'097;
  const uint32_t quarters_of_century = quarters % 146'097 | 3;
  const uint64_t years = uint64_t{2'939'745} * quarters_of_century;
  const uint32_t day_of_year = static_cast<uint32_t>(years) / 2'939'745 / 4;  // from March on
  const uint32_t months = 2'141 * day_of_year + 197'913;
  const bool is_next_year = day_of_year >= 306;
  return {.year = static_cast<int64_t>(100 * century + (years >> 32) + (is_next_year ? 1 : 0)),
          .month = (months >> 16) - (is_next_year ? 12 : 0),
          .day = (months & 0xffff) / 2'141 + 1};
}

int64_t to_days(const Civil& civil) {
  const int64_t year = civil.year - (civil.month <= 2 ? 1 : 0);
  const int64_t era = (year >= 0 ? year : year - 399) / 400;
  const int64_t year_of_era = year - era * 400;
  const int64_t day_of_year = (153 * ((civil.month + 9) % 12) + 2) / 5 + civil.day - 1;
  return era * 146'097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719'468;
}

unsigned days_in_month(int64_t year, unsigned month) {
  constexpr std::array<unsigned, 12> kDays = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  return kDays[month - 1] + (month == 2 && leap ? 1 : 0);
}

// ---- out

char* write_day(char* out, int64_t days) {
  const bool is_usual = days >= kFirstUsualDay && days <= kLastUsualDay;
  const Civil civil = is_usual ? to_usual_civil(days) : to_civil(days);
  if (civil.year >= 0 && civil.year <= 9999) [[likely]] {
    out = write_four_digits(out, static_cast<uint32_t>(civil.year));
  } else {
    *out++ = civil.year < 0 ? '-' : '+';
    const auto year = static_cast<uint64_t>(civil.year < 0 ? -civil.year : civil.year);
    unsigned width = 4;
    for (uint64_t limit = 10'000; year >= limit; limit *= 10) ++width;
    out = write_digits(out, year, width);
  }
  *out++ = '-';
  out = write_two_digits(out, civil.month);
  *out++ = '-';
  return write_two_digits(out, civil.day);
}

// `value` is within a day. The unit is known when this is compiled, so that nothing is divided by a variable.
template <TimeUnit unit>
char* write_time_of_day(char* out, int64_t value) {
  constexpr auto kUnits = static_cast<uint64_t>(units_per_second(unit));
  const auto seconds = static_cast<uint32_t>(static_cast<uint64_t>(value) / kUnits);
  out = write_two_digits(out, seconds / 3600);
  *out++ = ':';
  out = write_two_digits(out, seconds / 60 % 60);
  *out++ = ':';
  out = write_two_digits(out, seconds % 60);
  *out++ = '.';
  return write_digits(out, static_cast<uint64_t>(value) % kUnits, static_cast<unsigned>(unit));
}

template <TimeUnit unit>
char* write_timestamp(char* out, int64_t value) {
  constexpr int64_t kUnitsPerDay = kSecondsPerDay * units_per_second(unit);
  int64_t days = value / kUnitsPerDay;
  int64_t rest = value % kUnitsPerDay;
  if (rest < 0) {
    rest += kUnitsPerDay;
    --days;
  }
  out = write_day(out, days);
  *out++ = 'T';
  return write_time_of_day<unit>(out, rest);
}

// ---- in

// Takes a text apart from the left; the first mismatch sticks.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  bool ok() const { return ok_; }
  bool at_end() const { return rest_.empty(); }
  char peek() const { return rest_.empty() ? '\0' : rest_.front(); }

  bool skip(char c) {
    if (peek() != c || rest_.empty()) return false;
    rest_.remove_prefix(1);
    return true;
  }
  void expect(char c) { ok_ = skip(c) && ok_; }

  // A number of at least `min` and at most `max` digits; 0 where there is none.
  uint64_t digits(size_t min, size_t max) {
    uint64_t value = 0;
    size_t count = 0;
    for (; count < max && peek() >= '0' && peek() <= '9'; ++count) {
      value = value * 10 + static_cast<uint64_t>(rest_.front() - '0');
      rest_.remove_prefix(1);
    }
    if (count < min) ok_ = false;
    digits_read_ = count;
    return value;
  }
  size_t digits_read() const { return digits_read_; }

  // The digits after a decimal point, scaled to `width` of them. Digits beyond that must be zeros, since they would be
  // lost.
  uint64_t fraction(unsigned width) {
    uint64_t value = digits(1, width);
    for (size_t i = digits_read_; i < width; ++i) value *= 10;
    while (skip('0')) {
    }
    if (peek() >= '0' && peek() <= '9') {
      too_precise_ = true;
      ok_ = false;
    }
    return value;
  }
  bool too_precise() const { return too_precise_; }

 private:
  std::string_view rest_;
  size_t digits_read_ = 0;
  bool ok_ = true;
  bool too_precise_ = false;
};

// Every year that a 64-bit timestamp in milliseconds reaches has at most nine digits.
bool scan_day(Scanner& in, int64_t& days) {
  const bool negative = in.peek() == '-';
  const bool has_sign = in.skip('-') || in.skip('+');
  Civil civil{};
  civil.year = static_cast<int64_t>(in.digits(4, has_sign ? 9 : 4));
  if (negative) civil.year = -civil.year;
  in.expect('-');
  civil.month = static_cast<unsigned>(in.digits(2, 2));
  in.expect('-');
  civil.day = static_cast<unsigned>(in.digits(2, 2));
  if (!in.ok() || civil.month < 1 || civil.month > 12) return false;
  if (civil.day < 1 || civil.day > days_in_month(civil.year, civil.month)) return false;
  days = to_days(civil);
  return true;
}

bool scan_time_of_day(Scanner& in, TimeUnit unit, int64_t& value) {
  const uint64_t hour = in.digits(2, 2);
  in.expect(':');
  const uint64_t minute = in.digits(2, 2);
  uint64_t second = 0;
  uint64_t fraction = 0;
  if (in.skip(':')) {
    second = in.digits(2, 2);
    if (in.skip('.')) fraction = in.fraction(static_cast<unsigned>(unit));
  }
  if (!in.ok() || hour > 23 || minute > 59 || second > 59) return false;
  value = static_cast<int64_t>(((hour * 60 + minute) * 60 + second) * static_cast<uint64_t>(units_per_second(unit)) +
                               fraction);
  return true;
}

// "Z", "+02:00", "-0530", "+02": seconds east of UTC.
bool scan_zone(Scanner& in, int64_t& seconds) {
  seconds = 0;
  if (in.skip('Z') || in.skip('z')) return true;
  const bool west = in.peek() == '-';
  if (!in.skip('-')) in.expect('+');
  const uint64_t hours = in.digits(2, 2);
  uint64_t minutes = 0;
  if (in.skip(':') || !in.at_end()) minutes = in.digits(2, 2);
  if (!in.ok() || hours > 18 || minutes > 59) return false;
  seconds = static_cast<int64_t>(hours * 3600 + minutes * 60);
  if (west) seconds = -seconds;
  return true;
}

std::unexpected<Error> no_match(const Scanner& in, std::string_view what, std::string_view example, TimeUnit unit) {
  if (in.too_precise()) {
    return fail(ErrorCode::kInvalidArgument,
                fmt::format("this {} holds {} decimals of a second: write no more", what, static_cast<int>(unit)));
  }
  return fail(ErrorCode::kInvalidArgument, fmt::format("expected a {} such as \"{}\"", what, example));
}

}  // namespace

char* write_date(char* out, int32_t days) { return write_day(out, days); }

Result<int32_t> parse_date(std::string_view text) {
  Scanner in(text);
  int64_t days = 0;
  if (!scan_day(in, days) || !in.at_end()) return no_match(in, "date", "2024-02-29", TimeUnit::kMillis);
  if (days != static_cast<int32_t>(days)) return fail(ErrorCode::kInvalidArgument, "this date is out of range");
  return static_cast<int32_t>(days);
}

char* write_time(char* out, int64_t value, TimeUnit unit) {
  if (value < 0 || value >= kSecondsPerDay * units_per_second(unit)) return nullptr;
  switch (unit) {
    case TimeUnit::kMillis: return write_time_of_day<TimeUnit::kMillis>(out, value);
    case TimeUnit::kMicros: return write_time_of_day<TimeUnit::kMicros>(out, value);
    case TimeUnit::kNanos: break;
  }
  return write_time_of_day<TimeUnit::kNanos>(out, value);
}

Result<int64_t> parse_time(std::string_view text, TimeUnit unit) {
  Scanner in(text);
  int64_t value = 0;
  if (!scan_time_of_day(in, unit, value) || !in.at_end()) return no_match(in, "time", "23:59:59.999", unit);
  return value;
}

char* write_timestamp(char* out, int64_t value, TimeUnit unit, bool local) {
  switch (unit) {
    case TimeUnit::kMillis: out = write_timestamp<TimeUnit::kMillis>(out, value); break;
    case TimeUnit::kMicros: out = write_timestamp<TimeUnit::kMicros>(out, value); break;
    case TimeUnit::kNanos: out = write_timestamp<TimeUnit::kNanos>(out, value); break;
  }
  if (!local) *out++ = 'Z';
  return out;
}

Result<int64_t> parse_timestamp(std::string_view text, TimeUnit unit, bool local) {
  const std::string_view what = local ? "local timestamp" : "timestamp";
  const std::string_view example = local ? "2024-02-29T23:59:59.999" : "2024-02-29T23:59:59.999Z";
  Scanner in(text);
  int64_t days = 0;
  int64_t time = 0;
  int64_t zone = 0;
  if (!scan_day(in, days) || !(in.skip('T') || in.skip('t') || in.skip(' ')) || !scan_time_of_day(in, unit, time) ||
      (!local && !scan_zone(in, zone)) || !in.at_end()) {
    return no_match(in, what, example, unit);
  }
  const int64_t units = units_per_second(unit);
  time -= zone * units;
  // A timestamp near the lower end has a day that does not fit by itself: take one day into the time.
  if (days < 0) {
    ++days;
    time -= kSecondsPerDay * units;
  }
  int64_t value = 0;
  if (__builtin_mul_overflow(days, kSecondsPerDay * units, &value) || __builtin_add_overflow(value, time, &value)) {
    return fail(ErrorCode::kInvalidArgument, fmt::format("this {} is out of range", what));
  }
  return value;
}

char* write_duration(char* out, std::string_view bytes) {
  std::array<uint32_t, 3> parts{};  // months, days, milliseconds
  std::memcpy(parts.data(), bytes.data(), sizeof parts);
  const auto append_part = [&](uint32_t value, char unit) {
    out = std::to_chars(out, out + 10, value).ptr;
    *out++ = unit;
  };
  *out++ = 'P';
  if (parts[0] != 0) append_part(parts[0], 'M');
  if (parts[1] != 0) append_part(parts[1], 'D');
  if (parts[2] == 0 && (parts[0] != 0 || parts[1] != 0)) return out;
  *out++ = 'T';
  out = std::to_chars(out, out + 10, parts[2] / 1000).ptr;
  if (parts[2] % 1000 != 0) {
    *out++ = '.';
    out = write_digits(out, parts[2] % 1000, 3);
  }
  *out++ = 'S';
  return out;
}

Result<std::array<char, 12>> parse_duration(std::string_view text) {
  Scanner in(text);
  std::array<uint64_t, 3> parts{};
  in.expect('P');
  bool any = false;
  bool in_time = false;
  std::string_view units = "YMWD";  // those that may still come, in this order
  while (in.ok() && !in.at_end()) {
    if (!in_time && in.skip('T')) {
      in_time = true;
      units = "HMS";
      any = false;
    }
    const uint64_t value = in.digits(1, 10);
    uint64_t millis = 0;
    const bool has_fraction = in_time && in.skip('.');
    if (has_fraction) millis = in.fraction(3);
    const size_t index = units.find(in.peek());
    if (!in.ok() || in.at_end() || index == std::string_view::npos || (has_fraction && in.peek() != 'S')) {
      return no_match(in, "duration", "P1M2DT3.004S", TimeUnit::kMillis);
    }
    switch (in.peek()) {
      case 'Y': parts[0] += value * 12; break;
      case 'M': parts[in_time ? 2 : 0] += in_time ? value * 60'000 : value; break;
      case 'W': parts[1] += value * 7; break;
      case 'D': parts[1] += value; break;
      case 'H': parts[2] += value * 3'600'000; break;
      default: parts[2] += value * 1'000 + millis; break;
    }
    in.skip(in.peek());
    units.remove_prefix(index + 1);
    any = true;
  }
  if (!in.ok() || !any) return no_match(in, "duration", "P1M2DT3.004S", TimeUnit::kMillis);
  std::array<char, 12> bytes{};
  for (size_t i = 0; i < parts.size(); ++i) {
    if (parts[i] > UINT32_MAX) return fail(ErrorCode::kInvalidArgument, "this duration is out of range");
    const auto part = static_cast<uint32_t>(parts[i]);
    std::memcpy(bytes.data() + 4 * i, &part, sizeof part);
  }
  return bytes;
}

char* write_uuid(char* out, std::string_view bytes) {
  constexpr std::string_view kHex = "0123456789abcdef";
  for (size_t i = 0; i < 16; ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) *out++ = '-';
    const auto byte = static_cast<unsigned char>(bytes[i]);
    *out++ = kHex[byte >> 4];
    *out++ = kHex[byte & 15];
  }
  return out;
}

Result<std::array<char, 16>> parse_uuid(std::string_view text) {
  std::array<char, 16> bytes{};
  size_t position = 0;
  const auto digit = [&]() -> unsigned {
    const char c = position < text.size() ? text[position++] : '\0';
    if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
    if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a' + 10);
    if (c >= 'A' && c <= 'F') return static_cast<unsigned>(c - 'A' + 10);
    return 16;
  };
  for (size_t i = 0; i < 16; ++i) {
    const bool dash = i == 4 || i == 6 || i == 8 || i == 10;
    const bool dash_ok = !dash || (position < text.size() && text[position++] == '-');
    const unsigned high = digit();
    const unsigned low = digit();
    if (!dash_ok || high > 15 || low > 15) position = text.size() + 1;
    bytes[i] = static_cast<char>((high << 4) | low);
  }
  if (position != text.size()) {
    return fail(ErrorCode::kInvalidArgument, "expected a UUID such as \"123e4567-e89b-12d3-a456-426614174000\"");
  }
  return bytes;
}

}  // namespace omashu::avro
