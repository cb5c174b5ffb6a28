// What people write to say which records they mean and how they print: templates, times and start positions. What is
// wrong is one printable line; what is right gives something.

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/time_point_text.h"
#include "cli/records/record_template.h"
#include "cli/records/start_position.h"

using namespace omashu;
using namespace omashu::cli;

namespace {

constexpr int64_t kNow = 1'764'489'600'000;
constexpr int64_t kEndOfYear9999 = 253'402'300'799'999;

void require(bool condition, const char* what, std::string_view text) {
  if (condition) return;
  std::fprintf(stderr, "%s: %.*s\n", what, static_cast<int>(text.size()), text.data());
  std::abort();
}

void check_message(const Error& error) {
  require(!error.message.empty(), "no message", "");
  for (const char c : error.message) {
    require(static_cast<unsigned char>(c) >= 0x20 && c != 0x7f, "a message that is no printable line", error.message);
  }
}

void check_template(std::string_view text) {
  const auto parsed = RecordTemplate::parse(text);
  if (!parsed) return check_message(parsed.error());
  kafka::Message message;
  message.topic = "t";
  message.headers = {{"name", std::nullopt}};
  std::string once = "before", twice;
  parsed->append(message, "key", std::nullopt, once);
  require(once.starts_with("before"), "something is lost", once);
  parsed->append(message, "key", std::nullopt, twice);
  require(once.substr(6) == twice, "it prints something else the second time", text);
  require(!text.contains("%k") || parsed->has_key() || text.contains("%%k"), "the key is not asked for", text);
}

void check_time(std::string_view text) {
  const auto time = parse_time_point(text, kNow);
  if (!time) return check_message(time.error());
  require(*time >= 0 && *time <= kEndOfYear9999, "a time out of range", text);
}

void check_start(std::string_view text) {
  const auto position = parse_start_position(text);
  if (!position) return;
  const Start start = start_within(*position, {.topic = "t", .partition = 0}, {.low = 5, .high = 9});
  require(start.offset >= 5 && start.offset <= 9, "a start out of range", text);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  check_template(text);
  check_time(text);
  check_start(text);
  return 0;
}
