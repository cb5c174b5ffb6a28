// Names and texts on their way to PostgreSQL: what is a table's name and reads back as the same, what is quoted holds
// its quotes doubled, an item of an array literal ends where it is meant to, and constraints out of a catalog are read
// to their end.

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "sink/postgres/catalog.h"
#include "sink/postgres/connection_string.h"
#include "sink/postgres/names.h"
#include "sink/postgres/value_text.h"

namespace {

using namespace omashu::sink::postgres;

void require(bool holds) {
  if (!holds) std::abort();
}

// What PostgreSQL makes of a quoted text: the text between the quotes, each quote in it once.
std::string unquoted(std::string_view text, char quote) {
  require(text.size() >= 2 && text.front() == quote && text.back() == quote);
  std::string out;
  for (size_t i = 1; i + 1 < text.size(); ++i) {
    if (text[i] == quote) {
      ++i;
      require(i + 1 < text.size() && text[i] == quote);
    }
    out += text[i];
  }
  return out;
}

// What array_in() makes of an item.
std::string array_item(std::string_view text) {
  require(text.size() >= 2 && text.front() == '"' && text.back() == '"');
  std::string out;
  for (size_t i = 1; i + 1 < text.size(); ++i) {
    require(text[i] != '"');
    if (text[i] == '\\') {
      ++i;
      require(i + 1 < text.size());
    }
    out += text[i];
  }
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  require(unquoted(quoted(text), '"') == text);
  require(usable_name(text).size() <= kMaxNameBytes);
  if (text.find('\\') == std::string::npos) {
    require(unquoted(quoted_text(text), '\'') == text);
    const auto found = quoted_texts("CHECK (" + quoted_text(text) + "::text)");
    require(found.size() == 1 && found[0] == text);
  }
  std::string item;
  append_array_item(text, item);
  require(array_item(item) == text);

  if (const auto name = TableName::parse(text)) {
    const auto again = TableName::parse(name->quoted());
    require(again && again->schema == name->schema && again->name == name->name);
  }
  (void)quoted_texts(text);
  (void)check_connection_string(text);
  return 0;
}
