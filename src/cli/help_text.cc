#include "cli/help_text.h"

#include <algorithm>

#include "cli/output/display_width.h"

namespace omashu::cli {

namespace {

constexpr size_t kWithoutTerminal = 80;
constexpr size_t kMaxWidth = 100;  // longer lines are hard to read

// The last space within `width` columns that separates words of a shell, and so not one within quotes.
size_t last_separator(std::string_view command, size_t width) {
  size_t found = std::string_view::npos;
  char quote = '\0';
  for (size_t i = 0; i < command.size() && display_width(command.substr(0, i)) <= width; ++i) {
    const char c = command[i];
    if (quote != '\0') {
      if (c == quote) quote = '\0';
    } else if (c == '\'' || c == '"') {
      quote = c;
    } else if (c == ' ') {
      found = i;
    }
  }
  return found;
}

}  // namespace

HelpText::HelpText(size_t width) : width_(width == 0 ? kWithoutTerminal : std::min(width, kMaxWidth)) {}

HelpText& HelpText::line(std::string_view text) {
  out_.append(text).push_back('\n');
  return *this;
}

void HelpText::wrapped(std::string_view text, size_t column) {
  for (bool is_first = true; !text.empty(); is_first = false) {
    const std::string_view paragraph = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(paragraph.size() + 1, text.size()));
    if (!is_first && !paragraph.empty()) out_.append(column, ' ');
    wrap_paragraph(paragraph, column);
  }
}

void HelpText::wrap_paragraph(std::string_view paragraph, size_t column) {
  const size_t indent = std::min(paragraph.find_first_not_of(' '), paragraph.size());
  out_.append(indent, ' ');
  paragraph.remove_prefix(indent);
  const size_t start = column + indent;
  size_t used = start;
  while (!paragraph.empty()) {
    const std::string_view word = paragraph.substr(0, paragraph.find(' '));
    paragraph.remove_prefix(std::min(word.size() + 1, paragraph.size()));
    const size_t width = display_width(word);
    if (used > start && used + 1 + width > width_) {
      out_.append(1, '\n').append(start, ' ');
      used = start;
    } else if (used > start) {
      out_ += ' ';
      ++used;
    }
    out_ += word;
    used += width;
  }
  out_ += '\n';
}

void HelpText::row(std::string_view left, std::string_view right, size_t column) {
  column = std::min(column, width_ / 3);
  const size_t used = display_width(left) + 2;
  out_.append("  ").append(left);
  if (used + 2 > column) {
    out_.append(1, '\n').append(column, ' ');
  } else {
    out_.append(column - used, ' ');
  }
  wrapped(right, column);
}

void HelpText::command(std::string_view text) {
  constexpr std::string_view kStart = "  ", kContinuation = "    ", kBackslash = " \\";
  if (const size_t end = text.find('\n'); end != std::string_view::npos) {
    command(text.substr(0, end));
    for (text.remove_prefix(end); !text.empty(); text.remove_prefix(std::min(text.find('\n', 1), text.size()))) {
      out_.append(kContinuation);
      line(text.substr(1, std::min(text.find('\n', 1), text.size()) - 1));
    }
    return;
  }
  out_ += kStart;
  size_t column = kStart.size();
  while (column + display_width(text) > width_) {
    const size_t end = last_separator(text, width_ - column - kBackslash.size());
    if (end == std::string_view::npos) break;
    out_.append(text.substr(0, end)).append(kBackslash).append(1, '\n').append(kContinuation);
    text.remove_prefix(end + 1);
    column = kContinuation.size();
  }
  line(text);
}

}  // namespace omashu::cli
