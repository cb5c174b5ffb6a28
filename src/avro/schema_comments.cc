#include "avro/schema_comments.h"

#include <algorithm>

namespace omashu::avro {

namespace {

// One past the closing quote of the string that starts at `start`.
size_t end_of_string(std::string_view text, size_t start) {
  for (size_t at = start + 1; at < text.size(); ++at) {
    if (text[at] == '\\') {
      ++at;
    } else if (text[at] == '"') {
      return at + 1;
    }
  }
  return text.size();
}

void blank(std::string& text, size_t begin, size_t end) {
  for (size_t at = begin; at < end; ++at) {
    if (text[at] != '\n' && text[at] != '\r') text[at] = ' ';
  }
}

}  // namespace

std::string without_comments(std::string_view text) {
  std::string out(text);
  for (size_t at = 0; at < out.size();) {
    const std::string_view rest = std::string_view(out).substr(at);
    if (rest.front() == '"') {
      at = end_of_string(out, at);
    } else if (rest.starts_with("//")) {
      const size_t end = std::min(out.find('\n', at), out.size());
      blank(out, at, end);
      at = end;
    } else if (rest.starts_with("/*")) {
      const size_t close = out.find("*/", at + 2);
      if (close == std::string::npos) return out;
      blank(out, at, close + 2);
      at = close + 2;
    } else {
      ++at;
    }
  }
  return out;
}

}  // namespace omashu::avro
