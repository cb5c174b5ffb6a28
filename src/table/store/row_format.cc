#include "table/store/row_format.h"

#include <algorithm>
#include <limits>
#include <tuple>

namespace omashu::table {

namespace {

// Bits of a version's first byte.
constexpr unsigned char kIsTombstone = 1, kIsFollowed = 2, kHasEarlier = 4, kAllFlags = 7;

std::unexpected<Error> corrupt() { return fail(ErrorCode::kCorrupt, "the bytes of a stored row make no sense"); }

void append_varint(std::string& out, uint64_t value) {
  for (; value >= 0x80; value >>= 7) out += static_cast<char>(value | 0x80);
  out += static_cast<char>(value);
}

uint64_t zigzag(int64_t value) { return static_cast<uint64_t>(value) << 1 ^ static_cast<uint64_t>(value >> 63); }
int64_t unzigzag(uint64_t value) { return static_cast<int64_t>(value >> 1 ^ (~(value & 1) + 1)); }

// Takes a row apart from the left; what is not there makes it fail for good.
class RowReader {
 public:
  explicit RowReader(std::string_view bytes) : bytes_(bytes) {}

  bool at_end() const { return bytes_.empty(); }
  bool has_failed() const { return has_failed_; }

  unsigned char byte() {
    if (bytes_.empty()) return fail_here();
    const auto first = static_cast<unsigned char>(bytes_.front());
    bytes_.remove_prefix(1);
    return first;
  }

  uint64_t varint(uint64_t max) {
    uint64_t value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      const unsigned char next = byte();
      const uint64_t bits = next & 0x7fu;
      if (shift == 63 && bits > 1) break;
      value |= bits << shift;
      if (has_failed_) return 0;
      if ((next & 0x80) == 0) return value <= max ? value : fail_here();
    }
    return fail_here();
  }

  std::string_view text(uint64_t size) {
    if (size > bytes_.size()) {
      fail_here();
      return {};
    }
    const std::string_view text = bytes_.substr(0, size);
    bytes_.remove_prefix(size);
    return text;
  }
  std::string_view rest() { return text(bytes_.size()); }

  // A version; sets `is_followed` where another one comes behind it.
  RowVersion version(bool& is_followed) {
    constexpr auto kMaxOffset = static_cast<uint64_t>(std::numeric_limits<kafka::Offset>::max());
    RowVersion version;
    const unsigned char flags = byte();
    if ((flags & ~kAllFlags) != 0) fail_here();
    version.position.partition =
        static_cast<kafka::PartitionId>(varint(std::numeric_limits<kafka::PartitionId>::max()));
    version.position.offset = static_cast<kafka::Offset>(varint(kMaxOffset));
    version.timestamp_ms = unzigzag(varint(UINT64_MAX));
    if ((flags & kHasEarlier) != 0) read_earlier(version);
    version.key_bytes = text(varint(UINT32_MAX));
    is_followed = (flags & kIsFollowed) != 0;
    if ((flags & kIsTombstone) == 0) version.value = is_followed ? text(varint(UINT32_MAX)) : rest();
    return version;
  }

 private:
  unsigned char fail_here() {
    has_failed_ = true;
    bytes_ = {};
    return 0;
  }

  void read_earlier(RowVersion& version) {
    kafka::Offset later = version.position.offset;
    for (uint64_t count = varint(bytes_.size()); count > 0 && !has_failed_; --count) {
      const auto distance = static_cast<kafka::Offset>(varint(static_cast<uint64_t>(later)));
      if (distance == 0) fail_here();
      later -= distance;
      version.earlier.push_back(later);
    }
    if (version.earlier.empty()) fail_here();
  }

  std::string_view bytes_;
  bool has_failed_ = false;
};

std::tuple<kafka::PartitionId, std::string_view> identity_of(const RowVersion& version) {
  return {version.position.partition, version.key_bytes};
}

// Whether the versions behind the first one are in their order, and none is there twice.
bool are_apart(const std::vector<RowVersion>& versions) {
  for (size_t i = 1; i < versions.size(); ++i) {
    if (identity_of(versions[i]) == identity_of(versions[0])) return false;
    if (i > 1 && identity_of(versions[i - 1]) >= identity_of(versions[i])) return false;
  }
  return true;
}

void append_version(std::string& out, const RowVersion& version, bool is_followed) {
  const auto flags = static_cast<unsigned char>((version.value ? 0 : kIsTombstone) | (is_followed ? kIsFollowed : 0) |
                                                (version.earlier.empty() ? 0 : kHasEarlier));
  out += static_cast<char>(flags);
  append_varint(out, static_cast<uint64_t>(version.position.partition));
  append_varint(out, static_cast<uint64_t>(version.position.offset));
  append_varint(out, zigzag(version.timestamp_ms));
  if (!version.earlier.empty()) {
    append_varint(out, version.earlier.size());
    kafka::Offset later = version.position.offset;
    for (const kafka::Offset offset : version.earlier) {
      append_varint(out, static_cast<uint64_t>(later - offset));
      later = offset;
    }
  }
  append_varint(out, version.key_bytes.size());
  out += version.key_bytes;
  if (!version.value) return;
  if (is_followed) append_varint(out, version.value->size());
  out += *version.value;
}

// As latest_table.h has it. `versions` is not empty.
std::vector<RowVersion>::iterator find_latest(std::vector<RowVersion>& versions) {
  const auto is_outdone = [&](const RowVersion& version) {
    return std::ranges::any_of(versions, [&](const RowVersion& other) {
      return other.position.partition == version.position.partition && other.position.offset > version.position.offset;
    });
  };
  const auto order = [](const RowVersion& version) {
    return std::tuple(version.timestamp_ms, version.position.partition);
  };
  auto latest = versions.end();
  for (auto it = versions.begin(); it != versions.end(); ++it) {
    if (!is_outdone(*it) && (latest == versions.end() || order(*it) >= order(*latest))) latest = it;
  }
  return latest;
}

// At most.
size_t bytes_of(const RowVersion& version) {
  return 32 + version.key_bytes.size() + version.value.value_or("").size() + 5 * version.earlier.size();
}

std::string write_row(std::vector<RowVersion>& versions) {
  std::string row;
  if (versions.size() > 1) {
    std::ranges::sort(versions, {}, identity_of);
    const auto latest = find_latest(versions);
    std::rotate(versions.begin(), latest, latest + 1);
  }
  size_t size = 0;
  for (const RowVersion& version : versions) size += bytes_of(version);
  row.reserve(size);
  for (const RowVersion& version : versions) append_version(row, version, &version != &versions.back());
  return row;
}

}  // namespace

Result<RowVersion> read_latest(std::string_view row) {
  RowReader reader(row);
  bool is_followed = false;
  RowVersion version = reader.version(is_followed);
  if (reader.has_failed()) return corrupt();
  return version;
}

Result<std::optional<RowVersion>> read_only_version(std::string_view row) {
  RowReader reader(row);
  bool is_followed = false;
  RowVersion version = reader.version(is_followed);
  if (reader.has_failed() || (!is_followed && !reader.at_end())) return corrupt();
  if (is_followed) return std::nullopt;
  return version;
}

Result<std::vector<RowVersion>> read_versions(std::string_view row) {
  std::vector<RowVersion> versions;
  RowReader reader(row);
  for (bool is_followed = true; is_followed;) {
    versions.push_back(reader.version(is_followed));
    if (reader.has_failed()) return corrupt();
  }
  if (!reader.at_end() || !are_apart(versions)) return corrupt();
  return versions;
}

Result<RowUpdate> apply_record(std::string& row, const Record& record, const RowOptions& options) {
  RowVersion added{.position = record.position,
                   .timestamp_ms = record.timestamp_ms,
                   .key_bytes = record.key_bytes,
                   .value = record.value};
  if (row.empty()) {
    row.reserve(bytes_of(added));
    append_version(row, added, false);
    const bool is_live = record.value.has_value();
    return RowUpdate{.is_stored = true, .is_changed = is_live, .live = is_live ? 1 : 0};
  }
  auto versions = read_versions(row);
  if (!versions) return fail(std::move(versions.error()));
  const Position shown_at = versions->front().position;
  const bool was_live = versions->front().value.has_value();
  const auto same = std::ranges::find_if(*versions, [&](const RowVersion& version) {
    return version.position.partition == record.position.partition && version.key_bytes == record.key_bytes;
  });
  if (same == versions->end()) {
    versions->push_back(std::move(added));
  } else {
    if (same->position.offset >= record.position.offset) return RowUpdate{};
    added.earlier.push_back(same->position.offset);
    added.earlier.insert(added.earlier.end(), same->earlier.begin(), same->earlier.end());
    added.earlier.resize(std::min(added.earlier.size(), options.max_earlier_offsets));
    *same = std::move(added);
  }
  std::string written = write_row(*versions);  // the versions are views into the old bytes
  const RowVersion& shown = versions->front();
  const bool is_live = shown.value.has_value();
  const RowUpdate update{.is_stored = true,
                         .is_changed = (is_live || was_live) && shown.position != shown_at,
                         .live = static_cast<int>(is_live) - static_cast<int>(was_live)};
  row = std::move(written);
  return update;
}

Result<void> replace_latest_value(std::string& row, std::string_view value) {
  auto versions = read_versions(row);
  if (!versions) return fail(std::move(versions.error()));
  versions->front().value = value;
  std::string written = write_row(*versions);
  row = std::move(written);
  return {};
}

Result<std::string> without_partitions(std::string_view row, const std::set<kafka::PartitionId>& partitions) {
  auto versions = read_versions(row);
  if (!versions) return fail(std::move(versions.error()));
  std::erase_if(*versions, [&](const RowVersion& version) { return partitions.contains(version.position.partition); });
  return versions->empty() ? std::string() : write_row(*versions);
}

Result<bool> is_forgettable(std::string_view row, int64_t before_ms) {
  const auto versions = read_versions(row);
  if (!versions) return fail(versions.error());
  return std::ranges::all_of(
      *versions, [&](const RowVersion& version) { return !version.value && version.timestamp_ms < before_ms; });
}

}  // namespace omashu::table
