#include "flink/sql_text.h"

namespace omashu::flink {

namespace {

std::string quoted(std::string_view text, char quote) {
  std::string result(1, quote);
  for (const char c : text) {
    if (c == quote) result += quote;
    result += c;
  }
  result += quote;
  return result;
}

}  // namespace

std::string sql_name(std::string_view name) { return quoted(name, '`'); }

std::string sql_literal(std::string_view text) { return quoted(text, '\''); }

}  // namespace omashu::flink
