// Text for people in lines that fit a terminal.

#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace omashu::cli {

class HelpText {
 public:
  // `width` is the terminal's; 0 is no terminal, and 80 columns. On a wide terminal lines end at 100.
  explicit HelpText(size_t width);

  // As it stands.
  HelpText& line(std::string_view text);

  // Broken between words; lines that go on start at `column`, where the current line already stands, and behind the
  // spaces that the paragraph starts with. A line feed ends a paragraph.
  void wrapped(std::string_view text, size_t column);

  // "  LEFT   right": explanations start at `column`, or at a third of a narrow terminal.
  void row(std::string_view left, std::string_view right, size_t column);

  // A command of a shell, to be copied as it stands: where it is too long it goes on behind a backslash. Line feeds in
  // it are kept, such as those between the members of a JSON value.
  void command(std::string_view text);

  std::string text() && { return std::move(out_); }

 private:
  void wrap_paragraph(std::string_view paragraph, size_t column);

  size_t width_;
  std::string out_;
};

}  // namespace omashu::cli
