#include "broker/log/sparse_index.h"

#include <algorithm>

#include "broker/log/big_endian.h"

namespace omashu::broker {

namespace {

constexpr size_t kMaxBufferedBytes = 512;
constexpr size_t kReadBytes = 1024;  // with batches of 64 KB, the entries of 8 MB

}  // namespace

SparseIndex::SparseIndex(OpenFiles& files, std::string path, KeyBytes key_bytes)
    : files_(files), path_(std::move(path)), key_bytes_(key_bytes) {}

Result<void> SparseIndex::append(Entry entry) {
  char bytes[sizeof(int64_t) + sizeof(int32_t)];
  if (key_bytes_ == KeyBytes::kFour) {
    store_big_endian(bytes, static_cast<int32_t>(entry.key));
  } else {
    store_big_endian(bytes, entry.key);
  }
  store_big_endian(bytes + static_cast<size_t>(key_bytes_), entry.value);
  buffered_.append(bytes, entry_bytes());
  if (buffered_.size() < kMaxBufferedBytes) return {};
  if (const auto file = write(); !file) return fail(file.error());
  return {};
}

SparseIndex::Entry SparseIndex::decode(const char* from) const {
  const int64_t key = key_bytes_ == KeyBytes::kFour ? load_big_endian<int32_t>(from) : load_big_endian<int64_t>(from);
  return {.key = key, .value = load_big_endian<int32_t>(from + static_cast<size_t>(key_bytes_))};
}

Result<uint64_t> SparseIndex::size_bytes() {
  if (auto done = look(); !done) return fail(std::move(done).error());
  return *written_ * entry_bytes() + buffered_.size();
}

Result<void> SparseIndex::look() {
  if (written_) return {};
  const auto file = files_.open(path_, FileSystem::OpenMode::kExisting);
  if (!file && file.error().code == ErrorCode::kNotFound) {
    written_ = 0;
    return {};
  }
  if (!file) return fail(file.error());
  const auto size = (*file)->size_bytes();
  if (!size) return fail(size.error());
  written_ = *size / entry_bytes();
  return {};
}

const char* SparseIndex::find_in_memory(uint64_t number) const {
  if (number >= *written_) return buffered_.data() + (number - *written_) * entry_bytes();
  if (number < cached_from_ || number >= cached_from_ + count_in(cached_)) return nullptr;
  return cached_.data() + (number - cached_from_) * entry_bytes();
}

Result<SparseIndex::Entry> SparseIndex::read(uint64_t number) {
  if (const char* entry = find_in_memory(number)) return decode(entry);
  const auto file = files_.open(path_, FileSystem::OpenMode::kExisting);
  if (!file) return fail(file.error());
  const uint64_t run = kReadBytes / entry_bytes();
  cached_from_ = number - number % run;
  cached_.resize(std::min(run, *written_ - cached_from_) * entry_bytes());
  if (auto done = (*file)->read_all(cached_from_ * entry_bytes(), cached_); !done) {
    cached_.clear();
    return fail(std::move(done.error()).within(path_));
  }
  return decode(find_in_memory(number));
}

Result<std::optional<SparseIndex::Entry>> SparseIndex::floor(int64_t key) {
  if (auto done = look(); !done) return fail(done.error());
  // All entries before `begin` have keys not above `key`, all from `end` on have greater ones. What is in memory may
  // narrow this down before the file is asked.
  uint64_t begin = 0;
  uint64_t end = *written_ + count_in(buffered_);
  const auto narrow = [&](uint64_t number) {
    const Entry entry = decode(find_in_memory(number));
    entry.key <= key ? begin = std::max(begin, number) : end = std::min(end, number);
  };
  if (!cached_.empty()) {
    narrow(cached_from_);
    narrow(cached_from_ + count_in(cached_) - 1);
  }
  if (!buffered_.empty()) narrow(*written_);
  std::optional<Entry> found;
  while (begin < end) {
    const uint64_t middle = begin + (end - begin) / 2;
    const auto entry = read(middle);
    if (!entry) return fail(entry.error());
    if (entry->key <= key) {
      found = *entry;
      begin = middle + 1;
    } else {
      end = middle;
    }
  }
  return found;
}

Result<std::optional<SparseIndex::Entry>> SparseIndex::last() {
  if (auto done = look(); !done) return fail(done.error());
  const uint64_t count = *written_ + count_in(buffered_);
  if (count == 0) return std::nullopt;
  const auto entry = read(count - 1);
  if (!entry) return fail(entry.error());
  return *entry;
}

Result<void> SparseIndex::cut(const std::function<bool(const Entry&)>& is_kept) {
  if (auto done = look(); !done) return done;
  if (*written_ == 0) return {};
  const auto file = files_.open(path_, FileSystem::OpenMode::kExisting);
  if (!file) return fail(file.error());
  std::string bytes(*written_ * entry_bytes(), '\0');
  if (auto done = (*file)->read_all(0, bytes); !done) return fail(std::move(done.error()).within(path_));
  uint64_t kept = 0;
  std::optional<Entry> previous;
  for (; kept < *written_; ++kept) {
    const Entry entry = decode(bytes.data() + kept * entry_bytes());
    const bool is_in_order = !previous || (previous->key < entry.key && previous->value <= entry.value);
    if (!is_in_order || !is_kept(entry)) break;
    previous = entry;
  }
  if (kept == *written_) return {};
  written_ = kept;
  cached_.clear();
  return (*file)->truncate(kept * entry_bytes());
}

Result<std::shared_ptr<File>> SparseIndex::write() {
  if (auto done = look(); !done) return fail(done.error());
  if (*written_ + count_in(buffered_) == 0) return nullptr;
  auto file = files_.open(path_, FileSystem::OpenMode::kCreate);
  if (!file || buffered_.empty()) return file;
  if (auto done = (*file)->write_all(*written_ * entry_bytes(), buffered_); !done) return fail(done.error());
  *written_ += count_in(buffered_);
  buffered_.clear();
  return file;
}

}  // namespace omashu::broker
