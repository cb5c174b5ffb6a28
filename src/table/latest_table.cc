#include "table/latest_table.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <tuple>

namespace omashu::table {

namespace {

constexpr size_t kFirstSlots = 1'024;

// The first eight bytes as a number that sorts as they do; what is missing sorts first.
uint64_t prefix_of(std::string_view text) {
  uint64_t prefix = 0;
  std::memcpy(&prefix, text.data(), std::min(text.size(), sizeof prefix));
  return std::endian::native == std::endian::little ? __builtin_bswap64(prefix) : prefix;
}

}  // namespace

// ---- finding

uint32_t LatestTable::hash_of(std::string_view key) {
  const size_t hash = std::hash<std::string_view>()(key);
  return static_cast<uint32_t>(hash ^ (hash >> 32));
}

// Of the key's entry, or the free one where it would go.
uint32_t* LatestTable::find_slot(std::string_view key, uint32_t hash) {
  const size_t mask = slots_.size() - 1;
  for (size_t i = hash & mask;; i = (i + 1) & mask) {
    if (slots_[i] == kNone) return &slots_[i];
    const Entry& entry = entries_[slots_[i]];
    if (entry.hash == hash && std::string_view(entry.first.bytes.get(), entry.key_size) == key) return &slots_[i];
  }
}

const LatestTable::Entry* LatestTable::find_entry(std::string_view key) const {
  if (slots_.empty()) return nullptr;
  const uint32_t number = *const_cast<LatestTable*>(this)->find_slot(key, hash_of(key));
  return number == kNone ? nullptr : &entries_[number];
}

void LatestTable::grow_slots() {
  slots_.assign(std::max(kFirstSlots, 2 * slots_.size()), kNone);
  const size_t mask = slots_.size() - 1;
  for (uint32_t number = 0; number < entries_.size(); ++number) {
    size_t i = entries_[number].hash & mask;
    while (slots_[i] != kNone) i = (i + 1) & mask;
    slots_[i] = number;
  }
}

// ---- storing

void LatestTable::store(Version& version, std::string_view key, const Record& record) {
  const std::string_view value = record.value.value_or(std::string_view());
  const size_t size = key.size() + record.key_bytes.size() + value.size();
  // Blocks are used again where the value is about as long as the one before.
  if (size > version.capacity || size < version.capacity / 2) {
    version.bytes = std::make_unique_for_overwrite<char[]>(size);
    version.capacity = static_cast<uint32_t>(size);
  }
  char* to = version.bytes.get();
  for (const std::string_view part : {key, record.key_bytes, value}) {
    if (!part.empty()) std::memcpy(to, part.data(), part.size());
    to += part.size();
  }
  version.key_bytes_size = static_cast<uint32_t>(record.key_bytes.size());
  version.value_size = record.value ? static_cast<uint32_t>(value.size()) : kNone;
  version.partition = record.position.partition;
  version.offset = record.position.offset;
  version.timestamp_ms = record.timestamp_ms;
}

std::string_view LatestTable::key_bytes_of(const Version& version, uint32_t key_size) {
  return {version.bytes.get() + key_size, version.key_bytes_size};
}

template <class Visit>
void LatestTable::for_each_version(const Entry& entry, const Visit& visit) const {
  visit(entry.first, kNone);
  for (uint32_t number = entry.first.next; number != kNone; number = others_[number].next) {
    visit(others_[number], number);
  }
}

bool LatestTable::apply(const Record& record) {
  if (entries_.size() * 3 >= slots_.size() * 2) grow_slots();
  const uint32_t hash = hash_of(record.key);
  uint32_t* const slot = find_slot(record.key, hash);
  if (*slot == kNone) {
    *slot = static_cast<uint32_t>(entries_.size());
    Entry& entry = entries_.emplace_back();
    entry.hash = hash;
    entry.key_size = static_cast<uint32_t>(record.key.size());
    store(entry.first, record.key, record);
    live_ += record.value ? 1 : 0;
    return record.value.has_value();
  }
  Entry& entry = entries_[*slot];
  const Version& shown = latest_of(entry);
  const bool was_live = shown.value_size != kNone;
  const Position shown_at = {shown.partition, shown.offset};

  const auto is_same = [&](const Version& version, uint32_t key_size) {
    return version.partition == record.position.partition && key_bytes_of(version, key_size) == record.key_bytes;
  };
  Version* same = is_same(entry.first, entry.key_size) ? &entry.first : nullptr;
  uint32_t last = kNone;
  for (uint32_t number = entry.first.next; same == nullptr && number != kNone; number = others_[number].next) {
    last = number;
    if (is_same(others_[number], 0)) same = &others_[number];
  }
  if (same != nullptr && same->offset >= record.position.offset) return false;
  if (same == nullptr) {
    (last == kNone ? entry.first : others_[last]).next = static_cast<uint32_t>(others_.size());
    same = &others_.emplace_back();
  }
  // The entry's key is its own: `record.key` may be a view that ends with the record.
  store(*same, same == &entry.first ? record.key : std::string_view(), record);
  find_latest(entry);

  const Version& latest = latest_of(entry);
  const bool is_live = latest.value_size != kNone;
  live_ += static_cast<size_t>(is_live) - static_cast<size_t>(was_live);
  return (is_live || was_live) && Position{latest.partition, latest.offset} != shown_at;
}

void LatestTable::find_latest(Entry& entry) const {
  entry.latest = kNone;
  if (entry.first.next == kNone) return;
  const auto order = [](const Version& version) { return std::tuple(version.timestamp_ms, version.partition); };
  const Version* latest = nullptr;
  for_each_version(entry, [&](const Version& version, uint32_t number) {
    // Outdone in its own partition, a record takes no part in the comparison between partitions.
    bool is_outdone = false;
    for_each_version(entry, [&](const Version& other, uint32_t) {
      is_outdone = is_outdone || (other.partition == version.partition && other.offset > version.offset);
    });
    if (is_outdone || (latest != nullptr && order(version) < order(*latest))) return;
    latest = &version;
    entry.latest = number;
  });
}

// ---- rows

Row LatestTable::row_of(const Entry& entry) const {
  const Version& latest = latest_of(entry);
  Row row{.key = {entry.first.bytes.get(), entry.key_size},
          .value = std::nullopt,
          .position = {latest.partition, latest.offset},
          .timestamp_ms = latest.timestamp_ms};
  const size_t key_size = entry.latest == kNone ? entry.key_size : 0;
  if (latest.value_size != kNone) {
    row.value = std::string_view(latest.bytes.get() + key_size + latest.key_bytes_size, latest.value_size);
  }
  return row;
}

std::optional<Row> LatestTable::find(std::string_view key) const {
  const Entry* entry = find_entry(key);
  if (entry == nullptr) return std::nullopt;
  return row_of(*entry);
}

void LatestTable::for_each_row(const std::function<void(const Row&)>& visit) const {
  for (const Entry& entry : entries_) {
    if (latest_of(entry).value_size != kNone) visit(row_of(entry));
  }
}

// Keys of one schema begin alike ({"id":"…), so what they share is left out, and most comparisons are of the eight
// bytes behind it.
void LatestTable::for_each_row_by_key(const std::function<bool(const Row&)>& visit) const {
  std::optional<std::string_view> first;
  size_t shared = 0;
  for_each_row([&](const Row& row) {
    if (!first) {
      first = row.key;
      shared = row.key.size();
    }
    shared = std::min(shared, row.key.size());
    shared = static_cast<size_t>(
        std::mismatch(row.key.begin(), row.key.begin() + static_cast<ptrdiff_t>(shared), first->begin()).first -
        row.key.begin());
  });
  struct Place {
    uint64_t prefix;
    uint32_t number;
  };
  std::vector<Place> places;
  places.reserve(live_);
  const auto key_of = [this](uint32_t number) {
    return std::string_view(entries_[number].first.bytes.get(), entries_[number].key_size);
  };
  for (uint32_t number = 0; number < entries_.size(); ++number) {
    if (latest_of(entries_[number]).value_size == kNone) continue;
    places.push_back({.prefix = prefix_of(key_of(number).substr(shared)), .number = number});
  }
  std::ranges::sort(places, [&](const Place& a, const Place& b) {
    if (a.prefix != b.prefix) return a.prefix < b.prefix;
    return key_of(a.number).substr(shared) < key_of(b.number).substr(shared);
  });
  for (const Place& place : places) {
    if (!visit(row_of(entries_[place.number]))) return;
  }
}

std::vector<LatestTable::Duplicate> LatestTable::duplicates() const {
  std::vector<Duplicate> duplicates;
  for (const Entry& entry : entries_) {
    if (entry.first.next == kNone) continue;
    size_t live = 0;
    for_each_version(entry, [&](const Version& version, uint32_t) { live += version.value_size != kNone ? 1 : 0; });
    if (live < 2) continue;
    const Row row = row_of(entry);
    Duplicate duplicate{.key = row.key, .positions = {row.position}};
    for_each_version(entry, [&](const Version& version, uint32_t number) {
      if (number != entry.latest && version.value_size != kNone) {
        duplicate.positions.push_back({version.partition, version.offset});
      }
    });
    duplicates.push_back(std::move(duplicate));
  }
  std::ranges::sort(duplicates, {}, &Duplicate::key);
  return duplicates;
}

}  // namespace omashu::table
