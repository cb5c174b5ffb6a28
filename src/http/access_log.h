// One line of JSON for each request that was answered:
//
//   {"time":"2026-11-30T08:00:00.123Z","client":"127.0.0.1","user":"ci","method":"GET",
//    "path":"/v1/tables/t/rows/om-1","status":200,"bytes":312,"ms":0.41}
//
// Lines are written by a thread of the log's own. Where they come faster than the disk takes them, some are left out,
// and a line says how many ("dropped"). Thread-safe.

#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <thread>

#include "base/mutex.h"
#include "omashu/result.h"

namespace omashu::http {

struct AccessRecord {
  std::chrono::system_clock::time_point time = {};  // when the request had come
  std::string_view client;
  std::string_view user = {};  // "" where nobody has logged in
  std::string_view method;
  std::string_view path;  // with its query
  int status = 0;         // 0: the connection ended before an answer began
  uint64_t bytes = 0;     // sent, the head included
  double ms = 0;          // from the request's last byte to the answer's
};

class AccessLog {
 public:
  // Appends to the file, which is made where it is not there; "-" is the standard output.
  static Result<std::unique_ptr<AccessLog>> open(const std::string& path);
  ~AccessLog();  // once all lines are written
  AccessLog(const AccessLog&) = delete;
  AccessLog& operator=(const AccessLog&) = delete;

  // Without waiting for the disk.
  void add(const AccessRecord& record) EXCLUDES(mutex_);

 private:
  explicit AccessLog(int file);
  void run() EXCLUDES(mutex_);

  const int file_;
  Mutex mutex_;
  ConditionVariable changed_;
  std::string lines_ GUARDED_BY(mutex_);
  uint64_t dropped_ GUARDED_BY(mutex_) = 0;
  bool is_stopping_ GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

// As it is written, with the end of the line.
std::string access_line(const AccessRecord& record);

}  // namespace omashu::http
