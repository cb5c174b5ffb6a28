// Appending to a partition's log.

#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "broker/log/log_results.h"
#include "broker/log/log_state.h"

namespace omashu::broker {

class LogAppender {
 public:
  explicit LogAppender(LogState& state) : state_(state) {}

  AppendResult append(std::span<char> batch, const AppendOptions& options) EXCLUDES(state_.mutex);

  bool is_slow_to_append(std::string_view batch) EXCLUDES(state_.mutex);

  // Why the disk did not take the last append.
  Result<void> last_append() EXCLUDES(state_.mutex);

 private:
  LogConfig config() EXCLUDES(state_.mutex);
  // The answer to a batch that is not the next one of its producer.
  std::optional<AppendResult> answer_producer(const RecordBatchHeader& header) const REQUIRES(state_.mutex);
  int64_t flush_within_ms() const REQUIRES(state_.mutex);
  AppendResult storage_error(Error error) REQUIRES(state_.mutex);

  LogState& state_;
};

}  // namespace omashu::broker
