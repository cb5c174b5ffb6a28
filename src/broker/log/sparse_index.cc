#include "broker/log/sparse_index.h"

#include "broker/log/big_endian.h"

namespace omashu::broker {

namespace {

constexpr size_t kMostBufferedBytes = 512;

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
  if (buffered_.size() < kMostBufferedBytes) return {};
  if (const auto file = write(); !file) return fail(file.error());
  return {};
}

SparseIndex::Entry SparseIndex::decode(const char* from) const {
  const int64_t key = key_bytes_ == KeyBytes::kFour ? load_big_endian<int32_t>(from) : load_big_endian<int64_t>(from);
  return {.key = key, .value = load_big_endian<int32_t>(from + static_cast<size_t>(key_bytes_))};
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

Result<SparseIndex::Entry> SparseIndex::read(uint64_t number) {
  if (number >= *written_) return decode(buffered_.data() + (number - *written_) * entry_bytes());
  const auto file = files_.open(path_, FileSystem::OpenMode::kExisting);
  if (!file) return fail(file.error());
  char bytes[sizeof(int64_t) + sizeof(int32_t)];
  if (auto done = (*file)->read_all(number * entry_bytes(), std::span(bytes, entry_bytes())); !done) {
    return fail(std::move(done.error()).within(path_));
  }
  return decode(bytes);
}

Result<std::optional<SparseIndex::Entry>> SparseIndex::floor(int64_t key) {
  if (auto done = look(); !done) return fail(done.error());
  // All entries before `begin` have keys not above `key`, all from `end` on have greater ones.
  uint64_t begin = 0;
  uint64_t end = *written_ + buffered_count();
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
  const uint64_t count = *written_ + buffered_count();
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
  return (*file)->truncate(kept * entry_bytes());
}

Result<std::shared_ptr<File>> SparseIndex::write() {
  if (auto done = look(); !done) return fail(done.error());
  if (*written_ + buffered_count() == 0) return nullptr;
  auto file = files_.open(path_, FileSystem::OpenMode::kCreate);
  if (!file || buffered_.empty()) return file;
  if (auto done = (*file)->write_all(*written_ * entry_bytes(), buffered_); !done) return fail(done.error());
  *written_ += buffered_count();
  buffered_.clear();
  return file;
}

}  // namespace omashu::broker
