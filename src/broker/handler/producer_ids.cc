#include "broker/handler/producer_ids.h"

#include <fmt/core.h>

#include <charconv>
#include <limits>
#include <optional>
#include <random>
#include <utility>

#include "broker/log/text_checksum.h"

namespace omashu::broker {
namespace {

constexpr int64_t kBlock = 1000;
constexpr uint64_t kMaxFileBytes = 64;

std::optional<int64_t> parse_first_id(std::string_view file) {
  const auto text = without_checksum(file);
  if (!text) return std::nullopt;
  int64_t first = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), first);
  const bool is_whole = error == std::errc() && std::string_view(end, text->data() + text->size()) == "\n";
  if (!is_whole || first < 0 || first > std::numeric_limits<int64_t>::max() - kBlock) return std::nullopt;
  return first;
}

// Two of these will hardly ever be within reach of each other. All are exact as a double, which some clients count in.
int64_t random_first_id() {
  std::random_device device;
  return std::uniform_int_distribution<int64_t>(int64_t{1} << 40, int64_t{1} << 52)(device);
}

}  // namespace

ProducerIds::ProducerIds(FileSystem& file_system, std::string folder, Report report)
    : file_system_(file_system),
      folder_(std::move(folder)),
      path_(folder_ + "/producer_ids"),
      report_(std::move(report)) {}

Result<ProducerId> ProducerIds::next() {
  const MutexLock lock(mutex_);
  if (next_ == block_end_) {
    if (auto taken = take_block(); !taken) return fail(std::move(taken).error());
  }
  return ProducerId{next_++};
}

Result<void> ProducerIds::take_block() {
  int64_t first = block_end_;
  bool is_damaged = false;
  if (first == 0) {
    const auto file = file_system_.read_file(path_, kMaxFileBytes);
    if (!file && file.error().code == ErrorCode::kNotFound) {
      const auto begun = first_without_file();
      if (!begun) return fail(begun.error());
      first = *begun;
    } else if (!file && file.error().code != ErrorCode::kCorrupt) {
      return fail(file.error());
    } else {
      const auto parsed = file ? parse_first_id(*file) : std::nullopt;
      is_damaged = !parsed;
      first = parsed ? *parsed : random_first_id();
    }
  }
  auto written = file_system_.replace_file(path_, with_checksum(fmt::format("{}\n", first + kBlock)));
  if (!written) return written;
  if (is_damaged && report_) {
    report_(fmt::format("{} is damaged: it is written anew, and producer ids go on from {}, which was never given",
                        path_, first));
  }
  next_ = first;
  block_end_ = first + kBlock;
  return {};
}

// Without partitions, no record has an id yet. Otherwise the file may have been lost.
Result<int64_t> ProducerIds::first_without_file() const {
  const auto folders = file_system_.list_folders(folder_);
  if (!folders) return fail(folders.error());
  return folders->empty() ? 0 : random_first_id();
}

}  // namespace omashu::broker
