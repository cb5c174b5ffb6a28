// What a command writes on stdout.
//
// On a terminal each line goes out at once. To a pipe or a file lines are gathered, and go out when the buffer is full,
// on flush(), and at the end; a command that is about to wait flushes first, so that a reader never waits for a line
// that is already there. A reader that went away (EPIPE) is no error: is_broken() tells the command to stop.

#pragma once

#include <string>
#include <string_view>

#include "omashu/result.h"

namespace omashu::cli {

class Output {
 public:
  Output(int file_descriptor, bool is_terminal);

  // Adds the line feed. Lines written after a failure are dropped.
  void line(std::string_view text);
  // Text that ends its own lines, or the end of none.
  void text(std::string_view text);

  // Fails where the text could not be written (a full disk); a reader that went away is not a failure.
  Result<void> flush();

  // The reader went away, or writing failed: nothing more will come through.
  bool is_broken() const { return is_broken_; }
  // Asks the system: true once the other end of a pipe is closed, also before anything is written to it.
  bool is_reader_gone() const;

  bool is_terminal() const { return is_terminal_; }
  // Columns of the terminal; 0 where there is none.
  size_t terminal_width() const;

 private:
  void write(std::string_view text);

  int file_descriptor_;
  bool is_terminal_;
  bool is_broken_ = false;
  int error_ = 0;  // errno of what went wrong, EPIPE excepted
  std::string buffer_;
};

}  // namespace omashu::cli
