// Lines of a file or of stdin, without waiting for more than is there.

#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "omashu/result.h"

namespace omashu::cli {

class StopSignal;

class LineReader {
 public:
  enum class Outcome : uint8_t {
    kLine,     // line() is the next one
    kEnd,      // there are no more
    kWaiting,  // none came within the time
    kStopped,  // a stop was requested
  };

  // "-" is stdin. `stop` must outlive the reader.
  static Result<LineReader> open(const std::string& path, const StopSignal& stop);
  ~LineReader();
  LineReader(LineReader&& other) noexcept;
  LineReader& operator=(LineReader&&) = delete;

  // A negative `timeout` waits for as long as it takes. Lines are bounded: a longer one is an error.
  Result<Outcome> next(std::chrono::milliseconds timeout);

  // Without its line end (LF or CRLF). Valid until the next call.
  std::string_view line() const { return line_; }
  int64_t number() const { return number_; }  // of line(), from 1
  std::string place() const;                  // "status.jsonl:12"

  int64_t bytes_read() const { return bytes_read_; }
  int64_t bytes_total() const { return bytes_total_; }  // 0 where that cannot be known

 private:
  LineReader(std::string name, int file_descriptor, const StopSignal& stop);

  bool take_line();
  Result<Outcome> wait(std::chrono::milliseconds timeout) const;
  Result<void> fill();

  std::string name_;
  int file_descriptor_;
  const StopSignal& stop_;
  std::string buffer_;
  size_t start_ = 0;    // of what is not yet taken
  size_t scanned_ = 0;  // no line end before here
  bool is_at_end_ = false;
  std::string_view line_;
  int64_t number_ = 0;
  int64_t bytes_read_ = 0;
  int64_t bytes_total_ = 0;
};

}  // namespace omashu::cli
