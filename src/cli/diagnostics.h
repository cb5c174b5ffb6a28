// What a command says on stderr: errors and warnings of one line each, and a line that shows progress.

#pragma once

#include <string>
#include <string_view>

#include "base/mutex.h"
#include "omashu/result.h"

namespace omashu::cli {

// Thread-safe: servers report from threads of theirs.
class Diagnostics {
 public:
  // Writes to `file_descriptor`, each line in one piece, as its terminal allows. `program` is who speaks.
  explicit Diagnostics(int file_descriptor, std::string program = "omashu");

  void error(std::string_view message);
  void error(const Error& error);
  void warning(std::string_view message);
  void note(std::string_view message);
  void plain(std::string_view line);  // without `omashu: ` before it: where another tool's words are expected

  // Shows `text` on the last line, in place of what it showed before; nothing where no line may be drawn
  // again. Messages appear above it.
  void progress(std::string_view text);
  void clear_progress() { progress(""); }

  bool is_terminal() const { return is_terminal_; }

 private:
  void write_line(std::string_view colour, const std::string& label, std::string_view message);

  std::string program_;
  int file_descriptor_;
  bool is_terminal_;
  bool is_redrawn_;
  bool is_coloured_;
  Mutex mutex_;  // keeps lines whole
  std::string progress_ GUARDED_BY(mutex_);
};

}  // namespace omashu::cli
