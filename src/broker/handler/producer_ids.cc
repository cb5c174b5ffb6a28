#include "broker/handler/producer_ids.h"

#include <fmt/core.h>

#include <charconv>
#include <limits>

namespace omashu::broker {
namespace {

constexpr int64_t kBlock = 1000;

}  // namespace

ProducerIds::ProducerIds(FileSystem& file_system, const std::string& folder)
    : file_system_(file_system), path_(folder + "/producer_ids") {}

Result<ProducerId> ProducerIds::next() {
  const MutexLock lock(mutex_);
  if (next_ == block_end_) {
    if (auto taken = take_block(); !taken) return fail(std::move(taken).error());
  }
  return ProducerId{next_++};
}

Result<void> ProducerIds::take_block() {
  int64_t first = block_end_;
  if (first == 0) {
    const auto text = file_system_.read_file(path_, 64);
    if (!text && text.error().code != ErrorCode::kNotFound) return fail(text.error());
    if (text) {
      const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), first);
      const bool is_whole = error == std::errc() && std::string_view(end, text->data() + text->size()) == "\n";
      if (!is_whole || first < 0 || first > std::numeric_limits<int64_t>::max() - kBlock) {
        return fail(ErrorCode::kCorrupt, fmt::format("{} does not hold a producer id", path_));
      }
    }
  }
  auto written = file_system_.replace_file(path_, fmt::format("{}\n", first + kBlock));
  if (!written) return written;
  next_ = first;
  block_end_ = first + kBlock;
  return {};
}

}  // namespace omashu::broker
