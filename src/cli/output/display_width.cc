#include "cli/output/display_width.h"

#include <clocale>
#include <cwchar>

#include "base/utf8.h"

namespace omashu::cli {

namespace {

// wcwidth() knows the characters of the locale of its thread only, and the program runs in the C locale.
class Utf8Locale {
 public:
  Utf8Locale() {
    static const locale_t utf8 = ::newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
    if (utf8 != nullptr) before_ = ::uselocale(utf8);
  }
  ~Utf8Locale() {
    if (before_ != nullptr) ::uselocale(before_);
  }
  Utf8Locale(const Utf8Locale&) = delete;
  Utf8Locale& operator=(const Utf8Locale&) = delete;

 private:
  locale_t before_ = nullptr;
};

bool is_ascii(std::string_view text) {
  for (const char c : text) {
    if ((c & 0x80) != 0) return false;
  }
  return true;
}

// Of one valid UTF-8 character.
char32_t code_point(std::string_view character) {
  if (character.size() == 1) return static_cast<unsigned char>(character[0]);
  char32_t value = static_cast<unsigned char>(character[0]) & (0x7fu >> character.size());
  for (const char c : character.substr(1)) value = value << 6 | (static_cast<unsigned char>(c) & 0x3fu);
  return value;
}

size_t character_width(char32_t character) {
  const int width = ::wcwidth(static_cast<wchar_t>(character));
  return width < 0 ? 1 : static_cast<size_t>(width);
}

struct Character {
  std::string_view bytes;
  size_t width;
};

Character first_character(std::string_view text) {
  const size_t bytes = utf8_character_length(text);
  if (bytes == 0) return {.bytes = text.substr(0, 1), .width = 1};
  const std::string_view character = text.substr(0, bytes);
  return {.bytes = character, .width = bytes == 1 ? 1 : character_width(code_point(character))};
}

}  // namespace

size_t display_width(std::string_view text) {
  if (is_ascii(text)) return text.size();
  const Utf8Locale locale;
  size_t width = 0;
  while (!text.empty()) {
    const Character character = first_character(text);
    width += character.width;
    text.remove_prefix(character.bytes.size());
  }
  return width;
}

std::string cut_to_width(std::string_view text, size_t width) {
  if (display_width(text) <= width) return std::string(text);
  const Utf8Locale locale;
  size_t bytes = 0;
  for (size_t columns = 0;;) {
    const Character character = first_character(text.substr(bytes));
    columns += character.width;
    if (columns + 1 > width) break;
    bytes += character.bytes.size();
  }
  return width == 0 ? "" : std::string(text.substr(0, bytes)) + "…";
}

std::string printable(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const size_t bytes = utf8_character_length(text);
    const auto first = static_cast<unsigned char>(text[0]);
    // U+0080 to U+009F, in UTF-8 C2 80 to C2 9F, are control characters of eight bits.
    const bool is_c1 = bytes == 2 && first == 0xc2 && static_cast<unsigned char>(text[1]) < 0xa0;
    if (bytes == 0 || first < 0x20 || first == 0x7f || is_c1) {
      out += '?';
    } else {
      out.append(text.substr(0, bytes));
    }
    text.remove_prefix(bytes == 0 ? 1 : bytes);
  }
  return out;
}

}  // namespace omashu::cli
